import Foundation
import Lab
import Testing
import ZAB

/// What becomes of a client in a run that somebody writes.
struct RunTests {
  @Test func `A client of one's own asks again until it is answered, as the usual do`() throws {
    let fixtures = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../../Fixtures/ZAB/ZAB-S00-established.run")
    let text = """
      run     ZAB-900  the leader crashes, and forgets what b had asked it for
      from    ZAB-S00
      > ask p→b p1 append k q ; deliver b→a REQUEST p1 append k q ; crash a
      = holds termination
      """
    let playback = try Playback<ZABModel>(RunFile(text, path: "test.run")) { _ in
      try RunFile(String(contentsOf: fixtures, encoding: .utf8), path: "prelude.run")
    }
    #expect(playback.failures.isEmpty, "\(playback.failures)")
  }

  /// a, b and c are a quorum, all connected with each other and with d; they hear of e's vote by d.
  @Test func `No leader is promised to a quorum that hears of one and cannot reach it`() throws {
    let text = """
      run     ZAB-901  a quorum votes for a server that only another is connected with
      nodes   a server, b server, c server, d server, e server
      variant reconfigured
      > deliver b→e looking, round 1: b 0.0 of epoch 0
      > deliver e→b looking, round 1: e 0.0 of epoch 0
      > deliver b→e looking, round 1: e 0.0 of epoch 0
      > ask y→c y1 append k b
      > cut a b c | e
      > ask x→b x1 append k a ; ask op→d members a
      = holds progress
      """
    let playback = try Playback<ZABModel>(RunFile(text, path: "test.run"))
    #expect(playback.failures.isEmpty, "\(playback.failures)")
  }
}

/// That random runs are long enough to be worth their while.
struct LengthTests {
  @Test
  func `More than half of simulated runs have a leader, clients go on, and something is truncated`()
    throws
  {
    var campaign = Campaign(
      Simulator(try Cluster<ZABModel>(ZABModel.topology(3), variant: .usual)))
    campaign.run(200)
    let notes = campaign.tally.notes
    #expect(campaign.failure == nil)
    #expect(notes["leads", default: 0] > 120, "\(notes)")
    #expect(notes["broadcast", default: 0] > 550, "\(notes)")
    #expect(notes["trunc", default: 0] >= 1, "\(notes)")
  }
}
