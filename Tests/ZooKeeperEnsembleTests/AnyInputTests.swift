import ProtocolCore
import Testing
import ZAB
import ZooKeeper
import ZooKeeperEnsemble

/// Whatever comes in, in whatever order, servers and clients go on.
struct AnyInputTests {
  typealias Words = ZooKeeperEnsemble.Words

  private static let sessions = [SessionID.none, SessionID(1), SessionID(.min), SessionID(.max)]

  private static var hellos: [Words.Message] {
    sessions.flatMap { session in
      [Int32.min, 0, 100, .max].map { timeout in
        var hello = ZooKeeperEnsemble.ConnectRequest(timeout: timeout)
        (hello.session, hello.password) = (session, session.password)
        hello.canBeReadOnly = timeout == 0
        hello.lastZxidSeen = ZooKeeper.Zxid(timeout == .max ? Int64.max : 0)
        return .connect(hello)
      }
    }
  }

  private static var requests: [Words.Message] {
    let asked: [ZooKeeper.Request] =
      ZooKeeperEnsembleModel.requests.map(\.request) + [
        .ping, .closeSession, .sync(path: nil), .whoAmI, .check(path: "", version: -7),
        .create(Create("", mode: CreateMode(rawValue: .max))), .multi([]),
        .setWatches(SetWatches(relativeZxid: ZooKeeper.Zxid(.min), data: ["", "/a"])),
        .getChildren(path: "\0", watch: true),
      ]
    return asked.flatMap { [.request(1, $0), .request(.min, $0)] }
  }

  private static var packets: [Words.Message] {
    let reply = ZooKeeper.Reply(zxid: ZooKeeper.Zxid(.min), .failure(.noNode))
    return sessions.flatMap { session -> [Words.Message] in
      [
        .touched([session]), .revalidate(session, timeout: .min, connection: .max),
        .revalidated(session, isOpen: true, connection: 1),
        .sync(session, cxid: .max), .synced(session, cxid: 1),
        .connected(session, timeout: .min, isReadOnly: false),
        .connected(session, timeout: 1, isReadOnly: true),
        .peer(
          .request(
            ReplicatedTree.Request(.expire, by: Author(session), cxid: .min, at: "stranger"))),
        .peer(
          .request(
            ReplicatedTree.Request(
              .open(timeout: .min, number: .max), by: Author(session), cxid: 0, at: "a"))),
      ]
    } + [
      .reply(.max, reply), .reply(1, reply), .event(WatchEvent(.nodeDeleted, "/a"), .zero),
      .peer(.upToDate), .peer(.snap(Snapshot(PeerZxid(1, 0), ReplicatedTree()))),
      .peer(.ping(.zero)), .peer(.leaderInfo(PeerZxid(1, 0))), .peer(.newLeader(PeerZxid(1, 0))),
      .peer(.followerInfo(.zero)), .peer(.ackEpoch(.zero, currentEpoch: 0)),
      .peer(.ack(PeerZxid(1, 0))), .peer(.ack(PeerZxid(1, 1))), .peer(.commit(PeerZxid(1, 1))),
    ]
  }

  private static var timers: [Words.Timer] {
    sessions.map { .session($0) } + [.readOnly, .reap, .dial, .ping, .silence, .seek]
      + ["a", "b"].map { .peer(.elected($0)) } + [
        .peer(.initLimit), .peer(.syncLimit), .peer(.ping),
      ]
  }

  @Test(arguments: ["a", "x"] as [NodeID], [false, true])
  func `Whatever comes in, it goes on`(id: NodeID, isReadOnly: Bool) throws {
    let variant: ZooKeeperEnsemble.Variant = isReadOnly ? .readOnly : .any
    let topology = ZooKeeperEnsembleModel.topology(3)
    let member = try #require(topology.first { $0.id == id })
    let birth = try ZooKeeperEnsembleModel.node(
      for: member, in: topology, variant: variant, without: [])
    let messages = Self.hellos + Self.requests + Self.packets
    var choices = Choices(seed: 11)
    var effects = 0
    for life in 0..<400 {
      var node = birth
      if life % 4 == 0, let rule = choices.pick(ZooKeeperEnsemble.Rule.allCases) {
        node.without = [rule]
      }
      effects += node.step(.started([])).count
      // Half of the servers lead first, with b.
      if life % 2 == 0 {
        for event in Self.leading { effects += node.step(event).count }
      }
      for _ in 0..<60 {
        let sender = choices.pick(["a", "b", "c", "x", "y", "stranger"] as [NodeID]) ?? "y"
        switch choices.below(6) {
        case 0: effects += choices.pick(Self.timers).map { node.step(.expired($0)).count } ?? 0
        case 1:
          let channel = choices.chance(1, in: 2) ? Channel.clients : .main
          effects += node.step(.disconnected(sender, channel)).count
        default:
          effects +=
            choices.pick(messages).map { node.step(.received($0, from: sender)).count } ?? 0
        }
      }
    }
    #expect(effects > 1_000)
  }

  /// What makes a server the leader of epoch 1, with b.
  private static var leading: [Event<Words>] {
    [
      .expired(.peer(.elected("a"))), .received(.peer(.followerInfo(.zero)), from: "b"),
      .stored([.acceptedEpoch(1)]), .received(.peer(.ackEpoch(.zero, currentEpoch: 0)), from: "b"),
      .stored([.currentEpoch(1)]), .received(.peer(.ack(PeerZxid(1, 0))), from: "b"),
    ]
  }
}
