/// Where servers of different editions answer differently, each difference under a name.
///
/// The chapter follows Apache's 3.9, where several of 3.8's answers were found to be faults and
/// mended. The comment of a member says what the other value means and whose it is, as observed
/// on 3.4.14, 3.5.9, 3.6.2, 3.6.3, 3.7.1, 3.7.2, 3.8.0 (Debian's, patched) and 3.9.3 to 3.9.5.
public struct Dialect: Hashable, Sendable {
  /// The operations that are known: those of 3.4 up to 3 and this, 9 for all.
  ///
  /// 3.5 brought create2, containers, TTL nodes, checkWatches, removeWatches and reconfig; 3.6
  /// multiRead, getEphemerals, getAllChildrenNumber, addWatch and setWatches2; 3.7 whoAmI.
  public var minor = 9

  // Access control.

  /// `exists` asks for READ on a node that exists; up to 3.8.3 it asks for nothing.
  public var existsNeedsRead = true
  /// A watch event goes only to a watcher that may read the node that it names (CVE-2024-23944);
  /// before 3.8.4, Debian's 3.8.0 aside, to every watcher.
  public var eventsNeedRead = true
  /// What `auth` stands for takes its place in the list; 3.4 puts it at the end.
  public var authKeepsItsPlace = true
  /// SASL refuses a name that it does not know; before 3.9 it takes the password of whoever came
  /// before for that name's.
  public var refusesUnknownNames = true
  /// The scheme `ip` takes a prefix (`10.0.0.0/8`); 3.4 refuses it.
  public var ipPrefixes = true
  /// The scheme `ip` takes IPv6 addresses; before 3.9.4 it refuses them.
  public var ipVersion6 = true

  // The order of checks.

  /// `delete` asks for DELETE on the parent before it looks for the node; 3.4 and 3.5 look first,
  /// and say NoNode to somebody who may not delete.
  public var deleteAsksParentFirst = true
  /// `create` looks at its flags before all else; 3.4 after the parent's permission.
  public var modeIsCheckedFirst = true

  // Arguments.

  /// Flags 4, 5 and 6 (container, TTL, sequential TTL) have a meaning; to 3.4 they are bad
  /// arguments.
  public var knowsLaterModes = true
  /// Flags without a meaning spoil the whole multi (3.7.2, 3.9: MarshallingError); up to 3.8.0
  /// they are that operation's error.
  public var unknownModeSpoilsMulti = true
  /// The ranges of characters that a path may not have include their ends; in 3.4 they do not,
  /// so U+001F, 7F, 9F, F8FF, FFF0 and FFFF are allowed.
  public var forbidsRangeEnds = true

  // Watches.

  /// A one-shot watch, a persistent one and a recursive one on the same path are three watches
  /// (ZOOKEEPER-4466, 4471, 4472); before 3.9 they are one, of the kind that was asked for last,
  /// and the types 4 and 5 of `removeWatches` mean nothing.
  public var watchModesAreIndependent = true
  /// `checkWatches` looks for watches of whoever asks; from 3.6 to 3.8 anybody's will do.
  public var checksOwnWatches = true

  // Answers.

  /// A `create2` in a multi is answered with the Stat; before 3.7.2 and in 3.8.0 and 3.8.1 as if
  /// it were a `create`.
  public var create2InMultiHasStat = true
  /// A `check` outside a multi is refused as an unknown operation; up to 3.8 it answers when it
  /// fails, and destroys the server when it holds.
  public var refusesLoneCheck = true
  /// A notification's header carries the zxid of its change; before 3.9 it carries -1.
  public var notificationsCarryZxid = true
  /// `/zookeeper/config` exists; 3.4 has none.
  public var hasConfigNode = true

  /// Hard quotas are known; before 3.7 a quota only warns.
  public var knowsHardQuotas = true

  // What an operator decides, and leaves off if nothing is said.

  /// Nodes may go after a time: `extendedTypesEnabled`; otherwise a `createTTL` is unimplemented.
  public var hasTTL = true
  /// Hard quotas are enforced: `enforceQuota`, since 3.7.
  public var enforcesQuotas = false
  /// ACLs may name whom SASL knows: `authProvider.1=…SASLAuthenticationProvider`.
  public var hasSASL = false
  /// ACLs may name whose certificate was shown: `secureClientPort`.
  public var hasX509 = false
  /// `reconfig` is looked at: `reconfigEnabled`.
  public var reconfigures = false

  /// The same edition with what an operator has decided for another.
  ///
  /// What an edition does not know yet stays off.
  public func configured(as other: Dialect) -> Dialect {
    var dialect = self
    dialect.hasTTL = other.hasTTL
    dialect.enforcesQuotas = other.enforcesQuotas && knowsHardQuotas
    dialect.hasSASL = other.hasSASL
    dialect.hasX509 = other.hasX509
    dialect.reconfigures = other.reconfigures
    return dialect
  }

  /// The reference's: all as the newest edition does it.
  public init() {}

  /// All as the newest edition does it.
  public static let reference = Dialect()
}
