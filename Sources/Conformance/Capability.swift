/// Something that a server may have or lack, found out by asking it.
public enum Capability: String, CaseIterable, Hashable, Sendable, Codable {
  /// Several operations as one.
  case multi
  /// A create that answers with the Stat.
  case create2
  /// A check that stands alone.
  case check
  /// `exists` asks for READ on a node that exists.
  case existsNeedsRead
  /// A watch event goes only to a watcher that may read the node.
  case eventsNeedRead
  /// The ACL scheme `ip` takes a prefix such as `10.0.0.0/8`.
  case ipPrefixes
  /// `super:admin` is the superuser.
  case superDigest
}
