// What clients of ZooKeeper build of its four means: see the files, one recipe each.
//
// Read in this order:
//
//     Client+Insisting, Client+Waiting, Shield    how a recipe lives with connections that break
//     Entry, Client+Entering                      a node in a line, found again by its owner's name
//     Client+Claiming                             a node that several want to make by one name
//     Snapshots                                   what is at a place of the tree, as it changes
//     WaitingLine                                 who waits for whom
//     ExclusiveLock, SharedLock, Semaphore, MasterElection    lines with a rule of their own
//     Client+Committing                           transactions that are executed once
//     Elements, FIFOQueue, PriorityQueue          who takes what out; TurnQueue as it is often told
//     Gathering, Barrier, DoubleBarrier           all go, or none
//     SharedCounter, Lease                        nobody waits
//     NaiveLock                                   the lock as the notes tell it, and its herd
//     Configuration, Group, NameService, ProducerBalancer     what is published, who is there
//     UniqueIDs, CommandConsole, Partitioner      what is numbered, sent, divided
