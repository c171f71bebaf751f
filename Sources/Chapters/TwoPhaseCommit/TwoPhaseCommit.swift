public import AtomicCommitment
public import ProtocolCore

/// Two-phase commit: a coordinator asks all for their votes, decides, and tells all.
///
/// A transaction has done work at several places, and now it must become real at all of them or at
/// none, although any of them may crash at any moment and any message may be lost. "Just tell them
/// all to commit" fails: one may have lost its work in a crash, and the others have committed.
/// Two-phase commit asks first: each participant makes its part ready, so that it can still go
/// either way, promises so in its journal and votes. The coordinator decides, writes the decision
/// down and tells it. (Gray, Notes on Data Base Operating Systems, 1978; Lampson and Sturgis,
/// 1976.)
///
///     coordinator                     participant
///
///       idle                            idle
///        │ asked: commit                 │ asked: update, read, doomed
///        │  prepare →                    │
///        ▼                               ▼
///      collecting                      working ────────────┐ asked to prepare what cannot be,
///        │                  prepare →    │  ← vote yes      │ no request came, or somebody in
///        │                               ▼                 │ doubt asks: abort, alone
///        │ all said yes: commit        prepared            │
///        │ a no, or no answer: abort     │ ← inquire: what │
///        │  commit, abort →              │   was decided?  │
///        ▼                               ▼                 ▼
///      telling                         decided ◄───────────┘
///        │ ← ack from all
///        ▼
///       idle  (forgotten)
///
/// The promise has a price. A participant that is prepared may neither commit nor abort by itself;
/// it is *uncertain* until it hears of the decision, and if the coordinator is down and all that it
/// can reach are uncertain too, it is *blocked*. Where all may fail, or messages may be lost or
/// late beyond any bound, every protocol can block (Bernstein, Hadzilacos and Goodman, 7.3). A peer
/// that knows the decision can tell it, and one that has not voted yet can abort for all:
/// cooperative termination (7.4).
///
/// The coordinator must remember a decision until no process can ask any more, and one that has
/// forgotten must answer all the same. So forgetting needs a *presumption* (Mohan, Lindsay and
/// Obermarck, 1986), and the presumption says what must be written down and acknowledged:
///
///                      presumed nothing      presumed abort      presumed commit
///     before prepare   start (not forced)    nothing             start (forced)
///     commit           commit, acks, end     commit, acks, end   commit
///     abort            abort, acks, end      nothing             acks, end
///     who has forgotten
///     answers          abort                 abort               commit
///
/// The rules, each with its source, are in `Rule.swift`; what follows from them is in
/// `Properties.swift`. Read on in this order: `Message`, `Record`, `Coordinator`, `Participant`;
/// then `Chained` and `Peer`, which do the same with the fewest messages, and with the fewest
/// message delays.
///
/// `Locks` puts several transactions at a time on top of all this, which wait for each other's
/// locks.
///
/// What this chapter leaves out: the work itself (a request says how it went), trees of
/// coordinators, the transfer of coordination, group commit, and writing a no vote's abort down (R*
/// does so; nothing depends on it, because a participant that knows nothing votes no).
public enum TwoPhaseCommitModel: Sendable {}

/// The words of two-phase commit; each kind has a file or an extension of its own.
public enum Words: Vocabulary {}

/// What a coordinator answers that has forgotten a transaction, and what follows for the journal.
///
/// Source: Mohan, Lindsay, Obermarck, "Transaction Management in the R* Distributed Database
/// Management System", TODS 11(4), 1986.
public enum Presumption: String, Hashable, Sendable, CaseIterable {
  /// Both decisions are written down and acknowledged.
  case nothing = "presumed nothing"
  /// An abort is neither written down nor acknowledged.
  case abort = "presumed abort"
  /// A commit is not acknowledged; so the start must be on disk before anybody prepares.
  case commit = "presumed commit"

  /// What is answered when nothing is known.
  public var answer: Decision { self == .commit ? .commit : .abort }

  /// Whether the coordinator writes down that it asks for votes.
  var recordsStart: Bool { self != .abort }

  /// Whether the coordinator writes the decision down.
  ///
  /// An abort is implied, by no record at all
  /// (presumed abort) or by a start without a decision (presumed commit).
  func records(_ decision: Decision) -> Bool { decision == .commit || self == .nothing }

  /// Whether the coordinator must remember the decision until all have acknowledged it.
  func acknowledges(_ decision: Decision) -> Bool { self == .nothing || decision != answer }
}
