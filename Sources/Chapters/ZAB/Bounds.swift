import ProtocolCore

// Numbers that no correct server comes to, so that what is made up stops no process.

extension Int {
  fileprivate var isWithinReason: Bool { (0..<1 << 30).contains(self) }

  /// Itself, or zero.
  var inReason: Int { isWithinReason ? self : 0 }
}

extension Zxid {
  /// Whether a correct server can have given it.
  var isWithinReason: Bool { value >= 0 && epoch.isWithinReason }
}

extension ZAB.Words.Message {
  /// Whether a correct server can have sent it, by its numbers.
  var isWithinReason: Bool {
    switch self {
    case .notification(let told):
      told.electionEpoch.isWithinReason && told.peerEpoch >= -1 && told.peerEpoch < 1 << 30
    case .proposal(let proposal), .inform(let proposal):
      proposal.zxid.isWithinReason && !proposal.zxid.isNewEpoch
    case .ack(let zxid), .commit(let zxid), .ping(let zxid), .newLeader(let zxid),
      .followerInfo(let zxid), .diff(let zxid), .trunc(let zxid), .observerInfo(let zxid),
      .leaderInfo(let zxid):
      zxid.isWithinReason
    case .ackEpoch(let zxid, let epoch): zxid.isWithinReason && (epoch ?? 0).isWithinReason
    case .snap(let snapshot): snapshot.zxid.isWithinReason
    case .request, .upToDate, .sync: true
    }
  }

  /// Whether a connection begins with it.
  var isGreeting: Bool {
    switch self {
    case .followerInfo, .observerInfo: true
    case .notification, .request, .proposal, .ack, .commit, .ping, .sync, .inform,
      .newLeader, .upToDate, .diff, .trunc, .snap, .leaderInfo, .ackEpoch:
      false
    }
  }
}
