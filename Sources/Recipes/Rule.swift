/// What a recipe heeds, and what a run shows that goes wrong without it.
///
/// Only tests and the laboratory leave rules out.
package enum Rule: String, CaseIterable, Sendable {
  /// A request that may be repeated is repeated when its connection is lost.
  ///
  /// Source: ZooKeeper Recipes and Solutions, "Important Note About Error Handling".
  case asksAgain
  /// The name of an entry names its owner, so that a create whose answer was lost is not made
  /// twice: whoever lost the answer looks for his entry first.
  ///
  /// Source: ZooKeeper Recipes and Solutions, "Recoverable Errors and the GUID".
  case ownerInName
  /// Entries are in the order of their numbers, whatever stands before those.
  case sortsByNumber
  /// When there is nothing to watch any more, it looks again instead of waiting.
  ///
  /// Source: ZooKeeper Recipes and Solutions, "Locks", step 4.
  case looksWhenGone
  /// After a watch has fired it looks at all entries again: the one before it may have given up.
  ///
  /// Source: ZooKeeper Recipes and Solutions, "Locks", step 5.
  case looksAgain
  /// It watches the one entry that is in its way, not all.
  ///
  /// Source: Hunt et al., USENIX ATC 2010, section 2.4, "Simple Locks without Herd Effect".
  case watchesOne
  /// Who gives up waiting takes his entry away.
  case givesUpEntry
  /// A release is repeated until it is answered.
  case releaseInsists
  /// Nobody holds what he held when his session is over.
  case endsWithSession
  /// A reader waits for writers only, not for readers.
  ///
  /// Source: ZooKeeper Recipes and Solutions, "Shared Locks".
  case readersTogether
  /// A writer waits for readers too.
  case writerWaitsForReaders
  /// A reader waits for the last writer before it.
  ///
  /// Source: ZooKeeper Recipes and Solutions, "Shared Locks".
  case readerWaitsForWriters
  /// A semaphore is told of every entry that goes, not of one.
  case watchesAllPermits
  /// A lock that all take by the same name is given back only by its owner.
  case releasesOwn
  /// What a lock guards is told a number that grows with each owner.
  ///
  /// Source: Burrows, OSDI 2006, section 2.4, "sequencer".
  case fenced
}
