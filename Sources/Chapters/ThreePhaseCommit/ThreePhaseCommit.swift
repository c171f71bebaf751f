import AtomicCommitment
public import ProtocolCore

/// Three-phase commit: between the votes and a commit all learn that all voted yes.
///
/// In two-phase commit a participant that has voted yes is uncertain until it hears the decision.
/// If it loses the coordinator then, another may already have committed, or aborted, and it must
/// wait. Skeen saw what is needed so that the survivors of a crash never wait: no process may
/// commit while any that is up is still uncertain. So a phase is put between the votes and the
/// commit, in which all learn that all have said yes (Skeen, Nonblocking Commit Protocols, 1981).
///
///     coordinator                     participant
///
///       idle                            idle
///        │ asked: commit                 │ asked: update, doomed
///        │  canCommit →                  ▼
///        ▼                             working ────────────┐ cannot, was not asked to vote,
///      collecting        canCommit →     │  ← vote yes      │ or a process in doubt asks:
///        │ all said yes                  ▼                 │ abort, alone
///        │  preCommit →                following,          │
///        ▼                             uncertain           │
///      readying          preCommit →     │  ← ack           │
///        │ each has acked or is gone     ▼                 │
///        │                             following,          │
///        │  commit →                   committable         │
///        ▼                   commit →    ▼                 ▼
///      decided                         decided ◄───────────┘
///
/// A process that follows and hears nothing asks those that lead before it whether they are
/// there. One that does not answer is gone; the first that is left leads, asks all for their states
/// and decides by the termination rules (Bernstein, Hadzilacos and Goodman, 1987, 7.5):
///
///     TR1  a process has aborted                 abort
///     TR2  a process has committed               commit
///     TR3  all are uncertain                     abort
///     TR4  a process is committable              preCommit to the uncertain, then commit
///
///     following ─ silence ─► probing ─ all before me are gone ─► polling ─ TR4 ─► readying
///         ▲                    │ one of them answers                │ TR1, TR2, TR3   │
///         └────────────────────┘                                    ▼                 ▼
///                                                                 decided          decided
///
/// The next leader may crash as well; then the next one does the same. TR1 and TR2 are short cuts:
/// while all is well, TR3 and TR4 would come to the same.
///
/// A process that crashed has missed what the others did meanwhile. When it starts again with a
/// yes and no decision in its journal it is *recovering*: it leads none, follows none and does not
/// count in any poll; it asks until it is told. If all processes have crashed, none can tell. Then
/// the processes that are back put their journals together. A journal says which processes were
/// gone when its owner was still up; so one that is gone in none of them may have been the last to
/// fail (Skeen, Determining the Last Process to Fail, 1985), and what the last could not have
/// decided, none has. The recovering decide when all these *candidates* are among them and agree,
/// committable or uncertain; if they differ, when all are back.
///
/// What a journal says when its owner starts again:
///
///     nothing                    the coordinator has sent no preCommit, a participant has not
///                                voted: abort, alone, as soon as anybody asks
///     yes                        uncertain: ask
///     yes, preCommit             committable: ask
///     preCommit (coordinator)    committable: ask
///     p gone                     p failed before me
///     commit, abort              decided: tell when asked
///
/// All this holds of processes that crash, in a network that is *synchronous*: a time-out means
/// that the other has crashed. A timer here runs out only when no message is under way. If the
/// network can be slow, or parted, a live process is taken for dead, two leaders decide, and one
/// commits while the other aborts. No protocol is both nonblocking and safe where a partition
/// loses messages (Skeen and Stonebraker, 1983), and this one gives up safety; see the runs
/// `partition-splits` and `false-suspicion`. The module `QuorumCommit` counts those who answer
/// instead of taking the silent for dead.
///
/// The rules, each with its source, are in `Rule.swift`; what follows from them is in
/// `Properties.swift`. Read on in this order: `Message`, `Record`, `Process`, and its parts:
/// `+Voting`, `+Readying`, `+Electing`, `+Terminating`, `+Recovering`.
///
/// What this chapter leaves out: locks and the work itself, several transactions at a time,
/// read-only votes, and forgetting (a process that has decided remembers it for ever; presumptions
/// and acknowledgements would do for three phases what they do for two).
public enum ThreePhaseCommitModel: Sendable {}

/// The words of three-phase commit; each kind has a file or an extension of its own.
public enum Words: Vocabulary {}

/// How much a process that has voted yes knows.
public enum Stage: String, Hashable, Sendable {
  /// It knows of its own yes only; the decision may be either.
  case uncertain
  /// It knows that all have voted yes.
  case committable
}

extension Stage: CustomStringConvertible {
  /// The word.
  public var description: String { rawValue }
}
