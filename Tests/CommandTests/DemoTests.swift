import Foundation
import Testing
import ZooKeeperClient

/// A server that somebody else wrote: `QUORATE_ZOOKEEPER=host:port`.
///
/// Without the variable these tests are skipped, and with `QUORATE_REQUIRE_SERVERS=1` they fail.
enum RealServer {
  private static let environment = ProcessInfo.processInfo.environment
  static let address = environment["QUORATE_ZOOKEEPER"]
  static let isRequired = environment["QUORATE_REQUIRE_SERVERS"] == "1"
}

/// `quorate demo` and its recipes; what they print embedded stands in the Notes.
@Suite struct `The demos` {
  static let names = [
    "config-center", "load-balancer", "naming", "monitor", "master", "lock", "queue", "barrier",
  ]

  @Test(arguments: names) func `Each fits a terminal, and says what held`(name: String) throws {
    let result = try Quorate.run(["demo", name])
    #expect(result.code == 0 && result.errors.isEmpty)
    let lines = result.output.split(separator: "\n")
    #expect(lines.allSatisfy { $0.count <= 80 })
    #expect(lines.contains { $0.hasSuffix(": yes") } && !result.output.contains("\u{1b}"))
  }

  @Test func `Without a rule the exit code is 1, and what is broken is told once`() throws {
    let result = try Quorate.run(["demo", "lock", "--without", "fenced"])
    #expect(result.code == 1)
    #expect(result.output.contains(/no page by an old token: +NO, a write by 0x8 is taken after/))
    #expect(result.errors.isEmpty)
  }

  @Test func `A rule of another recipe is a mistake that names those of this one`() throws {
    let result = try Quorate.run(["demo", "barrier", "--without", "fenced"])
    #expect(result.code == 64)
    #expect(result.errors.contains("goes wrong without staysOpen, leavesTogether"))
  }

  @Test func `What is no address is a mistake, told before anything else`() throws {
    let result = try Quorate.run(["demo", "lock", "foo:bar"])
    #expect(result.code == 64 && result.output.isEmpty)
    #expect(result.errors.contains("'foo:bar' is no host:port"))
  }

  @Test(arguments: [["run", "lock", "--without"], ["break", "lock"]])
  func `A rule that a recipe does not heed is a mistake that names those it does`(
    command: [String]
  ) throws {
    for rule in ["readersTogether", "fence"] {
      let result = try Quorate.run(["recipes"] + command + [rule])
      #expect(result.code == 64 && result.output.isEmpty)
      #expect(result.errors.contains("lock does not heed \(rule)"))
      #expect(result.errors.contains("its rules are asksAgain, ownerInName"))
    }
  }

  @Test func `A fault behind the end of the run is told to strike never`() throws {
    let result = try Quorate.run(["recipes", "run", "lock", "--fault", "at 99999 break a"])
    #expect(result.code == 0 && result.errors.contains("'at 99999 break a' never strikes"))
  }

  @Test func `What is found without a rule is told with the command that shows it`() throws {
    let result = try Quorate.run(["recipes", "break", "semaphore", "watchesAllPermits"])
    let line = try #require(result.output.firstMatch(of: /see it: quorate (.*)/)?.1)
    let words = line.split(separator: "'").enumerated().flatMap { place, part in
      place.isMultiple(of: 2) ? part.split(separator: " ").map(String.init) : [String(part)]
    }
    #expect(try Quorate.run(words).output.contains("VIOLATED noIdling"))
  }

  @Test func `A server that does not answer ends it with 3`() throws {
    let result = try Quorate.run(["demo", "barrier", "127.0.0.1:1"])
    #expect(result.code == 3)
    #expect(result.errors.contains("127.0.0.1:1: no server answers"))
  }

  @Test func `On a terminal lanes have colours, unless nobody wants them`() throws {
    let terminal = try PseudoTerminal(columns: 80)
    let (code, screen) = try terminal.run(["demo", "lock"])
    #expect(code == 0 && screen.contains("\u{1b}[36m┃\u{1b}[0m has lock, token 0x8"))
    let dumb = try PseudoTerminal(columns: 80)
    #expect(try !dumb.run(["demo", "lock"], terminal: "dumb").screen.contains("\u{1b}"))
  }
}

@Suite(
  .enabled(if: RealServer.address != nil || RealServer.isRequired, "QUORATE_ZOOKEEPER is not set"))
struct `The demos on a real server` {
  private func address() throws -> String {
    try #require(
      RealServer.address, "QUORATE_REQUIRE_SERVERS is set and QUORATE_ZOOKEEPER is not")
  }

  private func left(_ address: String) async throws -> [String] {
    let client = try await Client.connect(to: address)
    let names = try await client.getChildren("/").filter { $0.hasPrefix("quorate-demo-") }
    await client.close()
    return names
  }

  /// All at once: each waits for sessions to end.
  @Test func `Each holds, one with a rule left out does not, and nothing is left`() async throws {
    let address = try address()
    let demos = try `The demos`.names.map { ($0, try Running(["demo", $0, address])) }
    let broken = try Running(["demo", "barrier", address, "--without", "leavesTogether"])
    let stopped = try Running(["demo", "lock", "zookeeper://\(address)"])
    stopped.wait(for: "‖ stopped")
    stopped.signal(SIGTERM)
    let end = stopped.result()
    #expect(end.code == 3 && end.errors.contains("it was stopped"))
    for (name, running) in demos {
      let result = running.result()
      #expect(result.code == 0, "\(name): \(result.output)\(result.errors)")
      #expect(result.output.contains("✗ killed") || result.output.contains("‖ stopped"))
    }
    let result = broken.result()
    #expect(result.code == 1 && result.output.contains("b has left while c is at it"))
    #expect(try await left(address).isEmpty)
  }
}

/// Pictures of recipes' runs.
@Suite struct `A recipe's run, drawn` {
  @Test func `Every recipe's log can be drawn`() throws {
    let folder = try Quorate.newFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let names = try Quorate.run(["recipes", "list", "--names"]).output.split(separator: "\n")
    #expect(names.count >= 20)
    for name in names.map(String.init) {
      let result = try Quorate.run(["recipes", "run", name, "--svg", "p.svg"], in: folder)
      #expect(result.code == 0, "\(name): \(result.errors)")
      let svg = try String(contentsOf: folder.appending(path: "p.svg"), encoding: .utf8)
      #expect(svg.hasPrefix("<svg") && svg.contains("class=\"arrow\""))
    }
  }

  @Test(
    arguments: [
      (["--rows", "1-2"], "--rows goes with --svg"),
      (["--svg", "p.svg", "--rows", "9-7"], "--rows: no rows of"),
      (["--svg", "no/folder/p.svg"], "--svg no/folder/p.svg: there is no folder no/folder"),
    ])
  func `A mistake is told`(options: [String], words: String) throws {
    let folder = try Quorate.newFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let result = try Quorate.run(["recipes", "run", "ids"] + options, in: folder)
    #expect(result.code == 64 && result.errors.contains(words), "\(result)")
  }
}
