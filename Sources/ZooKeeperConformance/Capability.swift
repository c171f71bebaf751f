/// Something that a server may have or lack, found out by asking it.
///
/// A fixture names those that it `needs`, and those `unless` which it holds.
public enum Capability: String, CaseIterable, Hashable, Sendable, Codable {
  // Operations, in the order of their numbers.

  /// Several operations as one.
  case multi
  /// A create that answers with the Stat.
  case create2
  /// Watches are asked for and taken back (`checkWatches`, `removeWatches`).
  case removeWatches
  /// Nodes that go when their last child has gone.
  case containers
  /// Nodes that go after a time.
  case ttl
  /// Several reads as one.
  case multiRead
  /// A session's ephemeral nodes are listed.
  case getEphemerals
  /// The nodes below a node are counted.
  case countChildren
  /// Persistent and recursive watches.
  case addWatch
  /// A connection's identities are told.
  case whoAmI

  // Sessions.

  /// A session is resumed with its id and password.
  case resume

  // Dialects: what servers answer differently.

  /// A multi that fails tells each operation's fate.
  case multiFates
  /// A `create2` in a multi is answered with the Stat.
  case multiStats
  /// The header of an event has its change's zxid.
  case eventZxid
  /// `exists` asks for READ on a node that exists.
  case existsNeedsRead
  /// A watch event goes only to a watcher that may read the node.
  case eventsNeedRead
  /// The ACL scheme `ip` takes a prefix such as `10.0.0.0/8`.
  case ipPrefixes
  /// The ACL scheme `ip` takes IPv6 addresses.
  case ipVersion6
  /// `super:admin` is the superuser.
  case superDigest

  // Words of four letters that are answered.

  /// Whether it is alive, whether it takes writes, how it fares, with its connections too.
  case ruok, isro, srvr, stat
  /// Its connections, its numbers, its settings, what it runs on, its trace mask.
  case cons, mntr, conf, envi, gtmk
  /// Its watches: how many, by session, by path.
  case wchs, wchc, wchp
  /// Its sessions and their ephemerals.
  case dump

  /// The words for it in a sentence: has …, lacks ….
  public var words: String {
    switch self {
    case .resume: "session resumption"
    case .multiFates: "fates of a failed multi's operations"
    case .multiStats: "Stats in multis"
    case .eventZxid: "zxids of events"
    case .existsNeedsRead: "READ for exists"
    case .eventsNeedRead: "READ for events"
    case .ipPrefixes: "ip prefixes"
    case .ipVersion6: "ip version 6"
    case .superDigest: "super:admin"
    default: rawValue
    }
  }

  /// The words of four letters that are asked.
  static let fourLetterWords: [Capability] = [
    .ruok, .isro, .srvr, .stat, .cons, .mntr, .conf, .envi, .gtmk, .wchs, .wchc, .wchp, .dump,
  ]

  /// The edition of Apache's server that brought it; nil for what does not tell editions apart.
  ///
  /// Source: observed on 3.4.14, 3.5.9, 3.6.3, 3.7.2, 3.8.0 and 3.9.5.
  public var edition: Edition? {
    switch self {
    case .multi, .resume, .multiFates: Edition(3, 4)
    case .create2, .removeWatches, .containers, .ttl: Edition(3, 5)
    case .multiRead, .getEphemerals, .countChildren, .addWatch: Edition(3, 6)
    case .whoAmI: Edition(3, 8)
    case .eventZxid: Edition(3, 9)
    case .multiStats, .existsNeedsRead, .eventsNeedRead, .ipPrefixes, .ipVersion6, .superDigest:
      nil
    case .ruok, .isro, .srvr, .stat, .cons, .mntr, .conf, .envi, .gtmk, .wchs, .wchc, .wchp, .dump:
      nil
    }
  }
}
