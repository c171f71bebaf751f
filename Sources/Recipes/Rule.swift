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

  // MARK: Queues, barriers, counters, leases

  /// What must happen once leaves a mark in the same transaction, so that to repeat it after a lost
  /// reply is refused when it had been executed.
  ///
  /// To look for one's entry is not enough in a queue: it may have been put, taken and deleted.
  case leavesMark
  /// Who takes an element out claims it first, so that its delete can be repeated after a lost
  /// reply: nobody else deletes it meanwhile.
  case claims
  /// That an element is gone when we delete it says that somebody else has taken it.
  case goneIsOthers
  /// Data is read before the node is deleted.
  case readsBeforeDeleting
  /// A claim goes with its session.
  case claimIsEphemeral
  /// Only what is there is claimed: the list of elements may be old.
  case claimsWhatIsThere
  /// It looks after it has left its watch, not before: what came between has woken nobody.
  ///
  /// Source: ZooKeeper Programmer's Guide, "Things to Remember about Watches".
  case looksAfterWatching
  /// Who is going to wait leaves a watch.
  case leavesWatch
  /// Priorities are in the order of numbers, not of texts.
  case comparesAsNumbers
  /// A barrier that has opened stays open for those who look later.
  ///
  /// Source: ZooKeeper Recipes and Solutions, "Double Barriers", the node `ready`.
  case staysOpen
  /// A barrier opens only if all who were counted are still there.
  case checksMembers
  /// Who gives up waiting at a barrier is taken away only if it has not opened yet.
  case withdrawsUnlessOpen
  /// Nobody leaves a double barrier before all do.
  ///
  /// Source: ZooKeeper Recipes and Solutions, "Double Barriers", leave.
  case leavesTogether
  /// A value is set only if it is still the one that was read.
  case setsByVersion
  /// The holder of a lease counts its time himself, and does not wait to be told of its end.
  ///
  /// Source: Gray and Cheriton, "Leases", SOSP 1989, section 2.
  case countsTime
  /// The time of a lease counts from the question, not from its answer.
  ///
  /// Source: Gray and Cheriton, "Leases", SOSP 1989, section 3.1.
  case countsFromAsking

  // MARK: What is published, registered, sent, divided

  /// What is read, and the watch on it, are one request.
  ///
  /// Source: ZooKeeper Programmer's Guide, "ZooKeeper Watches".
  case readsWithWatch
  /// A watch fires once; it is left again with each read.
  ///
  /// Source: ZooKeeper Programmer's Guide, "ZooKeeper Watches", one-time trigger.
  case watchesAgain
  /// Who follows something leaves a watch on it.
  case watchesMembers
  /// What has not changed is not told again.
  case tellsOnce
  /// Who begins anew in another session goes on behind what he has got.
  case remembersRevision
  /// A change that depends on what was there before is written only if that is there still.
  ///
  /// Source: ZooKeeper Programmer's Guide, "Data Access", version numbers.
  case checksVersion
  /// A node that is there already is one's own only if the server says that one's session owns it.
  case claimsByOwner
  /// Who lost the answer to a create looks whether the node that is there is his own.
  case knowsOwnNode
  /// Unique numbers are those that the server gives to sequential nodes.
  case numbersByServer
  /// Each command is a node of its own.
  case keepsCommands
  /// A console takes away what it has sent and has been run.
  case clearsRun
  /// A machine knows by itself which commands it has run; what it tells the server is for later.
  case remembersRun
  /// A consumer takes a partition when its owner's node has gone, not before.
  case waitsForOwner
  /// A consumer stops its work on a partition before it takes its owner's node away.
  case stopsFirst
  /// A consumer that leaves gives its partitions back.
  case givesBack
}
