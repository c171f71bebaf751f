import ProtocolCore

extension Claim {
  /// Paxos for a single value.
  static let paxos = [
    Claim("PAXOS-1", .model, "Nontriviality: only a value that was proposed is chosen."),
    Claim(
      "PAXOS-2", .model,
      "Consistency: at most one value is chosen, and once chosen it stays chosen."
    ),
    Claim(
      "PAXOS-3", .model,
      """
      An acceptor accepts the first proposal that it gets; once it has promised a number, it \
      accepts nothing with a smaller one; both survive a crash.
      """),
    Claim(
      "PAXOS-4", .model,
      """
      A proposer proposes the value of the proposal with the greatest number that its quorum has \
      accepted, and its own only if it has accepted none.
      """),
    Claim(
      "PAXOS-5", .model,
      """
      Any two quorums have a member in common; it suffices that each of the first phase meets each \
      of the second.
      """),
    Claim(
      "PAXOS-6", .model, .boundedLiveness,
      """
      Proposers can pre-empt each other without end; when one proposer and a majority are heard in \
      time, a value is chosen.
      """),
    Claim(
      "PAXOS-7", .model,
      """
      Multi-Paxos: one first phase serves for many instances; what is told is proposed again and \
      gaps are filled with no-ops; all servers apply the same log, and clients see one machine.
      """),
    Claim("PAXOS-8", .model, "Learners, and clients, learn only what is chosen."),
    Claim(
      "PAXOS-9", .model, "No number is used for two proposals, whatever restarts in between."),
    Claim(
      "PAXOS-10", .model,
      "An acceptor whose disk was lost must not answer as before: two values can be chosen."),
    Claim(
      "PAXOS-11", .model,
      """
      A leader's read goes through the log, or needs a lease; and a lease holds only as long as \
      clocks keep to their bounds.
      """),
  ]
}
