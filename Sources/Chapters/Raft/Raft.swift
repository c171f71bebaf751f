public import ProtocolCore

/// Raft: servers that keep the same log, under a leader that they elect.
///
/// Several servers shall apply the same commands in the same order. Raft gives that work to one of
/// them: a **leader** takes the commands, puts them into its log and has the others copy it. Time
/// is divided into **terms**, numbered one after the other; in each there is at most one leader,
/// since a server votes once a term and a majority makes a leader.
///
///                times out              times out, or nobody is elected
///                ┌──────────►  pre-candidate ─► candidate ──┐
///       follower ┤                     │             ▲      │ a majority votes
///          ▲     └─────────────────────┼─────────────┘      ▼
///          └───────────────────────────┴──────────────── leader
///                 a leader, or a greater term, is heard of
///
/// An entry is known by its index and the term in which a leader took it. A leader sends entries
/// with what stands before them, and a follower accepts them only if that stands in its own log
/// (the consistency check). So two logs that agree on an entry agree on all before it. What a
/// follower has otherwise it deletes. An entry is **committed** when a majority has stored it in
/// the term of the leader that counts; what comes before it is then committed too. Only a candidate
/// whose log is at least as up to date as a voter's gets that vote, so each leader has all that was
/// committed before its term.
///
/// The forms are those of two texts. ``Variant/paper``: figure 2, members changed by joint
/// consensus (section 6), snapshots (7), reads that a round of heartbeats confirms (8).
/// ``Variant/thesis``: members changed one server at a time (4.1, with the correction of 2015),
/// leadership transfer (3.10), PreVote (9.6), a leader that gives up when it hears no majority
/// (6.2), voters that believe in the leader that they hear (4.2.3), reads by followers (6.4).
/// ``Variant/lease``: the same, and the leader reads without a round while it trusts clocks
/// (6.4.1). In all forms entries are sent in batches while the leader's own disk works, and a
/// follower tells at once where its log parts from the leader's (10.2; paper, 5.3).
///
/// Left out: redirecting clients to the leader (a server that does not lead refuses); snapshots
/// written while the machine goes on; sessions that expire (6.3); disks that forget what was
/// stable, which no form bears. A newcomer is let in when a round of catching up leaves nothing
/// to send, or when the last of ten rounds was shorter than an election time-out (thesis, 4.2.1).
///
/// Sources: Ongaro and Ousterhout, "In Search of an Understandable Consensus Algorithm (Extended
/// Version)", 2014, here *the paper*; Ongaro, "Consensus: Bridging Theory and Practice", Stanford
/// 2014, *the thesis*; Ongaro, "bug in single-server membership changes", raft-dev, July 2015.
public enum Raft {
  /// The forms of the protocol.
  public enum Variant: String, Named {
    /// What the paper tells.
    case paper
    /// What the thesis adds.
    case thesis
    /// The same, with reads by lease.
    case lease

    /// Whether PreVote, CheckQuorum, belief in a leader, single-server changes, transfers and
    /// followers' reads belong to it.
    var isThesis: Bool { self != .paper }
  }

  /// A message brings so many entries at most.
  public static let batch = 2
  /// So many entries are under way to a follower, unacknowledged, at most.
  public static let window = 4
  /// A snapshot is written every so many entries.
  public static let snapshotInterval = 4
  /// A chunk of a snapshot has so many pieces at most.
  public static let chunkSize = 2
  /// New servers catch up in so many rounds at most, each of so many beats. (thesis, 4.2.1)
  static let catchUpRounds = 10
  static let catchUpBeats = 20
  /// The least election time-out takes so many beats.
  static let electionBeats = 7
}
