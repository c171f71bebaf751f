/// Who a client says that it is by SASL, and what proves it.
///
/// ```swift
/// var options = ClientOptions()
/// options.login = SASLLogin(user: "bob", password: "secret")
/// let client = try await Client.connect(to: "10.0.0.1:2181", options: options)
/// ```
///
/// On each connection the client logs in before anything else is asked. The password does not go
/// over the wire, and the server has to show that it knows it as well. The mechanism is DIGEST-MD5,
/// with which Apache's server has the names and passwords of its login module `DigestLoginModule`.
///
/// Nodes are then guarded by `sasl:bob:cdrwa`.
///
/// Source: RFC 2831; ZooKeeper Administrator's Guide, "SASL"; Apache ZooKeeper,
/// `ZooKeeperSaslClient`.
public struct SASLLogin: Hashable, Sendable {
  /// The name.
  public var user: String
  /// The password.
  public var password: String

  /// A name and its password.
  public init(user: String, password: String) {
    (self.user, self.password) = (user, password)
  }
}
