import NIOCore
import Testing
import ZooKeeper
import ZooKeeperServer
import ZooKeeperWire

/// A server that has lost its ensemble, and serves those who put up with that.
@Suite struct ReadOnlyTests {
  private static func talk() -> Talk {
    var settings = Settings()
    settings.isReadOnly = true
    return Talk(settings)
  }

  private static func client(_ talk: inout Talk) throws -> ConnectionID {
    let id = talk.open()
    let response = try talk.connect(ConnectRequest(timeout: 10_000, readOnly: true), on: id)
    #expect(response.readOnly == true && response.session != .none)
    return id
  }

  @Test(arguments: [false, nil] as [Bool?])
  func `Who does not put up with it is refused without a word`(readOnly: Bool?) throws {
    var talk = Self.talk()
    let a = talk.open()
    var bytes = ByteBuffer()
    bytes.writeFrame { ConnectRequest(timeout: 10_000, readOnly: readOnly).write(to: &$0) }
    talk.send(bytes, on: a)
    #expect(talk.closed == [a] && talk.bytes(a).readableBytes == 0)
  }

  @Test func `Reads and watches are served, and nothing takes a zxid`() throws {
    var talk = Self.talk()
    let a = try Self.client(&talk)
    let reads: [Request] = [
      .exists(path: "/", watch: true), .getData(path: "/"), .getACL(path: "/"),
      .getChildren(path: "/"), .multiRead([.getData(path: "/")]), .getEphemerals(prefix: "/"),
      .getAllChildrenNumber(path: "/"), .whoAmI, .ping,
      .auth(scheme: "digest", credentials: Array("a:b".utf8)),
      .addWatch(path: "/", mode: .persistent), .checkWatches(path: "/", type: .any),
      .removeWatches(path: "/", type: .any), .setWatches(SetWatches(relativeZxid: .zero)),
    ]
    for request in reads { try talk.given(a, request) }
    #expect(talk.server.service.applied.zxid == .zero)
  }

  @Test func `What changes something, or needs the others, is refused`() throws {
    var talk = Self.talk()
    let a = try Self.client(&talk)
    let writes: [Request] = [
      .create(Create("/a")), .create(Create("/a", mode: .container)), .delete(path: "/a"),
      .setData(path: "/", data: nil), .setACL(path: "/", acl: .open), .multi([]),
      .sync(path: "/"), .reconfig(Reconfiguration()),
    ]
    for request in writes {
      #expect(
        try talk.reply(a, request) == Reply(zxid: .zero, .failure(.notReadOnly)), "\(request)")
    }
    #expect(talk.closed.isEmpty)
  }

  @Test func `A session ends as anywhere, and no transaction tells of it`() throws {
    var talk = Self.talk()
    let (a, b) = (try Self.client(&talk), try Self.client(&talk))
    try talk.given(a, .closeSession)
    #expect(talk.closed == [a])
    talk.advance(to: 60_000)
    #expect(talk.closed == [a, b])
    #expect(talk.server.service.applied.zxid == .zero)
  }
}
