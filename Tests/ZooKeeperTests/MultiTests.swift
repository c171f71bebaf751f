import Testing
import ZooKeeper

/// Several operations as one (GUAR-2).
@Suite struct MultiTests {
  static func stage(_ dialect: Dialect = .reference) -> (Standalone, SessionID) {
    var server = Standalone(dialect: dialect)
    let a = server.open()
    server.given(a, .create("/m"))
    return (server, a)
  }

  @Test func `All succeed at one zxid, and each has its result`() {
    var (server, a) = Self.stage()
    let answer = server.ask(
      a,
      .multi([
        .create("/m/a"), .create(Create("/m/b", mode: .ephemeral, withStat: true)),
        .setData(path: "/m", data: [1]), .check(path: "/m", version: 1), .delete(path: "/m/a"),
      ]))
    let zxid = Zxid(3)
    #expect(server.reply.zxid == zxid)
    let made = server.stat("/m/b") ?? Stat()
    let set = Stat(
      czxid: Zxid(2), mzxid: zxid, ctime: 1000, mtime: 1000, version: 1, cversion: 2,
      dataLength: 1, numChildren: 2, pzxid: zxid)
    #expect(
      answer
        == .success(
          .multi([
            .created(path: "/m/a"), .created(path: "/m/b", made), .set(set), .checked, .deleted,
          ])))
    #expect(made.czxid == zxid && made.ephemeralOwner == a)
    #expect(server.stat("/m/a") == nil)
    #expect(server.stat("/m")?.pzxid == zxid)
  }

  @Test func `A later operation sees what an earlier one made, and took away`() {
    var (server, a) = Self.stage()
    let answer = server.ask(
      a,
      .multi([
        .create("/m/c"), .create("/m/c/d"), .delete(path: "/m/c/d"), .delete(path: "/m/c"),
        .create("/m/c"), .create("/m/s-", .persistentSequential),
      ]))
    #expect(
      answer
        == .success(
          .multi([
            .created(path: "/m/c"), .created(path: "/m/c/d"), .deleted, .deleted,
            .created(path: "/m/c"), .created(path: "/m/s-0000000002"),
          ])))
  }

  @Test func `When one fails nothing happens, and each operation's fate is told`() {
    var (server, a) = Self.stage()
    let before = server.stat("/m")
    let answer = server.ask(
      a,
      .multi([
        .create("/m/x-", .persistentSequential), .setData(path: "/m", data: [1]),
        .check(path: "/m", version: 7), .delete(path: "/m"), .create("/m/y"),
      ]))
    #expect(
      answer
        == .success(
          .multi([
            .failed(.ok), .failed(.ok), .failed(.badVersion), .failed(.runtimeInconsistency),
            .failed(.runtimeInconsistency),
          ])))
    #expect(server.stat("/m") == before)
    #expect(server.zxid == Zxid(3))
    #expect(
      server.ask(a, .create("/m/x-", [], .persistentSequential)) == created("/m/x-0000000000"))
  }

  @Test func `An empty multi succeeds and takes a zxid`() {
    var (server, a) = Self.stage()
    #expect(server.ask(a, .multi([])) == .success(.multi([])))
    #expect(server.reply.zxid == Zxid(3))
  }

  @Test func `An ephemeral made in a multi goes with its session`() {
    var (server, a) = Self.stage()
    server.given(a, .multi([.create("/m/e", .ephemeral)]), .closeSession)
    #expect(server.stat("/m/e") == nil)
  }

  static let spoilt = failure(.marshallingError)
  static func refused(_ code: ErrorCode) -> Result<Answer, ErrorCode> {
    .success(.multi([.failed(.ok), .failed(code)]))
  }

  @Test(arguments: [
    (Int32(7), Dialect.reference, spoilt), (Int32(5), .reference, spoilt),
    (Int32(6), .reference, spoilt),
    (Int32(7), older, refused(.badArguments)), (Int32(5), older, spoilt),
    (Int32(5), oldest, refused(.badArguments)),
  ])
  func `Flags that a multi cannot have`(
    flags: Int32, dialect: Dialect, expected: Result<Answer, ErrorCode>
  ) {
    var (server, a) = Self.stage(dialect)
    let mode = CreateMode(rawValue: flags)
    #expect(server.ask(a, .multi([.create("/m/a"), .create("/m/b", mode)])) == expected)
    #expect(server.reply.zxid == Zxid(3))
    #expect(server.stat("/m/a") == nil)
  }

  static let older: Dialect = {
    var dialect = Dialect.reference
    dialect.unknownModeSpoilsMulti = false
    return dialect
  }()

  static let oldest: Dialect = {
    var dialect = older
    dialect.knowsLaterModes = false
    return dialect
  }()

  @Test func `Before 3_7_2 a create2 in a multi is answered like a create`() {
    var old = Dialect.reference
    old.create2InMultiHasStat = false
    var (server, a) = Self.stage(old)
    let create = Create("/m/b", withStat: true)
    #expect(
      server.ask(a, .multi([.create(create)])) == .success(.multi([.created(path: "/m/b")])))
  }
}
