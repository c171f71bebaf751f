public import ProtocolCore

extension Raft.Words {
  /// What a server writes to its journal: the persistent state of figure 2, and snapshots.
  public enum Record: Hashable, Sendable {
    /// The current term, and for whom it has voted in it.
    case term(Int, votedFor: NodeID?)
    /// An entry of the log, which ends with it.
    case entry(LogEntry)
    /// What the entries up to one have made, in place of these.
    case snapshot(Snapshot)
  }

  /// What is waited for.
  public enum Timer: Hashable, Sendable {
    /// A follower: a leader's next word; a candidate: votes.
    case election
    /// A leader: the time to send heartbeats.
    case beat
    /// A voter that hears a leader: the end of the time in which it votes for no other.
    case heard
    /// A leader: the time in which a majority must answer.
    case quorum
    /// A leader that hands over: the end of its patience.
    case transfer
    /// A leader: the end of the lease that it has if this round is answered.
    case lease(Int)
  }

  /// Of terms only the last matters; an entry takes the place of those from its index on, a
  /// snapshot that of those up to its own, and of all if they are not those that it follows.
  public static func settle(_ record: Record, on disk: inout [Record]) {
    switch record {
    case .term: disk.removeAll { $0.isTerm }
    case .entry(let entry): disk.removeAll { ($0.entry?.index ?? 0) >= entry.index }
    case .snapshot(let snapshot):
      let follows = disk.contains { $0.entry?.position == snapshot.last }
      disk.removeAll { record in
        if case .snapshot = record { return true }
        return record.entry.map { !follows || $0.index <= snapshot.last.index } ?? false
      }
    }
    disk.append(record)
  }
}

extension Raft.Words.Record {
  /// The entry, if it is one.
  var entry: LogEntry? { if case .entry(let entry) = self { entry } else { nil } }

  fileprivate var isTerm: Bool { if case .term = self { true } else { false } }
}

extension Raft.Words.Record: CustomStringConvertible {
  /// As runs print it.
  public var description: String {
    switch self {
    case .term(let term, let candidate?): "term \(term), voted \(candidate)"
    case .term(let term, nil): "term \(term)"
    case .entry(let entry): "\(entry)"
    case .snapshot(let snapshot): "\(snapshot)"
    }
  }
}

extension Raft.Words.Timer: CustomStringConvertible {
  /// As runs print it.
  public var description: String {
    switch self {
    case .election: "election"
    case .beat: "beat"
    case .heard: "heard"
    case .quorum: "quorum"
    case .transfer: "transfer"
    case .lease(let round): "lease \(round)"
    }
  }
}

extension Raft.Words.Timer: Comparable {
  /// By kind, then by round.
  public static func < (a: Self, b: Self) -> Bool { a.order < b.order }

  private var order: (Int, Int) {
    switch self {
    case .election: (0, 0)
    case .beat: (1, 0)
    case .heard: (2, 0)
    case .quorum: (3, 0)
    case .transfer: (4, 0)
    case .lease(let round): (5, round)
    }
  }

  /// How long a server waits, in ticks; a message takes one or a few.
  ///
  /// Elections come apart by chance (paper, 5.2). A lease is shorter than the time in which its
  /// voters vote for no other: by so much clocks may differ.
  public var patience: ClosedRange<Ticks> {
    switch self {
    case .election: 70...140
    case .beat: 10...10
    case .heard, .quorum, .transfer: 70...70
    case .lease: 50...50
    }
  }
}
