import Lab
import ProtocolCore
import Testing

/// What clients have begun to ask in a prelude goes on in an exploration.
struct PreludeTests {
  typealias Words = Keeper.Words

  /// One client asks what it is refused, or not answered yet, and is asked for more behind that;
  /// another has nothing else to ask.
  static let preludes: [[Act<Words>]] = [
    [.ask("a", .put(1), by: "x")],
    [.ask("b", .put(1), by: "x")],
    [.ask("a", .put(2), by: "y")],
    [.ask("b", .put(2), by: "y")],
    [.ask("a", .put(1), by: "x"), .crash("a", losing: 1, unsent: 0)],
    [.ask("b", .put(1), by: "x"), .ask("a", .put(2), by: "y")],
    [.ask("a", .put(1), by: "x"), .store("a", first: nil), .ask("b", .get, by: "x")],
  ]

  static func cluster(insists: Bool, flaw: Flaw<Keeper>? = nil) throws -> Cluster<Register> {
    var cluster = try Cluster<Register>(
      Register.topology(2), flaw: flaw,
      bounds: Bounds(crashes: 1, losses: 0, duplicates: 0, expiries: 0))
    cluster.asks = [
      Ask("x", of: ["a", "b"], oneOf: [.put(1)], insists: insists),
      Ask("x", of: ["b", "a"], oneOf: [.get], insists: insists),
      Ask("y", of: ["a", "b"], oneOf: [.put(2)], insists: insists),
    ]
    return cluster
  }

  @Test(arguments: preludes, [true, false])
  func `What clients wait for has as many states as whole systems`(
    acts: [Act<Words>], insists: Bool
  ) throws {
    let whole = try Self.cluster(insists: insists)
    let layers = Naive(cluster: whole, prelude: acts).layers()
    var explorer = Explorer(whole.beginning(with: acts))
    explorer.judged = [.once]
    let found = explorer.explore()
    #expect(found.ending == .exhausted)
    #expect(found.states == layers.reduce(0, +))
    #expect(found.depth == layers.count - 1)
  }

  /// To its judge whoever gives up is not served; so all insist, or nothing crashes.
  @Test(arguments: preludes)
  func `A sound register is accused of nothing behind a prelude`(acts: [Act<Words>]) throws {
    let cluster = try Self.cluster(insists: true).beginning(with: acts)
    #expect(Explorer(cluster).explore().ending == .exhausted)
    if !acts.contains(where: { if case .crash = $0 { true } else { false } }) {
      var calm = try Self.cluster(insists: false).beginning(with: acts)
      calm.bounds.crashes = 0
      #expect(Explorer(calm).explore().ending == .exhausted)
    }
    // Nor where nothing else is asked.
    var alone = cluster
    alone.asks = []
    #expect(Explorer(alone).explore().ending == .exhausted)
  }

  @Test func `A client of which nobody knows is answered as well`() throws {
    var cluster = try Self.cluster(insists: true)
    cluster.bounds.crashes = 0
    cluster.prelude = [.ask("b", .put(7), by: "stranger")]
    #expect(Explorer(cluster).explore().ending == .exhausted)
  }

  @Test(arguments: [
    ("answersTwice", Register.Property.once), ("answersNobody", .served), ("answersEarly", .fresh),
  ])
  func `What is wrong with the request of a prelude is found`(
    name: String, property: Register.Property
  ) throws {
    let flaw = Keeper.flaw(name)
    var cluster = try Self.cluster(insists: true, flaw: flaw)
    // The put is the prelude's alone; where it is answered early a reader must see it lost.
    cluster.asks.removeAll { $0.client == "y" }
    cluster = cluster.beginning(with: [.ask("b", .put(1), by: "x")])
    guard case .violated(property, let acts) = Explorer(cluster).explore().ending else {
      Issue.record("\(name) is not caught: \(Explorer(cluster).explore().ending)")
      return
    }
    let example = Counterexample(
      cluster: cluster, violated: property, acts: cluster.prelude + acts,
      foundWith: cluster.prelude.count + acts.count)
    #expect(example.fails(example.acts))
    #expect(example.replayed == .violated)
  }

  @Test func `Acts that violate nothing are a fault of who found them`() throws {
    let cluster = try Self.cluster(insists: true)
    let acts = Self.preludes[0]
    for property in Register.Property.allCases {
      let example = Counterexample(
        cluster: cluster, violated: property, acts: acts, foundWith: acts.count)
      #expect(example.replayed == .holds)
    }
  }

  @Test func `Short is said of runs that begin with the prelude, where it is more than asks`()
    throws
  {
    func shortness(_ prelude: [Act<Words>], _ more: [Act<Words>]) throws
      -> Counterexample<Register>.Extent
    {
      let cluster = try Self.cluster(insists: true).beginning(with: prelude)
      var example = Counterexample(
        cluster: cluster, violated: .fresh, acts: prelude + more,
        foundWith: prelude.count + more.count)
      example.tellShortest()
      return example.isShortest
    }
    #expect(try shortness([], [.restart("a")]) == .all)
    #expect(try shortness(Self.preludes[0], [.restart("a")]) == .all)
    #expect(try shortness(Self.preludes[4], [.restart("a")]) == .thatBeginSo)
  }
}

/// The explorer and a replay, and so a simulator, tell a monitor the same in one order.
struct OrderTests {
  /// A keeper's register, judged by one who notes what came first: that a client will hear no more,
  /// or that its node has crashed.
  enum Deaths: Toy {
    typealias Node = Keeper
    enum Property: String, PropertyName {
      case crashedFirst, heard
      var form: PropertyForm<Condition> {
        self == .heard ? .sometimes(.told) : .always
      }
    }
    enum Condition: String, Named { case told }
    struct Monitor: ProtocolCore.Monitor {
      typealias Node = Keeper
      typealias Property = Deaths.Property
      typealias Condition = Deaths.Condition
      var isCrashed = false
      var isTold = false
      var isUntimely = false
      mutating func observe(_ observation: Observation<Keeper.Words>, at id: NodeID) {
        if case .crashed = observation { isCrashed = true }
      }
      mutating func observe(_ event: ClientEvent<Keeper.Words>, of client: ClientID) {
        switch event {
        case .unknown, .gaveUp:
          isTold = true
          if !isCrashed { isUntimely = true }
        case .invoked, .returned, .refused: break
        }
      }
      func holds(_ property: Property) -> Bool { !isUntimely }
      func holds(_ condition: Condition, at id: NodeID, in scene: Scene<Keeper>) -> Bool {
        isTold
      }
    }
    static let name = "deaths"
    static let faults: Set<Fault> = [.crash, .suspicion]
    static func asks(of topology: [Member<OneRole>]) -> [Ask<Keeper.Words>] {
      [Ask("x", of: ["a", "b"], oneOf: [.put(1)]), Ask("y", of: ["a"], oneOf: [.put(2)])]
    }
    static func machine(_ id: NodeID, among all: [NodeID]) -> Keeper {
      Keeper(keeps: id == all[0])
    }
    static func monitor(of all: [NodeID]) -> Monitor { Monitor() }
  }

  @Test func `That a client hears no more is told behind the crash`() throws {
    let cluster = try Cluster<Deaths>(
      Deaths.topology(2), bounds: Bounds(crashes: 2, losses: 0, duplicates: 0, expiries: 0))
    let found = Explorer(cluster).explore()
    #expect(found.ending == .exhausted)
    #expect(found.witnesses[.heard] != nil)
    #expect(found.states == Naive(cluster: cluster).layers().reduce(0, +))
    var system = SystemState(cluster)
    for act: Act<Keeper.Words> in [.ask("a", .put(1), by: "x"), .crash("a", losing: 1, unsent: 0)] {
      try system.perform(act)
    }
    #expect(system.monitor.isTold && system.holds(.crashedFirst))
  }
}
