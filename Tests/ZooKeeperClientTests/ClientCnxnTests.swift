import NIOCore
import Testing
import ZooKeeper
import ZooKeeperWire

@testable import ZooKeeperClient

/// A session over all its connections is a value: these are conversations with it.
@Suite struct ClientCnxnTests {
  private let a = HostAddress(host: "a")
  private let b = HostAddress(host: "b")

  private func client(
    _ target: String = "a", _ change: (inout ClientOptions) -> Void = { _ in }
  ) throws -> ClientCnxn {
    var options = ClientOptions()
    options.sessionTimeout = .milliseconds(6000)
    options.seed = 1
    change(&options)
    return ClientCnxn(try ConnectString(target), options, seed: 0)
  }

  /// One that has a session since time 0.
  private func connected(
    _ target: String = "a", _ change: (inout ClientOptions) -> Void = { _ in }
  ) throws -> ClientCnxn {
    var client = try client(target, change)
    _ = client.step(.start, now: 0)
    _ = client.step(.opened(1), now: 0)
    _ = client.step(.received(Says.hello(), 1), now: 0)
    return client
  }

  private func ask(_ number: Int, _ request: Request, by deadline: Milliseconds? = nil)
    -> ClientCnxn.Input
  {
    .ask(Ticket(number: number), .request(request), deadline: deadline)
  }

  private func event(_ state: KeeperState, _ place: Int) -> ClientCnxn.Command {
    .deliver(ArrivedEvent(WatchEvent(.none, "", state: state), zxid: nil, place: place))
  }

  private func settled(_ number: Int, _ reason: ClientError.Reason) -> ClientCnxn.Command {
    .settle(Ticket(number: number), .failure(ClientError(reason)))
  }

  private func settled(_ number: Int, _ reply: ArrivedReply) -> ClientCnxn.Command {
    .settle(Ticket(number: number), .success(reply))
  }

  /// What a list of commands sends.
  private func heard(_ commands: [ClientCnxn.Command], greets: Bool = false) -> [Heard] {
    commands.flatMap { command -> [Heard] in
      guard case .write(let bytes, _) = command else { return [] }
      return Heard.all(bytes, greets: greets)
    }
  }

  // MARK: Three stages (SESS-1, SESS-2)

  @Test func `SESS-1: A session is created in three stages`() throws {
    var client = try client()
    #expect(client.state == .connecting)
    #expect(client.step(.start, now: 0) == [.dial(a, 1)])
    let greeting = client.step(.opened(1), now: 10)
    #expect(heard(greeting, greets: true) == [.hello(ConnectRequest(timeout: 6000))])
    #expect(client.state == .connecting)
    #expect(client.step(.received(Says.hello(), 1), now: 20) == [event(.syncConnected, 1)])
    #expect(client.state == .connected)
    #expect(client.session.id == Says.session && client.timeout == 6000)
  }

  @Test func `SESS-2: A lost connection goes back to CONNECTING and keeps the session`() throws {
    var client = try connected()
    let lost = client.step(.ended(1), now: 100)
    #expect(lost == [.hangUp(1), event(.disconnected, 2), .dial(a, 2)])
    #expect(client.state == .connecting)
    #expect(client.session.id == Says.session)
  }

  @Test func `A read-only server is a state of its own`() throws {
    var client = try client("a") { $0.acceptsReadOnly = true }
    _ = client.step(.start, now: 0)
    _ = client.step(.opened(1), now: 0)
    let granted = client.step(.received(Says.hello(readOnly: true), 1), now: 0)
    #expect(granted == [event(.connectedReadOnly, 1)])
    #expect(client.state == .connectedReadOnly)
    // A session that only read-only servers know is not asked for elsewhere.
    _ = client.step(.ended(1), now: 1)
    let greeting = heard(client.step(.opened(2), now: 2), greets: true)
    #expect(greeting == [.hello(ConnectRequest(timeout: 6000, readOnly: true))])
  }

  @Test func `A session that is gone is an event, and the end`() throws {
    var client = try connected()
    _ = client.step(.ended(1), now: 100)
    _ = client.step(ask(1, .delete(path: "/a")), now: 101)
    _ = client.step(.opened(2), now: 102)
    let gone = client.step(.received(Says.expired, 2), now: 103)
    #expect(gone == [.hangUp(2), settled(1, .sessionExpired), event(.expired, 3)])
    #expect(client.state == .closed && client.deadline == nil)
    #expect(client.step(ask(2, .ping), now: 104) == [settled(2, .sessionExpired)])
    #expect(client.step(.start, now: 105) == [])
  }

  @Test func `Another session than the one asked for means that ours is gone`() throws {
    var client = try connected()
    _ = client.step(.ended(1), now: 100)
    _ = client.step(.opened(2), now: 101)
    let gone = client.step(.received(Says.hello(session: SessionID(77)), 2), now: 102)
    #expect(heard(gone) == [.request(1, .closeSession)])
    #expect(gone.suffix(2) == [.hangUp(2), event(.expired, 3)])
    #expect(client.state == .closed)
  }

  // MARK: Failover

  @Test func `It goes from server to server, and pauses after a round in vain`() throws {
    var client = try client("a,b")
    let first = client.step(.start, now: 0)
    let second = client.step(.ended(1), now: 1)
    #expect(
      Set([first, second]) == [[.dial(a, 1)], [.hangUp(1), .dial(b, 2)]]
        || Set([first, second]) == [[.dial(b, 1)], [.hangUp(1), .dial(a, 2)]])
    #expect(client.step(.ended(2), now: 2) == [.hangUp(2)])
    let pause = try #require(client.deadline)
    #expect((102...1002).contains(pause))
    #expect(client.step(.tick, now: pause - 1) == [])
    #expect(client.step(.tick, now: pause).count == 1)
  }

  @Test func `A server that neither accepts nor refuses gets its share of the timeout`() throws {
    var client = try client("a,b")
    _ = client.step(.start, now: 0)
    #expect(client.deadline == 3000)
    #expect(client.step(.tick, now: 3000).first == .hangUp(1))
    _ = client.step(.opened(2), now: 4000)
    #expect(client.deadline == 6000)
    #expect(client.step(.tick, now: 6000).first == .hangUp(2))
  }

  @Test func `The next connection brings session, credentials, watches, and then what waited`()
    throws
  {
    var client = try connected()
    let auth = Request.auth(scheme: "digest", credentials: [1])
    _ = client.step(ask(1, auth), now: 1)
    _ = client.step(ask(2, .getData(path: "/w", watch: true)), now: 1)
    _ = client.step(.received(Says.reply(.auth, 0), 1), now: 2)
    _ = client.step(.received(Says.reply(1, 55, .data(nil, Stat())), 1), now: 2)
    _ = client.step(.ended(1), now: 3)
    #expect(client.step(ask(3, .delete(path: "/x")), now: 4) == [])
    let greeting = heard(client.step(.opened(2), now: 5), greets: true)
    #expect(
      greeting == [
        .hello(
          ConnectRequest(
            lastZxidSeen: Zxid(55), timeout: 6000, session: Says.session, password: Says.password))
      ])
    let sent = heard(client.step(.received(Says.hello(), 2), now: 6))
    #expect(
      sent == [
        .request(.auth, auth),
        .request(.setWatches, .setWatches(SetWatches(relativeZxid: Zxid(55), data: ["/w"]))),
        .request(2, .delete(path: "/x")),
      ])
  }

  @Test func `What a watch missed comes before the reply to setWatches, and is not set again`()
    throws
  {
    var client = try connected()
    _ = client.step(ask(1, .exists(path: "/w", watch: true)), now: 1)
    _ = client.step(.received(Says.refusal(1, 5, .noNode), 1), now: 2)
    #expect(client.watches.setWatches(since: .zero).first?.exist == ["/w"])
    _ = client.step(.ended(1), now: 3)
    _ = client.step(.opened(2), now: 4)
    _ = client.step(.received(Says.hello(), 2), now: 5)
    let missed = client.step(.received(Says.event(.nodeCreated, "/w"), 2), now: 6)
    #expect(
      missed == [
        .deliver(ArrivedEvent(WatchEvent(.nodeCreated, "/w"), zxid: Zxid(-1), place: 5))
      ])
    #expect(client.watches.isEmpty)
    #expect(client.step(.received(Says.reply(.setWatches, 6), 2), now: 7) == [])
  }

  // MARK: Requests

  @Test func `What was sent and not answered fails, its outcome unknown; in order`() throws {
    var client = try connected()
    for number in 1...3 { _ = client.step(ask(number, .delete(path: "/\(number)")), now: 1) }
    _ = client.step(.received(Says.reply(1, 9), 1), now: 2)
    let lost = client.step(.ended(1), now: 3)
    #expect(
      lost == [
        .hangUp(1), settled(2, .connectionLost(.peerClosed, sent: true)),
        settled(3, .connectionLost(.peerClosed, sent: true)), event(.disconnected, 3),
        .dial(a, 2),
      ])
    #expect(ClientError(.connectionLost(.peerClosed, sent: true)).isOutcomeUnknown)
  }

  @Test func `Bytes of an earlier connection are not heard`() throws {
    var client = try connected()
    _ = client.step(.ended(1), now: 1)
    #expect(client.step(.received(Says.event(.nodeCreated, "/"), 1), now: 2) == [])
    #expect(client.step(.ended(1), now: 2) == [])
    #expect(client.step(.opened(1), now: 2) == [])
    #expect(client.state == .connecting)
  }

  @Test func `A request has its time; the reply that comes late is not taken for another's`() throws
  {
    var client = try connected { $0.keepsAlive = false }
    _ = client.step(ask(1, .getData(path: "/w", watch: true), by: 1000), now: 1)
    _ = client.step(ask(2, .delete(path: "/b")), now: 1)
    #expect(client.deadline == 1000)
    #expect(client.step(.tick, now: 999) == [])
    #expect(client.step(.tick, now: 1000) == [settled(1, .timedOut(sent: true))])
    #expect(client.step(.received(Says.reply(1, 9, .data(nil, Stat())), 1), now: 1001) == [])
    #expect(!client.watches.isEmpty, "the watch was set all the same")
    let reply = client.step(.received(Says.reply(2, 10), 1), now: 1002)
    #expect(reply == [settled(2, .answer(2, 10, place: 3))])
  }

  @Test func `A request without a connection has its time too, and is not sent after it`() throws {
    var client = try client()
    _ = client.step(.start, now: 0)
    _ = client.step(ask(1, .delete(path: "/a"), by: 1000), now: 1)
    #expect(client.step(.tick, now: 1000) == [settled(1, .timedOut(sent: false))])
    _ = client.step(.opened(1), now: 1001)
    #expect(heard(client.step(.received(Says.hello(), 1), now: 1002)) == [])
  }

  @Test func `A request that is abandoned in time is not sent`() throws {
    var client = try client()
    _ = client.step(.start, now: 0)
    _ = client.step(ask(1, .delete(path: "/a")), now: 1)
    _ = client.step(ask(2, .delete(path: "/b")), now: 1)
    #expect(
      client.step(.abandon(Ticket(number: 1)), now: 2) == [settled(1, .cancelled(sent: false))])
    #expect(client.step(.abandon(Ticket(number: 1)), now: 2) == [])
    _ = client.step(.opened(1), now: 3)
    #expect(
      heard(client.step(.received(Says.hello(), 1), now: 4)) == [.request(1, .delete(path: "/b"))])
  }

  @Test func `A request over the limit fails, and the next is sent`() throws {
    var client = try connected { $0.sendLimit = 30 }
    let long = client.step(
      ask(1, .setData(path: "/a", data: [UInt8](repeating: 0, count: 9))), now: 1)
    #expect(long == [settled(1, .tooLong(31, limit: 30))])
    #expect(
      heard(client.step(ask(2, .delete(path: "/a")), now: 1)) == [.request(2, .delete(path: "/a"))])
  }

  @Test func `Replies and events are numbered in the order in which they came`() throws {
    var client = try connected()
    _ = client.step(ask(1, .delete(path: "/a")), now: 1)
    var bytes = Says.event(.nodeDeleted, "/a", zxid: 9)
    bytes.writeImmutableBuffer(Says.reply(1, 9))
    #expect(
      client.step(.received(bytes, 1), now: 2) == [
        .deliver(ArrivedEvent(WatchEvent(.nodeDeleted, "/a"), zxid: Zxid(9), place: 2)),
        settled(1, .answer(1, 9, place: 3)),
      ])
  }

  @Test func `Paths go out below the root and come back without it`() throws {
    var client = try connected("a/app")
    let sent = client.step(ask(1, .create(Create("/n"))), now: 1)
    #expect(heard(sent) == [.request(1, .create(Create("/app/n")))])
    let reply = client.step(.received(Says.reply(1, 9, .created(path: "/app/n")), 1), now: 2)
    #expect(reply == [settled(1, .answer(1, 9, .created(path: "/n"), place: 2))])
    let event = client.step(.received(Says.event(.nodeDeleted, "/app"), 1), now: 3)
    #expect(
      event == [.deliver(ArrivedEvent(WatchEvent(.nodeDeleted, "/"), zxid: Zxid(-1), place: 3))])
  }

  @Test func `GUAR-3: The last zxid seen never goes back`() throws {
    var client = try connected()
    for (number, zxid) in [(1, 50), (2, 40), (3, -1), (4, 0)] as [(Int, Int64)] {
      _ = client.step(ask(number, .delete(path: "/a")), now: 1)
      _ = client.step(.received(Says.reply(Xid(number), zxid), 1), now: 1)
    }
    #expect(client.session.lastZxidSeen == Zxid(50))
  }

  // MARK: Ends (SESS-3)

  @Test func `SESS-3: Closing answers what was asked before, and is the end`() throws {
    var client = try connected()
    _ = client.step(ask(1, .delete(path: "/a")), now: 1)
    let sent = client.step(.close(Ticket(number: 2)), now: 2)
    #expect(heard(sent) == [.request(2, .closeSession)])
    #expect(client.step(ask(3, .ping), now: 3) == [settled(3, .closed)])
    var replies = Says.reply(1, 9)
    replies.writeImmutableBuffer(Says.reply(2, 10))
    #expect(
      client.step(.received(replies, 1), now: 4) == [
        settled(1, .answer(1, 9, place: 2)), settled(2, .answer(2, 10, place: 3)), .hangUp(1),
        event(.closed, 4),
      ])
    #expect(client.state == .closed)
    #expect(client.step(.ended(1), now: 5) == [])
  }

  @Test func `Closing ends though the server says nothing`() throws {
    var client = try connected { $0.keepsAlive = false }
    _ = client.step(.close(Ticket(number: 1)), now: 2)
    #expect(client.deadline == 6002)
    let silent = client.step(.tick, now: 6002)
    #expect(
      silent == [
        .hangUp(1), settled(1, .connectionLost(.silence, sent: true)), event(.closed, 2),
      ])
  }

  @Test func `Closing without a connection just stops`() throws {
    var client = try client()
    _ = client.step(.start, now: 0)
    _ = client.step(ask(1, .ping), now: 0)
    #expect(
      client.step(.close(Ticket(number: 2)), now: 1) == [
        .hangUp(1), settled(1, .closed), event(.closed, 1), settled(2, .closed),
      ])
    #expect(client.step(.opened(1), now: 2) == [])
  }

  @Test func `SESS-3: Credentials that are refused are the end`() throws {
    var client = try connected()
    _ = client.step(ask(1, .delete(path: "/a")), now: 1)
    _ = client.step(ask(2, .auth(scheme: "none", credentials: [])), now: 1)
    #expect(
      client.step(.received(Says.refusal(.auth, 0, .authFailed), 1), now: 2) == [
        settled(2, .failure(.auth, 0, .authFailed, place: 2)), .hangUp(1),
        settled(1, .authFailed), event(.authFailed, 3),
      ])
    #expect(client.state == .authFailed)
  }

  @Test func `Dropped, it stays without a server until it is told otherwise`() throws {
    var client = try connected()
    _ = client.step(ask(1, .delete(path: "/a")), now: 1)
    #expect(
      client.step(.drop(reconnecting: false), now: 2) == [
        .hangUp(1), settled(1, .connectionLost(.dropped, sent: true)), event(.disconnected, 2),
      ])
    #expect(client.deadline == nil && client.state == .connecting)
    #expect(client.step(.start, now: 3) == [.dial(a, 2)])
  }

  @Test func `SESS-4: With another's ticket it asks for the other's session`() throws {
    var client = try client {
      $0.session = SessionTicket(id: SessionID(7), password: [9], lastZxidSeen: Zxid(3))
    }
    _ = client.step(.start, now: 0)
    #expect(
      heard(client.step(.opened(1), now: 1), greets: true) == [
        .hello(
          ConnectRequest(
            lastZxidSeen: Zxid(3), timeout: 6000, session: SessionID(7), password: [9]))
      ])
    // And hears when it is gone.
    _ = client.step(.received(Says.expired, 1), now: 2)
    #expect(client.state == .closed)
  }

  @Test func `Numbers start again after the last`() throws {
    var client = try connected()
    client.lastXid = .max
    #expect(
      heard(client.step(ask(1, .delete(path: "/a")), now: 1)) == [.request(1, .delete(path: "/a"))])
  }
}
