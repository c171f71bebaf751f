import Testing
import ZooKeeper

/// Sequential nodes (ZNODE-5).
@Suite struct SequenceTests {
  @Test func `The parent numbers its children in ten digits`() {
    var server = Standalone()
    let a = server.open()
    server.given(a, .create("/s"))
    #expect(
      server.ask(a, .create("/s/x-", [], .persistentSequential)) == created("/s/x-0000000000"))
    #expect(server.ask(a, .create("/s/y", [], .ephemeralSequential)) == created("/s/y0000000001"))
    #expect(server.stat("/s/y0000000001")?.ephemeralOwner == a)
  }

  @Test func `Every create counts, sequential or not, deletes do not, and no number comes again`() {
    var server = Standalone()
    let a = server.open()
    server.given(a, .create("/s"), .create("/s/plain"), .delete("/s/plain"))
    server.given(a, .create("/s/x-", [], .persistentSequential), .delete("/s/x-0000000001"))
    #expect(
      server.ask(a, .create("/s/x-", [], .persistentSequential)) == created("/s/x-0000000002"))
  }

  @Test func `Grandchildren and failures do not count`() {
    var server = Standalone()
    let a = server.open()
    server.given(a, .create("/s"), .create("/s/c"), .create("/s/c/g"))
    server.ask(a, .create("/s/c"))
    #expect(server.ask(a, .create("/s/x", [], .persistentSequential)) == created("/s/x0000000001"))
  }

  @Test func `A name may be the number alone, and no other path may end with a slash`() {
    var server = Standalone()
    let a = server.open()
    server.given(a, .create("/s"))
    #expect(server.ask(a, .create("/s/", [], .persistentSequential)) == created("/s/0000000000"))
    #expect(server.ask(a, .create("/s/")) == failure(.badArguments))
  }

  @Test func `A number makes a name valid that was none`() {
    var server = Standalone()
    let a = server.open()
    #expect(server.ask(a, .create("/..")) == failure(.badArguments))
    #expect(server.ask(a, .create("/..", [], .persistentSequential)) == created("/..0000000000"))
  }

  @Test func `At 2,147,483,647 the counter stops, and pzxid with it`() {
    var server = Standalone()
    let a = server.open()
    server.given(a, .create("/s"))
    server.service.amend("/s") { $0.childrenCreated = .max - 1 }
    #expect(server.ask(a, .create("/s/x", [], .persistentSequential)) == created("/s/x2147483646"))
    #expect(server.ask(a, .create("/s/x", [], .persistentSequential)) == created("/s/x2147483647"))
    let pzxid = server.stat("/s")?.pzxid
    #expect(pzxid == Zxid(3))
    #expect(server.stat("/s/x2147483647")?.czxid == Zxid(4))
    #expect(server.ask(a, .create("/s/x", [], .persistentSequential)) == failure(.nodeExists))
    #expect(server.ask(a, .create("/s/plain")) == created("/s/plain"))
    #expect(server.stat("/s")?.pzxid == pzxid)
    server.given(a, .delete("/s/x2147483647"))
    #expect(server.ask(a, .create("/s/x", [], .persistentSequential)) == created("/s/x2147483647"))
  }

  @Test func `Visible cversion wraps where twice the counter does`() {
    var server = Standalone()
    let a = server.open()
    server.given(a, .create("/s"))
    server.service.amend("/s") { $0.childrenCreated = .max }
    #expect(server.stat("/s")?.cversion == -2)
  }

  @Test func `A sign would count among the ten characters`() {
    var server = Standalone()
    let a = server.open()
    server.given(a, .create("/s"))
    server.service.amend("/s") { $0.childrenCreated = -7 }
    #expect(server.ask(a, .create("/s/x", [], .persistentSequential)) == created("/s/x-000000007"))
  }
}
