package import ZooKeeper
package import ZooKeeperWire

/// What a server does otherwise than the reference: an edition's way, another product's, or a
/// fault planted on purpose.
///
/// A quirk is applied from outside: it edits what passes between the parts of a ``Server``. Every
/// member below the description is such a place, in the order in which a
/// connection and its requests pass them; a quirk uses one or two.
///
///     bytes → order → request ─┬─ view → read → watch ──────────────────────────────┐
///                              └─ prepare → transactions → commit → tree → events ──┤
///     bytes ← segment ← frames ← stat ← reply ←─────────────────────────────────────┘
///
/// `quorate serve zookeeper --quirk NAME` gives everybody a server that fails in this way, and a
/// suite that does not notice it has a hole.
public struct Quirk: Sendable {
  /// What kind of difference it is.
  public enum Group: String, Hashable, Sendable, CaseIterable {
    /// As an older edition of Apache's server does it.
    case edition
    /// As another server that speaks the protocol does it.
    case knownServer
    /// A fault.
    case flaw
    /// No server at all, only something that answers.
    case tinyServer
  }

  /// A few words with hyphens.
  public let name: String
  /// The kind of difference.
  public let group: Group
  /// One sentence: what the server does.
  public let summary: String
  /// Where the difference, or what it violates, is written down.
  public let source: String
  /// Quirks that it consists of, and that come before its own.
  package var parts: [Quirk] = []

  /// A quirk that does nothing yet; `change` gives it what it does.
  package init(
    _ name: String, _ group: Group = .flaw, _ summary: String, source: String,
    parts: [Quirk] = [], _ change: (inout Quirk) -> Void = { _ in }
  ) {
    self.name = name
    self.group = group
    self.summary = summary
    self.source = source
    self.parts = parts
    change(&self)
  }

  // When the server is made.

  /// Other limits, another dialect.
  package var settings: (@Sendable (inout Settings) -> Void)?

  // When a connection begins and ends.

  /// What becomes of a connect request.
  package var admission: (@Sendable (inout Admission, Server) -> Void)?
  /// What is sent back to it.
  package var response: (@Sendable (inout ConnectResponse, Admission, Server) -> Void)?
  /// Whom a client is after it has shown something; nil for a refusal.
  package var identities:
    (@Sendable (inout [Identity]?, _ scheme: String, _ shown: Payload) -> Void)?
  /// Whether a session ends with its connection.
  package var endsSessionsWithConnections = false

  /// Which connections it leaves open that begin with no connect request.
  package var bearsWith: Set<BadGreeting> = []

  /// What a four-letter word is answered.
  package var word: (@Sendable (inout String, FourLetterWord, Server) -> Void)?

  // When a request arrives.

  /// The order of requests that arrived together.
  package var order: (@Sendable (inout [ClientFrame]) -> Void)?
  /// What is asked, and by whom.
  package var request: (@Sendable (inout Asked, Server) -> Void)?
  /// Whether nobody is served while a peer takes nothing.
  package var waitsForSlowReaders = false
  /// Which requests do not keep a session alive.
  package var ignoresForLease: (@Sendable (Asked) -> Bool)?

  // When it changes something.

  /// What is committed instead of what was prepared.
  package var transactions: (@Sendable (inout [Transaction], Asked, Server) -> Void)?
  /// What the tree holds after a transaction.
  package var tree: (@Sendable (inout Service, Committed) -> Void)?
  /// What is written down of it, for later.
  package var remember: (@Sendable (inout Notebook, Committed) -> Void)?
  /// Who is told of it.
  package var events: (@Sendable (inout [Notification], inout Watches, Committed) -> Void)?

  // When it reads.

  /// What is looked at.
  package var view: (@Sendable (inout Service, Asked, Server) -> Void)?
  /// Which watch a read leaves.
  package var watch: (@Sendable (inout Registration, inout Watches, Server) -> Void)?

  /// Which watches a connection has, once it has asked for some, or looked for them.
  package var watching: (@Sendable (inout Watches, Asked, Server) -> Void)?
  /// Whose watches that stay are kept when their connection is over.
  package var keepsWatches: KeptWatches?

  // When nobody asks.

  /// Which containers and TTL nodes are taken away.
  package var reaping: (@Sendable (inout [String], Server) -> Void)?

  // When it is answered.

  /// The reply.
  package var reply: (@Sendable (inout Answered, Asked, Server) -> Void)?
  /// Every Stat that is shown, of this path.
  package var stat: (@Sendable (inout Stat, String, Tree) -> Void)?
  /// All that goes out, and in which order.
  package var frames: (@Sendable (inout Outgoings, Asked, Server) -> Void)?

  /// All that goes out for what arrived together, and in which order.
  package var segment: (@Sendable (inout [Output]) -> Void)?

  /// Its parts and itself, in the order of application.
  var flattened: [Quirk] { parts.flatMap(\.flattened) + [self] }
}

/// Whose watches a server keeps that should be gone.
package enum KeptWatches: Hashable, Sendable {
  /// Those of a session that goes on: they are its next connection's.
  case ofSessions
  /// Those of a session that has ended: nobody's.
  case ofNobody
}

/// How a connection can begin with what is no connect request.
package enum BadGreeting: Hashable, Sendable {
  /// With a length that cannot be.
  case frame
  /// With a frame that does not decode.
  case request
}

/// What a server with a quirk remembers and one without does not.
package struct Notebook: Sendable {
  /// Paths that each session has had something to do with.
  package var paths: [SessionID: Set<String>] = [:]
  /// What sessions that have ended have had.
  package var ended = Ended()

  /// What belonged to sessions that have ended.
  package struct Ended: Sendable {
    /// The paths of their ephemeral nodes.
    package var paths: Set<String> = []
    /// The parents of these.
    package var parents: Set<String> = []
    /// The parents of those that went by expiry.
    package var expired: Set<String> = []
    /// How many of these nodes each parent had.
    package var counts: [String: Int32] = [:]
    /// The paths whose data they watched.
    package var watched: Set<String> = []
  }
}

/// A read that may leave a watch.
package struct Registration: Sendable {
  /// The read.
  package var request: Request
  /// What it gave.
  package var result: Result<Answer, ErrorCode>
  /// Who will be told.
  package var watcher: ConnectionID
}
