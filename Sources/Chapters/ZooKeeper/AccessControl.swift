/// The five permissions of an ACL entry, as bits.
///
/// Source: ZooKeeper Programmer's Guide, "ACL Permissions". A server stores the 32 bits as they
/// come; bits without a meaning are kept.
public struct Permissions: OptionSet, Hashable, Sendable {
  /// The 32 bits on the wire.
  public let rawValue: Int32

  /// The permissions of these bits.
  public init(rawValue: Int32) { self.rawValue = rawValue }

  /// Read the node's data and its list of children.
  public static let read = Permissions(rawValue: 1)
  /// Set the node's data.
  public static let write = Permissions(rawValue: 2)
  /// Create a child.
  public static let create = Permissions(rawValue: 4)
  /// Delete a child.
  public static let delete = Permissions(rawValue: 8)
  /// Set the node's ACL.
  public static let admin = Permissions(rawValue: 16)
  /// All five.
  public static let all = Permissions(rawValue: 31)
}

/// Who may be meant by an ACL entry, and who a connection has shown to be: a scheme, and an id in
/// the scheme's own form.
public struct Identity: Hashable, Sendable {
  /// The scheme's name: `world`, `auth`, `digest`, `ip`, `sasl`, `super`.
  public var scheme: String
  /// In the scheme's form: `anyone`, `bob:base64(sha1)`, `10.0.0.0/8`.
  public var id: String

  /// The identity of this scheme and id.
  public init(scheme: String, id: String) {
    self.scheme = scheme
    self.id = id
  }

  /// Everybody.
  public static let anyone = Identity(scheme: "world", id: "anyone")
  /// Bypasses every ACL.
  public static let superuser = Identity(scheme: "super", id: "")

  /// As whoAmI tells it: of a digest the name alone.
  public var info: ClientInfo {
    let user = scheme == "digest" ? String(id.prefix { $0 != ":" }) : id
    return ClientInfo(scheme: scheme, user: user)
  }
}

/// One entry of a node's access control list.
public struct ACL: Hashable, Sendable {
  /// What the entry allows.
  public var permissions: Permissions
  /// To whom.
  public var identity: Identity

  /// An entry that allows `permissions` to `identity`.
  public init(_ permissions: Permissions, _ identity: Identity) {
    self.permissions = permissions
    self.identity = identity
  }
}

extension [ACL] {
  /// Everything to everybody, `OPEN_ACL_UNSAFE`.
  public static var open: [ACL] { openToAll }
  /// Reading to everybody, `READ_ACL_UNSAFE`.
  public static var readOnly: [ACL] { [ACL(.read, .anyone)] }
  /// Everything to whoever creates the node, `CREATOR_ALL_ACL`.
  public static var creator: [ACL] { [ACL(.all, Identity(scheme: "auth", id: ""))] }
}

/// One array for all nodes that are open, which most are.
private let openToAll = [ACL(.all, .anyone)]
