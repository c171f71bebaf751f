/// How forgiving decoding is.
public struct Reading: Hashable, Sendable {
  /// Whether all that a lenient reading forgives is an error.
  ///
  /// Read leniently, invalid UTF-8 becomes U+FFFD, any boolean but 0 is true, a count below -1 is
  /// an empty vector, bytes after the end are ignored, and a null is taken for the empty value
  /// where a server would treat both alike.
  public let isStrict: Bool
  /// The nulls that are errors also when it is not strict.
  public var refusedNulls: Nulls

  /// Nulls on which editions of Apache's server differ: some stumble over them while they decode
  /// (MarshallingError), others look at them later (InvalidACL).
  public struct Nulls: OptionSet, Hashable, Sendable {
    /// A bit for each.
    public let rawValue: Int
    /// Those of these bits, from the lowest: ``acl``, ``aclInMulti``, ``scheme``, ``saslID``,
    /// ``besideOthers``, ``checkedPath``.
    public init(rawValue: Int) { self.rawValue = rawValue }

    /// The list of access control entries of a create or setACL: up to 3.5.
    public static let acl = Nulls(rawValue: 1)
    /// The list of a create in a multi: up to 3.5, and since 3.7.2, 3.8.0 aside.
    public static let aclInMulti = Nulls(rawValue: 2)
    /// The scheme of an access control entry: in 3.4.
    public static let scheme = Nulls(rawValue: 4)
    /// The id of an entry whose scheme is `sasl`: where SASL is known.
    public static let saslID = Nulls(rawValue: 8)
    /// The scheme of an entry behind one of the same permissions, its id behind one of the same
    /// scheme too: entries are compared, so that none is stored twice.
    public static let besideOthers = Nulls(rawValue: 16)
    /// The path of a checkWatches: from 3.6 to 3.8.
    public static let checkedPath = Nulls(rawValue: 32)
  }

  /// As Apache's server reads, the newest edition; no null is an error for what stands beside it.
  public static let lenient = Reading(isStrict: false, refusedNulls: .aclInMulti)
  /// As Apache's server reads requests, the newest edition, where SASL is known.
  public static let server = Reading(
    isStrict: false, refusedNulls: [.aclInMulti, .saslID, .besideOthers])
  /// Nothing is forgiven: a record that was read strictly and is written again gives the same
  /// bytes.
  public static let strict = Reading(isStrict: true, refusedNulls: [.acl, .aclInMulti, .scheme])
}
