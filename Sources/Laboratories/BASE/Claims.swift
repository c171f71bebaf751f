import ProtocolCore

extension Claim {
  /// BASE.
  static let base = [
    Claim(
      "BASE-1", .model, .boundedLiveness,
      """
      Basically available: while some servers are down or cut off the store still answers, perhaps \
      with what is old; others keep for them what they should have kept.
      """),
    Claim(
      "BASE-2", .model,
      """
      Soft state: servers may differ for a while, and change without being asked: they compare \
      what they keep, and hand over what they keep for others.
      """),
    Claim(
      "BASE-3", .model,
      """
      Eventually consistent: after the last update and the last healed partition servers come to \
      hold the same, which was written. What is deleted must leave a tombstone, or it comes back.
      """),
    Claim(
      "BASE-4", .model,
      """
      Concurrent updates need a rule: of two the last writer wins and one is lost, with skewed \
      clocks even the later; version vectors keep both; mergeable data merge them.
      """),
    Claim(
      "BASE-5", .model,
      """
      A transfer by a queue that is idempotent, with compensations, is atomic in the end: nothing \
      is lost or doubled, and in between others see a sum that is on neither account.
      """),
  ]
}
