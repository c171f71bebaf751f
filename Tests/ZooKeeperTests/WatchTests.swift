import Testing
import ZooKeeper

/// Which watch a read leaves, which change fires it, in which order, and once (WATCH-1 … WATCH-6).
@Suite struct WatchTests {
  /// `/p` with a child `/p/c`; session 1 watches, session 0 writes.
  static func stage() -> (Standalone, writer: SessionID, reader: SessionID) {
    var server = Standalone()
    let (writer, reader) = (server.open(), server.open())
    server.given(writer, .create("/p"), .create("/p/c"))
    return (server, writer, reader)
  }

  /// Watches that can be left on `/p/c` and on its parent, `/p/n` being a node that is missing.
  enum Watch: CaseIterable {
    case dataOfNode, existsOfNode, existsOfMissing, childOfNode, childOfParent, dataOfParent

    var request: Request {
      switch self {
      case .dataOfNode: .get("/p/c", watch: true)
      case .existsOfNode: .exists("/p/c", watch: true)
      case .existsOfMissing: .exists("/p/n", watch: true)
      case .childOfNode: .children("/p/c", watch: true)
      case .childOfParent: .children("/p", watch: true, withStat: true)
      case .dataOfParent: .get("/p", watch: true)
      }
    }
  }

  enum Cause: CaseIterable {
    case create, delete, setData, setACL, failure

    var request: Request {
      switch self {
      case .create: .create("/p/n")
      case .delete: .delete("/p/c")
      case .setData: .set("/p/c", [])
      case .setACL: .setACL("/p/c", .readOnly)
      case .failure: .delete("/p/c", 9)
      }
    }
  }

  static func expected(_ watch: Watch, _ cause: Cause) -> [String] {
    switch (watch, cause) {
    case (.existsOfMissing, .create): ["1 NodeCreated /p/n"]
    case (.dataOfNode, .delete), (.existsOfNode, .delete), (.childOfNode, .delete):
      ["1 NodeDeleted /p/c"]
    case (.dataOfNode, .setData), (.existsOfNode, .setData): ["1 NodeDataChanged /p/c"]
    case (.childOfParent, .create), (.childOfParent, .delete): ["1 NodeChildrenChanged /p"]
    default: []
    }
  }

  @Test(arguments: Watch.allCases, Cause.allCases)
  func `Every watch against every change`(watch: Watch, cause: Cause) {
    var (server, writer, reader) = Self.stage()
    server.ask(reader, watch.request)
    #expect(server.watches.count == 1)
    server.ask(writer, cause.request)
    let expected = Self.expected(watch, cause)
    #expect(server.told == expected)
    #expect(server.watches.count == 1 - expected.count)
  }

  @Test(arguments: [
    Request.get("/none", watch: true), .children("/none", watch: true),
    .exists("/\0", watch: true), .get("/p"), .exists("/p"), .exists("/none"), .children("/p"),
    .getACL(path: "/p"),
  ])
  func `Only exists watches what is missing, and nobody who did not ask`(request: Request) {
    var (server, _, reader) = Self.stage()
    server.ask(reader, request)
    #expect(server.watches.count == 0)
  }

  @Test func `A watch fires once`() {
    var (server, writer, reader) = Self.stage()
    server.given(reader, .get("/p/c", watch: true), .children("/p", watch: true))
    server.given(writer, .set("/p/c"))
    #expect(server.told == ["1 NodeDataChanged /p/c"])
    server.given(writer, .set("/p/c"))
    #expect(server.told == [])
    server.given(writer, .create("/p/d"))
    #expect(server.told == ["1 NodeChildrenChanged /p"])
    server.given(writer, .create("/p/e"))
    #expect(server.told == [])
  }

  @Test func `exists and getData on one path leave one watch`() {
    var (server, writer, reader) = Self.stage()
    server.given(reader, .get("/p/c", watch: true), .exists("/p/c", watch: true))
    #expect(server.watches.count == 1)
    server.given(writer, .set("/p/c"))
    #expect(server.told == ["1 NodeDataChanged /p/c"])
  }

  @Test func `A later read without watch takes nothing away`() {
    var (server, writer, reader) = Self.stage()
    server.given(reader, .get("/p/c", watch: true), .get("/p/c"))
    server.given(writer, .set("/p/c"))
    #expect(server.told == ["1 NodeDataChanged /p/c"])
  }

  @Test func `Somebody who watches data and children of a deleted node is told once`() {
    var (server, writer, reader) = Self.stage()
    server.given(reader, .get("/p/c", watch: true), .children("/p/c", watch: true))
    server.given(writer, .delete("/p/c"))
    #expect(server.told == ["1 NodeDeleted /p/c"])
    #expect(server.watches.count == 0)
  }

  @Test func `First the node's data, then its children, then its parent's children`() {
    var (server, writer, reader) = Self.stage()
    let third = server.open()
    server.given(third, .get("/p/c", watch: true))
    server.given(reader, .children("/p", watch: true), .children("/p/c", watch: true))
    server.given(writer, .delete("/p/c"))
    #expect(
      server.told == ["2 NodeDeleted /p/c", "1 NodeDeleted /p/c", "1 NodeChildrenChanged /p"])
  }

  @Test func `A multi fires operation by operation`() {
    var (server, writer, reader) = Self.stage()
    server.ask(reader, .exists("/p/a", watch: true))
    server.ask(reader, .exists("/p/b", watch: true))
    server.given(reader, .children("/p", watch: true))
    server.given(writer, .multi([.create("/p/a"), .create("/p/b")]))
    #expect(
      server.told == [
        "1 NodeCreated /p/a", "1 NodeChildrenChanged /p", "1 NodeCreated /p/b",
      ])
  }

  @Test func `A node that comes and goes in one multi fires both`() {
    var (server, writer, reader) = Self.stage()
    server.ask(reader, .exists("/p/a", watch: true))
    server.given(reader, .children("/p", watch: true))
    server.given(writer, .multi([.create("/p/a"), .delete(path: "/p/a")]))
    #expect(server.told == ["1 NodeCreated /p/a", "1 NodeChildrenChanged /p"])
  }

  @Test func `Ephemerals of a closing session fire as if they were deleted`() {
    var (server, writer, reader) = Self.stage()
    server.given(writer, .create("/p/e", [], .ephemeral), .create("/p/f", [], .ephemeral))
    server.given(reader, .exists("/p/e", watch: true), .exists("/p/f", watch: true))
    server.given(reader, .children("/p", watch: true))
    server.given(writer, .closeSession)
    #expect(
      server.told == [
        "1 NodeDeleted /p/e", "1 NodeChildrenChanged /p", "1 NodeDeleted /p/f",
      ])
  }

  @Test func `A session's own write tells its own watch`() {
    var (server, writer, _) = Self.stage()
    server.given(writer, .get("/p/c", watch: true), .set("/p/c"))
    #expect(server.told == ["0 NodeDataChanged /p/c"])
  }

  @Test func `The root has children and data, too`() {
    var (server, writer, reader) = Self.stage()
    server.given(reader, .children("/", watch: true), .get("/", watch: true))
    server.given(writer, .create("/q"))
    #expect(server.told == ["1 NodeChildrenChanged /"])
    server.given(writer, .set("/"))
    #expect(server.told == ["1 NodeDataChanged /"])
  }

  @Test func `Watches go with their connection`() {
    var (server, writer, reader) = Self.stage()
    let third = server.open()
    for session in [reader, third] {
      server.given(session, .get("/p/c", watch: true), .children("/p", watch: true))
    }
    server.watches.forget(WatcherID(1))
    #expect(server.watches.count == 2)
    server.given(writer, .delete("/p/c"))
    #expect(server.told == ["2 NodeDeleted /p/c", "2 NodeChildrenChanged /p"])
    server.watches.forget(WatcherID(1))
    #expect(server.watches == Watches())
  }

  @Test func `An event says what and where, and nothing else`() {
    var (server, writer, reader) = Self.stage()
    server.given(reader, .get("/p/c", watch: true))
    server.given(writer, .set("/p/c", [1, 2, 3]))
    #expect(
      server.notifications
        == [Notification(WatcherID(1), WatchEvent(.nodeDataChanged, "/p/c", state: .syncConnected))]
    )
  }
}

/// Events about nodes that the watcher may not read (CVE-2024-23944).
@Suite struct FilteredWatchTests {
  static let bob = Identity.digest("bob:secret")
  static let bobs = [ACL(.all, bob)]

  /// Bob writes; session 1, nobody, watches what it may read at first.
  static func stage(_ dialect: Dialect) -> (Standalone, bob: SessionID, nobody: SessionID) {
    var server = Standalone(dialect: dialect)
    let (b, nobody) = (server.open(bob), server.open())
    server.given(b, .create("/n"), .create("/n/c"))
    server.given(nobody, .get("/n", watch: true), .children("/n", watch: true))
    server.given(nobody, .get("/n/c", watch: true))
    server.ask(nobody, .exists("/n/new", watch: true))
    return (server, b, nobody)
  }

  @Test func `They are not told, and their watches are gone`() {
    var (server, bob, _) = Self.stage(.reference)
    server.given(bob, .setACL("/n", Self.bobs))
    server.given(bob, .set("/n"))
    #expect(server.told == [])
    server.given(bob, .setACL("/n", .open), .set("/n"))
    #expect(server.told == [])
    #expect(server.watches.count == 3)
  }

  @Test func `A parent's children are judged by the parent, the node by the node`() {
    var (server, bob, _) = Self.stage(.reference)
    server.given(bob, .create("/n/new", acl: Self.bobs))
    #expect(server.told == ["1 NodeChildrenChanged /n"])
    (server, bob, _) = Self.stage(.reference)
    server.given(bob, .setACL("/n", Self.bobs), .create("/n/new"))
    #expect(server.told == ["1 NodeCreated /n/new"])
  }

  @Test func `A deleted node is judged by the ACL that it had`() {
    var (server, bob, _) = Self.stage(.reference)
    server.given(bob, .setACL("/n/c", Self.bobs), .delete("/n/c"))
    #expect(server.told == ["1 NodeChildrenChanged /n"])
  }

  @Test func `Older editions tell everybody`() {
    var old = Dialect.reference
    old.eventsNeedRead = false
    var (server, bob, _) = Self.stage(old)
    server.given(bob, .setACL("/n", Self.bobs), .set("/n"))
    #expect(server.told == ["1 NodeDataChanged /n"])
  }
}

/// Setting again the watches of an earlier connection (WATCH-6).
@Suite struct SetWatchesTests {
  /// Six nodes by transactions 2 to 7: data of `/set`, children of `/more` changed after 7.
  static func stage() -> (Standalone, SessionID) {
    var server = Standalone()
    let a = server.open()
    for path in ["/still", "/set", "/gone", "/more", "/less", "/less/c"] {
      server.given(a, .create(path))
    }
    server.given(a, .set("/set"), .delete("/gone"), .create("/more/c"), .delete("/less/c"))
    return (server, a)
  }

  static let all = ["/still", "/set", "/gone", "/more", "/less"]

  @Test func `What changed in between fires at once, in the order of the lists`() {
    var (server, a) = Self.stage()
    server.given(
      a,
      .setWatches(
        SetWatches(
          relativeZxid: Zxid(7), data: Self.all, exist: ["/set", "/gone"], child: Self.all)))
    #expect(
      server.told == [
        "0 NodeDataChanged /set", "0 NodeDeleted /gone", "0 NodeCreated /set",
        "0 NodeDeleted /gone", "0 NodeChildrenChanged /more", "0 NodeChildrenChanged /less",
      ])
  }

  @Test func `What did not is armed`() {
    var (server, a) = Self.stage()
    server.given(
      a,
      .setWatches(
        SetWatches(
          relativeZxid: Zxid(7), data: ["/still", "/set"], exist: ["/gone"],
          child: ["/set", "/more"])))
    #expect(server.watches.count == 3)
    server.given(a, .set("/still"))
    #expect(server.told == ["0 NodeDataChanged /still"])
    server.given(a, .create("/gone"))
    #expect(server.told == ["0 NodeCreated /gone"])
    server.given(a, .create("/set/c"))
    #expect(server.told == ["0 NodeChildrenChanged /set"])
  }

  @Test func `Whoever has seen all is told nothing`() {
    var (server, a) = Self.stage()
    server.given(
      a,
      .setWatches(
        SetWatches(
          relativeZxid: server.zxid, data: ["/set", "/more"], child: ["/more", "/less"])))
    #expect(server.told == [])
    #expect(server.watches.count == 4)
  }

  @Test func `A node that was deleted and created again counts as changed`() {
    var (server, a) = Self.stage()
    let seen = server.zxid
    server.given(a, .delete("/still"), .create("/still"))
    server.given(
      a, .setWatches(SetWatches(relativeZxid: seen, data: ["/still"], child: ["/still"])))
    #expect(server.told == ["0 NodeDataChanged /still", "0 NodeChildrenChanged /still"])
  }
}
