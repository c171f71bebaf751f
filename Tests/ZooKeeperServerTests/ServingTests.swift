import NIOCore
import Testing
import ZooKeeper
import ZooKeeperServer
import ZooKeeperWire

@Suite struct `A conversation with the server` {
  @Test func `A session, a node, and its data`() throws {
    var talk = Talk()
    let a = try talk.client()
    let created = try talk.reply(a, .create(Create("/a", data: [1])))
    #expect(created == Reply(zxid: Zxid(2), .success(.created(path: "/a"))))
    guard case .data(let data, let stat) = try talk.given(a, .getData(path: "/a")) else {
      Issue.record("no data")
      return
    }
    #expect(data == [1] && stat.czxid == Zxid(2))
    #expect(stat.ctime == talk.server.settings.epoch)
  }

  @Test func `A failed write takes a zxid, a failed read none`() throws {
    var talk = Talk()
    let a = try talk.client()
    #expect(
      try talk.reply(a, .delete(path: "/no")) == Reply(zxid: Zxid(2), .failure(.noNode)))
    #expect(
      try talk.reply(a, .getData(path: "/no")) == Reply(zxid: Zxid(2), .failure(.noNode)))
  }

  @Test func `An event goes out before the reply of the write that caused it`() throws {
    var talk = Talk()
    let (a, b) = (try talk.client(), try talk.client())
    _ = try talk.ask(a, .exists(path: "/w", watch: true))
    _ = try talk.ask(b, .getChildren(path: "/", watch: true))
    let told = try talk.ask(a, .create(Create("/w")))
    #expect(told.first == .event(WatchEvent(.nodeCreated, "/w"), zxid: Zxid(3)))
    #expect(told.count == 2)
    #expect(
      try talk.told(b) == [.event(WatchEvent(.nodeChildrenChanged, "/"), zxid: Zxid(3))])
  }

  @Test func `What was missed is told before the reply to setWatches, without a zxid`() throws {
    var talk = Talk()
    let a = try talk.client()
    try talk.given(a, .create(Create("/w")))
    let told = try talk.ask(
      a, .setWatches(SetWatches(relativeZxid: .zero, data: ["/w", "/gone"], child: ["/"])))
    let events = [
      WatchEvent(.nodeDataChanged, "/w"), WatchEvent(.nodeDeleted, "/gone"),
      WatchEvent(.nodeChildrenChanged, "/"),
    ]
    #expect(told.dropLast() == events.map { .event($0, zxid: Zxid(-1)) }[...])
  }

  @Test func `A ping is answered with its own number`() throws {
    var talk = Talk()
    let a = try talk.client()
    _ = talk.post(.ping, on: a, xid: 77)
    let frame = try #require(try talk.frames(a).first)
    #expect(try ReplyHeader(decoding: frame, .strict) == ReplyHeader(xid: -2, zxid: Zxid(1)))
  }

  @Test func `closeSession is answered, and what came behind it is not`() throws {
    var talk = Talk()
    let (a, b) = (try talk.client(), try talk.client())
    try talk.given(a, .create(Create("/e", mode: .ephemeral)))
    try talk.given(a, .create(Create("/f", mode: .ephemeral)))
    _ = try talk.ask(b, .exists(path: "/e", watch: true))
    var both = ByteBuffer()
    ClientFrame(xid: 8, .closeSession).write(to: &both)
    ClientFrame(xid: 9, .sync(path: "/")).write(to: &both)
    talk.send(both, on: a)
    #expect(try talk.frames(a).map { try ReplyHeader(decoding: $0, .strict).xid } == [8])
    #expect(talk.closed == [a])
    #expect(try talk.told(b).count == 1)
    #expect(try talk.reply(b, .exists(path: "/f")) == Reply(zxid: Zxid(5), .failure(.noNode)))
  }

  @Test(arguments: [0, 10, 20, 23, 99, 108, -1, -10])
  func `An unknown operation is answered and ends the connection`(opcode: Int32) throws {
    var talk = Talk()
    let a = try talk.client()
    var bytes = ByteBuffer()
    ClientFrame(xid: 5, Opcode(rawValue: opcode), body: ByteBuffer()).write(to: &bytes)
    talk.send(bytes, on: a)
    let header = try #require(try talk.frames(a).first)
    #expect(
      try ReplyHeader(decoding: header, .strict)
        == ReplyHeader(xid: 5, zxid: Zxid(-1), error: .unimplemented))
    #expect(talk.closed == [a])
  }

  @Test func `A check that stands alone is refused, and nothing happens`() throws {
    var talk = Talk()
    let a = try talk.client()
    #expect(
      try talk.reply(a, .check(path: "/", version: -1))
        == Reply(zxid: Zxid(-1), .failure(.unimplemented)))
    #expect(talk.closed == [a])
    #expect(talk.server.service.applied.zxid == Zxid(1))
  }

  @Test(
    arguments: [
      (Opcode.getData, 1), (.exists, 1), (.setWatches, 1), (.create, 2), (.multi, 2),
    ] as [(Opcode, Int64)])
  func `A body that is cut short is an error and no end`(opcode: Opcode, zxid: Int64) throws {
    var talk = Talk()
    let a = try talk.client()
    var bytes = ByteBuffer()
    ClientFrame(xid: 5, opcode, body: ByteBuffer(bytes: [0, 0, 0, 100, 47])).write(to: &bytes)
    talk.send(bytes, on: a)
    let header = try #require(try talk.frames(a).first)
    #expect(
      try ReplyHeader(decoding: header, .strict)
        == ReplyHeader(xid: 5, zxid: Zxid(zxid), error: .marshallingError))
    #expect(talk.closed.isEmpty)
  }

  @Test func `A frame without a header ends the connection, after what came before it`() throws {
    var talk = Talk()
    let a = try talk.client()
    var bytes = ByteBuffer()
    ClientFrame(xid: 5, .ping).write(to: &bytes)
    bytes.writeFrame { $0.writeBytes([0, 0, 0, 1, 0, 0, 0]) }
    talk.send(bytes, on: a)
    #expect(try talk.frames(a).count == 1)
    #expect(talk.closed == [a])
  }

  @Test(arguments: [(0xf_ffff, false), (0x10_0000, true), (-1, true)])
  func `A frame's length is judged before the frame is there`(length: Int, ends: Bool) throws {
    var talk = Talk()
    let a = try talk.client()
    talk.send(ByteBuffer(integer: Int32(length)), on: a)
    #expect(talk.closed.contains(a) == ends)
  }

  @Test func `Authentication that fails is told, and is the end`() throws {
    var talk = Talk()
    let a = try talk.client()
    #expect(
      try talk.reply(a, .auth(scheme: "digest", credentials: Array("u:p".utf8)))
        == Reply(zxid: .zero, .success(.done)))
    try talk.given(a, .create(Create("/mine", acl: .creator)))
    let b = try talk.client()
    #expect(try talk.reply(b, .getData(path: "/mine")).result == .failure(.noAuth))
    #expect(
      try talk.reply(a, .auth(scheme: "world", credentials: []))
        == Reply(zxid: .zero, .failure(.authFailed)))
    #expect(talk.closed == [a])
  }
}

@Suite struct `Requests that ask for too much at once` {
  @Test func `They are held back until there is room, and stay in order`() throws {
    var talk = Talk()
    let (a, b) = (try talk.client(), try talk.client())
    try talk.given(a, .create(Create("/large", data: [UInt8](repeating: 1, count: 1000))))
    talk.server.replyBudget = 1500
    var bytes = ByteBuffer()
    for xid in 1...5 as ClosedRange<Xid> {
      ClientFrame(xid: xid, .getData(path: "/large")).write(to: &bytes)
    }
    bytes.writeFrame { $0.writeBytes([1, 2, 3]) }
    talk.send(bytes, on: a)
    func xids() throws -> [Xid] {
      try talk.frames(a).map { frame in
        var reader = JuteReader(frame, .lenient)
        return try ReplyHeader(from: &reader).xid
      }
    }
    #expect(try xids() == [1, 2])
    #expect(talk.server.isHeldBack(a) && !talk.server.isHeldBack(b))
    #expect(try talk.reply(b, .exists(path: "/large")).result != .failure(.noNode))
    talk.proceed(a)
    #expect(try xids() == [3, 4])
    talk.proceed(a)
    #expect(try xids() == [5])
    #expect(talk.closed == [a])
  }
}
