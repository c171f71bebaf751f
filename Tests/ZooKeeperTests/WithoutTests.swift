import Testing
import ZooKeeper

/// What goes wrong where a rule of the chapter is left out: each fault is planted from outside.
@Suite struct WithoutTests {
  // begin without-pzxid
  @Test func `If a delete left pzxid alone, a client that reconnects would miss it`() {
    var server = Standalone()
    let a = server.open()
    server.given(a, .create("/p"), .create("/p/c"))
    let seen = server.zxid
    let pzxid = server.stat("/p")?.pzxid ?? .zero
    server.given(a, .delete("/p/c"))
    let again = SetWatches(relativeZxid: seen, child: ["/p"])

    var faulty = server
    faulty.service.amend("/p") { $0.pzxid = pzxid }
    faulty.given(a, .setWatches(again))
    #expect(faulty.told == [])

    server.given(a, .setWatches(again))
    #expect(server.told == ["0 NodeChildrenChanged /p"])
  }
  // end without-pzxid

  // begin without-counter
  @Test func `If a number were the number of children, two clients would hold the same name`() {
    var server = Standalone()
    let (a, b) = (server.open(), server.open())
    server.given(a, .create("/lock"), .create("/lock/c-", [], .ephemeralSequential))
    server.given(a, .delete("/lock/c-0000000000"))

    var faulty = server
    faulty.service.amend("/lock") { $0.childrenCreated = Int32($0.childCount) }
    let ticket = Request.create("/lock/c-", [], .ephemeralSequential)
    #expect(faulty.ask(b, ticket) == created("/lock/c-0000000000"))

    #expect(server.ask(b, ticket) == created("/lock/c-0000000001"))
  }
  // end without-counter

  // begin without-proposed
  @Test func `If writes were checked by what is applied, one of two would be lost`() {
    var service = Service()
    let author = Author(SessionID(1))
    func prepare(_ request: Request, _ zxid: Int64) -> Transaction {
      service.prepare(request, by: author, cxid: 0, zxid: Zxid(zxid), time: 0)
    }
    _ = service.commit(
      service.prepareSession(author.session, timeout: 4000, zxid: Zxid(1), time: 0))
    _ = service.commit(prepare(.create("/n"), 2))

    // Both have read version 0, and both write on that condition before either is applied.
    var faulty = service
    let mine = prepare(.set("/n", [1], 0), 3)
    var theirs = prepare(.set("/n", [2], 0), 4)
    #expect(theirs.body == .error(.badVersion))

    theirs.body = .setData(path: "/n", data: [2], version: 1)
    _ = faulty.commit(mine)
    _ = faulty.commit(theirs)
    #expect(faulty.applied["/n"]?.data == [2])
    #expect(faulty.applied["/n"]?.version == 1)
  }
  // end without-proposed

  // begin without-next-tick
  @Test func `If a deadline were rounded down, a session would expire before its time`() {
    let sessions = Sessions(tick: 2000)
    let (now, timeout) = (Int64(1000), Int32(4000))
    let roundedDown = (now + Int64(timeout)) / sessions.tick * sessions.tick
    #expect(roundedDown - now < Int64(timeout))
    #expect(sessions.deadline(timeout, now: now) - now >= Int64(timeout))
  }
  // end without-next-tick

  // begin without-connection
  @Test func `If watches stayed after their connection, an event would come twice`() {
    var server = Standalone()
    let (writer, reader) = (server.open(), server.open())
    server.given(writer, .create("/n"))
    server.given(reader, .get("/n", watch: true))
    // The reader's connection breaks; on the next one it sets its watch again.
    let (before, after) = (WatcherID(1), WatcherID(7))
    let again = SetWatches(relativeZxid: server.zxid, data: ["/n"])
    let change = [Change(.dataChanged, "/n", acl: .open)]

    var faulty = server.watches
    _ = faulty.restore(again, by: after, in: server.service.applied)
    #expect(faulty.trigger(change).map(\.watcher) == [before, after])

    server.watches.forget(before)
    _ = server.watches.restore(again, by: after, in: server.service.applied)
    #expect(server.watches.trigger(change).map(\.watcher) == [after])
  }
  // end without-connection
}
