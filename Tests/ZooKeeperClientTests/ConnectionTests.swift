import NIOCore
import Testing
import ZooKeeper
import ZooKeeperWire

@testable import ZooKeeperClient

/// A connection is a value: these are conversations with it.
@Suite struct ConnectionTests {
  /// A connection that is made at time 0 and must be greeted by 1000.
  private func greeting(keepsAlive: Bool = true, reading: Reading = .lenient) -> Connection {
    Connection(
      greeting: ConnectRequest(timeout: 6000), until: 1000, reading: reading,
      keepsAlive: keepsAlive, now: 0)
  }

  /// One that has been granted a session of 6 s at time 0: pings after 2 s, patience of 4 s.
  private func live(keepsAlive: Bool = true, reading: Reading = .lenient) -> Connection {
    var connection = greeting(keepsAlive: keepsAlive, reading: reading)
    _ = connection.takeOutput()
    _ = connection.receive(Says.hello(), now: 0)
    return connection
  }

  private func sent(_ connection: inout Connection) -> [Heard] {
    connection.takeOutput().map { Heard.all($0) } ?? []
  }

  // MARK: Handshake

  @Test func `It greets first, and is granted a session`() {
    var connection = greeting()
    let greeting = connection.takeOutput() ?? ByteBuffer()
    #expect(Heard.all(greeting, greets: true) == [.hello(ConnectRequest(timeout: 6000))])
    #expect(connection.takeOutput() == nil)
    let granted = ConnectResponse(timeout: 6000, session: Says.session, password: Says.password)
    #expect(connection.receive(Says.hello(), now: 5) == [.greeting(granted)])
  }

  @Test func `A session that is gone ends it`() {
    var connection = greeting()
    #expect(
      connection.receive(Says.expired, now: 5) == [.greeting(.expired()), .over(.peerClosed)])
    #expect(connection.receive(Says.hello(), now: 6) == [])
  }

  @Test func `A bare header instead of a session is a refusal`() {
    var connection = greeting()
    let header = Says.frame {
      ReplyHeader(xid: 0, zxid: Zxid(9), error: .notReadOnly).write(to: &$0)
    }
    #expect(connection.receive(header, now: 5) == [.over(.refused(.notReadOnly))])
  }

  @Test func `Without a greeting by the deadline it is over`() {
    var connection = greeting()
    #expect(connection.deadline == 1000)
    #expect(connection.tick(now: 999) == [])
    #expect(connection.tick(now: 1000) == [.over(.noGreeting)])
    #expect(connection.deadline == nil)
  }

  @Test func `Bytes may come one at a time`() {
    var connection = greeting()
    var stream = Says.hello()
    stream.writeImmutableBuffer(Says.event(.nodeDeleted, "/a"))
    var arrivals: [Connection.Arrival] = []
    while let byte = stream.readSlice(length: 1) { arrivals += connection.receive(byte, now: 1) }
    #expect(arrivals.count == 2)
    #expect(arrivals.last == .event(WatchEvent(.nodeDeleted, "/a"), zxid: Zxid(-1)))
  }

  // MARK: Requests

  @Test func `Requests are answered in the order in which they were sent`() {
    var connection = live()
    connection.send(ClientFrame(xid: 1, .getData(path: "/a")), Ticket(number: 1), now: 1)
    connection.send(ClientFrame(xid: 2, .delete(path: "/b")), Ticket(number: 2), now: 1)
    #expect(
      sent(&connection) == [.request(1, .getData(path: "/a")), .request(2, .delete(path: "/b"))])
    var replies = Says.refusal(1, 7, .noNode)
    replies.writeImmutableBuffer(Says.event(.nodeCreated, "/c", zxid: 8))
    replies.writeImmutableBuffer(Says.reply(2, 8))
    #expect(
      connection.receive(replies, now: 2) == [
        .reply(Ticket(number: 1), .failure(1, 7, .noNode)),
        .event(WatchEvent(.nodeCreated, "/c"), zxid: Zxid(8)),
        .reply(Ticket(number: 2), .answer(2, 8)),
      ])
    #expect(connection.unansweredTickets == [])
  }

  @Test func `A reply out of order ends it`() {
    var connection = live()
    connection.send(ClientFrame(xid: 1, .delete(path: "/a")), Ticket(number: 1), now: 1)
    connection.send(ClientFrame(xid: 2, .delete(path: "/b")), Ticket(number: 2), now: 1)
    #expect(
      connection.receive(Says.reply(2, 9), now: 2) == [.over(.outOfOrder(got: 2, expected: 1))])
    #expect(connection.unansweredTickets == [Ticket(number: 1), Ticket(number: 2)])
  }

  @Test func `A reply that nobody asked for ends it`() {
    var connection = live()
    #expect(
      connection.receive(Says.reply(5, 9), now: 2) == [.over(.outOfOrder(got: 5, expected: nil))])
  }

  @Test func `The reply to authentication may overtake`() {
    var connection = live()
    let auth = Request.auth(scheme: "digest", credentials: [])
    connection.send(ClientFrame(xid: 1, .delete(path: "/a")), Ticket(number: 1), now: 1)
    connection.send(ClientFrame(xid: .auth, auth), Ticket(number: 2), now: 1)
    #expect(
      connection.receive(Says.reply(.auth, 0), now: 2)
        == [.reply(Ticket(number: 2), .answer(.auth, 0))])
    #expect(
      connection.receive(Says.reply(1, 9), now: 3) == [.reply(Ticket(number: 1), .answer(1, 9))])
  }

  @Test func `A ping with any number is answered with the ping's own`() {
    var connection = live()
    let ping = ClientFrame(xid: 7, .ping)
    connection.send(ping, Ticket(number: 1), now: 1)
    #expect(
      connection.receive(Says.reply(.ping, 9), now: 2)
        == [.reply(Ticket(number: 1), .answer(.ping, 9))])
  }

  @Test func `A body that does not decode fails its request only`() {
    var connection = live()
    connection.send(ClientFrame(xid: 1, .getData(path: "/a")), Ticket(number: 1), now: 1)
    connection.send(ClientFrame(xid: 2, .delete(path: "/b")), Ticket(number: 2), now: 1)
    var replies = Says.reply(1, 7)
    replies.writeImmutableBuffer(Says.reply(2, 8))
    let error = WireError(.truncated(needed: 4, left: 0), at: 16)
    #expect(
      connection.receive(replies, now: 2) == [
        .reply(
          Ticket(number: 1), ArrivedReply(xid: 1, zxid: Zxid(7), .malformed(error))),
        .reply(Ticket(number: 2), .answer(2, 8)),
      ])
  }

  @Test func `Bytes after a record's end matter to a strict reader only`() {
    for (reading, outcome) in [
      (Reading.lenient, ArrivedReply.Content.answer(.done)),
      (.strict, .malformed(WireError(.trailingBytes(1), at: 16))),
    ] {
      var connection = live(reading: reading)
      connection.send(ClientFrame(xid: 1, .delete(path: "/a")), Ticket(number: 1), now: 1)
      let reply = Says.frame {
        ReplyHeader(xid: 1, zxid: Zxid(7)).write(to: &$0)
        $0.writeInteger(UInt8(0))
      }
      #expect(
        connection.receive(reply, now: 2)
          == [.reply(Ticket(number: 1), ArrivedReply(xid: 1, zxid: Zxid(7), outcome))])
    }
  }

  @Test func `A foreign opcode's body is given as it came`() {
    var connection = live()
    let foreign = ClientFrame(xid: 1, Opcode(rawValue: 108), body: ByteBuffer())
    connection.send(foreign, Ticket(number: 1), now: 1)
    let reply = Says.frame {
      ReplyHeader(xid: 1, zxid: Zxid(7)).write(to: &$0)
      $0.writeBytes([1, 2, 3])
    }
    let raw = ArrivedReply.Content.raw(ByteBuffer(bytes: [1, 2, 3]))
    #expect(
      connection.receive(reply, now: 2)
        == [.reply(Ticket(number: 1), ArrivedReply(xid: 1, zxid: Zxid(7), raw))])
  }

  @Test(arguments: ["ffffffff", "7fffffff", "00000000", "00000002 0001"])
  func `What is no frame, or no header, ends it`(hex: String) {
    var connection = live()
    var bytes = ByteBuffer()
    for digits in hex.split(separator: " ").joined().indices(ofPairs: 2) {
      bytes.writeInteger(UInt8(digits, radix: 16) ?? 0)
    }
    guard case .over(.malformed)? = connection.receive(bytes, now: 2).last else {
      Issue.record("\(hex) was taken for something")
      return
    }
    #expect(connection.receive(Says.event(.nodeCreated, "/"), now: 3) == [])
  }

  @Test func `A frame over the limit is not sent`() {
    var connection = live()
    let create = ClientFrame(xid: 1, .setData(path: "/a", data: [1, 2, 3]))
    #expect(connection.send(create, Ticket(number: 1), limit: 24, now: 1) == 25)
    #expect(connection.takeOutput() == nil && connection.unansweredTickets == [])
    #expect(connection.send(create, Ticket(number: 1), limit: 25, now: 1) == nil)
    #expect(connection.takeOutput()?.readableBytes == 29)
  }

  // MARK: Time

  @Test func `It pings after a third of the timeout without sending`() {
    var connection = live()
    #expect(connection.deadline == 2000)
    #expect(connection.tick(now: 1999) == [] && connection.takeOutput() == nil)
    #expect(connection.tick(now: 2000) == [])
    #expect(sent(&connection) == [.request(.ping, .ping)])
    #expect(connection.receive(Says.reply(.ping, 9), now: 2001) == [])
    #expect(connection.deadline == 4000)
  }

  @Test func `What is sent counts as a ping`() {
    var connection = live()
    connection.send(ClientFrame(xid: 1, .delete(path: "/a")), nil, now: 1500)
    _ = connection.takeOutput()
    #expect(connection.tick(now: 2000) == [] && connection.takeOutput() == nil)
    #expect(connection.deadline == 3500)
  }

  @Test func `It pings every ten seconds however long the timeout is`() {
    var connection = greeting()
    _ = connection.receive(Says.hello(timeout: 600_000), now: 0)
    #expect(connection.deadline == 10_000)
  }

  @Test func `After two thirds of the timeout without a word it is over`() {
    var connection = live()
    _ = connection.tick(now: 2000)
    _ = connection.receive(Says.reply(.ping, 9), now: 2500)
    _ = connection.tick(now: 4000)
    #expect(connection.tick(now: 6499) == [])
    #expect(connection.tick(now: 6500) == [.over(.silence)])
  }

  @Test func `Without keeping alive it neither pings nor minds silence`() {
    var connection = live(keepsAlive: false)
    #expect(connection.deadline == nil)
    #expect(connection.tick(now: 1_000_000) == [] && connection.takeOutput() == nil)
  }

  @Test func `It is over once`() {
    var connection = live()
    #expect(connection.end(.peerClosed) == [.over(.peerClosed)])
    #expect(connection.end(.dropped) == [])
    connection.send(ClientFrame(xid: 1, .ping), nil, now: 1)
    #expect(connection.takeOutput() == nil)
  }
}

extension String {
  fileprivate func indices(ofPairs size: Int) -> [Substring] {
    var rest = self[...]
    var pairs: [Substring] = []
    while !rest.isEmpty {
      pairs.append(rest.prefix(size))
      rest = rest.dropFirst(size)
    }
    return pairs
  }
}
