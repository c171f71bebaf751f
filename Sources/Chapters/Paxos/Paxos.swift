import Consensus
public import ProtocolCore

/// The Synod: Paxos for a single value.
///
/// Clients propose values to **proposers**; one value is to be chosen by **acceptors**, and
/// **learners** are to find out which. Any of them may stop and restart, messages may be lost,
/// doubled and late. If one acceptor chose, its crash would end everything; so there are several,
/// and a value is *chosen* when a majority has accepted it: any two majorities have a member in
/// common. An acceptor must be able to accept more than one proposal, or votes split three ways
/// would end it. So proposals have numbers, **ballots**, and the whole of Paxos is to see that once
/// a value is chosen, every later ballot is for that value:
///
///                  prepare n                      accept n, v
///     proposer ───────────────► acceptors  ──────────────────────► acceptors
///              ◄───────────────            proposer                    │ accepted n, v
///                  promise n,              when a quorum               ▼
///                  accepted m, u           has promised             learners
///
/// 1. A proposer takes a number n that is greater than any it has tried, and asks the acceptors to
///    **prepare** it. An acceptor that has answered no greater number **promises** to accept
///    nothing with a smaller number any more, and tells the proposal that it has accepted last.
/// 2. When a quorum has promised, the proposer asks all to **accept** n with a value: that of the
///    proposal with the greatest number that its quorum has told; its client's only if they have
///    told none. An acceptor accepts unless it has promised a greater number.
///
/// Why it suffices: suppose that v is chosen with n. A later ballot m has promises from a quorum,
/// which has a member in common with those that accepted v. That member accepted n before it
/// promised m, for afterwards it would not have. So the proposer of m is told n or something
/// between n and m, which was for v by the same argument; and v is what it proposes.
///
///     proposer   idle ─► preparing ─► proposing ─► decided
///                            ▲  └────┬────┘
///                            └── pre-empted
///
/// Two proposers can go on pre-empting each other for ever: no deterministic protocol can be sure
/// to end when messages may be late without bound and one process may stop (Fischer, Lynch,
/// Paterson 1985). So a proposer that was
/// pre-empted waits for a while, drawn from a wide range. A learner that misses an acceptance may
/// not be able to tell whether a value is chosen, even if all acceptors but one are asked; it then
/// has a proposer begin another ballot.
///
/// The rules, each with its source, are in `Rule.swift`; what follows from them is in
/// `Properties.swift`. Read on in this order: `Ballot`, `Message`, `Record`, `Proposer`,
/// `Acceptor`, `Learner`. Then `Multi`: a log of many such decisions.
///
/// Sources: Lamport, "The Part-Time Parliament", TOCS 16(2), 1998; Lamport, "Paxos Made Simple",
/// SIGACT News 32(4), 2001.
///
/// What this chapter leaves out: Fast Paxos, in which clients write to acceptors; Byzantine
/// acceptors; a proposer that sends to a chosen quorum only, which saves messages and waits longer
/// when one of it is down.
public enum PaxosModel: Sendable {}

/// The words of the Synod; each kind has a file or an extension of its own.
public enum Words: Vocabulary {
  /// Of numbers tried, promised and accepted only the last matters.
  public static func settle(_ record: Record, on disk: inout [Record]) {
    disk.removeAll { $0.isSuperseded(by: record) }
    disk.append(record)
  }
}

/// What a process is.
public enum Role: String, Named {
  /// It proposes what clients ask for.
  case proposer
  /// It votes.
  case acceptor
  /// It finds out what is chosen.
  case learner
}

/// The forms of the protocol, by their quorums.
public enum Variant: String, Named {
  /// Majorities, in both phases; of an even number, half are enough to promise. (Lamport 1998)
  case majority
  /// Quorums that meet those of the other phase: few that accept, many that promise. (Howard,
  /// Malkhi, Spiegelman 2016)
  case flexible
}
