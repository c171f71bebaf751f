import Foundation
import RecipesLab
import Testing

/// A server that somebody else wrote: `QUORATE_ZOOKEEPER=host:port`.
///
/// Without the variable these tests are skipped, and with `QUORATE_REQUIRE_SERVERS=1` they fail.
enum RealServer {
  private static let environment = ProcessInfo.processInfo.environment
  static let address = environment["QUORATE_ZOOKEEPER"]
  static let isRequired = environment["QUORATE_REQUIRE_SERVERS"] == "1"
}

@Suite(
  .enabled(if: RealServer.address != nil || RealServer.isRequired, "QUORATE_ZOOKEEPER is not set"))
struct RealServerTests {
  /// The same source, over TCP, on a server of Apache's; connections break meanwhile.
  @Test(arguments: Program.all.map(\.name))
  func aRecipeHoldsOnARealServer(name: String) async throws {
    let address = try #require(
      RealServer.address, "QUORATE_REQUIRE_SERVERS is set and QUORATE_ZOOKEEPER is not")
    var run = LiveRun(try #require(Program.all.first { $0.name == name }), on: address)
    run.cuts = 8
    var outcome = try await run.run()
    // What is done for a while only may come to nothing on a machine that has much to do.
    for _ in 0..<4 where outcome.notes.isEmpty { outcome = try await run.run() }
    #expect(outcome.violations.isEmpty)
    #expect(!outcome.notes.isEmpty)
  }
}
