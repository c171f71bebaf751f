import ProtocolCore
import Testing
import ZAB
import ZooKeeper
import ZooKeeperEnsemble

/// A server alone, which is a quorum by itself, and what it says to its clients.
struct ServerTests {
  typealias Server = ZooKeeperEnsemble.Server
  typealias Words = ZooKeeperEnsemble.Words

  private var server: Server

  /// It leads epoch 1, and x has a session.
  init() {
    var settings = ZooKeeperEnsemble.Settings()
    settings.replication.election = .any
    server = Server("a", number: 7, of: ZAB.Ensemble(voters: [.init("a")]), settings: settings)
    _ = server.step(.started([]))
    _ = answers(to: .expired(.peer(.elected("a"))))
    _ = answers(to: .received(.connect(ZooKeeperEnsemble.ConnectRequest(timeout: 100)), from: "x"))
  }

  /// What it sends when all that it writes is stable at once.
  private mutating func answers(to event: Event<Words>) -> [Words.Message] {
    var messages: [Words.Message] = []
    var effects = server.step(event)
    while !effects.isEmpty {
      var written: [Words.Record] = []
      for effect in effects {
        if case .persist(let record) = effect { written.append(record) }
        if case .send(let message, _, _) = effect { messages.append(message) }
      }
      effects = written.isEmpty ? [] : server.step(.stored(written))
    }
    return messages
  }

  private mutating func answers(
    to hello: ZooKeeperEnsemble.ConnectRequest, from client: NodeID
  ) -> [Words.Message] {
    answers(to: .received(.connect(hello), from: client))
  }

  /// The id of x's session.
  private var session: SessionID {
    server.delivered?.openSessions.first ?? .none
  }

  private func resuming(
    _ session: SessionID, password: [UInt8]
  ) -> ZooKeeperEnsemble.ConnectRequest {
    var hello = ZooKeeperEnsemble.ConnectRequest(timeout: 100)
    (hello.session, hello.password) = (session, password)
    return hello
  }

  @Test func `The number of a server is the high byte of its sessions`() {
    #expect(server.delivered?.openSessions.count == 1)
    #expect(session.rawValue >> 56 == 7)
  }

  @Test func `A timeout is granted within what the server is set to`() {
    var copy = self
    for (asked, granted) in [(1, 20), (50, 50), (9_999, 200)] as [(Int32, Int32)] {
      let answers = copy.answers(
        to: ZooKeeperEnsemble.ConnectRequest(timeout: asked), from: "y")
      guard case .connected(_, granted, isReadOnly: false) = answers.last else {
        Issue.record("\(asked): \(answers)")
        continue
      }
    }
  }

  @Test func `Who does not know the password of a session is told that it is over`() {
    var copy = self
    let answers = copy.answers(
      to: resuming(session, password: [UInt8](repeating: 0, count: 16)), from: "y")
    #expect(answers == [.connected(.none, timeout: 0, isReadOnly: false)])
    #expect(server.client(of: session) == "x")
  }

  @Test func `Who knows it has the session`() {
    var copy = self
    let answers = copy.answers(to: resuming(session, password: session.password), from: "y")
    #expect(answers == [.connected(session, timeout: 100, isReadOnly: false)])
  }

  @Test func `A session that never was is over`() {
    var copy = self
    let other = SessionID(42)
    let answers = copy.answers(to: resuming(other, password: other.password), from: "y")
    #expect(answers == [.connected(.none, timeout: 0, isReadOnly: false)])
  }

  @Test func `A client that has seen more is refused without a word`() {
    var copy = self
    var hello = resuming(session, password: session.password)
    hello.lastZxidSeen = ZooKeeper.Zxid(1 << 40)
    #expect(
      copy.server.step(.received(.connect(hello), from: "y"))
        == [.note(.refusesNewer("y")), .disconnect("y", .clients)])
  }

  @Test func `A read behind a write waits for it, and shows it`() {
    var copy = self
    _ = copy.server.step(
      .received(.request(1, .create(Create("/a", data: [1]))), from: "x"))
    let early = copy.server.step(.received(.request(2, .getData(path: "/a")), from: "x"))
    #expect(!early.contains { if case .send(.reply, _, _) = $0 { true } else { false } })
    let pending = copy.server.zab.history.pending
    let answers = copy.answers(to: .stored(pending.map { .proposal($0) }))
    guard case .reply(1, let first) = answers.first, case .reply(2, let second) = answers.last,
      case .success(.data(let data, _)) = second.result
    else {
      Issue.record("\(answers)")
      return
    }
    #expect(first.result == .success(.created(path: "/a")))
    #expect(data == [1])
    #expect(second.zxid == first.zxid)
  }

  @Test func `An event is told before the reply to what caused it`() {
    var copy = self
    _ = copy.answers(to: .received(.request(1, .exists(path: "/a", watch: true)), from: "x"))
    let answers = copy.answers(to: .received(.request(2, .create(Create("/a"))), from: "x"))
    guard case .event(let event, let zxid) = answers.first, case .reply(2, let reply) = answers.last
    else {
      Issue.record("\(answers)")
      return
    }
    #expect(event == WatchEvent(.nodeCreated, "/a"))
    #expect(zxid == reply.zxid)
  }

  @Test func `A session that expires takes what it owned, and its connection is closed`() {
    var copy = self
    _ = copy.answers(
      to: .received(.request(1, .create(Create("/e", mode: .ephemeral))), from: "x"))
    let expired = copy.session
    _ = copy.answers(to: .expired(.session(expired)))
    #expect(copy.server.delivered?["/e"] == nil)
    #expect(copy.server.delivered?.openSessions == [])
    #expect(copy.server.client(of: expired) == nil)
    // The timer of a session that is over does nothing.
    #expect(copy.server.step(.expired(.session(expired))) == [])
  }
}
