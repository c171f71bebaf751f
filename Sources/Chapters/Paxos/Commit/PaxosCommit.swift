public import AtomicCommitment
public import ProtocolCore

/// Paxos Commit: atomic commitment in which each vote is chosen by an instance of the Synod.
///
/// In two-phase commit one process decides, and when it crashes everybody who has voted yes waits
/// for it. Here **acceptors** remember the votes, 2F + 1 of them, and any F may fail. Each
/// participant (the paper says resource manager) has an instance of the Synod for its vote, and the
/// transaction is committed when *yes* is chosen in every instance, aborted when *no* is in any:
///
///     leader            participant          acceptors             leader
///        │   prepare         │                   │                    │
///        ├──────────────────►│  accept 0 yes     │                    │
///        │                   ├──────────────────►│  accepted 0, all   │
///        │                   │                   ├───────────────────►│
///        │                   │◄──────────────────┼────────────────────┤ commit, abort
///
/// 1. Ballot 0 of an instance belongs to its participant. No smaller ballot exists, so phase 1 has
///    nothing to find out, and the participant begins with phase 2: its vote is an `accept`.
/// 2. An acceptor waits until it has the votes of all, or a no, writes them down once and tells the
///    leader in one message. The leader decides when a majority has accepted.
/// 3. When that takes too long, or the leader is gone, any acceptor leads a greater ballot for all
///    instances at once. It adopts what its majority reports; where nothing is reported, no yes can
///    have been chosen and the participant may be gone: it proposes *no*.
///
///     acceptor      following ─► waiting ─► preparing ─► counting ─► decided
///                       │ asked to commit                   ▲
///                       └───────────────────────────────────┘  ballot 0
///
///     participant   idle ─► working ─► prepared ─► decided
///
/// With F = 0 there is one acceptor, which leads; its only record says that all are prepared, and
/// the messages are those of two-phase commit, one for one. With F = 1 and three acceptors, a
/// participant in doubt that reaches two of them learns the decision, whoever crashed.
///
/// The leader writes no decision down: it can be found out again. So a commit forces N + F + 1
/// records, a yes of each participant and what F + 1 acceptors have accepted. Chapter
/// 3 counts more because its participants acknowledge, so that the coordinator may forget; that
/// is left out here, as in the paper.
///
/// Participants tell F + 1 acceptors, which is enough when nothing fails. If one of these is down,
/// the leader loses patience and a greater ballot ends it.
///
/// Read on in this order: `Commit+Rule`, `Commit+Words`, `Commit+Participant`, `Commit+Acceptor`,
/// `Commit+Leading`, `Commit+Properties`.
///
/// Source: Gray and Lamport, "Consensus on Transaction Commit", TODS 31(1), 2006.
///
/// What is left out: the faster form, in which acceptors tell the participants and not the leader;
/// participants that join while the transaction runs; forgetting.
public enum PaxosCommit {
  /// The forms of the protocol.
  public enum Variant: String, Named {
    /// Acceptors tell the leader, and the leader tells the participants.
    case led
  }

  /// What a participant votes.
  public typealias Vote = Commitment.Vote

  /// How many acceptors are a majority.
  static func majority(of acceptors: [NodeID]) -> Int { acceptors.count / 2 + 1 }
}
