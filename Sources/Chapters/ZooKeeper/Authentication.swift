/// Which identities a connection gains by what it shows.
public struct Authentication: Hashable, Sendable {
  /// The digest identity (`super:…`) whose owner is the superuser, if there is one.
  public var superDigest: String?

  /// Whom SASL's DIGEST-MD5 knows, and by which password; nobody without any, and then the server
  /// has nothing to say to a token.
  public var saslUsers: [String: String] = [:]
  /// What makes nonces that nobody guesses.
  public var nonceSeed: UInt64 = 0

  /// Authentication with, perhaps, a superuser.
  public init(superDigest: String? = nil, saslUsers: [String: String] = [:]) {
    self.superDigest = superDigest
    self.saslUsers = saslUsers
  }

  /// What a connection from this address is without having shown anything.
  public static func initial(address: String) -> [Identity] {
    [Identity(scheme: "ip", id: address)]
  }

  /// The identities that these credentials add; nil if they are refused, which ends the
  /// connection.
  ///
  /// What a connection has shown adds up, and no identity stands twice among its own. A digest is
  /// never refused: whoever knows a password that no ACL mentions is simply somebody. `sasl` has an
  /// operation of its own, and `x509` shows a certificate when TLS begins: as credentials both are
  /// refused.
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

/// How far a connection's authentication by SASL has come.
public enum SASLExchange: Hashable, Sendable {
  /// Nothing was said.
  case begins
  /// The server has sent a challenge with this nonce.
  case challenged(nonce: String)
  /// The client has shown who it is.
  case complete

  /// What the server makes of a token.
  public enum Outcome: Hashable, Sendable {
    /// It has more to ask.
    case goesOn(Payload)
    /// It knows who that is.
    case knows(user: String, Payload)
    /// It refuses, which ends the connection.
    case refused
  }

  /// The client sends a token.
  ///
  /// - Parameters:
  ///   - token: The token.
  ///   - authentication: Whom the server knows.
  ///   - borrowed: The password of a name that it does not know; nil if it refuses such a name.
  ///   - nonce: What is asked to be part of the response, if it is to be asked.
  public mutating func receive(
    _ token: Payload, _ authentication: Authentication, borrowed: String? = nil,
    nonce: @autoclosure () -> String
  ) -> Outcome {
    // One that knows nobody has no mechanism, and says nothing to whatever it hears.
    guard !authentication.saslUsers.isEmpty else { return .goesOn(nil) }
    switch self {
    case .begins:
      // Whatever the client has to say first, it is not looked at.
      let nonce = nonce()
      self = .challenged(nonce: nonce)
      return .goesOn(DigestMD5.challenge(nonce: nonce))
    case .challenged(let nonce):
      guard
        let (user, answer) = DigestMD5.accepted(
          token ?? [], nonce: nonce, passwords: authentication.saslUsers, borrowed: borrowed)
      else { return .refused }
      self = .complete
      return .knows(user: user, answer)
    case .complete: return .refused
    }
  }
}
