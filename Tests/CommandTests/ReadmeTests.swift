import Foundation
import Testing

/// The screens of the README, held against what the command prints.
@Suite struct `The README's screens` {
  /// The lines of the block that begins with this command.
  private func screen(of command: String) throws -> [String] {
    let text = try String(
      contentsOf: Quorate.repository.appending(path: "README.md"), encoding: .utf8)
    let start = try #require(text.firstRange(of: "```\n$ \(command)\n"))
    let block = text[start.upperBound...].components(separatedBy: "\n```").first ?? ""
    return block.components(separatedBy: "\n")
  }

  /// What differs from one run to another, and how many cases there are, is left out.
  private func comparable(_ lines: [String]) -> [String] {
    lines.filter { !$0.isEmpty }.map { line in
      line.replacing(/quorate-[0-9a-f]{4}/, with: "quorate-…")
        .replacing(/0x[0-9a-f]+ */, with: "0x… ").replacing(/127\.0\.0\.1:\d+/, with: "HOST")
        .replacing(/\d+\.\d+\.\d+, \d+ cases/, with: "VERSION")
        .replacing(/→ [0-9a-f ]+/, with: "→ BYTES ").replacing(/\d+(\.\d)? s\b/, with: "… s")
    }
  }

  @Test func `A failure looks as the README shows it`() throws {
    let server = try Serving("--quirk", "keeper-deletes-leave-pzxid")
    defer { server.end() }
    let told = try screen(of: "quorate verify zookeeper://127.0.0.1:9181 --case 'ZK-STAT-017'")
    let result = try Quorate.run(["verify", server.url, "--case", "ZK-STAT-017"])
    #expect(result.code == 1)
    #expect(comparable(told) == comparable(result.output.components(separatedBy: "\n")))
  }

  @Test func `A refuted history looks as the README shows it`() throws {
    let command = "quorate check Fixtures/Histories/register-stale.ndjson --svg why.svg"
    let told = try screen(of: command)
    let folder = try Quorate.newFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    try FileManager.default.createSymbolicLink(
      at: folder.appending(path: "Fixtures"), withDestinationURL: URL(filePath: Quorate.fixtures))
    let result = try Quorate.run(
      command.split(separator: " ").dropFirst().map(String.init), in: folder)
    #expect(result.code == 1)
    #expect(comparable(told) == comparable(result.output.components(separatedBy: "\n")))
    let picture = folder.appending(path: "why.svg")
    #expect(try String(contentsOf: picture, encoding: .utf8).hasPrefix("<svg"))
  }

  @Test func `The first command prints what the README shows, whatever number of cases there is`()
    throws
  {
    let told = try screen(of: "quorate verify").map { $0.replacing(/\d+/, with: "N") }
    let result = try Quorate.run([
      "verify", "--fixtures", "Fixtures", "--chapter", "2pc", "--budget", "0.1s",
    ])
    let head = result.output.components(separatedBy: "\n").map { $0.replacing(/\d+/, with: "N") }
    #expect(head.prefix(1) == told.prefix(1))
    #expect(told.contains { $0.hasPrefix("N run in N s: N pass, N argued, N FAIL") })
    let numbers = try screen(of: "quorate verify").joined(separator: "\n")
    let version = try #require(numbers.firstMatch(of: /quorate  [0-9.]+, (\d+) cases/))
    let plan = try #require(
      numbers.firstMatch(of: /plan     (\d+) cases: (\d+) to run, (\d+) unsup/))
    let run = try #require(
      numbers.firstMatch(of: /\n(\d+) run in \d+ s: (\d+) pass, (\d+) argued/))
    #expect(version.1 == plan.1 && plan.2 == run.1)
    // The README's number is what the command counts.
    #expect(try Quorate.run(["--version"]).output.contains(" \(version.1) cases"))
    #expect(Int(run.1) == (Int(run.2) ?? 0) + (Int(run.3) ?? 0))
    #expect(Int(plan.1) == (Int(plan.2) ?? 0) + (Int(plan.3) ?? 0))
  }
}
