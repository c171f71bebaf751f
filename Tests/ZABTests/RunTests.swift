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
