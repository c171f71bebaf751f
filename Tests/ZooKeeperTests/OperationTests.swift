import Testing
import ZooKeeper

/// Each operation and each of its results.
@Suite struct OperationTests {
  @Test func `A created node is there with the data it was given`() {
    var server = Standalone()
    let a = server.open()
    #expect(server.ask(a, .create("/n", [7, 8])) == created("/n"))
    let stat = Stat(
      czxid: Zxid(2), mzxid: Zxid(2), ctime: 1000, mtime: 1000, dataLength: 2, pzxid: Zxid(2))
    #expect(server.ask(a, .get("/n")) == .success(.data([7, 8], stat)))
    #expect(server.ask(a, .exists("/n")) == .success(.stat(stat)))
    #expect(server.ask(a, .children("/")) == .success(.children(["n", "zookeeper"])))
  }

  @Test func `create2 brings the Stat of the new node`() {
    var server = Standalone()
    let a = server.open()
    let answer = server.ask(a, .create("/n", nil, .ephemeral, withStat: true))
    let stat = Stat(
      czxid: Zxid(2), mzxid: Zxid(2), ctime: 1000, mtime: 1000, ephemeralOwner: a, pzxid: Zxid(2))
    #expect(answer == .success(.created(path: "/n", stat)))
  }

  @Test func `Data that is null stays null, and empty stays empty`() {
    var server = Standalone()
    let a = server.open()
    server.given(a, .create("/null", nil), .create("/empty", []))
    #expect(server.service.applied["/null"]?.data == .some(nil))
    #expect(server.service.applied["/empty"]?.data == [])
    server.given(a, .set("/empty", nil))
    #expect(server.service.applied["/empty"]?.data == .some(nil))
    #expect(server.stat("/empty")?.dataLength == 0)
  }

  @Test func `A node can be created once`() {
    var server = Standalone()
    let a = server.open()
    server.given(a, .create("/n"))
    #expect(server.ask(a, .create("/n")) == failure(.nodeExists))
    #expect(server.ask(a, .create("/")) == failure(.nodeExists))
  }

  @Test func `A node needs a parent, and the parent must not be ephemeral`() {
    var server = Standalone()
    let a = server.open()
    #expect(server.ask(a, .create("/p/n")) == failure(.noNode))
    server.given(a, .create("/p", [], .ephemeral))
    #expect(server.ask(a, .create("/p/n")) == failure(.noChildrenForEphemerals))
  }

  @Test func `A node without children can be deleted`() {
    var server = Standalone()
    let a = server.open()
    server.given(a, .create("/p"), .create("/p/c"))
    #expect(server.ask(a, .delete("/p")) == failure(.notEmpty))
    #expect(server.ask(a, .delete("/p/c")) == .success(.done))
    #expect(server.ask(a, .delete("/p")) == .success(.done))
    #expect(server.ask(a, .delete("/p")) == failure(.noNode))
    #expect(server.ask(a, .exists("/p")) == failure(.noNode))
  }

  @Test(arguments: ["/", "/zookeeper", "/zookeeper/config", "/zookeeper/quota"])
  func `The server's own nodes cannot be deleted`(path: String) {
    var server = Standalone()
    let a = server.open()
    #expect(server.ask(a, .delete(path)) == failure(.badArguments))
  }

  @Test func `A write may name the version that it expects`() {
    var server = Standalone()
    let a = server.open()
    server.given(a, .create("/n"))
    #expect(server.ask(a, .set("/n", [1], 1)) == failure(.badVersion))
    server.given(a, .set("/n", [1], 0))
    #expect(server.stat("/n")?.version == 1)
    #expect(server.ask(a, .set("/n", [1], -2)) == failure(.badVersion))
    #expect(server.ask(a, .delete("/n", 0)) == failure(.badVersion))
    #expect(server.ask(a, .setACL("/n", .open, 1)) == failure(.badVersion))
    server.given(a, .setACL("/n", .open, 0))
    #expect(server.stat("/n")?.aversion == 1)
    server.given(a, .delete("/n", 1))
  }

  @Test func `sync gives back the path that it was given, whatever it is`() {
    var server = Standalone()
    let a = server.open()
    #expect(server.ask(a, .sync(path: "no path")) == .success(.synced(path: "no path")))
    #expect(server.ask(a, .sync(path: nil)) == .success(.synced(path: nil)))
  }

  @Test func `The empty path is a second name of the root, for reads`() {
    var server = Standalone()
    let a = server.open()
    #expect(server.ask(a, .children("")) == .success(.children(["zookeeper"])))
    #expect(server.ask(a, .set("")) == failure(.badArguments))
  }

  @Test func `Nodes whose names differ in bytes alone are two`() {
    var server = Standalone()
    let a = server.open()
    server.given(a, .create("/\u{e9}"), .create("/e\u{301}"))
    #expect(server.stat("/")?.numChildren == 3)
    server.given(a, .delete("/\u{e9}"))
    #expect(server.ask(a, .exists("/\u{e9}")) == failure(.noNode))
    #expect(server.stat("/e\u{301}") != nil)
  }

  @Test func `A lone check is refused as unknown, in older dialects answered`() {
    var server = Standalone()
    let a = server.open()
    #expect(server.ask(a, .check(path: "/", version: 0)) == failure(.unimplemented))
    var old = Dialect.reference
    old.refusesLoneCheck = false
    server = Standalone(dialect: old)
    let b = server.open()
    #expect(server.ask(b, .check(path: "/", version: 0)) == .success(.done))
    #expect(server.ask(b, .check(path: "/", version: 1)) == failure(.badVersion))
    #expect(server.ask(b, .check(path: "/n", version: 0)) == failure(.noNode))
  }
}
