import Lab
import ProtocolCore
import Testing
import ZAB

/// Whom a server blames for what no correct peer sends.
struct BlameTests {
  @Test(arguments: ZAB.Variant.allCases, [3, 4])
  func `No correct peer is blamed`(variant: ZAB.Variant, size: Int) throws {
    let cluster = try Cluster<ZABModel>(ZABModel.topology(size), variant: variant)
    for seed: UInt64 in 0..<60 {
      let run = Simulator(cluster).run(seed: seed)
      #expect(run.tally.notes["unexpected"] == nil, "\(variant) \(size) seed \(seed)")
    }
  }

  @Test func `Who commits what was not proposed is blamed, and who begins an epoch twice`() {
    let ensemble = ZAB.Ensemble(voters: ["a", "b", "c"].map { ZAB.Ensemble.Voter($0) })
    var settings = ZAB.Settings()
    settings.election = .any
    var server = ZABModel.Node("a", of: ensemble, settings: settings)
    _ = server.step(.started([]))
    _ = server.step(.expired(.elected("b")))
    #expect(blames(&server, .commit(Zxid(1, 1))))
    #expect(blames(&server, .newLeader(Zxid(1, 0))))
    #expect(!blames(&server, .leaderInfo(Zxid(1, 0))))
    #expect(blames(&server, .leaderInfo(Zxid(1, 0))))
    #expect(!blames(&server, .diff(.zero)))
    #expect(!blames(&server, .newLeader(Zxid(1, 0))))
    #expect(blames(&server, .commit(Zxid(1, 1))))
    #expect(blames(&server, .proposal(transaction(0, 1)), again: true))
  }

  /// Whether a server blames b for this, or b when it says it twice.
  private func blames(
    _ server: inout ZABModel.Node, _ message: Message, again: Bool = false
  ) -> Bool {
    if again { _ = server.step(.received(message, from: "b")) }
    return server.step(.received(message, from: "b")).contains { effect in
      if case .note(.unexpected(message, from: "b")) = effect { true } else { false }
    }
  }
}
