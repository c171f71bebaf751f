import ProtocolCore
import Testing
import ZAB

/// A service that counts how often each has asked for something.
private struct Visits: ReplicatedService {
  enum Request: Hashable {
    case visit(Int, cxid: Int)
    case sync(Int)
  }

  struct Transaction: Hashable {
    let visitor: Int
    let cxid: Int
  }

  enum Reply: Hashable {
    case visits(Int, Zxid)
    case refused
  }

  var visits: [Int] = []
  static let refusal = Reply.refused

  func transaction(
    for request: Request, at zxid: Zxid, after outstanding: [Proposal<Self>]
  ) -> Transaction? {
    switch request {
    case .visit(let visitor, let cxid): Transaction(visitor: visitor, cxid: cxid)
    case .sync: nil
    }
  }

  static func origin(of request: Request) -> [Int] {
    switch request {
    case .visit(let visitor, let cxid): [visitor, cxid]
    case .sync(let visitor): [visitor]
    }
  }

  static func origin(of transaction: Transaction) -> [Int] {
    [transaction.visitor, transaction.cxid]
  }

  mutating func apply(_ proposal: Proposal<Self>) -> Reply {
    visits.append(proposal.transaction.visitor)
    return .visits(visits.count { $0 == proposal.transaction.visitor }, proposal.zxid)
  }

  static func isRead(_ request: Request) -> Bool {
    if case .sync = request { true } else { false }
  }

  func answer(to request: Request) -> Reply {
    .visits(visits.count { [$0] == Self.origin(of: request) }, .zero)
  }
}

/// Reads behind SYNC, and who answers a request.
struct SyncTests {
  private typealias Server = ZAB.Server<Visits>
  private typealias Packet = ZAB.Words<Visits>.Message
  private typealias Effects = [Effect<ZAB.Words<Visits>>]

  private static let ensemble = ZAB.Ensemble(
    voters: ["a", "b", "c"].map { ZAB.Ensemble.Voter($0) })

  private static func server(_ id: NodeID) -> Server {
    var settings = ZAB.Settings()
    settings.election = .any
    settings.readsBehindSync = true
    var server = Server(id, of: ensemble, settings: settings)
    _ = server.step(.started([]))
    return server
  }

  /// a follows b in epoch 1, and serves.
  private static func learner() -> Server {
    var a = server("a")
    _ = a.step(.expired(.elected("b")))
    let packets: [Packet] = [
      .leaderInfo(Zxid(1, 0)), .snap(Snapshot(Zxid(1, 0), Visits())), .newLeader(Zxid(1, 0)),
      .upToDate,
    ]
    for packet in packets { _ = a.step(.received(packet, from: "b")) }
    return a
  }

  /// a leads epoch 1, with b and c.
  private static func leader() -> Server {
    var a = server("a")
    _ = a.step(.expired(.elected("a")))
    for learner: NodeID in ["b", "c"] {
      _ = a.step(.received(.followerInfo(.zero), from: learner))
    }
    _ = a.step(.stored([.acceptedEpoch(1)]))
    for learner: NodeID in ["b", "c"] {
      _ = a.step(.received(.ackEpoch(.zero, currentEpoch: 0), from: learner))
    }
    _ = a.step(.stored([.currentEpoch(1)]))
    for learner: NodeID in ["b", "c"] {
      _ = a.step(.received(.ack(Zxid(1, 0)), from: learner))
    }
    return a
  }

  /// a writes what it has proposed last, and b does.
  private static func commit(_ zxid: Zxid, at a: inout Server) -> Effects {
    let proposal = a.history.pending.first { $0.zxid == zxid }
    let own = proposal.map { a.step(.stored([.proposal($0)])) } ?? []
    return own + a.step(.received(.ack(zxid), from: "b"))
  }

  @Test func `SYNC follows the commit of the last that was proposed when it was asked for`() {
    var a = Self.leader()
    #expect(
      a.step(.received(.request(.sync(7)), from: "c")) == [.send(.sync, to: "c", .atOnce)])
    _ = a.step(.received(.request(.visit(7, cxid: 1)), from: "b"))
    #expect(a.step(.received(.request(.sync(7)), from: "c")) == [])
    let packets = Self.commit(Zxid(1, 1), at: &a).compactMap { effect -> Packet? in
      if case .send(let packet, "c", _) = effect { packet } else { nil }
    }
    #expect(packets == [.commit(Zxid(1, 1)), .sync])
  }

  @Test func `A learner that has gone in between is not sent SYNC`() {
    var a = Self.leader()
    _ = a.step(.received(.request(.visit(7, cxid: 1)), from: "b"))
    _ = a.step(.received(.request(.sync(7)), from: "c"))
    _ = a.step(.disconnected("c"))
    _ = a.step(.received(.followerInfo(Zxid(1, 0)), from: "c"))
    _ = a.step(.received(.ackEpoch(Zxid(1, 0), currentEpoch: nil), from: "c"))
    #expect(!Self.commit(Zxid(1, 1), at: &a).contains(.send(.sync, to: "c", .atOnce)))
  }

  @Test func `SYNC answers the oldest of those that wait`() {
    var a = Self.learner()
    _ = a.step(.asked(.sync(7), RequestID(1)))
    _ = a.step(.asked(.sync(8), RequestID(2)))
    let told = a.step(.received(.sync, from: "b"))
    #expect(told.contains(.reply(.visits(0, .zero), to: RequestID(1), .atOnce)))
    #expect(!told.contains(.reply(.visits(0, .zero), to: RequestID(2), .atOnce)))
    _ = a.step(.received(.sync, from: "b"))
    let third = a.step(.received(.sync, from: "b"))
    #expect(third.contains(.note(.unexpected(.sync, from: "b"))))
  }

  @Test func `Who took a request answers it by its origin, and says what came of it`() {
    var a = Self.learner()
    _ = a.step(.asked(.visit(7, cxid: 4), RequestID(9)))
    let transaction = Visits.Transaction(visitor: 7, cxid: 4)
    let proposal = Proposal<Visits>(Zxid(1, 1), transaction)
    _ = a.step(.received(.proposal(proposal), from: "b"))
    let told = a.step(.received(.commit(Zxid(1, 1)), from: "b"))
    let reply = Visits.Reply.visits(1, Zxid(1, 1))
    #expect(told.contains(.note(.delivered(proposal, reply))))
    #expect(told.contains(.reply(reply, to: RequestID(9), .atOnce)))
  }
}
