import Lab
import ProtocolCore
import ReplicatedLog
import Testing
import ZAB

/// Those who shall vote, and do not vote yet, when a leader is looked for.
struct FutureVoterTests {
  /// A server of an ensemble in which a, b and c vote, and d does not, with this on its disk.
  private static func started(
    _ id: NodeID, _ disk: [Record], without rules: Set<ZAB.Rule> = []
  ) -> ZABModel.Node {
    var settings = ZAB.Settings()
    settings.reconfigEnabled = true
    let ensemble = ZAB.Ensemble(voters: ["a", "b", "c"].map { ZAB.Ensemble.Voter($0) })
    var server = ZABModel.Node(id, of: ensemble, settings: settings, without: rules)
    _ = server.step(.started(disk))
    return server
  }

  private static let named = [
    Record.currentEpoch(1), .proposal(Transaction(Zxid(1, 1), .members(["a", "d"]))),
  ]

  @Test func `Who shall vote votes for itself, and who does not for nobody`() {
    #expect(Self.started("d", Self.named).vote == ZAB.Vote("d", Zxid(1, 1), 1))
    #expect(Self.started("d", []).vote.peerEpoch == -1)
    #expect(Self.started("d", Self.named, without: [.seenMayLead]).vote.peerEpoch == -1)
    // By what it has seen c does not vote any more; that it does is in force.
    #expect(Self.started("c", Self.named).vote == ZAB.Vote("c", Zxid(1, 1), 1))
  }

  /// What b votes when it hears that this server votes for d.
  private static func named(
    by sender: NodeID, _ configuration: ZAB.Configuration? = nil, to disk: [Record] = [],
    without rules: Set<ZAB.Rule> = []
  ) -> NodeID {
    var b = started("b", disk, without: rules)
    let vote = ZAB.Vote("d", Zxid(1, 1), 1)
    let told = ZAB.Notification(.looking, vote, round: 1, configuration: configuration)
    _ = b.step(.received(.notification(told), from: sender))
    return b.vote.leader
  }

  @Test func `Who votes may name one that is unknown, and nobody else may`() {
    #expect(Self.named(by: "a") == "d")
    #expect(Self.named(by: "d") == "b")
    #expect(Self.named(by: "a", without: [.seenNamed]) == "b")
  }

  @Test func `Not by an older configuration, for d may be removed`() {
    let all = ZAB.Configuration(Zxid(1, 1), members: ["a", "b", "c"])
    #expect(Self.named(by: "a", to: [.quorumVerifier(all)]) == "b")
    #expect(Self.named(by: "a", all, to: [.quorumVerifier(all)]) == "d")
  }

  /// Of five servers c, d and e vote, and all have on disk that a and b shall.
  ///
  /// e begins epoch 2 with a, b and c. Its own currentEpoch is on its disk, and it stops: what it
  /// sends to a and b arrives, what it sends to c is lost. x asks c.
  private static func begunByFuture(without rules: Set<ZAB.Rule>) throws -> SystemState<ZABModel> {
    var system = SystemState(
      try Cluster<ZABModel>(ZABModel.topology(5), variant: .reconfigured, without: rules))
    func perform(_ acts: Act<ZABModel.Words>...) throws {
      for act in acts { _ = try system.perform(act) }
    }
    func deliver(_ from: NodeID, _ to: NodeID) throws {
      try perform(.deliver(Link(from: from, to: to), 0))
    }
    _ = system.quiesce(until: [.serving], repaired: false)
    try perform(.ask("e", .members(["c", "d", "e"]), by: "op"))
    _ = system.quiesce(until: [.reconfigured], repaired: false)
    try perform(.ask("e", .members(["a", "b"]), by: "op2"), .store("e", first: nil))
    try perform(.crash("e", losing: 0, unsent: 0), .restart("e"))
    _ = system.deliverAll()
    for server: NodeID in ["e", "a", "b", "c", "d"] { try perform(.expire(server, .finalize)) }
    for server: NodeID in ["a", "b", "c"] { try deliver(server, "e") }
    try perform(.store("e", first: nil))
    for server: NodeID in ["a", "b", "c"] {
      try deliver("e", server)
      try perform(.store(server, first: nil))
      try deliver(server, "e")
    }
    try perform(.store("e", first: nil))
    for server: NodeID in ["a", "b"] {
      for _ in 0..<2 { try deliver("e", server) }
      try perform(.store(server, first: nil))
    }
    try perform(.crash("e", losing: 0, unsent: 0))
    for place in [1, 0] { try perform(.lose(Link(from: "e", to: "c"), place)) }
    let command = ReplicatedLog.Command("x", 1, .append("k", "a"))
    try perform(.ask("c", .command(command), by: "x"))
    return system
  }

  @Test func `Who has come to an epoch before those who vote leads them`() throws {
    let system = try Self.begunByFuture(without: [])
    let epochs = system.hosts.map { $0.node?.currentEpoch }
    #expect(epochs == [2, 2, 1, 1, nil])
    #expect(system.violated() == nil)
    #expect(try Self.begunByFuture(without: [.seenMayLead]).violated() == .progress)
  }
}
