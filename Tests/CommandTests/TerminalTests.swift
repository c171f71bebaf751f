import Foundation
import Testing

/// What stands on a terminal while a run goes on.
@Suite struct `On a terminal` {
  private let verify = ["verify", "--fixtures", Quorate.slow]

  /// What is left on each line when all was written over that was to be.
  private static func lines(_ screen: String) -> [String] {
    screen.split(separator: "\r\n", omittingEmptySubsequences: false).map { line in
      let shown = line.split(separator: "\r\u{1b}[K", omittingEmptySubsequences: false).last
      return String(shown ?? "")
    }
  }

  @Test func `Progress is shown in place, and goes`() throws {
    let terminal = try PseudoTerminal(columns: 80)
    let (code, screen) = try terminal.run(verify)
    #expect(code == 0)
    #expect(screen.contains("\r\u{1b}[Kreading the cases …"))
    #expect(screen.contains(/\u{1b}\[K\d+ of \d+   ZK-SESS-/))
    let lines = Self.lines(screen)
    #expect(lines.first?.hasPrefix("quorate  ") == true)
    #expect(!lines.contains { $0.contains(" of ") && $0.contains("ZK-") })
    #expect(screen.contains("\u{1b}[1;32mCONFORMANT\u{1b}[0m"))
  }

  @Test func `A failure begins a line, however many cases end at once`() throws {
    let terminal = try PseudoTerminal(columns: 80)
    let (code, screen) = try terminal.run([
      "verify", "reference:version-begins-with-one", "--fixtures", Quorate.few, "--jobs", "16",
    ])
    #expect(code == 1)
    let lines = Self.lines(screen)
    #expect(lines.count { $0.hasPrefix("FAIL  ") || $0.hasPrefix("\u{1b}[1;31mFAIL") } > 1)
    #expect(!lines.contains { $0.contains("FAIL") && $0.contains(#/^\d+ of /#) }, "\(lines)")
  }

  @Test(arguments: [20, 300]) func `Progress keeps to one line, narrow or wide`(columns: Int) throws
  {
    let terminal = try PseudoTerminal(columns: UInt16(columns))
    let (code, screen) = try terminal.run(verify)
    #expect(code == 0)
    let progress = screen.split(separator: "\r\u{1b}[K").dropFirst()
      .filter { !$0.contains(where: \.isNewline) }
    #expect(progress.contains { !$0.isEmpty })
    #expect(progress.allSatisfy { $0.count < columns }, "a longer line would wrap and stay")
  }

  @Test func `A terminal that obeys nothing gets plain lines`() throws {
    let terminal = try PseudoTerminal(columns: 80)
    let (code, screen) = try terminal.run(verify, terminal: "dumb")
    #expect(code == 0)
    #expect(!screen.contains("\u{1b}") && screen.contains("CONFORMANT  "))
  }

  @Test func `Ctrl-C is answered at once, and the verdict comes`() throws {
    let server = try Serving("--tick-time", "500")
    defer { server.end() }
    let terminal = try PseudoTerminal(columns: 80)
    let arguments = ["verify", server.url, "--fixtures", Quorate.slow]
    let (code, screen) = try terminal.run(arguments, whenItSays: " of ")
    #expect(code == 2)
    #expect(screen.contains("stopping: cases are broken off, the server is cleaned up"))
    #expect(screen.contains("stopped  the run was interrupted; "))
    #expect(screen.contains("INCONCLUSIVE"))
  }

  @Test func `Into a file a line comes every two seconds, and none of them moves a cursor`() throws
  {
    let server = try Serving("--tick-time", "1000")
    defer { server.end() }
    let run = try Running(["verify", server.url, "--fixtures", Quorate.slow])
    // Sessions of four seconds and more have to expire.
    run.wait(for: " 2 s   ZK-SESS-", onErrors: true)
    run.wait(for: " 3 s   ZK-SESS-", onErrors: true)
    run.signal(SIGINT)
    let result = run.result()
    #expect(!result.errors.contains("\u{1b}") && !result.errors.contains("\r"))
    #expect(result.errors.contains(/\n\d+ of \d+   3 s   ZK-SESS-\d+.* and \d more\n/))
  }
}
