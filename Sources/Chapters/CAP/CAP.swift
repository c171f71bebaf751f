public import ProtocolCore

/// CAP: what a store can promise while its nodes cannot talk to each other.
///
/// Several nodes keep copies of the same values, and clients ask whichever node they reach. A store
/// is *consistent* here if its clients could not tell it from one copy (it is linearizable, or
/// atomic), and *available* if every request to a node that has not failed is answered. When the
/// network parts the nodes, a write on one side and a read on the other cannot both be answered and
/// the read see the write; whoever answers gives up the one, whoever does not gives up the other
/// (Gilbert, Lynch 2002).
///
/// The chapter is a family of stores, each a small machine, and each promises something else:
///
///     write-back        quorums that meet; a read is written back      linearizable, waits
///     minority-refuses  the same, and says so when it cannot           linearizable, refuses
///     majority          quorums that meet; nothing is written back     not linearizable
///     no-overlap        quorums that need not meet                     little
///     synchronous       a primary that waits for all backups           linearizable, waits
///     asynchronous      a primary that does not                        loses what it answered
///     available-copies  whoever is silent has crashed                  both, without partitions
///     both-answer       each node answers by itself                    available, converges
///     t-connected       a centre; and by itself when that is silent    both, while nothing is lost
///
/// None of these is wrong: each does what it says under the faults that it says it bears. What a
/// store keeps and what not, under which faults, is found by asking the same of all: the table in
/// the Notes.
///
/// The rules, each with its source, are in `Rule.swift`; what is promised is the problem's,
/// `SharedStorage`, and in `Properties.swift`. Read on in this order: `Version`, `Message`,
/// `Record`, `QuorumReplica`, `PrimaryReplica`, `AvailableCopies`, `LocalReplica`,
/// `ConnectedReplica`.
///
/// Sources: Brewer, PODC 2000; Gilbert, Lynch, SIGACT News 33(2), 2002; Gilbert, Lynch, Computer
/// 45(2), 2012; Attiya, Bar-Noy, Dolev, JACM 42(1), 1995; Abadi, Computer 45(2), 2012.
///
/// What this chapter leaves out: stores that elect a primary by themselves, which are the chapters
/// on Paxos, Raft and ZAB; transactions; reads that a client has repaired.
public enum CAPModel: Sendable {}

/// What a node is.
public enum Role: String, Named {
  /// It keeps a copy, and clients ask it.
  case replica
}

/// The stores.
public enum Variant: String, Named {
  /// Quorums that meet, and reads that write back. (Attiya, Bar-Noy, Dolev 1995)
  case writeBack = "write-back"
  /// Quorums that meet. (Gifford 1979, without its locks)
  case majority
  /// Quorums that need not meet.
  case noOverlap = "no-overlap"
  /// As write-back; who does not reach a quorum refuses.
  case minorityRefuses = "minority-refuses"
  /// A primary that waits for its backups. (Alsberg, Day 1976)
  case synchronous
  /// A primary that does not wait.
  case asynchronous
  /// Who is silent has crashed. (Bernstein, Hadzilacos, Goodman 1987, chapter 8)
  case availableCopies = "available-copies"
  /// Each node answers for itself. (Gilbert, Lynch 2002, 3.2)
  case bothAnswer = "both-answer"
  /// A centre, and time-outs. (Gilbert, Lynch 2002, 4)
  case connected = "t-connected"
}
