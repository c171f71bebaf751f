import Testing
import ZooKeeper

/// Preparing against what is proposed, committing in order (GUAR-1, GUAR-2).
@Suite struct ServiceTests {
  let session = SessionID(0x1_0000_0000_0000)

  /// A service with an open session, and `/n`.
  func stage() -> Service {
    var service = Service()
    _ = service.commit(service.prepareSession(session, timeout: 10_000, zxid: Zxid(1), time: 1))
    _ = service.commit(prepare(&service, .create("/n"), 2))
    return service
  }

  func prepare(_ service: inout Service, _ request: Request, _ zxid: Int64) -> Transaction {
    service.prepare(
      request, by: Author(session), cxid: Int32(zxid), zxid: Zxid(zxid), time: 10 * zxid)
  }

  @Test func `A request becomes a change without conditions`() {
    var service = stage()
    func body(_ request: Request) -> Transaction.Body { prepare(&service, request, 3).body }
    #expect(
      body(.create("/n/x", [1], .ephemeralSequential))
        == .create(
          Transaction.Creation(
            path: "/n/x0000000000", data: [1], acl: .open, isEphemeral: true, parentCVersion: 1)))
    #expect(body(.set("/n", [2], 0)) == .setData(path: "/n", data: [2], version: 1))
    #expect(body(.delete("/n/x0000000000")) == .delete(path: "/n/x0000000000"))
    #expect(body(.delete("/none")) == .error(.noNode))
    #expect(
      body(.multi([.create("/m"), .check(path: "/n", version: 1)]))
        == .multi([
          .create(
            Transaction.Creation(
              path: "/m", data: [], acl: .open, isEphemeral: false, parentCVersion: 2)),
          .check(path: "/n", version: 2),
        ]))
    #expect(
      body(.multi([.create("/o"), .delete(path: "/n", version: 9), .create("/p")]))
        == .multi([.error(.ok), .error(.badVersion), .error(.runtimeInconsistency)]))
    #expect(body(.setACL("/n", .readOnly)) == .setACL(path: "/n", acl: .readOnly, version: 1))
    #expect(body(.closeSession) == .closeSession(paths: []))
  }

  @Test func `A transaction says who asked, and when`() {
    var service = stage()
    let transaction = prepare(&service, .delete("/none"), 3)
    #expect(
      transaction
        == Transaction(
          session: session, cxid: 3, zxid: Zxid(3), time: 30, body: .error(.noNode)))
  }

  @Test func `What is in flight counts for the next request, and not for readers`() {
    var service = stage()
    let first = prepare(&service, .create("/n/c"), 3)
    let second = prepare(&service, .delete("/n"), 4)
    #expect(second.body == .error(.notEmpty))
    let third = prepare(&service, .create("/n/", [], .persistentSequential), 5)
    #expect(service.answer(.exists("/n/c"), by: Author(session)).result == failure(.noNode))
    #expect(service.answer(.exists("/n/c"), by: Author(session)).zxid == Zxid(2))
    #expect(service.commit(first).reply == Reply(zxid: Zxid(3), created("/n/c")))
    #expect(service.commit(second).reply == Reply(zxid: Zxid(4), failure(.notEmpty)))
    #expect(service.commit(third).reply == Reply(zxid: Zxid(5), created("/n/0000000001")))
    #expect(service.proposed == service.applied)
  }

  @Test func `A session that is about to end writes nothing more`() {
    var service = stage()
    let owned = prepare(&service, .create("/e", [], .ephemeral), 3)
    let close = prepare(&service, .closeSession, 4)
    #expect(close.body == .closeSession(paths: ["/e"]))
    #expect(prepare(&service, .create("/f", [], .ephemeral), 5).body == .error(.sessionExpired))
    #expect(prepare(&service, .closeSession, 6).body == .closeSession(paths: []))
    _ = service.commit(owned)
    let result = service.commit(close)
    #expect(result.changes == [Change(.deleted, "/e", acl: .open, parentACL: .open)])
    #expect(service.applied.openSessions == [])
  }

  @Test func `An result tells the changes in the order in which watches fire`() {
    var service = stage()
    let transaction = prepare(
      &service,
      .multi([.create("/n/a"), .setData(path: "/n", data: nil), .delete(path: "/n/a")]), 3)
    #expect(
      service.commit(transaction).changes == [
        Change(.created, "/n/a", acl: .open, parentACL: .open),
        Change(.dataChanged, "/n", acl: .open),
        Change(.deleted, "/n/a", acl: .open, parentACL: .open),
      ])
    let acl = prepare(&service, .setACL("/n", .readOnly), 4)
    #expect(service.commit(acl).changes == [])
    let failed = prepare(&service, .create("/n"), 5)
    #expect(service.commit(failed).changes == [])
  }

  @Test func `A follower that commits the same is the same`() {
    var (leader, follower) = (stage(), stage())
    let requests: [Request] = [
      .create("/n/c", [1], .ephemeral), .set("/n", [5]), .setACL("/n", .readOnly),
      .create("/n/x-", [], .persistentSequential), .delete("/n"),
      .multi([.create("/q"), .delete(path: "/q")]), .closeSession,
    ]
    let transactions = requests.enumerated().map { prepare(&leader, $1, Int64($0) + 3) }
    for transaction in transactions {
      #expect(leader.commit(transaction) == follower.commit(transaction))
    }
    #expect(leader == follower)
    #expect(follower.applied.paths == leader.applied.paths)
  }

  @Test func `Another's transaction in between is seen by what is still in flight`() {
    var service = stage()
    let mine = prepare(&service, .set("/n", [1]), 4)
    let other = Transaction(
      session: session, cxid: 0, zxid: Zxid(3), time: 0,
      body: .setData(path: "/n", data: [7], version: 9))
    _ = service.commit(other)
    #expect(service.inFlight == [mine])
    #expect(service.applied["/n"]?.version == 9)
    #expect(service.proposed["/n"]?.version == 1)
    _ = service.commit(mine)
    #expect(service.proposed["/n"]?.data == [1])
  }

  @Test func `A transaction that was edited after it was prepared is what counts`() {
    var service = stage()
    var first = prepare(&service, .create("/a"), 3)
    let second = prepare(&service, .create("/b"), 4)
    first.body = .error(.noAuth)
    #expect(service.commit(first).reply.result == failure(.noAuth))
    #expect(service.proposed["/a"] == nil)
    #expect(service.proposed["/b"] != nil)
    _ = service.commit(second)
    #expect(prepare(&service, .create("/a/c"), 5).body == .error(.noNode))
  }

  @Test func `A leader that is deposed forgets what it proposed`() {
    var service = stage()
    _ = prepare(&service, .create("/n/c"), 3)
    _ = prepare(&service, .delete("/n/c"), 4)
    _ = prepare(&service, .delete("/n"), 5)
    service.abandonProposals()
    #expect(service == stage())
    #expect(service.lastProposed == Zxid(2))
    #expect(prepare(&service, .create("/n"), 3).body == .error(.nodeExists))
  }

  @Test func `What is amended is amended in what is proposed, too`() {
    var service = stage()
    _ = prepare(&service, .create("/a"), 3)
    _ = prepare(&service, .create("/b"), 4)
    service.amend("/n") { $0.version = 7 }
    #expect(service.applied["/n"]?.version == 7)
    #expect(service.proposed["/n"]?.version == 7)
    #expect(
      prepare(&service, .set("/n", [], 7), 5).body == .setData(path: "/n", data: [], version: 8))
  }

  @Test func `A delete that is replayed does not take its parent back`() {
    var service = stage()
    _ = service.commit(prepare(&service, .create("/n/c"), 3))
    let delete = prepare(&service, .delete("/n/c"), 4)
    service.amend("/n") { $0.pzxid = Zxid(9) }
    _ = service.commit(delete)
    #expect(service.applied["/n"]?.pzxid == Zxid(9))
    #expect(service.applied["/n"]?.childCount == 0)
  }

  @Test func `A snapshot stays as it was`() {
    var service = stage()
    let snapshot = service.applied
    _ = service.commit(prepare(&service, .create("/n/c"), 3))
    _ = service.commit(prepare(&service, .set("/n", [1]), 4))
    #expect(snapshot["/n/c"] == nil)
    #expect(snapshot["/n"]?.stat.numChildren == 0)
    #expect(snapshot["/n"]?.version == 0)
    #expect(snapshot.zxid == Zxid(2))
    #expect(service.applied["/n"]?.stat.numChildren == 1)
  }

  @Test(arguments: [
    Transaction.Body.create(
      Transaction.Creation(
        path: "/none/c", data: nil, acl: [], isEphemeral: true, parentCVersion: 1)),
    .create(
      Transaction.Creation(path: "", data: nil, acl: [], isEphemeral: false, parentCVersion: 1)),
    .delete(path: "/none"), .delete(path: "none"), .setData(path: "/none", data: [], version: 1),
    .setACL(path: "/none", acl: [], version: 1),
  ])
  func `A transaction that cannot be applied changes nothing and says so`(body: Transaction.Body) {
    var service = stage()
    var before = service.applied
    let result = service.commit(
      Transaction(session: session, cxid: 0, zxid: Zxid(3), time: 0, body: body))
    #expect(result == TransactionResult(reply: Reply(zxid: Zxid(3), failure(.noNode))))
    before.apply(
      Transaction(session: session, cxid: 0, zxid: Zxid(3), time: 0, body: .error(.noNode)))
    #expect(service.applied == before)
  }

  @Test func `A create that is applied twice adds nothing, and its parent's counter stands`() {
    var service = stage()
    let create = prepare(&service, .create("/n/c", [1]), 3)
    _ = service.commit(create)
    _ = service.commit(prepare(&service, .set("/n/c", [2]), 4))
    #expect(service.commit(create).reply.result == failure(.nodeExists))
    #expect(service.applied["/n"]?.stat.numChildren == 1)
    #expect(service.applied["/n"]?.childrenCreated == 1)
    #expect(service.applied["/n/c"]?.data == [2])
  }

  @Test func `A creation may leave its parent's counter to the tree`() {
    var service = stage()
    let creation = Transaction.Creation(
      path: "/n/c", data: [], acl: .open, isEphemeral: false, parentCVersion: -1)
    _ = service.commit(
      Transaction(session: session, cxid: 0, zxid: Zxid(3), time: 0, body: .create(creation)))
    #expect(service.applied["/n"]?.childrenCreated == 1)
    #expect(service.applied["/n"]?.pzxid == Zxid(3))
  }

  @Test(arguments: [
    Request.get("/n"), .ping, .auth(scheme: "ip", credentials: nil), .sync(path: nil),
  ])
  func `What takes no zxid is not prepared`(request: Request) {
    var service = stage()
    #expect(prepare(&service, request, 3).body == .error(.unimplemented))
  }

  @Test(arguments: [Request.create("/x"), .multi([]), .closeSession])
  func `What takes a zxid is not answered by a read`(request: Request) {
    #expect(stage().answer(request, by: Author(session)).result == failure(.unimplemented))
  }
}
