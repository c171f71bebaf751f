import Lab
import ProtocolCore
import Testing
import ThreePhaseCommit

/// The explorer on a chapter in which time passes only when nothing else can happen.
///
/// No two of its processes are alike, since they lead in an order; so there are no orbits.
struct ThreePhaseCommitTests {
  static func cluster(
    _ size: Int, crashes: Int = 0, duplicates: Int = 0, without: Set<Rule> = []
  ) throws -> Cluster<ThreePhaseCommitModel> {
    var cluster = try Cluster<ThreePhaseCommitModel>(
      ThreePhaseCommitModel.topology(size), without: without,
      bounds: Bounds(crashes: crashes, losses: 0, duplicates: duplicates, expiries: .max))
    cluster.asks = cluster.asks.map { Ask($0.node, oneOf: Array($0.requests.prefix(1))) }
    return cluster
  }

  @Test(arguments: [(1, 1, 0), (1, 2, 0), (1, 1, 1), (2, 0, 0), (2, 0, 1)])
  func `As many states as a search with whole systems finds`(
    size: Int, crashes: Int, duplicates: Int
  ) throws {
    let cluster = try Self.cluster(size, crashes: crashes, duplicates: duplicates)
    let layers = Naive(cluster: cluster).layers()
    let found = Explorer(cluster).explore()
    #expect(found.ending == .exhausted)
    #expect(found.states == layers.reduce(0, +))
    #expect(found.depth == layers.count - 1)
  }

  @Test(arguments: [(1, 1, 358), (1, 2, 1_784), (2, 0, 146), (2, 1, 9_089), (3, 0, 1_468)])
  func `Everything that can happen holds what the chapter promises`(
    size: Int, crashes: Int, states: Int
  ) throws {
    let found = Explorer(try Self.cluster(size, crashes: crashes)).explore()
    #expect(found.ending == .exhausted)
    #expect(found.states == states)
  }
}
