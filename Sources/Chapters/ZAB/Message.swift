public import ProtocolCore

extension ZAB {
  /// What a server tells others while it looks for a leader, and is told by those that have one.
  ///
  /// Fields and order are those of Apache's notification, but for its version, which is left to the
  /// wire.
  public struct Notification: Hashable, Sendable {
    /// What its sender does.
    public let state: ServerState
    /// The leader that it proposes, or has.
    public let leader: NodeID
    /// That leader's last zxid.
    public let zxid: Zxid
    /// The round of elections.
    public let electionEpoch: Int
    /// That leader's current epoch.
    public let peerEpoch: Int
    /// The configuration in force at its sender; nil for the one with which all begin.
    public let configuration: Configuration?

    /// A vote, in a round, by a server in this state.
    public init(
      _ state: ServerState, _ vote: Vote, round: Int, configuration: Configuration? = nil
    ) {
      self.state = state
      self.configuration = configuration
      (leader, zxid, peerEpoch) = (vote.leader, vote.zxid, vote.peerEpoch)
      electionEpoch = round
    }

    /// The vote.
    var vote: Vote { Vote(leader, zxid, peerEpoch) }
  }

  /// What a server does.
  public enum ServerState: String, Named {
    /// It looks for a leader.
    case looking
    /// It follows one.
    case following
    /// It leads.
    case leading
    /// It observes a leader.
    case observing
  }
}

extension ZAB.Words {
  /// What servers send each other: the notifications of elections, and Apache's quorum packets, in
  /// the order of their numbers, with their zxid and data.
  public enum Message: Hashable, Sendable {
    /// A vote.
    case notification(ZAB.Notification)
    /// 1 REQUEST: a client of mine asks this.
    case request(Service.Request)
    /// 2 PROPOSAL: write this to your log.
    case proposal(Proposal<Service>)
    /// 3 ACK: I have.
    case ack(Zxid)
    /// 4 COMMIT: deliver it.
    case commit(Zxid)
    /// 5 PING: the last proposed; answered by the same.
    case ping(Zxid)
    /// 7 SYNC: you have been sent all that I had proposed when you asked.
    case sync
    /// 8 INFORM: to an observer, deliver this.
    case inform(Proposal<Service>)
    /// 9 COMMITANDACTIVATE: deliver this reconfiguration, which is in force now; and whom to follow
    /// from here on.
    case commitAndActivate(Zxid, leader: NodeID)
    /// 10 NEWLEADER: you have all that I began this epoch with; with UPTODATE this configuration is
    /// in force, if it is not the one with which all begin.
    case newLeader(Zxid, ZAB.Configuration? = nil)
    /// 11 FOLLOWERINFO: I would follow, and have accepted this epoch.
    case followerInfo(Zxid)
    /// 12 UPTODATE: a quorum has it too, so serve.
    case upToDate
    /// 13 DIFF: what you lack follows, up to this.
    case diff(Zxid)
    /// 14 TRUNC: drop what you have behind this.
    case trunc(Zxid)
    /// 15 SNAP: this is all that I have.
    case snap(Snapshot<Service>)
    /// 16 OBSERVERINFO: I would observe, and have accepted this epoch.
    case observerInfo(Zxid)
    /// 17 LEADERINFO: this is the epoch.
    case leaderInfo(Zxid)
    /// 18 ACKEPOCH: I accept it; my last transaction, and my current epoch; none (−1) when I had
    /// accepted it already.
    case ackEpoch(Zxid, currentEpoch: Int?)
    /// 19 INFORMANDACTIVATE: to an observer, deliver this reconfiguration, which is in force now;
    /// and whom to observe from here on.
    case informAndActivate(Proposal<Service>, leader: NodeID)
  }
}

extension ZAB.Notification: CustomStringConvertible {
  /// As runs print it: `looking, round 1: a 0.0 of epoch 0`.
  public var description: String {
    "\(state.rawValue), round \(electionEpoch): \(vote)"
      + (configuration.map { ", configuration \($0)" } ?? "")
  }
}

extension ZAB.Words.Message: CustomStringConvertible {
  /// As runs print it.
  public var description: String {
    switch self {
    case .notification(let notification): "\(notification)"
    case .request(let request): "REQUEST \(request)"
    case .proposal(let proposal): "PROPOSAL \(proposal)"
    case .ack(let zxid): "ACK \(zxid)"
    case .commit(let zxid): "COMMIT \(zxid)"
    case .ping(let zxid): "PING \(zxid)"
    case .sync: "SYNC"
    case .inform(let proposal): "INFORM \(proposal)"
    case .commitAndActivate(let zxid, let leader): "COMMITANDACTIVATE \(zxid), leader \(leader)"
    case .newLeader(let zxid, nil): "NEWLEADER \(zxid)"
    case .newLeader(let zxid, let configuration?):
      "NEWLEADER \(zxid), configuration \(configuration)"
    case .followerInfo(let zxid): "FOLLOWERINFO \(zxid)"
    case .upToDate: "UPTODATE"
    case .diff(let zxid): "DIFF \(zxid)"
    case .trunc(let zxid): "TRUNC \(zxid)"
    case .snap(let snapshot): "SNAP \(snapshot)"
    case .observerInfo(let zxid): "OBSERVERINFO \(zxid)"
    case .leaderInfo(let zxid): "LEADERINFO \(zxid)"
    case .ackEpoch(let zxid, let epoch?): "ACKEPOCH \(zxid), epoch \(epoch)"
    case .ackEpoch(let zxid, nil): "ACKEPOCH \(zxid), again"
    case .informAndActivate(let proposal, let leader):
      "INFORMANDACTIVATE \(proposal), leader \(leader)"
    }
  }
}
