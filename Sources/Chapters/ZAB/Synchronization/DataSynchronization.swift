public import ProtocolCore
public import ReplicatedLog

/// Data synchronization alone: how a leader brings learners to its own history, whatever each has.
///
/// A learner tells the number of its last transaction. From that alone, and from what the leader
/// keeps in memory and on disk, the leader chooses: send what is missing (**DIFF**), have dropped
/// what is too much (**TRUNC**), both, or send everything (**SNAP**). What follows is the same: the
/// transactions, each with its commit; those under way; NEWLEADER. The learner writes all of it,
/// then the epoch, and acknowledges. When a quorum has, UPTODATE lets it serve.
///
///     accepting ── DIFF, TRUNC, SNAP ──► synchronizing ── NEWLEADER ──► acknowledging
///         ▲                                                                  │ UPTODATE
///         └───────────── the connection breaks, somebody stops ◄───────── serving
///
/// These are the servers of ``ZAB``, whose election knows one answer. What each has written before
/// the run stands in the topology: `b learner(1 1.1 1.2 | 1.3)` has come to epoch 1, has 1.1 and
/// 1.2 in a snapshot and 1.3 in its log. `| 2.0` at the end says that it has seen epoch 2 begin,
/// and taken a snapshot then. Any histories may be written so, also those that no election of
/// chapter 7 would bring together, and gaps that no correct server has.
///
/// The leader's weight is that of all learners that vote, so that it stands in every quorum: no
/// other could lead, and what it has lost nobody else would bring back.
///
/// Left out: elections, and what a leader compares because of them. This one leads whatever others
/// have.
///
/// Source: Apache ZooKeeper 3.8, `LearnerHandler.syncFollower`, `Learner.syncWithLeader`; DSN'11,
/// phase 2.
public enum DataSynchronization {
  /// The forms of the protocol.
  public enum Variant: String, Named {
    /// As Apache's servers do it.
    case usual
    /// Learners are always sent a snapshot.
    case snapshots

    /// How servers are set.
    var settings: ZAB.Settings {
      var settings = ZAB.Settings()
      settings.election = .any
      settings.snapCount = 8
      settings.sendsSnapshotsOnly = self == .snapshots
      return settings
    }
  }

  /// A server, which knows one leader.
  public typealias Server = ZAB.Server<KeyValueStore>
  /// What servers speak.
  public typealias Words = Server.Words
  typealias Transaction = Proposal<KeyValueStore>
}

extension DataSynchronization {
  /// What stands on a server's disk when the run begins.
  public struct Written: Hashable, Sendable {
    /// The epoch that it has accepted, and come to.
    public let epoch: Int
    /// What its snapshot holds, if it has one, and up to which number.
    let snapshot: Beginning?
    /// What its log has behind that.
    let log: [Zxid]

    /// The transactions that a snapshot holds.
    struct Beginning: Hashable {
      let zxid: Zxid
      let transactions: [Zxid]
    }

    /// Reads `1 1.1 1.2 | 1.3`; nil where it says nothing of the kind.
    init?(_ arguments: [String]) {
      guard let first = arguments.first, let epoch = Int(first), (0...1_000).contains(epoch) else {
        return nil
      }
      let parts = arguments.dropFirst().split(separator: "|", omittingEmptySubsequences: false)
      guard parts.count <= 2 else { return nil }
      let zxids = parts.map { $0.compactMap(Self.zxid) }
      let all = zxids.flatMap(\.self)
      guard zxids.map(\.count) == parts.map(\.count), all == Set(all).sorted() else { return nil }
      var log = zxids.last ?? []
      var held = parts.count == 2 ? zxids[0] : []
      let begun = log.first { $0.isNewEpoch } ?? held.first { $0.isNewEpoch }
      if parts.count == 2, log.first?.isNewEpoch == true { log.removeFirst() }
      held.removeAll { $0.isNewEpoch }
      guard log.allSatisfy({ !$0.isNewEpoch }), begun == nil || parts.count == 2 else { return nil }
      guard (all.last?.epoch ?? 0) <= epoch else { return nil }
      self.epoch = epoch
      self.log = log
      snapshot =
        parts.count == 2 ? Beginning(zxid: begun ?? held.last ?? .zero, transactions: held) : nil
    }

    /// A number such as `1.1f`.
    private static func zxid(_ text: String) -> Zxid? {
      let parts = text.split(separator: ".", omittingEmptySubsequences: false)
      guard parts.count == 2, let epoch = Int(parts[0]), (1...1_000).contains(epoch),
        let counter = UInt32(parts[1], radix: 16), counter < 1_000
      else { return nil }
      return Zxid(epoch, counter)
    }

    /// The transaction that everybody has under a number who has one.
    static func transaction(_ zxid: Zxid) -> Transaction {
      let serial = zxid.epoch * 1_000 + Int(zxid.counter)
      return Proposal(zxid, ReplicatedLog.Command("w", serial, .append("k", "(\(zxid))")))
    }

    /// As records.
    var records: [Words.Record] {
      var records: [Words.Record] = [.acceptedEpoch(epoch), .currentEpoch(epoch)]
      if let snapshot {
        var store = KeyValueStore()
        for zxid in snapshot.transactions {
          _ = store.apply(Self.transaction(zxid).transaction)
        }
        records.append(.snapshot(Snapshot(snapshot.zxid, store)))
      }
      return records + log.map { .proposal(Self.transaction($0)) }
    }
  }
}
