import Foundation
import NIOCore
import Testing
import ZooKeeper
import ZooKeeperClient
import ZooKeeperWire

/// A server that somebody else wrote: `QUORATE_ZOOKEEPER=host:port`.
///
/// Without the variable these tests are skipped, and with `QUORATE_REQUIRE_SERVERS=1` they fail.
enum RealServer {
  private static let environment = ProcessInfo.processInfo.environment
  static let address = environment["QUORATE_ZOOKEEPER"]
  static let isRequired = environment["QUORATE_REQUIRE_SERVERS"] == "1"
}

@Suite(
  .enabled(if: RealServer.address != nil || RealServer.isRequired, "QUORATE_ZOOKEEPER is not set"))
struct RealServerTests {
  private let root = "/quorate-client-" + String(UInt64.random(in: 0 ... .max), radix: 36)

  /// Gives `body` a client below a fresh root, which is removed afterwards.
  private func withRoot(
    _ change: (inout ClientOptions) -> Void = { _ in }, _ body: (Client) async throws -> Void
  ) async throws {
    let address = try #require(
      RealServer.address, "QUORATE_REQUIRE_SERVERS is set and QUORATE_ZOOKEEPER is not")
    let janitor = try await Client.connect(to: address)
    try await janitor.create(root)
    let client = try await connect(change)
    var failure: (any Error)?
    do { try await body(client) } catch { failure = error }
    await client.close()
    for child in try await janitor.getChildren(root) {
      try await janitor.delete("\(root)/\(child)")
    }
    try await janitor.delete(root)
    await janitor.close()
    if let failure { throw failure }
  }

  private func connect(
    _ change: (inout ClientOptions) -> Void = { _ in }, hosts: (String) -> String = { $0 }
  ) async throws -> Client {
    var options = ClientOptions()
    options.reading = .strict
    options.sessionTimeout = .seconds(20)
    change(&options)
    let target = hosts(try #require(RealServer.address)) + root
    return try await Client.connect(to: target, options: options, timeout: .seconds(20))
  }

  /// The next event that tells of a node, or `nil` when there are no more.
  private func next(_ events: inout AsyncStream<ArrivedEvent>.Iterator) async -> WatchEvent? {
    while let arrived = await events.next() {
      if arrived.event.type != .none { return arrived.event }
    }
    return nil
  }

  @Test func `Every operation has its answer`() async throws {
    try await withRoot { client in
      #expect(try await client.create("/a", data: .utf8("v0")) == "/a")
      let (path, created) = try await client.createWithStat("/s-", mode: .persistentSequential)
      #expect(path == "/s-0000000001" && created.czxid == created.pzxid)
      #expect(try await client.setData("/a", data: nil, version: 0).version == 1)
      let (data, stat) = try await client.getData("/a")
      #expect(data == nil && stat.dataLength == 0)
      #expect(try await client.getACL("/a").acl == .open)
      #expect(try await client.setACL("/a", acl: .open).aversion == 1)
      #expect(try await client.getChildren("/").sorted() == ["a", "s-0000000001"])
      #expect(try await client.getChildrenWithStat("/").stat.numChildren == 2)
      try await client.sync()
      #expect(
        try await client.multi([
          .create(Create("/m")), .check(path: "/m", version: 0), .delete(path: "/m"),
        ]) == [.created(path: "/m"), .checked, .deleted])
      #expect(
        try await client.multi([.delete(path: "/a"), .delete(path: "/none")])
          == [.failed(.ok), .failed(.noNode)])
      try await client.addAuth(scheme: "digest", credentials: .utf8("bob:pw"))
      try await client.delete("/a", version: 1)
      await #expect(throws: ClientError(.refused(.noNode))) { try await client.getData("/a") }
    }
  }

  @Test func `A thousand requests are under way at once, answered in order`() async throws {
    try await withRoot { client in
      try await client.create("/n")
      let pending = (0..<1000).map { _ in client.ask(.setData(path: "/n", data: [])) }
      for (count, each) in pending.enumerated() {
        guard case .stat(let stat) = try await each.answer() else { return }
        #expect(stat.version == Int32(count + 1))
      }
    }
  }

  @Test func `An event comes before the reply that shows the change`() async throws {
    try await withRoot { client in
      let inbox = client.inbox()
      _ = try await client.exists("/w", watch: true)
      let reply = try await client.ask(.create(Create("/w"))).reply()
      let events = inbox.take()
      #expect(events.map(\.event) == [WatchEvent(.nodeCreated, "/w")])
      #expect(events.allSatisfy { $0.place < reply.place })
    }
  }

  @Test func `A connection that is dropped is replaced, and no event is missed`() async throws {
    try await withRoot { client in
      let other = try await connect()
      try await client.create("/w")
      _ = try await client.getData("/w", watch: true)
      _ = try await client.exists("/x", watch: true)
      _ = try await client.getChildren("/", watch: true)
      let inbox = client.inbox()
      let session = client.session.id
      client.drop()
      try await other.setData("/w", data: [1])
      try await other.create("/x")
      client.reconnect()
      try await client.sync()
      #expect(client.session.id == session)
      let types = inbox.take().map(\.event).filter { $0.type != .none }
      #expect(
        types == [
          WatchEvent(.nodeDataChanged, "/w"), WatchEvent(.nodeCreated, "/x"),
          WatchEvent(.nodeChildrenChanged, "/"),
        ])
      await other.close()
    }
  }

  @Test func `A session without pings expires, and its node goes with it`() async throws {
    try await withRoot { watcher in
      let owner = try await connect { $0.sessionTimeout = .seconds(4) }
      try await owner.create("/e", mode: .ephemeral)
      var events = watcher.arrivedEvents.makeAsyncIterator()
      _ = try await watcher.exists("/e", watch: true)
      owner.keepAlive(false)
      #expect(await next(&events) == WatchEvent(.nodeDeleted, "/e"))
      await #expect(throws: ClientError.self) { try await owner.exists("/") }
    }
  }

  @Test func `A session that says nothing is kept alive`() async throws {
    try await withRoot { client in
      let idler = try await connect { $0.sessionTimeout = .seconds(4) }
      try await idler.create("/kept", mode: .ephemeral)
      // Two sessions without pings end one after the other: more time than a timeout has passed.
      for name in ["/first", "/second"] {
        let silent = try await connect { $0.sessionTimeout = .seconds(4) }
        try await silent.create(name, mode: .ephemeral)
        var events = client.arrivedEvents.makeAsyncIterator()
        _ = try await client.exists(name, watch: true)
        silent.drop()
        #expect(await next(&events) == WatchEvent(.nodeDeleted, name))
      }
      #expect(try await client.exists("/kept") != nil)
      #expect(idler.state == .connected)
      await idler.close()
    }
  }

  @Test func `A session can be taken over with its ticket, and not with a wrong one`() async throws
  {
    try await withRoot { watcher in
      let first = try await connect()
      try await first.create("/e", mode: .ephemeral)
      let ticket = first.session
      first.drop()
      let second = try await connect { $0.session = ticket }
      #expect(second.session.id == ticket.id)
      await #expect(throws: ClientError(.sessionExpired)) {
        try await connect { $0.session = SessionTicket(id: ticket.id, password: [1]) }
      }
      try await second.connected()
      await second.close()
      // That attempt may have broken its connection, and the close have gone with it: then the
      // session ends by itself.
      var events = watcher.arrivedEvents.makeAsyncIterator()
      while try await watcher.exists("/e", watch: true) != nil { _ = await next(&events) }
    }
  }

  @Test func `SESS-7: A server that has seen less than the client is no server for it`()
    async throws
  {
    try await withRoot { _ in
      var options = ClientOptions()
      options.session = SessionTicket(
        id: .none, password: [UInt8](repeating: 0, count: 16), lastZxidSeen: Zxid(1 << 40))
      let address = try #require(RealServer.address)
      await #expect(throws: ClientError(.timedOut(sent: false))) {
        try await Client.connect(to: address, options: options, timeout: .seconds(1))
      }
    }
  }

  @Test(arguments: 0..<4 as Range<UInt64>)
  func `Where nothing listens it goes on to the next server`(seed: UInt64) async throws {
    try await withRoot { _ in
      let client = try await connect {
        $0.seed = seed
      } hosts: {
        "127.0.0.1:1,\($0),127.0.0.1:2"
      }
      #expect(try await client.exists("/") != nil)
      await client.close()
    }
  }

  @Test func `The largest data that fits in a frame goes both ways, one byte more does not`()
    async throws
  {
    try await withRoot { client in
      try await client.create("/big")
      // A setData has header 8, path 4 + n, data 4, version 4.
      let room = FrameReader.serverLimit - 20 - (root + "/big").utf8.count
      let data = [UInt8](repeating: 7, count: room)
      try await client.setData("/big", data: data)
      #expect(try await client.getData("/big").data == data)
      let limit = FrameReader.serverLimit
      await #expect(throws: ClientError(.tooLong(limit + 1, limit: limit))) {
        try await client.setData("/big", data: data + [0])
      }
      // What is raw goes out all the same, and the server hangs up.
      let body = ByteBuffer(repeating: 0, count: limit)
      await #expect(throws: ClientError(.connectionLost(.peerClosed, sent: true))) {
        try await client.askRaw(.getData, body: body).answer()
      }
      #expect(try await client.exists("/") != nil)
    }
  }

  /// As Tests/Servers/edition has it, the server knows bob.
  @Test func `Whoever logs in by SASL is known, on each connection`() async throws {
    try await withRoot({ $0.login = SASLLogin(user: "bob", password: "secret") }) { bob in
      let own = [ACL(.all, Identity(scheme: "sasl", id: "bob"))]
      try await bob.create("/own", data: .utf8("1"), acl: own)
      #expect(try await bob.getACL("/own").acl == own)
      let nobody = try await connect()
      await #expect { _ = try await nobody.getData("/own") } throws: { error in
        (error as? ClientError)?.code == .noAuth
      }
      await nobody.close()
      bob.drop(reconnecting: true)
      #expect(try await bob.getData("/own").data == .utf8("1"))
      try await bob.delete("/own")
    }
  }

  @Test func `Whoever has another password is not let in`() async throws {
    var options = ClientOptions()
    options.login = SASLLogin(user: "bob", password: "other")
    let client = try Client(try #require(RealServer.address), options: options)
    await #expect(throws: ClientError.self) { try await client.exists("/") }
    #expect(client.state == .authFailed)
  }

  @Test func `Any opcode and any body can be sent`() async throws {
    try await withRoot { client in
      let cut = client.askRaw(.getData, body: ByteBuffer(bytes: [0, 0, 0, 100, 0x2f]))
      #expect(try await cut.reply().content == .failure(.marshallingError))
      let unknown = client.askRaw(Opcode(rawValue: 99), body: ByteBuffer(), xid: 4711)
      let reply = try await unknown.reply()
      #expect(reply.xid == 4711 && reply.content == .failure(.unimplemented))
      try await client.connected()
    }
  }

  @Test func `A handshake can be made by hand`() async throws {
    let address = try ConnectString(try #require(RealServer.address)).hosts[0]
    let raw = RawConnection(to: address)
    raw.write(Says.frame { ConnectRequest(timeout: 4000).write(to: &$0) })
    raw.write(Says.frame { RequestHeader(xid: 1, opcode: .closeSession).write(to: &$0) })
    let heard = await raw.take(within: .seconds(10))
    #expect(heard.isOver)
    var reader = FrameReader(limit: FrameReader.clientLimit)
    reader.append(heard.bytes)
    let granted = try ConnectResponse(decoding: try #require(try reader.next()), .lenient)
    let closed = try ReplyHeader(decoding: try #require(try reader.next()), .lenient)
    #expect(granted.session != .none && closed.xid == 1 && closed.error == .ok)
    let nobody = RawConnection(to: HostAddress(host: "127.0.0.1", port: 1))
    #expect(await nobody.take(within: .seconds(10)).isOver)
  }
}
