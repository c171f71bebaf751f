import Conformance
import Foundation
import Targets
import Testing

/// kazoo's client, and flaws of it, as the cases of clients judge them.
@Suite(
  .enabled(
    if: hasKazoo || ProcessInfo.processInfo.environment["QUORATE_REQUIRE_SERVERS"] == "1",
    "python3 has no kazoo"))
struct ProgramClientTests {
  private static let folder = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "Fixtures/clients").path

  private static func result(_ id: String, _ program: String) async throws -> CaseResult {
    let target = try ProgramTarget("exec:python3 \(folder)/\(program)")
    let found = try #require(
      ProgramClientCases.all(of: target).first { $0.label.id == "ZK-CLIENT-\(id)" })
    guard case .model(let judge) = found.judge else {
      throw TargetError(target.url, .stopped, kind: "program")
    }
    var result = await judge(1)
    // Where all cores are taken, clients may stand still.
    for _ in 0..<5 where result.verdict == .inconclusive { result = await judge(1) }
    return result
  }

  /// kazoo begins another session by itself (009) and sets no watches again (012).
  @Test(arguments: 1...14)
  func `kazoo's client has these verdicts`(number: Int) async throws {
    let id = String(format: "%03d", number)
    let result = try await Self.result(id, "kazoo-client.py")
    #expect(result.verdict == (["009", "012"].contains(id) ? .fail : .pass), "\(result)")
  }

  @Test(
    arguments: [
      ("001", "asks-for-no-timeout"), ("002", "stays-with-one"), ("004", "pings-never"),
      ("005", "begins-anew"), ("006", "forgets-credentials"), ("007", "begins-anew"),
      ("008", "leaves-without-a-word"), ("010", "keeps-failures-for-itself"),
      ("011", "asks-again"), ("013", "tells-twice"), ("014", "counts-events"),
    ])
  func `A flaw of a client is seen`(id: String, flaw: String) async throws {
    let result = try await Self.result(id, "flawed-client.py \(flaw)")
    #expect(result.verdict == .fail, "\(result)")
  }

  @Test func `A program that says what nobody knows fails with what it says`() async throws {
    let target = try ProgramTarget("exec:python3 -c print(input()+'?')")
    guard case .model(let judge) = ProgramClientCases.all(of: target)[0].judge else {
      Issue.record("the first case of a client is no model's")
      return
    }
    let result = await judge(1)
    #expect(result.differences.map(\.got) == ["'begin?'"])
  }
}

private let hasKazoo: Bool = {
  let process = Process()
  process.executableURL = URL(filePath: "/usr/bin/env")
  process.arguments = ["python3", "-c", "import kazoo"]
  process.standardError = FileHandle.nullDevice
  guard (try? process.run()) != nil else { return false }
  process.waitUntilExit()
  return process.terminationStatus == 0
}()
