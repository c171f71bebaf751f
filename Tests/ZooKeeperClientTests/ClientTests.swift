import NIOCore
import Synchronization
import Testing
import ZooKeeperClient
import ZooKeeperWire

/// The whole client against the whole server, in virtual time.
@Suite struct ClientTests {
  private let network = MemoryNetwork(ReferenceServer())

  private func client(
    _ target: String = "memory", _ change: (inout ClientOptions) -> Void = { _ in }
  ) async throws -> Client {
    var options = ClientOptions()
    options.seed = 1
    options.reading = .strict
    change(&options)
    return try await Client.connect(to: target, options: options, over: network.link)
  }

  @Test func `Every operation has a method`() async throws {
    let client = try await client()
    #expect(client.state == .connected && client.sessionTimeout == .seconds(10))
    #expect(try await client.create("/a", data: .utf8("v0")) == "/a")
    let (path, stat) = try await client.createWithStat("/a/s-", mode: .ephemeralSequential)
    #expect(path == "/a/s-0000000000" && stat.ephemeralOwner == client.session.id)
    #expect(try await client.exists("/a")?.numChildren == 1)
    #expect(try await client.exists("/none") == nil)
    #expect(try await client.setData("/a", data: .utf8("v1"), version: 0).version == 1)
    #expect(try await client.getData("/a").data.text == "v1")
    #expect(try await client.getACL("/a").acl == .open)
    #expect(try await client.setACL("/a", acl: .readOnly).aversion == 1)
    #expect(try await client.getChildren("/a") == ["s-0000000000"])
    #expect(try await client.getChildrenWithStat("/a").stat.cversion == 1)
    try await client.sync("/a")
    let results = try await client.multi([
      .create(Create("/b")), .setData(path: "/b", data: nil), .check(path: "/b", version: 1),
      .delete(path: "/b"),
    ])
    #expect(results.count == 4)
    try await client.addAuth(scheme: "digest", credentials: .utf8("bob:pw"))
    await client.close()
    #expect(client.state == .closed)
  }

  @Test func `What the server refuses is thrown under its documented code`() async throws {
    let client = try await client()
    await #expect(throws: ClientError(.refused(.noNode))) { try await client.getData("/none") }
    await #expect(throws: ClientError(.refused(.nodeExists))) { try await client.create("/") }
    do {
      try await client.delete("/none")
      Issue.record("deleted")
    } catch {
      #expect(error.code == .noNode && !error.isOutcomeUnknown)
    }
  }

  @Test func `Two thousand requests are under way at once, answered in order`() async throws {
    let client = try await client()
    try await client.create("/n", data: nil)
    let pending = (0..<2000).map { _ in client.ask(.setData(path: "/n", data: nil)) }
    var last = 0
    for (count, each) in pending.enumerated() {
      let reply = try await each.reply()
      guard case .answer(.stat(let stat)) = reply.content else {
        Issue.record("\(reply)")
        return
      }
      #expect(stat.version == Int32(count + 1) && reply.place > last)
      last = reply.place
    }
  }

  @Test func `A reply may be awaited by several tasks, and again`() async throws {
    let client = try await client()
    let pending = client.ask(.create(Create("/once")))
    async let one = pending.reply()
    async let other = pending.reply()
    let (first, second) = try await (one, other)
    #expect(first == second)
    #expect(try await pending.reply() == first)
  }

  @Test func `WATCH-4: Events come in order, before the replies that show the change`() async throws
  {
    let reader = try await client()
    let writer = try await client()
    let inbox = reader.inbox()
    let events = reader.events
    _ = try await reader.exists("/w", watch: true)
    _ = try await reader.getChildren("/", watch: true)
    try await writer.create("/w")
    let seen = try await reader.ask(.exists(path: "/w", watch: true)).reply()
    try await writer.setData("/w", data: nil)
    try await reader.sync()
    let arrived = inbox.take()
    let expected = [
      WatchEvent(.nodeCreated, "/w"), WatchEvent(.nodeChildrenChanged, "/"),
      WatchEvent(.nodeDataChanged, "/w"),
    ]
    #expect(arrived.map(\.event) == expected)
    #expect(arrived[1].place < seen.place && seen.place < arrived[2].place)
    await reader.close()
    var listened: [WatchEvent] = []
    for await event in events { listened.append(event) }
    #expect(listened == expected + [WatchEvent(.none, "", state: .closed)])
  }

  @Test func `Two listeners both hear everything`() async throws {
    let client = try await client()
    let (one, other) = (client.events, client.events)
    _ = try await client.exists("/w", watch: true)
    try await client.create("/w")
    await client.close()
    var heard: [[EventType]] = [[], []]
    for await event in one { heard[0].append(event.type) }
    for await event in other { heard[1].append(event.type) }
    #expect(heard == [[.nodeCreated, .none], [.nodeCreated, .none]])
    for await event in client.events { Issue.record("\(event) after the end") }
  }

  @Test func `An expired session costs no waiting`() async throws {
    let owner = try await client()
    let watcher = try await client { $0.sessionTimeout = .seconds(40) }
    let inbox = watcher.inbox()
    try await owner.create("/e", mode: .ephemeral)
    _ = try await watcher.exists("/e", watch: true)
    owner.keepAlive(false)
    network.advance(by: .seconds(9))
    #expect(inbox.take() == [])
    network.advance(by: .seconds(5))
    #expect(inbox.take().map(\.event) == [WatchEvent(.nodeDeleted, "/e")])
    #expect(owner.state == .closed)
    await #expect(throws: ClientError(.sessionExpired)) { try await owner.exists("/") }
  }

  @Test func `Pings keep a session for hours`() async throws {
    let client = try await client()
    try await client.create("/e", mode: .ephemeral)
    network.advance(by: .seconds(7200))
    #expect(client.state == .connected && client.connectionCount == 1)
    #expect(try await client.exists("/e") != nil)
  }

  @Test func `A lost connection is replaced, and no event in between is missed`() async throws {
    let client = try await client("one,two,three")
    let writer = try await self.client()
    let inbox = client.inbox()
    try await writer.create("/changed")
    try await writer.create("/kept")
    _ = try await client.getData("/changed", watch: true)
    _ = try await client.getData("/kept", watch: true)
    let session = client.session.id
    client.drop()
    #expect(client.state == .connecting)
    try await writer.setData("/changed", data: nil)
    client.reconnect()
    try await client.sync()
    #expect(client.session.id == session && client.connectionCount == 2)
    #expect(
      inbox.take().map(\.event) == [
        WatchEvent(.none, "", state: .disconnected), WatchEvent(.none, "", state: .syncConnected),
        WatchEvent(.nodeDataChanged, "/changed"),
      ])
    try await writer.delete("/kept")
    try await client.sync()
    #expect(inbox.take().map(\.event) == [WatchEvent(.nodeDeleted, "/kept")])
    #expect(client.watches.isEmpty)
  }

  @Test func `When servers are away it finds the one that is not`() async throws {
    for host in ["one", "two", "four"] { network.setReachable(false, HostAddress(host: host)) }
    let client = try await client("one,two,three,four")
    let first = client.connectionCount
    network.breakConnections()
    network.advance(by: .seconds(2))
    try await client.connected()
    #expect(client.connectionCount > first)
    network.setReachable(false, HostAddress(host: "three"))
    network.breakConnections()
    network.advance(by: .seconds(2))
    #expect(client.state == .connecting)
    let late = client.ask(.exists(path: "/"), timeout: .seconds(3))
    network.advance(by: .seconds(3))
    await #expect(throws: ClientError(.timedOut(sent: false))) { try await late.answer() }
    network.setReachable(true, HostAddress(host: "one"))
    network.advance(by: .seconds(2))
    #expect(try await client.exists("/") != nil)
  }

  @Test func `Nothing listens anywhere`() async throws {
    network.setReachable(false, HostAddress(host: "memory"))
    let client = try Client("memory", over: network.link)
    let waiting = client.ask(.exists(path: "/"), timeout: .seconds(20))
    network.advance(by: .seconds(20))
    await #expect(throws: ClientError(.timedOut(sent: false))) { try await waiting.answer() }
    #expect(client.state == .connecting && client.connectionCount > 15)
  }

  @Test func `Credentials are given to every connection`() async throws {
    let client = try await client()
    try await client.addAuth(scheme: "digest", credentials: .utf8("bob:pw"))
    try await client.create("/mine", acl: .creator)
    client.drop(reconnecting: true)
    #expect(try await client.getData("/mine").stat.version == 0)
    let other = try await self.client()
    await #expect(throws: ClientError(.refused(.noAuth))) { try await other.getData("/mine") }
  }

  @Test func `Refused credentials are the end`() async throws {
    let client = try await client()
    await #expect(throws: ClientError(.refused(.authFailed))) {
      try await client.addAuth(scheme: "none", credentials: [])
    }
    #expect(client.state == .authFailed)
    await #expect(throws: ClientError(.authFailed)) { try await client.exists("/") }
  }

  @Test func `Another client takes a session over with its ticket`() async throws {
    let first = try await client()
    try await first.create("/e", mode: .ephemeral)
    let ticket = first.session
    first.drop()
    let second = try await client { $0.session = ticket }
    #expect(second.session.id == ticket.id)
    await second.close()
    let third = try await client()
    #expect(try await third.exists("/e") == nil)
    await #expect(throws: ClientError(.sessionExpired)) {
      try await self.client { $0.session = SessionTicket(id: ticket.id, password: [1, 2]) }
    }
  }

  @Test func `Below a root, paths are the client's own`() async throws {
    let root = try await client()
    try await root.create("/app")
    let client = try await client("memory/app")
    let inbox = client.inbox()
    #expect(try await client.create("/n") == "/n")
    _ = try await client.getData("/n", watch: true)
    try await root.setData("/app/n", data: nil)
    try await client.sync()
    #expect(inbox.take().map(\.event) == [WatchEvent(.nodeDataChanged, "/n")])
    #expect(try await client.getChildren("/") == ["n"])
    #expect(try await client.multi([.create(Create("/m"))]) == [.created(path: "/m")])
    await #expect(throws: ClientError(.refused(.badArguments))) { try await client.create("x") }
  }

  @Test func `Any bytes can be sent, and all bytes are shown to the tap`() async throws {
    let tapped = Mutex<[Tapped]>([])
    let client = try await client { $0.tap = { each in tapped.withLock { $0.append(each) } } }
    let cut = client.askRaw(.getData, body: ByteBuffer(bytes: [0, 0, 0, 100, 0x2f, 0x71]), xid: 77)
    let reply = try await cut.reply()
    #expect(reply.xid == 77 && reply.content == .failure(.marshallingError))
    client.send(bytes: ByteBuffer(bytes: [0xff, 0xff, 0xff, 0xff]))
    try await client.connected()
    #expect(client.connectionCount == 2)
    let seen = tapped.withLock { $0 }
    #expect(seen.first == .dialed(HostAddress(host: "memory")))
    let sent: [UInt8] = [0, 0, 0, 14, 0, 0, 0, 77, 0, 0, 0, 4, 0, 0, 0, 100, 0x2f, 0x71]
    #expect(seen.contains(.sent(sent)) && seen.contains(.sent([0xff, 0xff, 0xff, 0xff])))
    #expect(seen.count(where: { $0 == .ended }) == 1)
  }

  @Test func `The last reference going away breaks the connection`() async throws {
    var client: Client? = try await client()
    #expect(client?.state == .connected)
    #expect(network.withServer { $0.openConnections } == 1)
    client = nil
    #expect(network.withServer { $0.openConnections } == 0)
  }
}
