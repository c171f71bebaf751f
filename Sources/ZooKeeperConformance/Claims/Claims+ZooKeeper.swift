public import Conformance
import ProtocolCore

extension Claims {
  /// What the chapters on ZooKeeper state, of servers and of clients.
  public static let zooKeeper = Claims(
    Claim.dataModel + Claim.watches + Claim.lastingWatches + Claim.readings + Claim.access
      + Claim.sessions + Claim.words + Claim.guarantees)
}

extension Claim {
  /// Znodes.
  static let dataModel: [Claim] = [
    Claim("ZNODE-1", "Data lives in a tree of nodes, each named by its path from the root."),
    Claim(
      "ZNODE-2",
      """
      What is limited to about a megabyte is the request, not the data: a longer frame ends the \
      connection without an answer.
      """),
    Claim(
      "ZNODE-3", "A persistent node stays until it is deleted, whatever becomes of its creator."),
    Claim(
      "ZNODE-4",
      "An ephemeral node goes when the session that created it ends, and has no children."),
    Claim(
      "ZNODE-5",
      """
      A sequential node's name ends with its parent's count of creations in ten digits, which is \
      never given out twice while the parent lives.
      """),
    Claim(
      "ZNODE-6",
      """
      Every write can be made conditional on a version, -1 matches any; a node's Stat tells which \
      transactions created it, changed it and changed its children, and counts them.
      """),
    Claim(
      "ZNODE-7", .server, .boundedLiveness,
      """
      A container goes some time after its last child has gone, a node with a time to live when it \
      has no children and its data was not set for that long; neither goes earlier.
      """),
    Claim(
      "ZNODE-8",
      """
      What a node with a quota and all below it use is counted in a node of its own; a hard quota \
      refuses what exceeds it, a soft one does not.
      """),
  ]

  /// Watches.
  static let watches: [Claim] = [
    Claim(
      "WATCH-1", "A watch fires once: to be told of the next change a client has to ask again."),
    Claim("WATCH-2", "Watches hold nothing up: a watcher that does not read delays nobody else."),
    Claim("WATCH-3", "Events are pushed by the server, without being asked for."),
    Claim(
      "WATCH-4",
      """
      A session's events come in the order of the changes, and each before any reply that shows \
      its change.
      """),
    Claim("WATCH-5", "An event holds its type, the connection's state and a path, and no data."),
    Claim(
      "WATCH-6",
      """
      Each kind of change fires the watches of its kind and no others, and a client that sets its \
      watches again after a reconnection misses none of the changes in between.
      """),
  ]

  /// Watches that stay, and watches that are taken back.
  static let lastingWatches: [Claim] = [
    Claim(
      "WATCH-7",
      """
      A persistent watch fires for every change of its node and its children, a recursive one for \
      every change of its node and of those below, under their own paths; both stay as long as \
      their connection, until they are taken back.
      """),
    Claim(
      "WATCH-8",
      """
      A client looks for its watches, and takes them back, by path and by type; nobody else's are \
      seen or touched.
      """),
  ]

  /// What is read beside nodes and lists of children.
  static let readings: [Claim] = [
    Claim(
      "READ-1",
      """
      A multiRead brings what each of its reads would, in their order; one that fails, fails alone.
      """),
    Claim(
      "READ-2",
      """
      A session is told the paths of its own ephemerals that begin so, and how many nodes there \
      are below one that it may read.
      """),
    Claim(
      "READ-3",
      """
      A server that has lost its ensemble serves reads to clients that say that this will do, and \
      tells them so; it writes nothing, and lets in nobody else.
      """),
    Claim(
      "RECONF-1",
      """
      A server that is not to be reconfigured, or has no ensemble, refuses that and serves on.
      """),
  ]

  /// Access control.
  static let access: [Claim] = [
    Claim(
      "ACL-1",
      """
      A node's list says who may read, write, create, delete and administer it, by the schemes \
      world, auth, digest and ip; creating and deleting ask the parent, and nothing is inherited.
      """),
    Claim(
      "ACL-2",
      """
      The protection is weak: exists asks for no permission before 3.8.4 and 3.9.2, getACL asks \
      for READ or ADMIN and shows digests to administrators, and passwords cross the wire in clear.
      """),
    Claim(
      "ACL-3",
      """
      Identities belong to a connection and add up; NoNode is told before NoAuth where the order \
      of checks says so; setACL moves the ACL's version and nothing else.
      """),
    Claim(
      "ACL-4",
      """
      A connection is told whom it has shown to be, without what proves it; by DIGEST-MD5 a \
      password is shown without being sent, and who does not know it is refused.
      """),
  ]

  /// Sessions.
  static let sessions: [Claim] = [
    Claim(
      "SESS-1", .client,
      """
      A client comes up in three stages: its own set-up, the request for a session, and the \
      answer, which it tells as the event SyncConnected.
      """),
    Claim(
      "SESS-2", .client,
      """
      A client is connecting, connected or closed; a lost connection leads back to connecting and \
      keeps the session.
      """),
    Claim(
      "SESS-3",
      """
      A session ends by timeout, by its client's wish, and a connection by failed authentication.
      """),
    Claim(
      "SESS-4",
      """
      Whoever has a session's id and password carries it on, on whatever connection; with a wrong \
      password it is refused.
      """),
    Claim(
      "SESS-5", .server, .boundedLiveness,
      """
      A timeout is granted between 2 and 20 ticks; a session that is silent for that long expires \
      within a tick, its ephemerals go and their watches fire, once.
      """),
    Claim("SESS-6", "Requests of one session are carried out and answered in the order sent."),
    Claim(
      "SESS-7",
      """
      A client that has seen more than a server has is refused by it, so that it never goes back.
      """),
  ]

  /// What operators ask.
  static let words: [Claim] = [
    Claim(
      "WORD-1",
      """
      A word of four letters that a server admits is answered in place of a session, in the form \
      that tools read, and the connection ends.
      """)
  ]

  /// What a service guarantees.
  static let guarantees: [Claim] = [
    Claim(
      "GUAR-1",
      """
      One client's updates are applied in the order in which it sent them, under zxids that grow.
      """),
    Claim("GUAR-2", "An update, and a multi, happens wholly or not at all."),
    Claim(
      "GUAR-5",
      """
      A read after a sync shows whatever was committed before the sync was asked for; a read alone \
      may show an older state.
      """),
  ]
}
