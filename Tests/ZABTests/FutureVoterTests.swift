import Lab
import ProtocolCore
import ReplicatedLog
import Testing
import ZAB

/// When a leader brings those to its history who shall vote, and do not vote yet.
struct FutureVoterTests {
  /// Of a, b and c a begins epoch 2 with this in its history; b and d have accepted the epoch, and
  /// its own currentEpoch is on its disk.
  private static func begun(
    _ transaction: ReplicatedLog.Entry
  ) -> (ZABModel.Node, said: [NodeID: [Message]]) {
    var settings = ZAB.Settings()
    (settings.election, settings.reconfigEnabled) = (.any, true)
    let ensemble = ZAB.Ensemble(voters: ["a", "b", "c"].map { ZAB.Ensemble.Voter($0) })
    var a = ZABModel.Node("a", of: ensemble, settings: settings)
    _ = a.step(.started([.currentEpoch(1), .proposal(Transaction(Zxid(1, 1), transaction))]))
    _ = a.step(.expired(.elected("a")))
    let peers: [NodeID] = ["b", "d"]
    for peer in peers { _ = a.step(.received(.followerInfo(Zxid(1, 0)), from: peer)) }
    var effects = a.step(.stored([.acceptedEpoch(2)]))
    for peer in peers {
      effects += a.step(.received(.ackEpoch(Zxid(1, 1), currentEpoch: 1), from: peer))
    }
    effects += a.step(.stored([.currentEpoch(2)]))
    return (
      a, Dictionary(uniqueKeysWithValues: peers.map { ($0, effects.messages(to: $0)) })
    )
  }

  @Test func `They wait until a quorum of those who vote has come to it, and its own is on disk`() {
    var (a, said) = Self.begun(.members(["a", "d"]))
    let configuration = ZAB.Configuration(Zxid(1, 1), members: ["a", "d"])
    #expect(said["b"]?.last == .newLeader(Zxid(2, 0), configuration))
    #expect(said["d"] == [.leaderInfo(Zxid(2, 0))])
    // a and b are two of the three who vote.
    let effects = a.step(.received(.ack(Zxid(2, 0)), from: "b"))
    #expect(effects.messages(to: "d").last == .newLeader(Zxid(2, 0), configuration))
    #expect(!a.isEstablished)
    _ = a.step(.received(.ack(Zxid(2, 0)), from: "d"))
    #expect(a.isEstablished)
  }

  @Test func `Who is not needed for a quorum is brought to it when the epoch has begun`() {
    var (a, said) = Self.begun(.members(["a", "b", "d"]))
    #expect(said["d"] == [.leaderInfo(Zxid(2, 0))])
    let effects = a.step(.received(.ack(Zxid(2, 0)), from: "b"))
    #expect(a.isEstablished)
    let configuration = ZAB.Configuration(Zxid(1, 1), members: ["a", "b", "d"])
    #expect(effects.messages(to: "d").last == .newLeader(Zxid(2, 0), configuration))
  }

  @Test func `Without a reconfiguration under way nobody waits`() {
    let (_, said) = Self.begun(.command(ReplicatedLog.Command("x", 1, .append("k", "a"))))
    #expect(said["b"]?.last == .newLeader(Zxid(2, 0), nil))
    #expect(said["d"]?.last == .newLeader(Zxid(2, 0), nil))
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
    try perform(.store("e", first: nil), .crash("e", losing: 0, unsent: 0))
    for place in [1, 0] { try perform(.lose(Link(from: "e", to: "c"), place)) }
    let command = ReplicatedLog.Command("x", 1, .append("k", "a"))
    try perform(.ask("c", .command(command), by: "x"))
    return system
  }

  @Test func `Not the leader's own disk is enough, where it may stay away`() throws {
    #expect(try Self.begunByFuture(without: []).violated() == nil)
    let broken = try Self.begunByFuture(without: [.votersSynchronizedFirst])
    #expect(broken.violated() == .progress)
  }
}
