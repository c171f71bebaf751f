/// Which identities a connection gains by what it shows.
public struct Authentication: Hashable, Sendable {
  /// The digest identity (`super:…`) whose owner is the superuser, if there is one.
  public var superDigest: String?

  /// Authentication with, perhaps, a superuser.
  public init(superDigest: String? = nil) { self.superDigest = superDigest }

  /// What a connection from this address is without having shown anything.
  public static func initial(address: String) -> [Identity] {
    [Identity(scheme: "ip", id: address)]
  }

  /// The identities that these credentials add; nil if they are refused, which ends the
  /// connection.
  ///
  /// What a connection has shown adds up, and no identity stands twice among its own. A digest is
  /// never refused: whoever knows a password that no ACL mentions is simply somebody.
  public func identities(
    scheme: String, credentials: Payload, address: String
  ) -> [Identity]? {
    switch scheme {
    case "ip": return Self.initial(address: address)
    case "digest":
      guard let credentials else { return nil }
      let identity = Identity.digest(String(decoding: credentials, as: UTF8.self))
      return identity.id == superDigest ? [.superuser, identity] : [identity]
    default: return nil
    }
  }
}
