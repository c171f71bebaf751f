import Testing
import ZooKeeper

/// Nodes that go by themselves.
@Suite struct ReapingTests {
  private static func server(_ requests: Request...) -> Standalone {
    var server = Standalone()
    let a = server.open(.anyone)
    for request in requests { server.given(a, request) }
    return server
  }

  private static func reapable(_ server: Standalone, after milliseconds: Int64) -> [String] {
    server.service.applied.reapable(at: server.time + milliseconds)
  }

  @Test func `A container goes when it has had children, and has none`() {
    var server = Self.server(.create(Create("/box", mode: .container)))
    let a = server.open(.anyone)
    #expect(Self.reapable(server, after: 1_000_000) == [])
    server.given(a, .create("/box/c"))
    #expect(Self.reapable(server, after: 0) == [])
    server.given(a, .delete("/box/c"))
    #expect(Self.reapable(server, after: 0) == ["/box"])
    #expect(server.stat("/box")?.ephemeralOwner == SessionID.none)
  }

  @Test func `A node goes when its time is over, which each set begins anew`() {
    var server = Self.server(.create(Create("/t", ttl: 100)), .create(Create("/u", ttl: 100)))
    let a = server.open(.anyone)
    #expect(Self.reapable(server, after: 100) == [])
    #expect(Self.reapable(server, after: 101) == ["/t", "/u"])
    server.time += 60
    server.given(a, .set("/t", []), .create("/u/c"))
    #expect(Self.reapable(server, after: 90) == [])
    #expect(Self.reapable(server, after: 101) == ["/t"])
  }

  @Test func `It goes by a transaction of its own, unless it got a child meanwhile`() {
    var server = Self.server(.create(Create("/t", ttl: 1)), .create("/n"))
    let a = server.open(.anyone)
    var race = server
    race.given(a, .create("/t/c"))
    func reap(_ path: String, _ server: inout Standalone) -> Result<Answer, ErrorCode> {
      let transaction = server.service.prepareReaping(
        path, zxid: server.next, time: server.time)
      #expect(transaction.session == SessionID.none && transaction.cxid == 0)
      server.commit(transaction)
      return server.reply.result
    }
    #expect(reap("/t", &race) == failure(.notEmpty))
    #expect(reap("/t", &server) == .success(.done))
    #expect(reap("/t", &server) == failure(.noNode))
    #expect(reap("/n", &server) == failure(.badVersion))
    #expect(server.stat("/t") == nil && !server.service.applied.hasReaped)
  }

  @Test(arguments: [0, -1, 1 << 40, Int64.min]) func `A time that is none is refused`(ttl: Int64) {
    var server = Standalone()
    let a = server.open(.anyone)
    #expect(server.ask(a, .create(Create("/t", ttl: ttl))) == failure(.badArguments))
  }

  @Test func `What is switched off is not implemented`() {
    var dialect = Dialect.reference
    dialect.hasTTL = false
    var server = Standalone(dialect: dialect)
    let a = server.open(.anyone)
    for isSequential in [false, true] {
      let create = Create("/t", ttl: 1, sequential: isSequential)
      #expect(server.ask(a, .create(create)) == failure(.unimplemented))
    }
    #expect(server.stat("/t") == nil && server.stat("/t0000000000") == nil)
    // Containers are no such nodes: they are made, and go.
    server.given(
      a, .create(Create("/box", mode: .container)), .create("/box/c"), .delete("/box/c"))
    #expect(Self.reapable(server, after: 1_000_000) == ["/box"])
  }
}
