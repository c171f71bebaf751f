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

extension ZAB.Configuration {
  /// Whether a reconfiguration can have named it.
  var isWithinReason: Bool {
    version.isWithinReason && !version.isNewEpoch && !members.isEmpty
      && zip(members, members.dropFirst()).allSatisfy { $0 < $1 }
  }
}

extension Proposal {
  /// Whether a correct server can have made it, by its numbers.
  var isWithinReason: Bool {
    zxid.isWithinReason && !zxid.isNewEpoch && configuration?.isWithinReason ?? true
  }
}

extension ZAB.Words.Message {
  /// Whether a correct server can have sent it, by its numbers.
  var isWithinReason: Bool {
    switch self {
    case .notification(let told):
      told.electionEpoch.isWithinReason && told.peerEpoch >= -1 && told.peerEpoch < 1 << 30
        && told.configuration?.isWithinReason ?? true
    case .proposal(let proposal), .inform(let proposal), .informAndActivate(let proposal, _):
      proposal.isWithinReason
    case .newLeader(let zxid, let configuration):
      zxid.isWithinReason && configuration?.isWithinReason ?? true
    case .ack(let zxid), .commit(let zxid), .commitAndActivate(let zxid, _), .ping(let zxid),
      .followerInfo(let zxid), .diff(let zxid), .trunc(let zxid), .observerInfo(let zxid),
      .leaderInfo(let zxid):
      zxid.isWithinReason
    case .ackEpoch(let zxid, let epoch): zxid.isWithinReason && (epoch ?? 0).isWithinReason
    case .snap(let snapshot):
      snapshot.zxid.isWithinReason && snapshot.configurations.allSatisfy(\.isWithinReason)
    case .request, .upToDate, .sync: true
    }
  }

  /// Whether a connection begins with it.
  var isGreeting: Bool {
    switch self {
    case .followerInfo, .observerInfo: true
    case .notification, .request, .proposal, .ack, .commit, .commitAndActivate, .ping, .sync,
      .inform, .informAndActivate, .newLeader, .upToDate, .diff, .trunc, .snap, .leaderInfo,
      .ackEpoch:
      false
    }
  }
}
