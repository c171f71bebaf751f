package import Recipes

/// A rule, and the program on which a run shows what goes wrong without it.
package struct Experiment: Sendable {
  /// The rule.
  package let rule: Rule
  /// The program.
  package let program: Program

  package init(_ rule: Rule, _ program: Program) { (self.rule, self.program) = (rule, program) }

  /// All of them; a rule that several recipes heed stands with one or two.
  package static let all: [Experiment] = lines + queues + meetings + following + sharing

  private static let lines: [Experiment] = [
    Experiment(.asksAgain, .lock), Experiment(.ownerInName, .lock),
    Experiment(.sortsByNumber, .lock),
    Experiment(.looksWhenGone, .lock), Experiment(.looksAgain, .lock),
    Experiment(.watchesOne, .lock), Experiment(.givesUpEntry, .lock),
    Experiment(.releaseInsists, .lock), Experiment(.endsWithSession, .lock),
    Experiment(.fenced, .lock),
    Experiment(.readersTogether, .sharedLock), Experiment(.writerWaitsForReaders, .sharedLock),
    Experiment(.readerWaitsForWriters, .sharedLock), Experiment(.watchesAllPermits, .semaphore),
  ]

  private static let queues: [Experiment] = [
    Experiment(.leavesMark, .fifoQueue),
    Experiment(.ownerInName, .fifoQueue),
    Experiment(.claims, .fifoQueue),
    Experiment(.goneIsOthers, .fifoQueue),
    Experiment(.readsBeforeDeleting, .fifoQueue),
    Experiment(.claimIsEphemeral, .fifoQueue),
    Experiment(.claimsWhatIsThere, .fifoQueue),
    Experiment(.looksAfterWatching, .processingQueue),
    Experiment(.leavesWatch, .processingQueue),
    Experiment(.releasesOwn, .processingQueue),
    Experiment(.comparesAsNumbers, .priorityQueue),
    Experiment(.sortsByNumber, .priorityQueue),
  ]

  private static let meetings: [Experiment] = [
    Experiment(.staysOpen, .barrier),
    Experiment(.checksMembers, .barrier),
    Experiment(.withdrawsUnlessOpen, .barrier),
    Experiment(.looksAgain, .barrier),
    Experiment(.leavesWatch, .barrier),
    Experiment(.ownerInName, .barrier),
    Experiment(.asksAgain, .barrier),
    Experiment(.leavesTogether, .doubleBarrier),
    Experiment(.withdrawsUnlessOpen, .doubleBarrier),
    Experiment(.looksWhenGone, .doubleBarrier),
    Experiment(.setsByVersion, .counter),
    Experiment(.leavesMark, .counter),
    Experiment(.countsTime, .lease),
    Experiment(.countsFromAsking, .lease),
    Experiment(.releasesOwn, .lease),
    Experiment(.fenced, .lease),
  ]

  private static let following: [Experiment] = [
    Experiment(.readsWithWatch, .configuration),
    Experiment(.watchesAgain, .configuration),
    Experiment(.watchesMembers, .configuration),
    Experiment(.tellsOnce, .configuration),
    Experiment(.remembersRevision, .configuration),
    Experiment(.checksVersion, .revisions),
    Experiment(.checksVersion, .update),
    Experiment(.readsWithWatch, .group),
    Experiment(.watchesAgain, .group),
    Experiment(.claimsByOwner, .group),
    Experiment(.knowsOwnNode, .group),
    Experiment(.releasesOwn, .group),
    Experiment(.givesUpEntry, .group),
    Experiment(.watchesMembers, .names),
    Experiment(.watchesAgain, .producers),
  ]

  private static let sharing: [Experiment] = [
    Experiment(.numbersByServer, .ids),
    Experiment(.clearsRun, .commands),
    Experiment(.keepsCommands, .commands),
    Experiment(.remembersRun, .commands),
    Experiment(.ownerInName, .commands),
    Experiment(.waitsForOwner, .consumers),
    Experiment(.stopsFirst, .consumers),
    Experiment(.givesUpEntry, .consumers),
    Experiment(.givesBack, .consumers),
    Experiment(.watchesMembers, .consumers),
    Experiment(.releasesOwn, .consumers),
    Experiment(.claimsByOwner, .naiveLock),
    Experiment(.knowsOwnNode, .naiveLock),
    Experiment(.releasesOwn, .naiveLock),
    Experiment(.looksWhenGone, .naiveLock),
    Experiment(.givesUpEntry, .naiveLock),
    Experiment(.fenced, .naiveLock),
  ]
}
