// What clients of ZooKeeper build of its four means: see the files, one recipe each.
//
// Read in this order:
//
//     Client+Insisting, Client+Waiting, Shield    how a recipe lives with connections that break
//     Entry, Client+Entering                      a node in a line, found again by its owner's name
//     WaitingLine                                 who waits for whom
//     ExclusiveLock, SharedLock, Semaphore, MasterElection    lines with a rule of their own
