import ProtocolCore

extension Claim {
  /// Atomic commitment in three phases.
  static let threePhaseCommit = [
    Claim(
      "3PC-1", .model,
      """
      With crashes only, and bounds on every delay, AC1 to AC4 hold; a slow process that is taken \
      for dead is enough to break AC1.
      """),
    Claim(
      "3PC-2", .model,
      """
      While any working process is uncertain nobody, failed or working, has decided to commit; so \
      with crashes only every working process decides.
      """),
    Claim(
      "3PC-3", .model,
      """
      Processes that time out elect a backup coordinator, which decides by the states that it \
      finds; a process that crashed asks when it is back.
      """),
    Claim("3PC-4", .model, "A partition can make one side commit and the other abort."),
    Claim(
      "3PC-5", .model, .cost,
      """
      It takes one phase, two message delays, more than two phases do: messages and forced writes \
      are as computed.
      """),
    Claim(
      "3PC-6", .model,
      """
      No state may be concurrent with both a commit and an abort, nor a state that cannot commit \
      with a commit: two phases fail this test, three pass it.
      """),
    Claim(
      "3PC-7", .model,
      """
      After a total failure nobody decides before the last process that failed is back, unless a \
      journal decides by itself: it holds a decision, or no yes; one that restarted takes no part \
      in a termination; a backup coordinator may crash like the first.
      """),
  ]
}
