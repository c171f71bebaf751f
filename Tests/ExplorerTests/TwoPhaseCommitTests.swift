import Lab
import ProtocolCore
import Testing
import TwoPhaseCommit

/// The explorer on a chapter: crashes, disks, timers and properties of all forms.
struct TwoPhaseCommitTests {
  static let settings: [(Int, Bounds)] = [
    (2, Bounds(crashes: 0, losses: 0, duplicates: 0, expiries: 0)),
    (1, Bounds(crashes: 1, losses: 0, duplicates: 0, expiries: 1)),
    (1, Bounds(crashes: 2, losses: 1, duplicates: 0, expiries: 1)),
    (1, Bounds(crashes: 0, losses: 1, duplicates: 1, expiries: 2)),
  ]

  @Test(arguments: settings)
  func `As many states as a search with whole worlds finds`(size: Int, bounds: Bounds) throws {
    var cluster = try Cluster<Play>(Play.cast(size), bounds: bounds)
    for index in cluster.asks.indices {
      let ask = cluster.asks[index]
      cluster.asks[index] = Ask(ask.node, oneOf: Array(ask.requests.prefix(1)))
    }
    let layers = Naive(cluster: cluster).layers()
    let found = Explorer(cluster).explore()
    #expect(found.ending == .exhausted)
    #expect(found.states == layers.reduce(0, +))
    #expect(found.depth == layers.count - 1)
  }
}
