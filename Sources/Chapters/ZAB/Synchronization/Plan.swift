extension ZAB {
  /// How a leader brings a learner to its own history: the decision table of Apache's
  /// `syncFollower`, row by row.
  public struct Plan<Service: ReplicatedService>: Hashable, Sendable {
    /// Which row of the table it follows.
    public let row: Row
    /// What is sent first.
    public let opening: Words<Service>.Message
    /// The transactions that follow it, each with its commit.
    public internal(set) var pairs: [Proposal<Service>] = []

    /// The rows of the table, in the order in which they are tried.
    public enum Row: Int, Hashable, Sendable, CaseIterable {
      /// Learners are always sent a snapshot.
      case forced = 1
      /// The learner has what the leader has.
      case same
      /// It has more.
      case ahead
      /// Its last transaction is one that the leader keeps in memory.
      case found
      /// It has seen the beginning of an epoch that lies there.
      case newEpoch
      /// Its last transaction lies there, and is not the leader's.
      case missing
      /// The same, and what follows is of another epoch.
      case missingEpoch
      /// It lies before what is kept in memory, and the log on disk goes back so far.
      case onDisk
      /// The log on disk does not.
      case before
      /// It has seen the beginning of an epoch that the leader has not.
      case aheadNewEpoch
    }

    /// The way.
    public var way: Way {
      switch opening {
      case .trunc: pairs.isEmpty ? .trunc : .truncDiff
      case .snap: .snap
      default: .diff
      }
    }
  }
}

extension ZAB.Plan {
  private init(
    _ row: Row, _ opening: ZAB.Words<Service>.Message,
    _ pairs: [Proposal<Service>] = []
  ) {
    self.row = row
    self.opening = opening
    self.pairs = pairs
  }

  /// The plan for a learner that has come to a zxid.
  ///
  /// - Parameters:
  ///   - peer: the learner's last zxid.
  ///   - history: the leader's.
  ///   - settings: how many transactions are kept in memory, and whether snapshots are forced.
  public init(
    _ peer: Zxid, _ history: History<Service>, _ settings: ZAB.Settings
  ) {
    let log = history.committed
    let kept = log.suffix(settings.commitLogCount)
    let last = history.lastProcessed
    let (least, most) = (kept.first?.zxid ?? last, kept.last?.zxid ?? last)
    let all = ZAB.Words<Service>.Message.snap(
      Snapshot(last, history.service, configurations: history.configurations))
    if settings.sendsSnapshotsOnly {
      self.init(.forced, all)
    } else if peer == last {
      self.init(.same, .diff(peer))
    } else if peer > most, !peer.isNewEpoch {
      self.init(.ahead, .trunc(most))
    } else if peer > most {
      self.init(.aheadNewEpoch, all)
    } else if peer >= least {
      self = Self.within(kept, peer, most) ?? Self(.missingEpoch, all)
    } else if let first = log.first, first.zxid <= peer,
      let plan = Self.within(log, peer, most)
    {
      self.init(.onDisk, plan.opening, plan.pairs)
    } else {
      self.init(.before, all)
    }
  }

  /// The plan for a learner whose last zxid lies among these transactions; nil when they cannot be
  /// sent, because what is to be dropped was of another epoch than what follows.
  private static func within(
    _ log: ArraySlice<Proposal<Service>>, _ peer: Zxid, _ most: Zxid
  ) -> ZAB.Plan<Service>? {
    let pairs = log.filter { $0.zxid > peer }
    if log.contains(where: { $0.zxid == peer }) { return Self(.found, .diff(most), pairs) }
    if peer.isNewEpoch { return Self(.newEpoch, .diff(most), pairs) }
    guard let next = pairs.first, next.zxid.epoch == peer.epoch,
      let previous = log.last(where: { $0.zxid < peer })
    else { return nil }
    return Self(.missing, .trunc(previous.zxid), pairs)
  }
}
