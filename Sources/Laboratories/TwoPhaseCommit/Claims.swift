import ProtocolCore

extension Claim {
  /// Atomic commitment in two phases; AC1 to AC5 are the properties of Bernstein, Hadzilacos and
  /// Goodman, chapter 7.
  static let twoPhaseCommit = [
    Claim("2PC-1", .model, "AC1: no two processes decide differently."),
    Claim("2PC-2", .model, "AC2: a process that has decided never decides otherwise."),
    Claim("2PC-3", .model, "AC3: the decision is commit only if every process voted yes."),
    Claim(
      "2PC-4", .model, .boundedLiveness,
      "AC4: when nothing fails, no timer runs out and all vote yes, the decision is commit."),
    Claim(
      "2PC-5", .model, .boundedLiveness,
      "AC5: once every failure is repaired and no new one comes, every process decides."),
    Claim(
      "2PC-6", .model,
      """
      A vote and a decision are on stable storage before anybody hears of them, and a process that \
      restarts goes on from its log; what the log does not say is an abort (or, in the variant, a \
      commit).
      """),
    Claim(
      "2PC-7", .model,
      """
      A participant that voted yes and has lost its coordinator must wait as long as everybody \
      whom it can reach is as uncertain as itself, or finds no record of the transaction.
      """),
    Claim(
      "2PC-8", .model, .boundedLiveness,
      """
      An uncertain participant that reaches one that has decided, or not voted yet, can decide; \
      one that finds no record of the transaction is no help, since it may have read and left.
      """),
    Claim(
      "2PC-9", .model, .cost,
      "Messages and forced writes by outcome, variant and number of participants are as computed."),
    Claim(
      "2PC-11", .model,
      """
      A coordinator forgets a transaction only when nobody can ask for it with another answer in \
      mind, and a late prepare after an abort prepares nothing.
      """),
    Claim(
      "2PC-12", .model,
      "There is no protocol in which every process that restarts alone can always decide."),
    Claim(
      "2PC-13", .model,
      """
      A decision that an operator forces can contradict the coordinator's, and is found and told \
      when the coordinator comes back.
      """),
    Claim(
      "2PC-14", .model,
      """
      A participant that voted yes holds its locks until it knows the outcome, across crashes; \
      transactions that wait for each other's locks are ended by a time-out that aborts one of \
      them, or both.
      """),
  ]
}
