import Testing
import ZooKeeper

@Suite struct PathTests {
  static func result(
    of request: Request, _ dialect: Dialect = .reference
  ) -> Result<Answer, ErrorCode> {
    var server = Standalone(dialect: dialect)
    let a = server.open()
    server.given(a, .create("/x"))
    return server.ask(a, request)
  }

  @Test(arguments: [
    "/a", "/a b", "/...", "/a..b", "/.a", "/a.", "/x/b", "/\u{a0}", "/\u{d7ff}", "/\u{f900}",
    "/\u{ffef}", "/節点", "/zookeeper/mine",
  ])
  func `What may be created`(path: String) {
    #expect(Self.result(of: .create(path)) == created(path))
  }

  @Test(arguments: [
    "", "a", "/x/", "//", "//a", "/.", "/..", "/x/.", "/x/..", "/\0", "/x\0y", "/\u{1}", "/\u{1f}",
    "/\u{7f}", "/\u{9f}", "/\u{e000}", "/\u{f8ff}", "/\u{fff0}", "/\u{ffff}", "/\u{fffd}",
    "/\u{1f600}",
  ])
  func `What may not`(path: String) {
    #expect(Self.result(of: .create(path)) == failure(.badArguments))
  }

  @Test(arguments: ["a/b", "/zz/", "/zz//b", "/missing/.", "/x//b"])
  func `A missing parent is found before a bad name`(path: String) {
    #expect(Self.result(of: .create(path)) == failure(.noNode))
  }

  @Test(arguments: ["", "a", "/x/", "//", "/.", "/x/..", "/\u{1}", "/\0"])
  func `setData, setACL and check look at the whole path`(path: String) {
    #expect(Self.result(of: .set(path)) == failure(.badArguments))
    #expect(Self.result(of: .setACL(path)) == failure(.badArguments))
    #expect(
      Self.result(of: .multi([.check(path: path, version: -1)]))
        == .success(.multi([.failed(.badArguments)])))
  }

  @Test(arguments: ["/x/", "//", "/.", "/x/..", "/\u{1}"])
  func `delete looks for a slash and a null only`(path: String) {
    #expect(Self.result(of: .delete(path)) == failure(.noNode))
    #expect(Self.result(of: .delete("x")) == failure(.badArguments))
    #expect(Self.result(of: .delete("/x\0")) == failure(.badArguments))
  }

  @Test(arguments: ["x", "/x/", "//", "/.", "/\u{1}"])
  func `Reads find no node at a path that none can have`(path: String) {
    for request in [Request.exists(path), .get(path), .children(path), .getACL(path: path)] {
      #expect(Self.result(of: request) == failure(.noNode))
    }
  }

  @Test func `exists alone of the reads minds a null character`() {
    #expect(Self.result(of: .exists("/\0")) == failure(.badArguments))
    #expect(Self.result(of: .get("/\0")) == failure(.noNode))
  }

  @Test(arguments: [
    "/\u{1f}", "/\u{7f}", "/\u{9f}", "/\u{f8ff}", "/\u{fff0}", "/\u{ffff}",
  ])
  func `3.4 allows the ends of the ranges`(path: String) {
    var old = Dialect.reference
    old.forbidsRangeEnds = false
    #expect(Self.result(of: .create(path), old) == created(path))
    #expect(Self.result(of: .create("/\u{1e}"), old) == failure(.badArguments))
  }
}
