import NIOCore
import Testing
import ZooKeeper
import ZooKeeperWire

/// What the recorded frames say, spelled out.
@Suite struct `What the recorded frames mean` {
  static let requests: [(String, ClientFrame)] = [
    ("create /fx, 1", ClientFrame(xid: 1, .create(Create("/fx", data: Array("hello".utf8))))),
    (
      "create2 /fx2, 1",
      ClientFrame(xid: 2, .create(Create("/fx2", data: Array("v".utf8), withStat: true)))
    ),
    ("getData /fx, 1", ClientFrame(xid: 3, .getData(path: "/fx"))),
    ("exists /fx3 watch, 1", ClientFrame(xid: 5, .exists(path: "/fx3", watch: true))),
    (
      "setData /fx v0, 1",
      ClientFrame(xid: 8, .setData(path: "/fx", data: Array("w".utf8), version: 0))
    ),
    ("getChildren /, 1", ClientFrame(xid: 10, .getChildren(path: "/"))),
    ("getChildren2 /fx, 1", ClientFrame(xid: 11, .getChildren(path: "/fx", withStat: true))),
    ("getACL /fx, 1", ClientFrame(xid: 12, .getACL(path: "/fx"))),
    ("setACL /fx, 1", ClientFrame(xid: 13, .setACL(path: "/fx", acl: .open, version: 0))),
    ("sync /fx, 1", ClientFrame(xid: 14, .sync(path: "/fx"))),
    ("ping, 1", ClientFrame(xid: .ping, .ping)),
    (
      "multi ok, 1",
      ClientFrame(
        xid: 15,
        .multi([
          .create(Create("/m1", data: Array("a".utf8))),
          .setData(path: "/m1", data: Array("b".utf8), version: 0),
          .check(path: "/m1", version: 1), .delete(path: "/m1"),
          .create(Create("/m2", data: Array("a".utf8), withStat: true)),
        ]))
    ),
    (
      "multi fail, 1",
      ClientFrame(
        xid: 16,
        .multi([
          .create(Create("/m3", data: Array("a".utf8))), .delete(path: "/nope"),
          .setData(path: "/m3", data: Array("b".utf8), version: 0),
        ]))
    ),
    (
      "auth digest bob:pw, 1",
      ClientFrame(xid: .auth, .auth(scheme: "digest", credentials: Array("bob:pw".utf8)))
    ),
    (
      "whoAmI, 1",
      ClientFrame(xid: 18, .whoAmI)
    ),
    ("delete /fx/c, 1", ClientFrame(xid: 25, .delete(path: "/fx/c"))),
    (
      "setWatches rel 0, 1",
      ClientFrame(
        xid: .setWatches,
        .setWatches(
          SetWatches(relativeZxid: .zero, data: ["/fx"], exist: ["/fx"], child: ["/fx"])))
    ),
    ("create ephemeral, 1", ClientFrame(xid: 26, .create(Create("/e", mode: .ephemeral)))),
    ("close, 1", ClientFrame(xid: 30, .closeSession)),
  ]

  @Test(arguments: requests)
  func `A request`(name: String, frame: ClientFrame) throws {
    let captured = try CapturedFrame.named(name)
    #expect(try ClientFrame(decoding: captured.frame, .lenient) == frame)
  }

  private static let created = Stat(
    czxid: Zxid(2), mzxid: Zxid(2), ctime: 0x1a2_0ae0_5908, mtime: 0x1a2_0ae0_5908, dataLength: 5,
    pzxid: Zxid(2))

  private static func set(aversion: Int32 = 0) -> Stat {
    Stat(
      czxid: Zxid(2), mzxid: Zxid(5), ctime: 0x1a2_0ae0_5908, mtime: 0x1a2_0ae0_5945, version: 1,
      aversion: aversion, dataLength: 1, pzxid: Zxid(2))
  }

  private static func reply(_ xid: Xid, _ zxid: Int64, _ answer: Answer) -> ServerFrame {
    .reply(xid: xid, Reply(zxid: Zxid(zxid), .success(answer)))
  }

  private static func reply(_ xid: Xid, _ zxid: Int64, _ code: ErrorCode) -> ServerFrame {
    .reply(xid: xid, Reply(zxid: Zxid(zxid), .failure(code)))
  }

  private static func event(_ type: EventType, _ path: String) -> ServerFrame {
    .event(WatchEvent(type, path), zxid: ServerFrame.eventZxid)
  }

  static let replies: [(String, ServerFrame)] = [
    ("create /fx, 2", reply(1, 2, .created(path: "/fx"))),
    (
      "create2 /fx2, 2",
      reply(
        2, 3,
        .created(
          path: "/fx2",
          Stat(
            czxid: Zxid(3), mzxid: Zxid(3), ctime: 0x1a2_0ae0_5922, mtime: 0x1a2_0ae0_5922,
            dataLength: 1, pzxid: Zxid(3))))
    ),
    ("getData /fx, 2", reply(3, 3, .data(Array("hello".utf8), created))),
    ("getData /nope, 2", reply(4, 3, .noNode)),
    ("create /fx3 -> event, 2", event(.nodeCreated, "/fx3")),
    ("exists /fx, 2", reply(7, 4, .stat(created))),
    ("setData /fx v0, 2", reply(8, 5, .stat(set()))),
    ("setData /fx v0 badversion, 2", reply(9, 6, .badVersion)),
    ("getChildren /, 2", reply(10, 6, .children(["fx3", "fx2", "fx", "zookeeper"]))),
    ("getChildren2 /fx, 2", reply(11, 6, .children([], set()))),
    ("getACL /fx, 2", reply(12, 6, .acl(.open, set()))),
    ("setACL /fx, 2", reply(13, 7, .stat(set(aversion: 1)))),
    ("sync /fx, 2", reply(14, 7, .synced(path: "/fx"))),
    ("ping, 2", reply(.ping, 7, .done)),
    (
      "multi ok, 2",
      reply(
        15, 8,
        .multi([
          .created(path: "/m1"),
          .set(
            Stat(
              czxid: Zxid(8), mzxid: Zxid(8), ctime: 0x1a2_0ae0_5961, mtime: 0x1a2_0ae0_5961,
              version: 1, dataLength: 1, pzxid: Zxid(8))),
          .checked, .deleted, .created(path: "/m2"),
        ]))
    ),
    (
      "multi fail, 2",
      reply(
        16, 9, .multi([.failed(.ok), .failed(.noNode), .failed(.runtimeInconsistency)]))
    ),
    ("auth digest bob:pw, 2", reply(.auth, 0, .done)),
    ("delete /fx/c, 2", reply(25, 11, .done)),
    ("setWatches rel 0, 2", event(.nodeDataChanged, "/fx")),
    ("setWatches rel 0, 3", event(.nodeCreated, "/fx")),
    ("setWatches rel 0, 4", event(.nodeChildrenChanged, "/fx")),
    ("setWatches rel 0, 5", reply(.setWatches, 11, .done)),
    ("close, 2", reply(30, 16, .done)),
    ("NodeDeleted for an expired session's ephemeral, 1", event(.nodeDeleted, "/exp")),
    ("getData cut short, 2", reply(1, 169, .marshallingError)),
  ]

  @Test(arguments: replies)
  func `A reply or an event`(name: String, frame: ServerFrame) throws {
    let captured = try CapturedFrame.named(name)
    let decoded = try ServerFrame(
      decoding: captured.frame, .lenient, answering: CapturedFrame.opcode(of:))
    #expect(decoded == frame)
  }

  @Test func `The handshake`() throws {
    let asked = try CapturedFrame.named("connect, 1").frame
    #expect(try ConnectRequest(decoding: asked, .lenient) == ConnectRequest(timeout: 10_000))
    let granted = try ConnectResponse(
      decoding: try CapturedFrame.named("connect, 2").frame, .lenient)
    #expect(granted.timeout == 10_000 && granted.session == SessionID(0x100_0019_a29b_0000))
    let expired = try CapturedFrame.named(
      "session refused: unknown id, the connection ends after it, 1")
    #expect(try ConnectResponse(decoding: expired.frame, .lenient) == .expired())
    let old = try CapturedFrame.named("connect without the readOnly byte, 1")
    #expect(try ConnectResponse(decoding: old.frame, .lenient).readOnly == nil)
  }
}
