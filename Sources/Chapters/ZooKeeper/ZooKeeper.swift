// Chapter ZooKeeper: a small tree of nodes that many processes can trust.
//
// Processes that work together have to agree on small things: who leads, who is alive, which
// configuration holds, whose turn it is. ZooKeeper keeps such things for them in a tree of nodes,
// each with a little data, and gives four means to deal with it: writes that name the version
// they expect, nodes that vanish with whoever made them, numbers that no name gets twice, and
// watches that tell once that something has changed. Locks, queues and elections are made of
// these by the clients themselves; the service knows nothing of them.
//
// This chapter is the service: what one server, or all servers of an ensemble alike, do with
// requests, with transactions and with time. It does no input and no output. How a transaction
// reaches all servers in one order is the business of another chapter (ZAB); bytes and
// connections are the business of the wire and the server.
//
//     request ──→ prepare ──→ transaction ──→ commit ──→ result = reply + changes
//                 against        takes a      on every     │
//                 proposed       zxid         server       └─→ Watches.trigger ──→ events
//
//     read ─────→ answer, from what is applied ──→ Watches.leave
//
//     time ─────→ Sessions.expire ──→ a transaction that closes the session
//
// Read the files in this order:
//
//     Request, Reply, Stat, ErrorCode, WatchEvent, AccessControl, Identifiers    the words
//     Path                      what a name may be, and sequence numbers
//     Node, Tree                what is stored, and what a client sees of it
//     Tree+Preparing            what is checked, in which order; conditions end here
//     Transaction               what is left of a request: an effect
//     Tree+Applying             the effect
//     Service, Service+Reading  what is proposed, in flight, applied
//     AccessControl+Checking, AddressRange, Digest, Authentication    who may do what
//     Watches                   who is told, once
//     Sessions                  who is alive
//     Dialect, Dialect+Editions where editions of Apache's server differ
//
// What moves in the Stat (n the node, p its parent, z the transaction's zxid, t its time):
//
//                    n                                     p
//     create         czxid = mzxid = pzxid = z             pzxid = z, cversion + 1
//                    ctime = mtime = t, versions 0         numChildren + 1
//     delete         gone                                  pzxid = z, cversion + 1
//                                                          numChildren - 1
//     setData        mzxid = z, mtime = t, version + 1     nothing
//     setACL         aversion + 1                          nothing
//     close session  each of its ephemerals as by delete, all at one z
//     failed write   nothing, but z is used up             nothing
//
// What is checked, in this order; the first that is wrong is the answer:
//
//     create   flags · session · a slash and no null · ACL · parent there · CREATE on parent
//              · whole path, number included · not there yet · parent not ephemeral
//     delete   session · a slash, no null, not the server's own · parent there · DELETE on parent
//              · node there · version · no children
//     setData  session · whole path · node there · WRITE · version
//     setACL   session · whole path · ACL · node there · ADMIN · aversion
//     check    session · whole path · node there · READ · version
//     reads    node there · READ (getACL: READ or ADMIN)
//
// Which watch fires, once:
//
//                a data watch on n        a child watch on n    a child watch on p
//     create     NodeCreated (exists)     -                     NodeChildrenChanged p
//     delete     NodeDeleted, one for both kinds                NodeChildrenChanged p
//     setData    NodeDataChanged          -                     -
//
// What this chapter leaves out: containers and nodes that live for a time, quotas, persistent and
// recursive watches, reconfiguration, SASL, sessions that only one server knows, read-only mode.
// Of Apache's habits it leaves two out on purpose: a setACL in flight counts at once for the
// requests behind it (there, the old ACL does until the new one is applied), and the counter of
// sequence numbers stops at its end also for requests in flight (there, a create behind one that is
// in flight gets a negative number).
//
// Sources: ZooKeeper Programmer's Guide; Hunt, Konar, Junqueira, Reed, "ZooKeeper: Wait-free
// coordination for Internet-scale systems", USENIX ATC 2010; the behaviour of Apache's editions
// 3.4.14 to 3.9.5, observed.
