import Testing
import ZooKeeper

/// What each operation does to the Stat of the node and of its parent (ZNODE-6).
@Suite struct StatTests {
  /// A node `/p` with a child `/p/c`, made by transactions 2 and 3 at time 1000; time is 2000 now.
  static func family() -> (Standalone, SessionID) {
    var server = Standalone()
    let a = server.open()
    server.given(a, .create("/p"), .create("/p/c"))
    server.time = 2000
    return (server, a)
  }

  @Test func `On a virgin server all is zero but what the system nodes count`() {
    let tree = Tree()
    #expect(tree.paths == ["/", "/zookeeper", "/zookeeper/config", "/zookeeper/quota"])
    #expect(tree["/"]?.stat == Stat(cversion: -1, numChildren: 1))
    #expect(tree["/zookeeper"]?.stat == Stat(cversion: -2, numChildren: 2))
    #expect(tree["/zookeeper/quota"]?.stat == Stat())
    #expect(tree["/zookeeper/config"]?.stat == Stat(aversion: -1))
    #expect(tree["/zookeeper/config"]?.acl == .readOnly)
    #expect(tree["/"]?.acl == .open)
    #expect(tree.zxid == .zero)
  }

  @Test func `3_4 has no configuration node`() {
    var server = Standalone(dialect: Dialect(edition: "3.4.14") ?? .reference)
    #expect(server.service.applied.paths == ["/", "/zookeeper", "/zookeeper/quota"])
    #expect(server.stat("/zookeeper") == Stat(cversion: -1, numChildren: 1))
    let a = server.open()
    #expect(server.ask(a, .delete("/zookeeper/config")) == failure(.noNode))
  }

  @Test
  func `A create sets the three zxids of the node and moves cversion and pzxid of its parent`() {
    var (server, a) = Self.family()
    let before = server.stat("/p")
    server.given(a, .create("/p/d", [1, 2, 3]))
    var parent = before
    parent?.cversion += 1
    parent?.numChildren += 1
    parent?.pzxid = Zxid(4)
    #expect(server.stat("/p") == parent)
    #expect(
      server.stat("/p/d")
        == Stat(
          czxid: Zxid(4), mzxid: Zxid(4), ctime: 2000, mtime: 2000, dataLength: 3, pzxid: Zxid(4)))
  }

  @Test func `A delete moves cversion up and pzxid of the parent`() {
    var (server, a) = Self.family()
    let before = server.stat("/p")
    server.given(a, .delete("/p/c"))
    var parent = before
    parent?.cversion += 1
    parent?.numChildren -= 1
    parent?.pzxid = Zxid(4)
    #expect(server.stat("/p") == parent)
    #expect(server.stat("/p/c") == nil)
  }

  @Test func `setData moves version, mzxid and mtime of the node alone`() {
    var (server, a) = Self.family()
    let (parent, before) = (server.stat("/p"), server.stat("/p/c"))
    let answer = server.ask(a, .set("/p/c", [9, 9]))
    var node = before
    node?.version = 1
    node?.mzxid = Zxid(4)
    node?.mtime = 2000
    node?.dataLength = 2
    #expect(server.stat("/p/c") == node)
    #expect(answer == node.map { .success(.stat($0)) })
    #expect(server.stat("/p") == parent)
  }

  @Test func `setACL moves aversion alone`() {
    var (server, a) = Self.family()
    let (parent, before) = (server.stat("/p"), server.stat("/p/c"))
    let answer = server.ask(a, .setACL("/p/c", .readOnly))
    var node = before
    node?.aversion = 1
    #expect(server.stat("/p/c") == node)
    #expect(answer == node.map { .success(.stat($0)) })
    #expect(server.stat("/p") == parent)
    #expect(server.service.applied["/p/c"]?.acl == .readOnly)
  }

  @Test func `A grandchild moves nothing of its grandparent`() {
    var (server, a) = Self.family()
    let before = server.stat("/p")
    server.given(a, .create("/p/c/g"), .delete("/p/c/g"))
    #expect(server.stat("/p") == before)
  }

  @Test func `A closing session takes all its ephemerals at one zxid`() {
    var (server, a) = Self.family()
    let b = server.open()
    server.given(b, .create("/p/e", [], .ephemeral), .create("/p/f", [], .ephemeral))
    server.given(b, .create("/p/stays"), .create("/g", [], .ephemeral))
    let before = server.stat("/p")
    let zxid = server.next
    server.given(b, .closeSession)
    #expect(server.zxid == zxid)
    var parent = before
    parent?.cversion += 2
    parent?.numChildren -= 2
    parent?.pzxid = zxid
    #expect(server.stat("/p") == parent)
    #expect(server.stat("/")?.pzxid == zxid)
    #expect(server.ask(a, .children("/p")) == .success(.children(["c", "stays"])))
    #expect(server.service.applied.openSessions == [a])
    #expect(server.service.applied.ephemerals(of: b) == [])
  }

  @Test(arguments: [
    Request.create("/p"), .delete("/p"), .set("/p", [], 7), .setACL("/p", []), .create("/q/r"),
    .multi([.create("/p/x"), .check(path: "/p", version: 7)]),
  ])
  func `A write that fails takes a zxid and moves nothing`(request: Request) {
    var (server, a) = Self.family()
    let before = server.service.applied
    let zxid = server.next
    server.ask(a, request)
    #expect(server.reply.zxid == zxid)
    #expect(server.zxid == zxid)
    let after = server.service.applied
    #expect(before.paths.map { before[$0]?.stat } == after.paths.map { after[$0]?.stat })
  }

  @Test(arguments: [
    Request.exists("/p"), .exists("/none"), .get("/p"), .getACL(path: "/p"), .children("/p"),
    .sync(path: "/p"), .ping,
  ])
  func `A read takes no zxid and answers with the last one`(request: Request) {
    var (server, a) = Self.family()
    let before = server.service
    server.ask(a, request)
    #expect(server.service == before)
    #expect(server.reply.zxid == server.zxid)
  }

  @Test func `cversion counts creates and deletes, however they mix`() {
    var (server, a) = Self.family()
    server.given(a, .delete("/p/c"))
    for round in 1...5 {
      server.given(a, .create("/p/c"))
      #expect(server.stat("/p")?.cversion == Int32(2 * round + 1))
      server.given(a, .delete("/p/c"))
      #expect(server.stat("/p")?.cversion == Int32(2 * round + 2))
    }
  }

  @Test func `Versions wrap around, and -1 is one of them`() {
    var (server, a) = Self.family()
    server.service.amend("/p") {
      $0.version = .max
      $0.aversion = .max
    }
    server.given(a, .set("/p", [], .max), .setACL("/p", .open, .max))
    #expect(server.stat("/p")?.version == .min)
    #expect(server.stat("/p")?.aversion == .min)
    server.service.amend("/p") { $0.version = -2 }
    server.given(a, .set("/p", [], -2))
    #expect(server.stat("/p")?.version == -1)
    server.given(a, .set("/p", [], -1), .set("/p", [], -1))
    #expect(server.stat("/p")?.version == 1)
  }
}
