import ProtocolCore
import ReplicatedLog
import Testing
import ZAB

/// The sentences of the paper's phases, and of Apache's sources, each a conversation with a server.
struct ServerTests {
  private static func server(
    _ id: NodeID = "a", _ disk: [Record] = [], observers: [NodeID] = []
  ) -> ZABModel.Node {
    var settings = ZAB.Settings()
    settings.election = .any
    let ensemble = ZAB.Ensemble(
      voters: ["a", "b", "c"].map { ZAB.Ensemble.Voter($0) }, observers: observers)
    var server = ZABModel.Node(id, of: ensemble, settings: settings)
    _ = server.step(.started(disk))
    return server
  }

  /// A leader that has heard b, whose acceptance is on disk.
  private static func proposing(
    _ disk: [Record] = [], accepted: Int = 0
  ) -> (server: ZABModel.Node, said: [Out]) {
    var server = server("a", disk)
    _ = server.step(.expired(.elected("a")))
    _ = server.step(.received(.followerInfo(Zxid(accepted, 0)), from: "b"))
    let said = server.step(.stored([.acceptedEpoch(server.acceptedEpoch)]))
    return (server, said)
  }

  // MARK: Discovery

  @Test(arguments: [0, 1, 7])
  func `Phase 1: NEWEPOCH is greater than all that a quorum has accepted`(accepted: Int) {
    let (server, said) = Self.proposing(accepted: accepted)
    #expect(server.acceptedEpoch == accepted + 1)
    #expect(said.messages(to: "b") == [.leaderInfo(Zxid(accepted + 1, 0))])
  }

  @Test func `Phase 1: a leader alone chooses no epoch`() {
    var a = Self.server()
    #expect(a.step(.expired(.elected("a"))).records == [])
    #expect(a.acceptedEpoch == 0)
  }

  @Test func `Phase 1: a follower acknowledges a greater epoch when that is on disk`() {
    var a = Self.server("a", [.acceptedEpoch(2), .currentEpoch(1), .proposal(transaction(1, 1))])
    let hello = a.step(.expired(.elected("b")))
    #expect(hello.messages(to: "b") == [.followerInfo(Zxid(2, 0))])
    let said = a.step(.received(.leaderInfo(Zxid(3, 0)), from: "b"))
    #expect(
      said == [
        .persist(.acceptedEpoch(3)), .send(.ackEpoch(Zxid(1, 1), currentEpoch: 1), to: "b"),
      ])
  }

  @Test func `An epoch that was accepted before is acknowledged with −1, and does not count`() {
    var a = Self.server("a", [.acceptedEpoch(3)])
    _ = a.step(.expired(.elected("b")))
    #expect(
      a.step(.received(.leaderInfo(Zxid(3, 0)), from: "b"))
        == [.send(.ackEpoch(.zero, currentEpoch: nil), to: "b")])
    var (leader, _) = Self.proposing()
    _ = leader.step(.received(.ackEpoch(.zero, currentEpoch: nil), from: "b"))
    #expect(leader.currentEpoch == 0)
    #expect(leader.acceptedEpoch == 1)
  }

  @Test func `A smaller epoch is not accepted`() {
    var a = Self.server("a", [.acceptedEpoch(3)])
    _ = a.step(.expired(.elected("b")))
    let said = a.step(.received(.leaderInfo(Zxid(2, 0)), from: "b"))
    #expect(said.records == [])
    #expect(said.messages(to: "b") == [])
    #expect(a.acceptedEpoch == 3)
  }

  @Test(arguments: [(1, Zxid(1, 1), true), (1, Zxid(1, 2), false), (2, Zxid.zero, false)])
  func `A leader that hears of a better history gives up`(
    epoch: Int, last: Zxid, isBest: Bool
  ) {
    var (a, _) = Self.proposing(
      [.acceptedEpoch(1), .currentEpoch(1), .proposal(transaction(1, 1))])
    _ = a.step(.received(.ackEpoch(last, currentEpoch: epoch), from: "b"))
    #expect(a.isLooking != isBest)
  }

  // MARK: Synchronization and broadcast

  /// A leader of epoch 1 that b has acknowledged.
  private static func leading() -> (server: ZABModel.Node, said: [Out]) {
    var (server, _) = proposing()
    _ = server.step(.received(.ackEpoch(.zero, currentEpoch: 0), from: "b"))
    _ = server.step(.stored([.currentEpoch(1)]))
    let said = server.step(.received(.ack(Zxid(1, 0)), from: "b"))
    return (server, said)
  }

  @Test func `Phase 2: a leader serves when a quorum has acknowledged NEWLEADER`() {
    var (a, _) = Self.proposing()
    let said = a.step(.received(.ackEpoch(.zero, currentEpoch: 0), from: "b"))
    #expect(
      said.messages(to: "b") == [.diff(.zero), .newLeader(Zxid(1, 0))])
    // b has it, and the leader's own disk works.
    #expect(a.step(.received(.ack(Zxid(1, 0)), from: "b")).messages(to: "b") == [])
    #expect(!a.isServing)
    #expect(a.step(.stored([.currentEpoch(1)])).messages(to: "b") == [.upToDate])
    #expect(a.isServing)
  }

  @Test func `Phase 3: COMMIT goes out when a quorum has written, the leader counted`() {
    var (a, _) = Self.leading()
    let command = ReplicatedLog.Command("x", 1, .append("k", "a"))
    let proposal = Transaction(Zxid(1, 1), command)
    let asked = a.step(.asked(.command(command), RequestID(0)))
    #expect(asked.records == [.proposal(proposal)])
    #expect(asked.messages(to: "b") == [.proposal(proposal)])
    #expect(a.step(.received(.ack(Zxid(1, 1)), from: "b")).messages(to: "b") == [])
    let committed = a.step(.stored([.proposal(proposal)]))
    #expect(committed.messages(to: "b") == [.commit(Zxid(1, 1))])
    #expect(committed.contains(.reply(.value("a"), to: RequestID(0), .atOnce)))
  }

  @Test func `Two acknowledgements of one follower are one`() {
    var (a, _) = Self.leading()
    _ = a.step(.received(.followerInfo(.zero), from: "c"))
    _ = a.step(.asked(.command(.init("x", 1, .append("k", "a"))), RequestID(0)))
    for _ in 0..<2 {
      #expect(a.step(.received(.ack(Zxid(1, 1)), from: "b")).messages(to: "b") == [])
    }
  }

  @Test func `A learner is silent to pings before it serves, and answers them then`() {
    var a = Self.server()
    _ = a.step(.expired(.elected("b")))
    _ = a.step(.received(.leaderInfo(Zxid(1, 0)), from: "b"))
    _ = a.step(.received(.snap(Snapshot(Zxid(1, 0), KeyValueStore())), from: "b"))
    #expect(a.step(.received(.ping(Zxid(1, 0)), from: "b")).messages(to: "b") == [])
    let told = a.step(.received(.newLeader(Zxid(1, 0)), from: "b"))
    #expect(
      told.records == [.installed(Snapshot(Zxid(1, 0), KeyValueStore()), currentEpoch: 1)])
    #expect(told.messages(to: "b") == [.ack(Zxid(1, 0))])
    // ACK, once more: nobody counts it.
    #expect(a.step(.received(.upToDate, from: "b")).messages(to: "b") == [.ack(Zxid(1, 0))])
    #expect(
      a.step(.received(.ping(Zxid(1, 0)), from: "b")).messages(to: "b") == [.ping(Zxid(1, 0))])
  }

  @Test func `Who is asked and does not serve refuses`() {
    var a = Self.server()
    #expect(
      a.step(.asked(.command(.init("x", 1, .get("k"))), RequestID(0)))
        == [.reply(.refused, to: RequestID(0), .atOnce)])
  }

  @Test func `A journal that breaks between two records has the old epoch, or the new history`() {
    let installed = Snapshot(Zxid(2, 0), KeyValueStore())
    var disk: [Record] = [.acceptedEpoch(2), .currentEpoch(1), .proposal(transaction(1, 1))]
    ZABModel.Words.settle(.installed(installed, currentEpoch: 2), on: &disk)
    #expect(disk == [.acceptedEpoch(2), .installed(installed, currentEpoch: 2)])
    let back = Self.server("a", disk)
    #expect((back.currentEpoch, back.history.lastProcessed) == (2, Zxid(2, 0)))
    // A later snapshot of its own keeps the epoch that stood in that record.
    ZABModel.Words.settle(.snapshot(Snapshot(Zxid(2, 4), KeyValueStore())), on: &disk)
    #expect(Self.server("a", disk).currentEpoch == 2)
  }
}

extension [Effect<ZABModel.Words>] {
  /// What is written.
  var records: [Record] {
    compactMap { if case .persist(let record) = $0 { record } else { nil } }
  }

  /// What is sent to a server.
  func messages(to receiver: NodeID) -> [Message] {
    compactMap { if case .send(let message, receiver, _) = $0 { message } else { nil } }
  }
}
