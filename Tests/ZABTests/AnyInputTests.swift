import ProtocolCore
import ReplicatedLog
import Testing
import ZAB

/// Whatever comes in, in whatever order, a server goes on.
struct AnyInputTests {
  private static let numbers: [Zxid] = [
    .zero, Zxid(1, 0), Zxid(1, 1), Zxid(1, 2), Zxid(2, 0), Zxid(2, 1), Zxid(3, .max), Zxid(-1),
    .least, Zxid(.max),
  ]

  private static let votes: [Message] = ZAB.ServerState.allCases.flatMap { state in
    numbers.flatMap { zxid in
      [-2, 0, 1, 2, Int.max, Int.min].flatMap { round in
        ["a", "b", "stranger"].map { leader in
          .notification(
            ZAB.Notification(state, ZAB.Vote(leader, zxid, round), round: round))
        }
      }
    }
  }

  private static let packets: [Message] = numbers.flatMap { zxid -> [Message] in
    let proposal = Transaction(zxid, ReplicatedLog.Command("x", 1, .append("k", "a")))
    return [
      .proposal(proposal), .inform(proposal), .ack(zxid), .commit(zxid), .ping(zxid),
      .newLeader(zxid), .followerInfo(zxid), .diff(zxid), .trunc(zxid), .observerInfo(zxid),
      .leaderInfo(zxid), .ackEpoch(zxid, currentEpoch: nil), .ackEpoch(zxid, currentEpoch: 1),
      .ackEpoch(zxid, currentEpoch: .max), .snap(Snapshot(zxid, KeyValueStore())), .upToDate,
      .sync, .commitAndActivate(zxid, leader: "b"),
      .proposal(Transaction(zxid, .members(["a", "b"]))),
      .informAndActivate(Transaction(zxid, .members(["b"])), leader: "c"),
      .newLeader(zxid, ZAB.Configuration(zxid, members: ["a", "o"])),
      .snap(
        Snapshot(
          zxid, KeyValueStore(), configurations: [ZAB.Configuration(zxid, members: ["o", "a"])])),
      .notification(
        ZAB.Notification(
          .looking, ZAB.Vote("a", zxid, 1), round: 1,
          configuration: ZAB.Configuration(zxid, members: ["a", "stranger"]))),
      .request(.command(ReplicatedLog.Command("y", 1, .get("k")))), .request(.rebuild),
    ]
  }

  private static let disks: [[Record]] =
    [[]]
    + numbers.map { zxid in
      [
        .acceptedEpoch(zxid.epoch), .currentEpoch(zxid.epoch),
        .snapshot(Snapshot(zxid, KeyValueStore())),
        .proposal(Transaction(zxid, ReplicatedLog.Command("x", 1, .get("k")))),
        .installed(Snapshot(Zxid(1, 2), KeyValueStore()), currentEpoch: 1),
        .proposal(transaction(1, 3)), .acceptedEpoch(.min), .currentEpoch(.max),
        .quorumVerifier(ZAB.Configuration(zxid, members: [])),
        .quorumVerifier(ZAB.Configuration(zxid, members: ["b", "o"])),
        .proposal(Transaction(Zxid(1, 4), .members(["a"]))),
      ]
    }

  private static let timers: [ZAB.Timer] = [
    .notification, .finalize, .elected("a"), .elected("b"), .elected("stranger"), .connect,
    .initLimit, .ping, .syncLimit,
  ]

  @Test(arguments: [false, true], ["a", "c", "o"] as [NodeID])
  func `Whatever comes in, it goes on`(isAny: Bool, id: NodeID) {
    var settings = ZAB.Settings()
    if isAny { settings.election = .any }
    settings.reconfigEnabled = true
    let ensemble = ZAB.Ensemble(
      voters: ["a", "b", "c"].map { ZAB.Ensemble.Voter($0) }, observers: ["o"])
    var choices = Choices(seed: 7)
    let peers: [NodeID] = ["a", "b", "c", "o", "stranger"]
    var effects = 0
    for life in 0..<400 {
      var server = ZABModel.Node(id, of: ensemble, settings: settings)
      if life.isMultiple(of: 4), let rule = choices.pick(ZAB.Rule.allCases) {
        server.without = [rule]
      }
      effects += server.step(.started(choices.pick(Self.disks) ?? [])).count
      for _ in 0..<60 {
        let peer = choices.pick(peers) ?? "a"
        let event: Event<ZABModel.Words>? =
          switch choices.below(9) {
          case 0:
            .asked(
              choices.pick([
                .command(.init("x", 1, .append("k", "a"))), .members(["a"]), .members([]),
              ]) ?? .rebuild, RequestID(0))
          case 1, 2: choices.pick(Self.timers).map { .expired($0) }
          case 3: choices.pick(Self.disks).map { .stored($0) }
          case 4: .disconnected(peer)
          case 5: choices.pick(Self.votes).map { .received($0, from: peer) }
          default: choices.pick(Self.packets).map { .received($0, from: peer) }
          }
        if let event { effects += server.step(event).count }
      }
    }
    #expect(effects > 500)
  }
}
