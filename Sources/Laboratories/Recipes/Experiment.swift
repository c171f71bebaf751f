package import Recipes

/// A rule, and the program on which a run shows what goes wrong without it.
package struct Experiment: Sendable {
  /// The rule.
  package let rule: Rule
  /// The program.
  package let program: Program

  package init(_ rule: Rule, _ program: Program) { (self.rule, self.program) = (rule, program) }

  /// All of them; a rule that several recipes heed stands with one or two.
  package static let all: [Experiment] = lines

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
}
