import ProtocolCore
import Testing
import ZAB

/// A service of sessions: who opened one, and how often each has asked for something.
private struct Visits: ReplicatedService {
  /// A session's number, and how long it lives unheard of.
  struct ClientSession: Hashable, Comparable, Sendable {
    let id: Int
    var timeout = 40

    static func < (a: Self, b: Self) -> Bool { (a.id, a.timeout) < (b.id, b.timeout) }
  }

  enum Request: Hashable {
    case open(Int, cxid: Int)
    case visit(Int, cxid: Int)
    case sync(Int)
    case resume(Int)
    case ping(Int)
  }

  struct Transaction: Hashable {
    let session: Int
    let cxid: Int
    /// Nil where the session had moved.
    let zxid: Zxid?
  }

  enum Reply: Hashable {
    case visits(Int, Zxid)
    case moved
    case isOpen(Bool)
    case refused
  }

  var visits: [Int] = []
  static let refusal = Reply.refused

  func transaction(
    for request: Request, at zxid: Zxid, after outstanding: [Proposal<Self>], isOwned: Bool
  ) -> Transaction? {
    switch request {
    case .open(let session, let cxid), .visit(let session, let cxid):
      Transaction(session: session, cxid: cxid, zxid: isOwned ? zxid : nil)
    case .sync, .resume, .ping: nil
    }
  }

  static func origin(of request: Request) -> [Int] {
    switch request {
    case .open(let session, let cxid), .visit(let session, let cxid): [session, cxid]
    case .sync(let session), .resume(let session), .ping(let session): [session]
    }
  }

  static func origin(of transaction: Transaction) -> [Int] {
    [transaction.session, transaction.cxid]
  }

  mutating func apply(_ proposal: Proposal<Self>) -> Reply {
    guard proposal.transaction.zxid == proposal.zxid else { return .moved }
    visits.append(proposal.transaction.session)
    return .visits(visits.count { $0 == proposal.transaction.session }, proposal.zxid)
  }

  static func session(of request: Request) -> ClientSession? {
    ClientSession(id: origin(of: request)[0])
  }

  static func handling(of request: Request) -> Handling<ClientSession> {
    switch request {
    case .open, .visit: .proposed
    case .sync: .synced
    case .resume(let session): .revalidated(ClientSession(id: session))
    case .ping: .touched
    }
  }

  func isOpen(_ session: ClientSession) -> Bool { visits.contains(session.id) }

  func answer(to request: Request) -> Reply {
    .visits(visits.count { [$0] == Self.origin(of: request) }, .zero)
  }

  static func answer(to request: Request, isOpen: Bool) -> Reply { .isOpen(isOpen) }
}

/// What packets say of sessions: PING, REVALIDATE, SYNC, REQUEST.
struct SessionTests {
  private typealias Server = ZAB.Server<Visits>
  private typealias Packet = ZAB.Words<Visits>.Message
  private typealias Effects = [Effect<ZAB.Words<Visits>>]

  private static let ensemble = ZAB.Ensemble(
    voters: ["a", "b", "c"].map { ZAB.Ensemble.Voter($0) })

  private static func server(_ id: NodeID) -> Server {
    var settings = ZAB.Settings()
    settings.election = .any
    settings.hasSessions = true
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

  @Test func `PING is answered by the sessions that were heard of since the last, each once`() {
    var a = Self.learner()
    for session in [7, 5, 7] { #expect(a.step(.asked(.ping(session), RequestID(0))) == []) }
    let first = a.step(.received(.ping(Zxid(1, 0)), from: "b"))
    let heard = [Visits.ClientSession(id: 5), Visits.ClientSession(id: 7)]
    #expect(first.contains(.send(.ping(Zxid(1, 0), touches: heard), to: "b", .atOnce)))
    let second = a.step(.received(.ping(Zxid(1, 0)), from: "b"))
    #expect(second.contains(.send(.ping(Zxid(1, 0)), to: "b", .atOnce)))
  }

  @Test func `A leader says which sessions a learner has heard of`() {
    var a = Self.leader()
    let heard = [Visits.ClientSession(id: 5)]
    #expect(
      a.step(.received(.ping(Zxid(1, 0), touches: heard), from: "b"))
        == [.note(.touched(heard, by: "b"))])
  }

  @Test func `Who forgets its leader forgets what it has heard of`() {
    var a = Self.learner()
    _ = a.step(.asked(.ping(7), RequestID(0)))
    _ = a.step(.disconnected("b"))
    // The same, had nobody been heard of.
    var other = Self.learner()
    _ = other.step(.disconnected("b"))
    #expect(a == other)
  }

  @Test func `REVALIDATE asks whether a session is open, and is answered to who came back to it`() {
    var a = Self.learner()
    let session = Visits.ClientSession(id: 7)
    let asked = a.step(.asked(.resume(7), RequestID(3)))
    #expect(asked == [.send(.revalidate(session, isOpen: nil), to: "b", .atOnce)])
    let told = a.step(.received(.revalidate(session, isOpen: true), from: "b"))
    #expect(told.contains(.reply(.isOpen(true), to: RequestID(3), .atOnce)))
    // Nobody waits for another.
    let again = a.step(.received(.revalidate(session, isOpen: true), from: "b"))
    #expect(
      again.contains(.note(.unexpected(.revalidate(session, isOpen: true), from: "b"))))
  }

  @Test func `A session is where the leader was asked for it last, and asks nothing elsewhere`() {
    var a = Self.leader()
    let session = Visits.ClientSession(id: 7)
    let unknown = a.step(.received(.revalidate(session, isOpen: nil), from: "c"))
    #expect(unknown == [.send(.revalidate(session, isOpen: false), to: "c", .atOnce)])
    _ = a.step(.received(.request(.open(7, cxid: 1)), from: "b"))
    _ = Self.commit(Zxid(1, 1), at: &a)
    let moved = a.step(.received(.revalidate(session, isOpen: nil), from: "c"))
    #expect(
      moved == [
        .note(.moved(session, to: "c")),
        .send(.revalidate(session, isOpen: true), to: "c", .atOnce),
      ])
    _ = a.step(.received(.request(.visit(7, cxid: 2)), from: "b"))
    _ = a.step(.received(.request(.visit(7, cxid: 1)), from: "c"))
    #expect(a.history.pending.map { $0.transaction.zxid != nil } == [false, true])
  }

  @Test func `SYNC follows the commit of the last that was proposed when it was asked for`() {
    var a = Self.leader()
    #expect(
      a.step(.received(.request(.sync(7)), from: "c")) == [.send(.sync, to: "c", .atOnce)])
    _ = a.step(.received(.request(.open(7, cxid: 1)), from: "b"))
    #expect(a.step(.received(.request(.sync(7)), from: "c")) == [])
    let packets = Self.commit(Zxid(1, 1), at: &a).compactMap { effect -> Packet? in
      if case .send(let packet, "c", _) = effect { packet } else { nil }
    }
    #expect(packets == [.commit(Zxid(1, 1)), .sync])
  }

  @Test func `A learner that has gone in between is not sent SYNC`() {
    var a = Self.leader()
    _ = a.step(.received(.request(.open(7, cxid: 1)), from: "b"))
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
    _ = a.step(.asked(.open(7, cxid: 4), RequestID(9)))
    let transaction = Visits.Transaction(session: 7, cxid: 4, zxid: Zxid(1, 1))
    let proposal = Proposal<Visits>(Zxid(1, 1), transaction)
    _ = a.step(.received(.proposal(proposal), from: "b"))
    let told = a.step(.received(.commit(Zxid(1, 1)), from: "b"))
    let reply = Visits.Reply.visits(1, Zxid(1, 1))
    #expect(told.contains(.note(.delivered(proposal, reply))))
    #expect(told.contains(.reply(reply, to: RequestID(9), .atOnce)))
  }
}
