import ProtocolCore

extension Claim {
  /// ZAB.
  static let zab = [
    Claim(
      "ZAB-1", .model,
      """
      There are two modes, broadcast and recovery, and three phases: discovery, behind an \
      election; synchronization; broadcast.
      """),
    Claim(
      "ZAB-2", .model,
      "A follower acknowledges a proposal when it is in its log on disk, and not before."),
    Claim(
      "ZAB-3", .model,
      """
      A proposal is committed when a strict majority of the voters has it on disk, the leader \
      counted; half of the followers, as it is often told, are not enough to say.
      """),
    Claim(
      "ZAB-4", .model, .boundedLiveness,
      """
      Recovery begins when the leader stops or hears no quorum; while a quorum is up and \
      connected, it ends, and clients are answered.
      """),
    Claim(
      "ZAB-5", .model,
      """
      An epoch, the high half of a zxid, has one primary; the counter, the low half, begins anew \
      with each epoch, and when it ends a leader is elected anew.
      """),
    Claim(
      "ZAB-6", .model,
      """
      Nothing committed is forgotten; what was proposed and not committed has either fate, the \
      same everywhere, and what is dropped does not come back.
      """),
    Claim(
      "ZAB-7", .model,
      """
      Integrity, total order, agreement, local primary order, global primary order and primary \
      integrity hold.
      """),
    Claim(
      "ZAB-8", .model,
      "Observers are told by INFORM, vote on nothing, and do not enlarge the quorum."),
    Claim(
      "ZAB-9", .model,
      """
      Members change by a transaction that quorums of the old and of the new configuration \
      acknowledge; one that is under way when its leader stops has either fate.
      """),
    Claim(
      "ELECT-1", .model, "All servers begin by looking for a leader, each with a vote for itself."),
    Claim(
      "ELECT-2", .model,
      """
      A server takes over a better vote and tells it: greater epoch, then greater zxid, then \
      greater sid; what is often told leaves the epoch out.
      """),
    Claim(
      "ELECT-3", .model,
      """
      Whom a quorum votes for leads, and has everything that was committed: that is seen when its \
      epoch begins, not when it is voted for.
      """),
    Claim(
      "ELECT-4", .model, .boundedLiveness,
      """
      Votes carry a round; those of older rounds are ignored, newer ones begin the count anew; a \
      server that has a leader tells it, so that a latecomer finds it.
      """),
    Claim(
      "SYNC-1", .model,
      """
      A learner tells its last zxid, the leader chooses how to bring it to its own history, and \
      only after UPTODATE does the learner serve.
      """),
    Claim(
      "SYNC-2", .model,
      """
      A learner behind all that the leader keeps in memory is sent a snapshot, unless the log on \
      disk goes back so far.
      """),
    Claim(
      "SYNC-3", .model,
      "A learner within what the leader keeps is sent what it lacks, each with its commit."),
    Claim(
      "SYNC-4", .model,
      "A learner that has more than the leader has to drop it."),
    Claim(
      "SYNC-5", .model,
      """
      A learner with a transaction that the leader has not, where the leader has later ones, drops \
      and is sent what it lacks; across epochs it is sent a snapshot.
      """),
    Claim(
      "SYNC-6", .model, "Each row of the decision table does what it says."),
  ]
}
