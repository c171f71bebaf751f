import ProtocolCore

extension Claim {
  /// Raft.
  static let raft = [
    Claim("RAFT-1", .model, "Election safety: at most one leader is elected in a term."),
    Claim(
      "RAFT-2", .model,
      "Leader append-only: a leader never overwrites or deletes entries of its log."),
    Claim(
      "RAFT-3", .model,
      """
      Log matching: two logs that have an entry of one index and term are the same up to that \
      entry.
      """),
    Claim(
      "RAFT-4", .model,
      """
      Leader completeness: what is committed in a term is in the logs of the leaders of all later \
      terms.
      """),
    Claim(
      "RAFT-5", .model,
      "State machine safety: no two servers apply different entries under one index."),
    Claim(
      "RAFT-6", .model,
      """
      A server votes for one candidate a term, and only for one whose log is at least as up to \
      date as its own; vote and term are on stable storage before it answers.
      """),
    Claim(
      "RAFT-7", .model,
      "A leader commits by counting only entries of its own term, and with them what comes before."
    ),
    Claim(
      "RAFT-8", .model, .boundedLiveness,
      """
      Time-outs that are drawn by chance elect a leader after few elections, equal ones may not; \
      PreVote and CheckQuorum keep a server that returns, or is half connected, from disturbing.
      """),
    Claim(
      "RAFT-9", .model,
      """
      Members change by joint consensus, or one server at a time once the leader has committed an \
      entry of its term; no two majorities decide apart.
      """),
    Claim(
      "RAFT-10", .model,
      """
      A snapshot stands in place of the entries that made it: a server restarts from it, and one \
      that lags is sent it.
      """),
    Claim(
      "RAFT-11", .model,
      """
      Clients see each command done once, and reads that a round of heartbeats, or a lease, \
      confirms; the lease holds as long as clocks keep to their bounds; a leader can hand over.
      """),
    Claim(
      "RAFT-12", .model,
      """
      While a server is up, its term and its commit index never go back; entries are on stable \
      storage before the answer.
      """),
    Claim(
      "RAFT-13", .model,
      """
      The members survive a snapshot; a minority answers nothing that is not linearizable, but for \
      a lease that clocks betray.
      """),
  ]
}
