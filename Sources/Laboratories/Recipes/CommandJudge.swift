import ZooKeeper
import ZooKeeperClient

/// Judges what a machine gets of the commands that consoles send it.
///
/// A command is a console's letter and a number that grows.
///
/// | property | what it says |
/// | --- | --- |
/// | once | no command is run twice |
/// | sendersOrder | the commands of a console are run in the order in which it sent them |
/// | nothingLost | when all are connected and nothing happens, what was sent has been run |
/// | termination | every program comes to its end |
package struct CommandJudge: Judge {
  private let machine: Int
  private var sent: [String] = []
  private var run: [String] = []
  /// What it has seen.
  package var violations: [Violation] = []

  /// - Parameter machine: The process that runs commands.
  package init(machine: Int) { self.machine = machine }

  package mutating func take(_ note: Note, _ truth: Truth) {
    switch note.what {
    case .puts(let command): sent.append(command)
    case .gets(let command):
      if run.contains(command) { report("once", "\(command) is run twice") }
      if let later = run.first(where: { $0.first == command.first && $0 > command }) {
        report("sendersOrder", "\(command) is run after \(later)")
      }
      run.append(command)
    case .asks, .holds, .releases, .writes, .passes, .fails, .begins, .wrote, .reads, .told: break
    }
  }

  package mutating func rest(_ truth: Truth) {
    guard truth.isCalm, !truth.crashed.contains(machine), !truth.ended.contains(machine) else {
      return
    }
    if let lost = sent.first(where: { !run.contains($0) }) {
      report("nothingLost", "\(lost) was sent and is not run")
    }
  }

  package mutating func end(_ truth: Truth) {
    violations += truth.unended
  }
}
