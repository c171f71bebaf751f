import Testing
import ZooKeeper

/// Sessions and their time (SESS-3 to SESS-5).
@Suite struct SessionTests {
  @Test(arguments: [
    (Int32(-1), Int32(4000)), (0, 4000), (3999, 4000), (4000, 4000), (4001, 4001),
    (40_000, 40_000), (40_001, 40_000), (.max, 40_000), (.min, 4000),
  ])
  func `A timeout between 2 and 20 ticks is granted, any other becomes the nearest of them`(
    asked: Int32, granted: Int32
  ) {
    #expect(Sessions(tick: 2000).negotiated(asked) == granted)
  }

  @Test func `Bounds can be given instead`() {
    #expect(Sessions(tick: 2000, timeouts: 1...9).negotiated(5) == 5)
    #expect(Sessions(tick: .max).negotiated(5) == .max)
  }

  @Test func `An id holds the server, 40 bits of its clock, and a counter`() {
    var sessions = Sessions(server: 3, started: 0x7f_1234_5678_9abc)
    #expect(sessions.open(requesting: 0, now: 0).session == SessionID(0x0334_5678_9abc_0000))
    #expect(sessions.open(requesting: 0, now: 0).session == SessionID(0x0334_5678_9abc_0001))
    var high = Sessions(server: 0xfe, started: 0)
    #expect(high.open(requesting: 0, now: 0).session.rawValue < 0)
  }

  @Test func `The password is the one that every server computes`() {
    let password: [UInt8] = [
      0x47, 0xc8, 0xae, 0x0e, 0xc8, 0x41, 0x64, 0x48, 0xfd, 0x7d, 0x2a, 0xa2, 0x51, 0x3b, 0x27,
      0x5a,
    ]
    #expect(SessionID(0x1000_019a_29b0_000).password == password)
  }

  @Test(arguments: [
    (Int64(0), Int32(4000), Int64(6000)), (1, 4000, 6000), (1999, 4000, 6000), (2000, 4000, 8000),
    (0, 4001, 6000), (0, 5999, 6000), (0, 6000, 8000),
  ])
  func `A deadline is the end of the tick in which the timeout ends`(
    now: Int64, timeout: Int32, deadline: Int64
  ) {
    #expect(Sessions(tick: 2000).deadline(timeout, now: now) == deadline)
  }

  @Test func `A session expires at its deadline, once, and not a millisecond before`() {
    var sessions = Sessions(tick: 2000)
    let (a, _) = sessions.open(requesting: 4000, now: 100)
    #expect(sessions.nextExpiry == 6000)
    #expect(sessions.expire(now: 5999) == [])
    #expect(sessions.isOpen(a))
    #expect(sessions.expire(now: 6000) == [a])
    #expect(!sessions.isOpen(a))
    #expect(sessions.expire(now: 60_000) == [])
    #expect(sessions.nextExpiry == nil)
  }

  @Test func `Whoever is heard of lives on`() {
    var sessions = Sessions(tick: 2000)
    let (a, _) = sessions.open(requesting: 4000, now: 0)
    let (b, _) = sessions.open(requesting: 4000, now: 0)
    #expect(sessions.touch(a, now: 3000) == true)
    #expect(sessions.expire(now: 6000) == [b])
    #expect(sessions.nextExpiry == 8000)
    #expect(sessions.expire(now: 8000) == [a])
    #expect(sessions.touch(a, now: 8000) == false)
  }

  @Test func `Sessions expire in the order of their deadlines`() {
    var sessions = Sessions(tick: 2000)
    let late = sessions.open(requesting: 9000, now: 0).session
    let early = sessions.open(requesting: 4000, now: 0).session
    let alike = sessions.open(requesting: 4001, now: 0).session
    #expect(sessions.expire(now: 20_000) == [early, alike, late])
  }

  @Test func `A session is resumed with its id and its password, and a new timeout`() {
    var sessions = Sessions(tick: 2000)
    let (a, _) = sessions.open(requesting: 10_000, now: 0)
    #expect(
      sessions.resume(a, password: a.password, requesting: 20_000, now: 1000) == 20_000)
    #expect(sessions.timeout(of: a) == 20_000)
    #expect(sessions.resume(a, password: a.password, requesting: 1, now: 1000) == 4000)
    #expect(sessions.nextExpiry == 6000)
    var wrong = a.password
    wrong[15] ^= 1
    #expect(sessions.resume(a, password: wrong, requesting: 4000, now: 2000) == nil)
    #expect(sessions.resume(a, password: [], requesting: 4000, now: 2000) == nil)
    #expect(sessions.nextExpiry == 6000)
    let b = SessionID(a.rawValue + 1)
    #expect(sessions.resume(b, password: b.password, requesting: 4000, now: 2000) == nil)
  }

  @Test func `What was closed or expired is not resumed`() {
    var sessions = Sessions(tick: 2000)
    let (a, _) = sessions.open(requesting: 4000, now: 0)
    let (b, _) = sessions.open(requesting: 4000, now: 0)
    sessions.close(a)
    #expect(sessions.resume(a, password: a.password, requesting: 4000, now: 1) == nil)
    #expect(sessions.expire(now: 6000) == [b])
    #expect(sessions.resume(b, password: b.password, requesting: 4000, now: 6000) == nil)
  }

  @Test func `A new leader gives every session its whole time again`() {
    var service = Service()
    let a = SessionID(5)
    _ = service.commit(service.prepareSession(a, timeout: 8000, zxid: Zxid(1), time: 0))
    var sessions = Sessions(tick: 2000)
    for session in service.applied.openSessions {
      let timeout = service.applied.timeout(of: session) ?? 0
      sessions.track(session, timeout: timeout, now: 7000)
    }
    #expect(sessions.nextExpiry == 16_000)
  }
}
