import AtomicCommitment
public import ProtocolCore

/// Quorum-based commit: a part of the processes decides if it is large enough.
///
/// Three-phase commit never waits for the dead, and pays with safety: when the network is parted,
/// or only slow, each part takes the other for dead, and one commits while the other aborts. Skeen
/// saw what to ask for instead: let a part decide only if it is large enough that the other cannot
/// be. Of V processes, Vc must stand on the side of commit before anybody commits, and Va on the
/// side of abort before anybody aborts, and *Vc + Va > V* (Skeen, A Quorum-Based Commit Protocol,
/// 1982). A part that is too small waits, as in two phases, but agreement holds whatever
/// the network does.
///
/// For that there must be sides to stand on. Between the votes and a commit there is preCommit, as
/// in three phases; and between the votes and an abort that is not the coordinator's there is a
/// state more, preAbort.
///
///                         all voted yes                Vc acknowledge
///     idle ─► uncertain ───────────────► preCommit ───────────────────► commit
///                 │                                    Va acknowledge
///                 └────────────────────► preAbort  ───────────────────► abort
///
/// A process that hears nothing polls all, and goes by the states that are answered and its own:
///
///     a process has decided                                       so does it
///     a process is in preCommit, and Vc are that or uncertain      preCommit to these, then commit
///     Va are uncertain or in preAbort                             preAbort to these, then abort
///     neither                                                     wait, and poll again
///
/// There may be many leaders at a time, and it does no harm, because no process changes sides. But
/// that is also what is wrong with it. Suppose that one process is left in preCommit by a leader
/// that was cut off, and one in preAbort by another, and the two meet without the third: of three
/// processes two are connected, and they wait, each bound to its side, although neither side can
/// ever have had its quorum.
///
/// *Enhanced three-phase commit* (Keidar and Dolev, Increasing the Resilience of Atomic Commit, at
/// No Additional Cost, 1995) lets them change sides, with the same messages. Elections have
/// numbers, and a process keeps two of them: the last election that it took part in, and the last
/// in which it was told a side, its last **attempt**. A leader that hears from a majority goes by
/// the latest attempt:
///
///     those of the latest attempt are in preCommit                preCommit to all, then commit
///     otherwise                                                   preAbort to all, then abort
///     no majority answers                                         wait, and poll again
///
/// A process takes part in no election that is not later than its last, and follows no attempt but
/// of its last. So if a majority ever acknowledged an attempt, every later leader hears of it, and
/// tries the same: a majority that is connected never waits.
///
/// The rules, each with its source, are in `Rule.swift`; what follows from them is in
/// `Properties.swift`. Read on in this order: `Message`, `Record`, `Quorums`, `Process` and its
/// parts: `+Voting`, `+Polling`, `+Attempting`.
///
/// What this chapter leaves out: votes of different weight (here each process has one), the two
/// rounds of the paper's election (here a process that polls proposes the number after its own
/// last, and those that know a later one ignore it), and all that is left out of three-phase
/// commit.
public enum QuorumCommitModel: Sendable {}

/// The words of quorum-based commit; each kind has a file or an extension of its own.
public enum Words: Vocabulary {
  /// Of elections and of attempts only the last matters.
  public static func settle(_ record: Record, on disk: inout [Record]) {
    disk.removeAll { $0.isSuperseded(by: record) }
    disk.append(record)
  }
}

extension Decision {
  /// On which side a process stands that has been told to go for it.
  var side: Stage { self == .commit ? .preCommit : .preAbort }
}

/// On which side a process that has voted yes stands.
public enum Stage: String, Hashable, Sendable {
  /// On none. (w)
  case uncertain
  /// On that of commit; all have voted yes. (pc)
  case preCommit
  /// On that of abort. (pa)
  case preAbort
}

extension Stage: CustomStringConvertible {
  /// The word.
  public var description: String { rawValue }
}

/// The forms of the protocol.
public enum Variant: String, Named {
  /// No process changes sides. (Skeen 1982)
  case quorum
  /// The latest attempt counts. (Keidar and Dolev 1995)
  case enhanced
}

/// What a process that is in doubt must not forget.
public struct Standing: Hashable, Sendable {
  /// On which side it stands.
  public internal(set) var stage = Stage.uncertain
  /// The last election that it took part in; the first is the coordinator's. (Last_Elected)
  public internal(set) var elected = 1
  /// The election in which it was told its side; zero if in none. (Last_Attempt)
  public internal(set) var attempt = 0

  /// The standing of a process that has voted yes, and has taken no side.
  public init(elected: Int = 1) { self.elected = elected }
}

extension Standing: CustomStringConvertible {
  /// As runs print it: `preCommit`, and with numbers where elections have them.
  public var description: String {
    guard elected > 1 else { return "\(stage)" }
    return "\(stage)" + (attempt > 0 ? " of \(attempt)" : "") + ", elected \(elected)"
  }
}
