import Testing
import ZooKeeper

/// Of several things that are wrong with a request, the first in the order of checks is told.
@Suite struct PrecedenceTests {
  /// Nodes with everything wrong: `/shut` gives nobody anything and has a child, `/e` is ephemeral.
  static func stage(_ dialect: Dialect = .reference) -> (Standalone, SessionID) {
    var server = Standalone(dialect: dialect)
    let a = server.open()
    server.given(a, .create("/shut"), .create("/shut/c"), .create("/open"), .create("/open/c"))
    server.given(a, .create("/e", [], .ephemeral), .setACL("/shut", Self.nobody))
    return (server, a)
  }

  static let nobody = [ACL([], .anyone)]
  static let strange = [ACL(.all, Identity(scheme: "strange", id: "x"))]
  static let unknownMode = CreateMode(rawValue: 7)
  static let modeWithTTL = CreateMode(rawValue: 5)

  @Test(arguments: [
    // flags, path without slash or with a null, ACL, parent, permission, whole path, exists, parent
    (Request.create("no slash", [], unknownMode, acl: strange), ErrorCode.badArguments),
    (.create("/missing/n", [], modeWithTTL, acl: strange), .badArguments),
    (.create("no slash", acl: strange), .badArguments),
    (.create("/missing\0", acl: strange), .badArguments),
    (.create("/missing/n", acl: strange), .invalidACL),
    (.create("/shut/n", acl: []), .invalidACL),
    (.create("/missing/."), .noNode),
    (.create("/shut/."), .noAuth),
    (.create("/shut/c"), .noAuth),
    (.create("/e/."), .badArguments),
    (.create("/open/c"), .nodeExists),
    (.create("/e/n"), .noChildrenForEphemerals),
  ])
  func `Of a create`(request: Request, code: ErrorCode) {
    var (server, a) = Self.stage()
    #expect(server.ask(a, request) == failure(code))
  }

  @Test(arguments: [
    // special path, parent, permission, node, version, children
    (Request.delete("/zookeeper", 9), ErrorCode.badArguments),
    (.delete("/missing/n", 9), .noNode),
    (.delete("/shut/none", 9), .noAuth),
    (.delete("/shut/c", 9), .noAuth),
    (.delete("/none", 9), .noNode),
    (.delete("/open", 9), .badVersion),
    (.delete("/open", 0), .notEmpty),
  ])
  func `Of a delete`(request: Request, code: ErrorCode) {
    var (server, a) = Self.stage()
    #expect(server.ask(a, request) == failure(code))
  }

  @Test(arguments: [
    (Request.set("/shut/", [], 9), ErrorCode.badArguments),
    (.set("/none", [], 9), .noNode),
    (.set("/shut", [], 9), .noAuth),
    (.set("/open", [], 9), .badVersion),
    (.setACL("/shut/", strange, 9), .badArguments),
    (.setACL("/none", strange, 9), .invalidACL),
    (.setACL("/none", .open, 9), .noNode),
    (.setACL("/shut", .open, 9), .noAuth),
    (.setACL("/open", .open, 9), .badVersion),
  ])
  func `Of a setData and a setACL`(request: Request, code: ErrorCode) {
    var (server, a) = Self.stage()
    #expect(server.ask(a, request) == failure(code))
  }

  @Test(arguments: [
    ("/shut/", ErrorCode.badArguments), ("/none", .noNode), ("/shut", .noAuth),
    ("/open", .badVersion),
  ])
  func `Of a check in a multi`(path: String, code: ErrorCode) {
    var (server, a) = Self.stage()
    #expect(
      server.ask(a, .multi([.check(path: path, version: 9)]))
        == .success(.multi([.failed(code)])))
  }

  @Test(arguments: [
    (Request.exists("/none"), ErrorCode.noNode), (.exists("/shut"), .noAuth),
    (.get("/none"), .noNode), (.get("/shut"), .noAuth),
    (.children("/none"), .noNode), (.children("/shut"), .noAuth),
    (.getACL(path: "/none"), .noNode), (.getACL(path: "/shut"), .noAuth),
  ])
  func `Of a read`(request: Request, code: ErrorCode) {
    var (server, a) = Self.stage()
    #expect(server.ask(a, request) == failure(code))
  }

  @Test(arguments: [
    (Request.create("no slash", acl: []), ErrorCode.sessionExpired),
    (.create("/n", [], unknownMode), .badArguments),
    (.delete("/zookeeper"), .sessionExpired), (.set(""), .sessionExpired),
    (.setACL(""), .sessionExpired),
  ])
  func `Of a session that has ended, flags aside, that is told first`(
    request: Request, code: ErrorCode
  ) {
    var (server, a) = Self.stage()
    server.given(a, .closeSession)
    #expect(server.ask(a, request) == failure(code))
    #expect(
      server.ask(a, .multi([.delete(path: "/none"), .delete(path: "/none")]))
        == .success(.multi([.failed(.sessionExpired), .failed(.runtimeInconsistency)])))
  }

  @Test func `What is missing below a closed node is simply missing`() {
    var (server, a) = Self.stage()
    #expect(server.ask(a, .exists("/shut/none")) == failure(.noNode))
    #expect(server.ask(a, .get("/shut/c")) == .success(.data([], server.stat("/shut/c") ?? Stat())))
  }

  @Test func `3_4 and 3_5 look for a node before they ask whether it may be deleted`() {
    var old = Dialect.reference
    old.deleteAsksParentFirst = false
    var (server, a) = Self.stage(old)
    #expect(server.ask(a, .delete("/shut/none")) == failure(.noNode))
    #expect(server.ask(a, .delete("/shut/c")) == failure(.noAuth))
  }

  @Test func `3_4 looks at flags last, and knows four`() {
    var old = Dialect.reference
    old.modeIsCheckedFirst = false
    old.knowsLaterModes = false
    var (server, a) = Self.stage(old)
    #expect(server.ask(a, .create("/n", [], Self.unknownMode, acl: [])) == failure(.invalidACL))
    #expect(server.ask(a, .create("/shut/n", [], Self.unknownMode)) == failure(.noAuth))
    #expect(server.ask(a, .create("/.", [], Self.unknownMode)) == failure(.badArguments))
    #expect(server.ask(a, .create("/n", [], Self.modeWithTTL)) == failure(.badArguments))
  }

  @Test func `Before 3_8_4 exists asks for nothing`() {
    var old = Dialect.reference
    old.existsNeedsRead = false
    var (server, a) = Self.stage(old)
    let stat = server.stat("/shut") ?? Stat()
    #expect(server.ask(a, .exists("/shut")) == .success(.stat(stat)))
  }
}
