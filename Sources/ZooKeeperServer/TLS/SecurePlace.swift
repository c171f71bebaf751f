/// A place where a server is asked over TLS, and what both sides show there.
public struct SecurePlace: Hashable, Sendable {
  /// Whether clients have to show certificates: `ssl.clientAuth`.
  public enum ClientAuthentication: String, Hashable, Sendable, CaseIterable {
    /// They are not asked for any.
    case none
    /// They are asked; what they show has to be good.
    case want
    /// They have to.
    case need
  }

  /// A version of TLS that is spoken.
  public enum Version: String, Hashable, Sendable, Comparable, CaseIterable {
    /// TLS 1.2, RFC 5246.
    case twelve = "TLSv1.2"
    /// TLS 1.3, RFC 8446.
    case thirteen = "TLSv1.3"

    /// By age.
    public static func < (one: Version, other: Version) -> Bool { one.rawValue < other.rawValue }
  }

  /// The address to listen on.
  public var host: String
  /// The port, 0 for any that is free.
  public var port: Int
  /// PEM: the server's private key, its certificate, and those that vouch for it.
  public var keys: String
  /// What the private key is encrypted with; empty if it is not.
  public var password = ""
  /// PEM: the certificates of whom a client's has to be; nil if clients are not asked.
  public var roots: String?
  /// Whether clients have to show certificates.
  public var clientAuthentication = ClientAuthentication.need
  /// The versions that are spoken.
  public var versions = Version.twelve...Version.thirteen

  /// This place; clients are not asked for certificates.
  public init(host: String, port: Int, keys: String) {
    self.host = host
    self.port = port
    self.keys = keys
    clientAuthentication = .none
  }

  /// Why nobody can be served there.
  public enum Fault: Error, Hashable, Sendable {
    /// This was built without the trait `TLS`.
    case notBuilt
    /// There is no private key in ``keys``, or another password.
    case noKey
    /// There is no certificate in ``keys``.
    case noCertificate
    /// The certificate is of another key.
    case otherKey
    /// There is no certificate in ``roots``.
    case noRoots
  }

  /// Whether this was built with TLS.
  public static var isBuilt: Bool {
    #if TLS
      true
    #else
      false
    #endif
  }
}

/// A client has shown a certificate; TLS says so to what handles its connection.
struct ShownCertificate {
  /// Whose it is.
  let subject: String
}
