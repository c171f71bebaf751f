import NIOCore
import Synchronization
import Testing
import ZooKeeper
import ZooKeeperClient
import ZooKeeperServer
import ZooKeeperWire

/// What servers learned after 3.4, by the whole client against the whole server, in virtual time.
@Suite struct LaterOperationsTests {
  private let network: MemoryNetwork<ReferenceServer>

  init() {
    var settings = Settings()
    settings.reapingInterval = 1000
    network = MemoryNetwork(ReferenceServer(settings))
  }

  private func client(_ target: String = "memory") async throws -> Client {
    var options = ClientOptions()
    options.seed = 1
    options.reading = .strict
    options.sessionTimeout = .seconds(40)
    return try await Client.connect(to: target, options: options, over: network.link)
  }

  @Test func `Several reads are one call, and each fails by itself`() async throws {
    let client = try await client()
    try await client.create("/a", data: .utf8("x"))
    try await client.create("/a/b")
    let results = try await client.multiRead([
      .getData(path: "/a"), .getChildren(path: "/a"), .getData(path: "/none"),
    ])
    guard case .data(let data, let stat) = results[0] else {
      Issue.record("\(results)")
      return
    }
    #expect(data.text == "x" && stat.numChildren == 1)
    #expect(results[1] == .children(["b"]) && results[2] == .failed(.noNode))
    #expect(try await client.multiRead([]) == [])
  }

  @Test func `A session knows its ephemerals, a node what is below it, a connection who it is`()
    async throws
  {
    let client = try await client()
    try await client.create("/p")
    try await client.create("/p/e", mode: .ephemeral)
    try await client.create("/f", mode: .ephemeral)
    #expect(try await client.getEphemerals().sorted() == ["/f", "/p/e"])
    #expect(try await client.getEphemerals("/p") == ["/p/e"])
    #expect(try await client.getAllChildrenNumber("/p") == 1)
    try await client.addAuth(scheme: "digest", credentials: .utf8("bob:secret"))
    #expect(
      try await client.whoAmI() == [
        ClientInfo(scheme: "ip", user: "127.0.0.1"), ClientInfo(scheme: "digest", user: "bob"),
      ])
    await #expect(throws: ClientError(.refused(.reconfigDisabled))) {
      try await client.reconfig(Reconfiguration(leaving: "3"))
    }
  }

  @Test func `Containers and nodes with a time to live go by themselves`() async throws {
    let client = try await client()
    #expect(try await client.create("/box", mode: .container) == "/box")
    #expect(try await client.createWithStat("/box2", mode: .container).stat.ephemeralOwner == .none)
    #expect(try await client.create("/t", ttl: .seconds(5)) == "/t")
    #expect(try await client.create("/t-", ttl: .seconds(5), sequential: true) == "/t-0000000003")
    try await client.create("/box/c")
    try await client.delete("/box/c")
    network.advance(by: .seconds(3))
    #expect(try await client.exists("/box") == nil)
    #expect(try await client.exists("/box2") != nil)
    #expect(try await client.exists("/t") != nil)
    network.advance(by: .seconds(4))
    #expect(try await client.exists("/t") == nil)
    await #expect(throws: ClientError(.refused(.badArguments))) {
      try await client.create("/t", ttl: .zero)
    }
  }

  @Test func `The events of a persistent watch are a sequence, until it is taken back`()
    async throws
  {
    let (client, other) = (try await client(), try await client())
    try await client.create("/n")
    let events = try await client.addWatch("/n")
    try await other.setData("/n", data: nil)
    try await other.create("/n/c")
    try await other.setData("/n/c", data: nil)
    try await other.delete("/n/c")
    try await client.sync("/n")
    #expect(try await client.checkWatches("/n"))
    try await client.removeWatches("/n")
    #expect(try await !client.checkWatches("/n"))
    try await other.setData("/n", data: nil)
    var seen: [EventType] = []
    for await event in events where event.type != .none { seen.append(event.type) }
    #expect(
      seen == [
        .nodeDataChanged, .nodeChildrenChanged, .nodeChildrenChanged, .persistentWatchRemoved,
      ])
    await #expect(throws: ClientError(.refused(.noWatcher))) {
      try await client.removeWatches("/n")
    }
  }

  @Test func `A recursive watch tells of all below, and of nothing else`() async throws {
    let client = try await client()
    try await client.create("/n")
    try await client.create("/nn")
    let events = try await client.addWatch("/n", mode: .persistentRecursive)
    let all = try await client.addWatch("/", mode: .persistentRecursive)
    try await client.create("/n/c")
    try await client.setData("/nn", data: nil)
    try await client.setData("/n/c", data: nil)
    try await client.removeWatches("/n", type: .persistentRecursive)
    var seen: [String] = []
    for await event in events where event.type != .none {
      seen.append("\(event.type) \(event.path)")
    }
    #expect(
      seen == ["NodeCreated /n/c", "NodeDataChanged /n/c", "PersistentWatchRemoved /n"])
    await client.close()
    seen = []
    for await event in all where event.type != .none {
      seen.append("\(event.type) \(event.path)")
    }
    #expect(seen == ["NodeCreated /n/c", "NodeDataChanged /nn", "NodeDataChanged /n/c"])
  }

  @Test func `Both kinds on one path end each by itself`() async throws {
    let client = try await client()
    let persistent = try await client.addWatch("/n")
    let recursive = try await client.addWatch("/n", mode: .persistentRecursive)
    try await client.removeWatches("/n", type: .persistent)
    try await client.create("/n")
    try await client.removeWatches("/n", type: .persistentRecursive)
    var seen: [EventType] = []
    for await event in persistent where event.type != .none { seen.append(event.type) }
    #expect(seen == [.persistentWatchRemoved])
    seen = []
    for await event in recursive where event.type != .none { seen.append(event.type) }
    #expect(seen == [.persistentWatchRemoved, .nodeCreated, .persistentWatchRemoved])
  }

  @Test func `A watch that stays is set again, and the sequence tells that something was missed`()
    async throws
  {
    let (client, other) = (try await client("memory/app"), try await client())
    try await other.create("/app")
    try await other.create("/app/n")
    let events = try await client.addWatch("/n")
    client.drop()
    try await other.setData("/app/n", data: nil)
    client.reconnect()
    try await client.connected()
    try await client.sync("/n")
    try await other.create("/app/n/c")
    try await client.removeWatches("/n")
    var seen: [String] = []
    for await event in events {
      seen.append(event.type == .none ? "\(event.state)" : "\(event.type) \(event.path)")
    }
    #expect(
      seen == [
        "Disconnected", "SyncConnected", "NodeChildrenChanged /n", "PersistentWatchRemoved /n",
      ])
  }

  @Test func `Without a server a watch is forgotten where it is asked for`() async throws {
    var options = ClientOptions()
    options.requestTimeout = .seconds(1)
    let client = try await Client.connect(to: "memory", options: options, over: network.link)
    let events = try await client.addWatch("/n")
    client.drop()
    let isOver = Mutex(false)
    let task = Task {
      defer { isOver.withLock { $0 = true } }
      try await client.removeWatches("/n", local: true)
    }
    while !isOver.withLock(\.self) {
      network.advance(by: .seconds(1))
      await Task.yield()
    }
    try await task.value
    var last: WatchEvent?
    for await event in events { last = event }
    #expect(last?.type == .persistentWatchRemoved && client.watches.isEmpty)
    client.reconnect()
    try await client.connected()
    #expect(try await !client.checkWatches("/n"))
  }

  @Test func `An error names what was asked`() async throws {
    let client = try await client("memory/app")
    func told(_ ask: () async throws(ClientError) -> Void) async -> String {
      do throws(ClientError) {
        try await ask()
        return "nothing"
      } catch {
        return "\(error)"
      }
    }
    #expect(
      await told { () throws(ClientError) in try await client.delete("/lock", version: 3) }
        == "delete /lock: NoNode")
    #expect(
      await told { () throws(ClientError) in _ = try await client.getData("/config") }
        == "getData /config: NoNode")
    #expect(
      await told { () throws(ClientError) in _ = try await client.exists("a\0") }
        == "exists a\0: BadArguments")
    client.drop()
    let pending = client.ask(.multi([.create(Create("/a")), .delete(path: "/b")]))
    await client.close()
    #expect(
      await told { () throws(ClientError) in try await pending.answer() }
        == "multi /a and 1 more: the client is closed")
  }
}
