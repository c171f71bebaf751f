import AtomicCommitment
import Lab
import ProtocolCore
import Testing
import ThreePhaseCommit

/// No promise may hang on the order in which a leader tells its decision.
///
/// It tells it in the order of the line, so a crash in the middle of that leaves those informed who
/// stand first.
struct TellingOrderTests {
  /// Tells the last in line first.
  static let backward = Flaw<Process>(
    "toldBackward", "a decision, a preCommit and a question are told to the last in line first",
    step: { process, event in
      let effects = process.step(event)
      let places = effects.indices.filter { if case .send = effects[$0] { true } else { false } }
      var reordered = effects
      for (place, source) in zip(places, places.reversed()) { reordered[place] = effects[source] }
      return reordered
    })

  @Test(arguments: [(2, 1, false), (2, 2, true), (3, 1, true)])
  func `All holds whatever the order in which a decision is told`(
    size: Int, crashes: Int, isUsual: Bool
  ) throws {
    var cluster = try Cluster<ThreePhaseCommitModel>(
      ThreePhaseCommitModel.topology(size), flaw: TellingOrderTests.backward,
      bounds: Bounds(crashes: crashes, losses: 0, duplicates: 0, expiries: .max))
    if isUsual { cluster.asks = cluster.asks.map(\.usual) }
    let found = Explorer(cluster).explore()
    #expect(found.ending == .exhausted)
    #expect(found.states > 1_000)
  }

  /// A crash in the middle leaves one follower informed, the first or the last in line.
  @Test(arguments: [(nil, "a"), (TellingOrderTests.backward, "b")] as [(Flaw<Process>?, NodeID)])
  func `Who is told before a crash depends on the order`(
    order: Flaw<Process>?, informed: NodeID
  ) throws {
    let c: NodeID = "c"
    let others: [NodeID] = ["a", "b"]
    var system = SystemState(
      try Cluster<ThreePhaseCommitModel>(ThreePhaseCommitModel.topology(2), flaw: order))
    for other in others { try system.perform(.ask(other, .work(.update))) }
    try system.perform(.ask(c, .commit))
    for other in others {
      try system.perform(.deliver(Link(from: c, to: other), 0))
      try system.perform(.store(other, first: nil))
      try system.perform(.deliver(Link(from: other, to: c), 0))
    }
    try system.perform(.store(c, first: nil))
    for other in others {
      try system.perform(.deliver(Link(from: c, to: other), 0))
      try system.perform(.deliver(Link(from: other, to: c), 0))
    }
    try system.perform(.store(c, first: nil))
    try system.perform(.crash(c, losing: 0, unsent: 1))
    #expect(system.envelopes.map(\.link.to) == [informed])
  }
}
