import Lab
import ProtocolCore
import Testing
import TwoPhaseCommit

/// The explorer on a chapter: crashes, disks, timers and properties of all forms.
struct TwoPhaseCommitTests {
  static let quiesce = Bounds(crashes: 0, losses: 0, duplicates: 0, expiries: 0)
  static let oneCrash = Bounds(crashes: 1, losses: 0, duplicates: 0, expiries: 0)

  /// A cluster in which everybody is asked the usual.
  static func cluster(
    _ size: Int, _ bounds: Bounds, without: Set<Rule> = [], variant: Presumption = .nothing
  ) throws -> Cluster<TwoPhaseCommitModel> {
    var cluster = try Cluster<TwoPhaseCommitModel>(
      TwoPhaseCommitModel.topology(size), variant: variant, without: without, bounds: bounds)
    cluster.asks = cluster.asks.map { Ask($0.node, oneOf: Array($0.requests.prefix(1))) }
    return cluster
  }

  @Test(arguments: [
    (2, quiesce),
    (1, Bounds(crashes: 1, losses: 0, duplicates: 0, expiries: 1)),
    (1, Bounds(crashes: 2, losses: 1, duplicates: 0, expiries: 0)),
    (1, Bounds(crashes: 0, losses: 1, duplicates: 1, expiries: 2)),
  ])
  func `As many states as a search with whole systems finds`(size: Int, bounds: Bounds) throws {
    let cluster = try Self.cluster(size, bounds)
    let layers = Naive(cluster: cluster).layers()
    let found = Explorer(cluster).explore()
    #expect(found.ending == .exhausted)
    #expect(found.states == layers.reduce(0, +))
    #expect(found.depth == layers.count - 1)
  }

  @Test(arguments: [(1, 187), (2, 2_533)])
  func `As many states as SPIN finds, and every property holds`(size: Int, count: Int) throws {
    // Fixtures/Promela/TwoPhaseCommit.pml with -DN=1 and -DN=2.
    let found = Explorer(try Self.cluster(size, Self.oneCrash)).explore()
    #expect(found.ending == .exhausted)
    #expect(found.states == count)
    #expect(found.unwitnessed == [])
  }

  @Test func `Where nothing fails nobody is blocked`() throws {
    let found = Explorer(try Self.cluster(2, Self.quiesce)).explore()
    #expect(found.ending == .exhausted)
    #expect(found.unwitnessed.contains(.window))
    #expect(found.witnesses[.commits] != nil)
  }

  @Test func `A witness is one, and the shortest`() throws {
    let cluster = try Self.cluster(2, Self.oneCrash)
    let acts = try #require(Explorer(cluster).explore().witnesses[.window])
    // Both are asked, the coordinator asks, both vote, and it crashes.
    #expect(acts.count == 6)
    var system = SystemState(cluster)
    for act in acts { try system.perform(act) }
    #expect(system.holds(.window))
  }

  @Test(arguments: [
    (Rule.voteStoredFirst, oneCrash, Property.AC1),
    (.decisionStoredFirst, oneCrash, .AC1),
    (.unanimity, quiesce, .AC3),
    (.uncertainWaits, Bounds(crashes: 0, losses: 0, duplicates: 0, expiries: 1), .AC1),
    (.decisionIsRepeated, Bounds(crashes: 0, losses: 1, duplicates: 0, expiries: 0), .AC5),
    (.uncertainAsks, oneCrash, .termination),
  ])
  func `Without a rule a run is found that goes wrong, also when it is replayed`(
    rule: Rule, bounds: Bounds, property: Property
  ) throws {
    let cluster = try Self.cluster(2, bounds, without: [rule])
    var explorer = Explorer(cluster)
    explorer.judged = [property]
    guard case .violated(property, let acts) = explorer.explore().ending else {
      Issue.record("nothing was found without \(rule)")
      return
    }
    var system = SystemState(cluster)
    for act in acts { try system.perform(act) }
    #expect(!system.holds(property))
    // Who is asked comes in an order that a run made by hand need not keep to.
    let rest = acts.drop { if case .ask = $0 { true } else { false } }
    let least = minimize(Array(rest)) { rest in
      var system = SystemState(cluster)
      for act in acts.prefix(3) + rest { _ = try? system.perform(act) }
      return !system.holds(property)
    }
    if property.form == .always { #expect(least.count == rest.count) }
  }

  @Test(arguments: [
    (2, Bounds(crashes: 0, losses: 1, duplicates: 0, expiries: 1)),
    (3, quiesce),
  ])
  func `Orbits stand for all states`(size: Int, bounds: Bounds) throws {
    var cluster = try Self.cluster(size, bounds)
    let prelude = cluster.asks.dropLast().map { Act<Words>.ask($0.node, $0.requests[0]) }
    cluster.asks = Array(cluster.asks.suffix(1))
    var explorer = Explorer(cluster)
    explorer.prelude = prelude
    explorer.judged = []
    let all = explorer.explore()
    explorer.takesOrbits = true
    let orbits = explorer.explore()
    #expect(orbits.isByOrbits)
    #expect(orbits.states < all.states)
    #expect(orbits.statesInOrbits == all.states)
    #expect(orbits.depth == all.depth)
  }

  @Test func `Orbits are not taken where names matter`() throws {
    var explorer = Explorer(try Self.cluster(2, Self.oneCrash))
    explorer.takesOrbits = true
    #expect(!explorer.explore().isByOrbits)
  }

  @Test func `With half the memory that it needs it says so`() throws {
    var explorer = Explorer(try Self.cluster(2, Self.oneCrash))
    explorer.judged = []
    let needed = explorer.explore().bytes
    explorer.memory = needed
    #expect(explorer.explore().ending == .exhausted)
    explorer.memory = needed / 2
    #expect(explorer.explore().ending == .notExhausted(.memory))
  }

  @Test func `It tells how far it has come`() throws {
    var told: [Progress] = []
    let found = Explorer(try Self.cluster(2, Self.oneCrash)).explore { told.append($0) }
    let states = told.prefix { !$0.isQuiescing }
    let quiesce = told.dropFirst(states.count)
    #expect(states.map(\.depth).max() ?? .max <= found.depth)
    #expect(told.map(\.queue).min() == 0)
    #expect(states.last?.states == found.states)
    #expect(states.last?.queue == 0)
    // Then two graphs of what comes when nothing fails, repaired and not.
    #expect(Set(quiesce.map(\.isQuiescing)) == [true])
    #expect(quiesce.last?.queue == 0)
  }

  @Test func `The same run is found in every process`() throws {
    let cluster = try Self.cluster(2, Self.oneCrash, without: [.voteStoredFirst])
    guard case .violated(_, let acts) = Explorer(cluster).explore().ending else {
      Issue.record("nothing was found")
      return
    }
    #expect(
      acts.map(\.description) == [
        "ask a update", "ask b update", "ask c commit", "deliver c→a #0", "deliver c→b #0",
        "deliver b→c #0", "deliver a→c #0", "store c", "crash a losing 1", "restart a",
      ])
  }
}
