import Foundation
import Testing

/// `quorate explore`, as somebody types it.
@Suite struct `The command explore` {
  /// The command lies beside the tests.
  static let command = URL(filePath: CommandLine.arguments[0])
    .deletingLastPathComponent().appending(path: "quorate")

  struct Result {
    let code: Int32
    let output: String
    let errors: String

    /// What was printed, without what takes another time each time.
    var timeless: String {
      output.replacing(/\d+\.\d+ s/, with: "… s")
    }
  }

  static func run(_ arguments: String...) throws -> Result { try run(arguments) }

  static func run(_ arguments: [String]) throws -> Result {
    let process = Process()
    let output = Pipe()
    let errors = Pipe()
    process.executableURL = command
    process.arguments = arguments
    process.standardOutput = output
    process.standardError = errors
    try process.run()
    let text = output.fileHandleForReading.readDataToEndOfFile()
    let complaint = errors.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return Result(
      code: process.terminationStatus, output: String(decoding: text, as: UTF8.self),
      errors: String(decoding: complaint, as: UTF8.self))
  }

  private static let small = ["explore", "2pc", "--size", "2", "--usual"]

  @Test func `It says how many states there are and what holds, the same in two processes`() throws
  {
    let result = try Self.run(Self.small)
    #expect(result.code == 0)
    #expect(result.errors == "")
    let summary = "exhausted: 2,533 states, depth 23, AC1–AC5, told, termination hold,"
    #expect(result.output.contains(summary))
    #expect(result.output.contains("blocked reachable (sometimes ✓, 6 acts)"))
    // Where no operator is asked there is no damage that could spread.
    #expect(!result.output.contains("contained"))
    #expect(try Self.run(Self.small).timeless == result.timeless)
  }

  @Test func `Only states are judged for their safety`() throws {
    let result = try Self.run(Self.small + ["--safety"])
    #expect(result.output.contains("exhausted: 2,533 states, depth 23, AC1–AC4, told hold"))
    // What never recovers is no violation then.
    let broken =
      Self.small + ["--losses", "1", "--crashes", "0", "--without", "decisionIsRepeated"]
    #expect(try Self.run(broken).code == 1)
    #expect(try Self.run(broken + ["--safety"]).code == 0)
  }

  @Test func `It counts Lamport's states, and orbits`() throws {
    let all = try Self.run("explore", "lamport", "--size", "3")
    #expect(all.output.contains("exhausted: 288 states"))
    let orbits = try Self.run("explore", "lamport", "--size", "3", "--symmetry")
    #expect(orbits.output.contains("exhausted: 80 orbits"))
    #expect(orbits.output.contains("which are 288 states"))
  }

  @Test func `With half the memory that it needs it says so and exits 2`() throws {
    // It takes between two and three million bytes.
    let enough = ["explore", "2pc", "--size", "3", "--usual", "--judge", "AC1"]
    let whole = try Self.run(enough + ["--memory", "4M"])
    #expect(whole.code == 0)
    #expect(whole.output.contains("exhausted: 78,686 states"))
    let half = try Self.run(enough + ["--memory", "2M"])
    #expect(half.code == 2)
    #expect(half.output.contains("\nnot exhausted: "))
    #expect(!half.output.contains("hold"))
  }

  @Test func `A violation is shown as a run that can be replayed, and exits 1`() throws {
    let file = FileManager.default.temporaryDirectory
      .appending(path: "quorate-\(ProcessInfo.processInfo.processIdentifier)-explored.run")
    defer { try? FileManager.default.removeItem(at: file) }
    let broken = try Self.run(
      Self.small + ["--without", "voteStoredFirst", "--write", file.path])
    #expect(broken.code == 1)
    #expect(broken.output.contains("AC1 is violated: 10 acts"))
    #expect(broken.output.contains("= violates AC1"))
    let replayed = try Self.run("replay", file.path)
    #expect(replayed.code == 0)
    #expect(replayed.output.hasPrefix("holds  2PC-without-voteStoredFirst"))
  }

  @Test func `What is named and cannot be reached exits 1`() throws {
    let quiesce = try Self.run(Self.small + ["--crashes", "0", "--judge", "window"])
    #expect(quiesce.code == 1)
    #expect(quiesce.output.contains("blocked not reachable within these bounds (sometimes ✗)"))
  }

  @Test(arguments: [
    (["explore"], "name a chapter to explore, or a file with --check"),
    (["explore", "2pp"], "unknown chapter '2pp'; did you mean '2pc'?"),
    (["explore", "2pc", "--without", "voteStoredFrist"], "did you mean 'voteStoredFirst'?"),
    (["explore", "2pc", "--judge", "AC9"], "unknown property 'AC9'"),
    (["explore", "2pc", "--symmetry"], "--symmetry needs two nodes that are alike, --crashes 0"),
    (
      ["explore", "3pc", "--losses", "1"], "three-phase commit does not claim to bear lost messages"
    ),
    (["explore", "2pc", "--crashes=-1"], "there is no negative number of crashes"),
    (["explore", "2pc", "--memory", "12"], "--memory is at least 1M"),
    (["explore", "2pc", "--size", "0"], "--size is between 1 and 20"),
    (["explore", "--check", "no-such-file"], "there is no file 'no-such-file'"),
  ])
  func `It says what is wrong with its arguments and exits 64`(
    arguments: [String], complaint: String
  ) throws {
    let result = try Self.run(arguments)
    #expect(result.code == 64)
    #expect(result.errors.contains(complaint))
    #expect(result.output == "")
  }

  /// SPIN and gcc are there in CI; without them nothing is compared.
  @Test(arguments: [1, 2])
  func `The explorer and SPIN count the same`(participants: Int) throws {
    let models = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "Fixtures/Promela")
    let result = try Self.run(
      "bench", "explore", "--managers", "3", "--participants", "\(participants)", "--acceptors",
      "\(participants)", "--rounds", "1", "--models", models.path)
    #expect(result.code == 0, "\(result.output)")
    let isThere = result.output.components(separatedBy: "  SPIN  ").count == 4
    let isRequired = ProcessInfo.processInfo.environment["QUORATE_REQUIRE_SERVERS"] == "1"
    #expect(isThere || !isRequired, "\(result.output)")
  }

  @Test(arguments: ["small", "kills"])
  func `The small explorations come to what is pinned`(name: String) throws {
    let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "Fixtures/Explored/\(name).txt")
    let result = try Self.run("explore", "--check", file.path)
    #expect(result.code == 0, "\(result.output)")
    #expect(result.output.hasSuffix("explorations, every number as pinned\n"))
  }

  @Test func `A number that is not the pinned one is told with its line and exits 1`() throws {
    let file = FileManager.default.temporaryDirectory
      .appending(path: "quorate-\(ProcessInfo.processInfo.processIdentifier)-states.txt")
    defer { try? FileManager.default.removeItem(at: file) }
    let line = "lamport --size 3"
    try "# counts\n\n\(line) = 289 states\n".write(to: file, atomically: true, encoding: .utf8)
    let wrong = try Self.run("explore", "--check", file.path)
    #expect(wrong.code == 1)
    #expect(wrong.output.contains("DIFFERS  \(line) = 288 states, depth 10"))
    #expect(wrong.output.contains("\(file.path):3: expected 289 states"))
    try line.write(to: file, atomically: true, encoding: .utf8)
    let unreadable = try Self.run("explore", "--check", file.path)
    #expect(unreadable.code == 64)
    #expect(unreadable.errors.contains("line 1: what it must come to is missing"))
  }
}

/// `quorate simulate` and `quorate break`, as somebody types them.
@Suite struct `The commands simulate and break` {
  @Test func `Clean runs are counted, and what was decided in them`() throws {
    let result = try `The command explore`.run("simulate", "2pc", "--runs", "300")
    #expect(result.code == 0)
    #expect(result.output.hasPrefix("300 runs of two-phase commit, "))
    for part in [" distinct, ", " during recovery), ", "decided commit: ", "decided abort: "] {
      #expect(result.output.contains(part))
    }
    let again = try `The command explore`.run("simulate", "2pc", "--runs", "300")
    #expect(again.timeless == result.timeless)
  }

  @Test func `A run that goes wrong is made small and shown, follows from its seed, and exits 1`()
    throws
  {
    let arguments = ["simulate", "2pc", "--flaw", "endWithDecision", "--runs", "500"]
    let result = try `The command explore`.run(arguments)
    #expect(result.code == 1)
    let match = try #require(result.output.firstMatch(of: /VIOLATED  (\w+), seed (\d+)/))
    #expect(result.output.contains("= violates \(match.1)\n"))
    let seeded = try `The command explore`.run(
      arguments.dropLast(2) + ["--runs", "1", "--seed", String(match.2)])
    #expect(seeded.code == 1)
    #expect(seeded.output.contains("VIOLATED  \(match.1), seed \(match.2)"))
  }

  @Test func `A rule is broken by a run, and an unknown one is told with its nearest`() throws {
    let broken = try `The command explore`.run("break", "2pc", "voteStoredFirst")
    #expect(broken.code == 0)
    #expect(broken.output.hasPrefix("without voteStoredFirst, AC1 is violated: 7 acts"))
    let unknown = try `The command explore`.run("break", "2pc", "voteStoredFrist")
    #expect(unknown.code == 64)
    #expect(unknown.errors.contains("unknown rule 'voteStoredFrist'; did you mean"))
  }
}
