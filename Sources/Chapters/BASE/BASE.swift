public import ProtocolCore

/// BASE: basically available, soft state, eventually consistent.
///
/// The store of chapter 1 that lets both sides of a cut answer must say what becomes of two writes
/// that did not know of each other, and how nodes that differ come to the same. Each server keeps a
/// **cell** under each key: all values that nobody has written over knowingly, the **siblings**,
/// and a **version vector** of the writes that it knows of. A client asks through its **session**,
/// which remembers what it has read and sends it along with what it writes.
///
///     x   1 (a1) ─┬─ 2 over a1 at b (b1) ─┐
///                 │                       ├─ 2 3 (a1 b1 c1): siblings ─ 4 over both (a2)
///                 └─ 3 over a1 at c (c1) ─┘
///
/// In the background servers compare what they keep, by a tree of hashes, and send each other what
/// differs; a server whose answer to a read was old is told what is new; and what a server that was
/// not reached should keep, another keeps for it until it can be handed over.
///
/// The forms:
///
///     siblings          each write has its dot; values stay until they are written over knowingly
///     merged-clocks     one vector for all values, as before there were dots
///     last-writer-wins  one value, or tombstone, that with the latest stamp, which is what the
///                       server's clock read; of equal ones that of the greater server's name
///     read-repair       some servers keep a write, all are read, and told what is new
///     sloppy            several servers keep a write and answer a read, or others in their place
///     sessions          a server that knows less than a session has seen does not answer its reads
///
/// The rules, each with its source, are in `Rule.swift`; what is promised in `Properties.swift`.
/// Read on in this order: `VersionVector`, `Cell`, `MerkleTree`, `Words`, `Replica`, `Session`;
/// then `Types`: data that merge by themselves; and `Transfer`: money that is moved without
/// two-phase commit.
///
/// Sources: Fox and others, SOSP 1997 (the word); Pritchett, "BASE: An Acid Alternative", ACM Queue
/// 6(3), 2008; DeCandia and others, SOSP 2007; Terry and others, PDIS 1994; Vogels, CACM 52(1),
/// 2009.
///
/// What this chapter leaves out: how keys are spread over many nodes, so that each is kept by some;
/// when a tombstone may be forgotten, which takes knowing that all have it; sessions over several
/// keys, and the two guarantees of Terry and others that are of writes, monotonic writes and writes
/// that follow reads: a server that knows less than a session takes its writes.
public enum BASEModel: Sendable {}

/// What a node is.
public enum Role: String, Named {
  /// A server that keeps every key.
  case replica
  /// A server that stands in for another.
  case spare
  /// The session of a client.
  case session
}

/// The forms of the store.
public enum Variant: String, Named {
  /// Dotted version vectors. (Preguiça and others 2010)
  case siblings
  /// One version vector for all values of a key. (Parker and others 1983)
  case mergedClocks = "merged-clocks"
  /// The latest stamp wins. (Thomas 1979)
  case lastWriterWins = "last-writer-wins"
  /// Quorums, and reads that tell servers what they lack; nothing in the background. (DeCandia and
  /// others 2007, 5)
  case readRepair = "read-repair"
  /// Sloppy quorums and hinted handoff. (DeCandia and others 2007, 4.6)
  case sloppy
  /// Session guarantees. (Terry and others 1994)
  case sessions
}
