/// Something that a server may have or lack, found out by asking it.
///
/// A fixture names those that it `needs`, and those `unless` which it holds.
public enum Capability: String, CaseIterable, Hashable, Sendable, Codable {
  // Operations, in the order of their numbers.

  /// What every edition has.
  case create, delete, exists, getData, setData, getACL, setACL, getChildren, sync, ping
  /// Children with their node's Stat.
  case getChildren2
  /// Conditions in a multi.
  case check
  /// Several operations as one.
  case multi
  /// A create that answers with the Stat.
  case create2
  /// The ensemble is changed, or the wish refused.
  case reconfig
  /// Watches are asked for, and taken back.
  case checkWatches, removeWatches
  /// Nodes that go when their last child has gone.
  case containers
  /// Nodes that go after a time.
  case ttl
  /// Several reads as one.
  case multiRead
  /// Identities are shown, and the watches of an earlier connection set again.
  case auth, setWatches
  /// Tokens of SASL are answered.
  case sasl
  /// A session's ephemeral nodes are listed.
  case getEphemerals
  /// The nodes below a node are counted.
  case countChildren
  /// Watches that stay are set again.
  case setWatches2
  /// Watches that stay, on a node, and on all below it.
  case addWatch, addWatchRecursive
  /// A connection's identities are told.
  case whoAmI
  /// A session is ended.
  case closeSession

  // Flags of a create, but for those that operations stand for.

  /// Nodes that go with their session; numbered nodes; numbered nodes that go with it.
  case ephemeral, sequential, ephemeralSequential
  /// Numbered nodes that go after a time.
  case ttlSequential

  // Schemes of access control.

  /// `world:anyone`, `auth` for who has shown something, a digest, an address.
  case schemeWorld, schemeAuth, schemeDigest, schemeIP
  /// Whom SASL knows.
  case schemeSASL
  /// Whom a certificate names.
  case schemeX509
  /// DIGEST-MD5 asks for a password; a server that knows nobody does not.
  case saslDigest
  /// Bob is known by the password `secret`.
  case saslBob
  /// A name that SASL does not know is refused, whatever the password.
  case saslNames

  // Sessions.

  /// A session is resumed with its id and password.
  case resume

  /// It has lost its ensemble, and only reads (readonlymode.enabled).
  case readOnly

  // Dialects: what servers answer differently.

  /// A multi that fails tells each operation's fate.
  case multiFates
  /// A `create2` in a multi is answered with the Stat.
  case multiStats
  /// The header of an event has its change's zxid.
  case eventZxid
  /// One-shot, persistent and recursive watches on a path are watches of their own.
  case watchModes
  /// `checkWatches` does not take another session's watch for one's own.
  case ownWatches
  /// What is used of a quota is counted.
  case quotas
  /// A hard quota is enforced.
  case hardQuotas
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
    case .readOnly: "a server that only reads"
    case .multiFates: "fates of a failed multi's operations"
    case .multiStats: "Stats in multis"
    case .eventZxid: "zxids of events"
    case .watchModes: "watch modes of their own"
    case .ownWatches: "own watches in checkWatches"
    case .hardQuotas: "hard quotas"
    case .schemeWorld: "the scheme world"
    case .schemeAuth: "the scheme auth"
    case .schemeDigest: "the scheme digest"
    case .schemeIP: "the scheme ip"
    case .schemeSASL: "the scheme sasl"
    case .schemeX509: "the scheme x509"
    case .saslDigest: "DIGEST-MD5"
    case .saslBob: "bob:secret"
    case .saslNames: "refusal of unknown names"
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

  /// The edition since which every server has what a patch of earlier ones brought too; nil for
  /// what is no patch.
  ///
  /// That a server has it tells no edition; that a later one lacks it is a hole.
  ///
  /// Source: CVE-2024-23944, mended in 3.8.4 and 3.9.2.
  var patch: Edition? {
    [.eventsNeedRead, .existsNeedsRead].contains(self) ? Edition(3, 9) : nil
  }

  /// The edition of Apache's server that brought it; nil for what does not tell editions apart.
  ///
  /// Source: observed on 3.4.14, 3.5.9, 3.6.2, 3.6.3, 3.7.1, 3.7.2, 3.8.0 and 3.9.3 to 3.9.5.
  public var edition: Edition? {
    switch self {
    case .create, .delete, .exists, .getData, .setData, .getACL, .setACL, .getChildren, .sync,
      .ping, .getChildren2, .check, .multi, .auth, .setWatches, .sasl, .closeSession, .ephemeral,
      .sequential, .ephemeralSequential, .schemeWorld, .schemeAuth, .schemeDigest, .schemeIP,
      .resume, .multiFates, .quotas:
      Edition(3, 4)
    case .create2, .reconfig, .checkWatches, .removeWatches, .containers, .ttl, .ttlSequential:
      Edition(3, 5)
    case .multiRead, .getEphemerals, .countChildren, .setWatches2, .addWatch, .addWatchRecursive:
      Edition(3, 6)
    case .whoAmI: Edition(3, 8)
    case .eventZxid, .watchModes: Edition(3, 9)
    case .multiStats, .existsNeedsRead, .eventsNeedRead, .ipPrefixes, .ipVersion6, .superDigest,
      .ownWatches, .hardQuotas, .readOnly, .schemeSASL, .schemeX509, .saslDigest,
      .saslBob, .saslNames:
      nil
    case .ruok, .isro, .srvr, .stat, .cons, .mntr, .conf, .envi, .gtmk, .wchs, .wchc, .wchp, .dump:
      nil
    }
  }
}
