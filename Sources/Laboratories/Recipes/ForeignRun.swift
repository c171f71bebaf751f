import Foundation
package import ZooKeeperClient

/// A recipe that somebody else wrote, in whatever language, judged as ours are.
///
/// The command is started once for each process, beside a server on loopback. In its environment
/// stand `QUORATE_ZOOKEEPER`, the address of that server, of a port of its own; `QUORATE_PATH`, the
/// node below which it works; `QUORATE_RECIPE` and `QUORATE_NAME`, a, b, c. It reads from standard
/// input what it shall do, a line each, does it, and says on standard output what came of it, a
/// line each (``ForeignRecipe/forms``). At the end of the run it is ended from outside.
///
/// The next line comes when the last is answered: what it says is heard before it goes on, so that
/// nobody is accused for lines that come late.
package struct ForeignRun: Sendable {
  /// What is judged.
  package var recipe: ForeignRecipe
  /// The command and its arguments.
  package var command: [String]
  /// What goes wrong.
  package var faults: [ForeignFault]
  /// How long a program may take to start, in milliseconds.
  package var startLimit = Milliseconds(30_000)
  /// How long nothing may happen.
  package var silenceLimit = Milliseconds(6_000)
  /// How long, where nothing goes wrong, one keeps the others waiting, once: longer than whoever
  /// waits for a time is likely to wait.
  package var endurance = Milliseconds(12_000)

  package init(_ recipe: ForeignRecipe, by command: [String], _ faults: [ForeignFault] = []) {
    (self.recipe, self.command, self.faults) = (recipe, command, faults)
  }

  /// What is wrong with a command, or with what a program says.
  package struct Mistake: Error, Hashable, Sendable, CustomStringConvertible {
    /// What is wrong.
    package let description: String

    init(_ description: String) { self.description = description }
  }

  /// What came of a run.
  package struct Outcome: Sendable {
    /// What must not be, and was.
    package var violations: [Violation] = []
    /// What the program did that no program does that follows the protocol; then nothing is judged.
    package var mistake: Mistake?
    /// How often each process asked its server, rested, and waited for others.
    package var requests: [Int] = []
    /// See ``requests``.
    package var rests: [Int] = []
    /// See ``requests``.
    package var waits: [Int] = []
    /// What happened.
    package var log: [String] = []
    /// Which of the faults have struck.
    package var struck: [ForeignFault] = []
  }

  /// The command and its arguments in a line, with spaces between.
  ///
  /// - Throws: ``Mistake`` when there is no such command.
  package static func command(in line: String) throws(Mistake) -> [String] {
    let words = line.split(separator: " ").map(String.init)
    guard let name = words.first else { throw Mistake("exec: names no command") }
    let files = FileManager.default
    let folders = ProcessInfo.processInfo.environment["PATH"]?.split(separator: ":") ?? []
    let isThere =
      name.contains("/")
      ? files.isExecutableFile(atPath: name)
      : folders.contains { files.isExecutableFile(atPath: "\($0)/\(name)") }
    guard isThere else { throw Mistake("exec: there is no command \(name)") }
    return words
  }

  /// Plays it.
  ///
  /// - Throws: ``Mistake`` when the command cannot be started.
  package func run() async throws -> Outcome {
    try await withTaskExecutorPreference(OwnThreads.shared) { try await play() }
  }

  private func play() async throws -> Outcome {
    let stage = ForeignStage(self)
    let ports = try await stage.server.start(recipe.processes)
    let outcome: Result<Outcome, any Error>
    do {
      outcome = .success(try await stage.play(ports))
    } catch {
      outcome = .failure(error)
    }
    stage.endAll()
    await stage.server.stop()
    return try outcome.get()
  }
}
