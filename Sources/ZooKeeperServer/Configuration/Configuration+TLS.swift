internal import ZooKeeper

/// TLS.
///
/// Stores of Java's own kinds (JKS, PKCS12, BCFKS) are refused: `ssl.keyStore.type` says PEM, or
/// the name does not end as theirs do. So are `ssl.crl` and `ssl.ocsp`: nothing is asked of
/// revoked certificates here.
///
/// A client's certificate is an identity of the scheme `x509`: its subject. Apache's server speaks
/// TLS 1.2 alone unless it is told otherwise, and wants `serverCnxnFactory` to be Netty's.
///
/// Source: ZooKeeper Administrator's Guide, "Encryption, Authentication, Authorization Options";
/// Apache ZooKeeper, `QuorumPeerConfig`, `X509Util`, `X509AuthenticationProvider`.
extension Configuration {
  mutating func readSecurity(
    _ contents: (String) -> String?
  ) throws(ConfigurationError) {
    let address = address("secureClientPortAddress")
    let port = try number("secureClientPort", 0...65_535)
    guard let port else {
      if address != nil { throw error("secureClientPortAddress", .without("secureClientPort")) }
      return
    }
    guard SecurePlace.isBuilt else { throw error("secureClientPort", .withoutTLS) }
    let keys = try store("ssl.keyStore", contents)
    guard let keys else { throw error("secureClientPort", .without("ssl.keyStore.location")) }
    var place = SecurePlace(host: address ?? "0.0.0.0", port: port, keys: keys)
    place.password = try password(of: "ssl.keyStore", contents)
    place.clientAuthentication =
      try choice("ssl.clientAuth", SecurePlace.ClientAuthentication.allCases.map(\.rawValue))
      .flatMap { SecurePlace.ClientAuthentication(rawValue: $0) } ?? .need
    place.roots = try store("ssl.trustStore", contents)
    if place.clientAuthentication != .none, place.roots == nil {
      let key = text("ssl.clientAuth") == nil ? "secureClientPort" : "ssl.clientAuth"
      throw error(key, .without("ssl.trustStore.location"))
    }
    // What it would be encrypted with; certificates are not.
    _ = (text("ssl.trustStore.password"), text("ssl.trustStore.passwordPath"))
    place.versions = try versions()
    for key in ["ssl.crl", "ssl.ocsp"] where try boolean(key) == true {
      throw error(key, .unsupported)
    }
    settings.superSubject = text("X509AuthenticationProvider.superUser")
    settings.dialect.hasX509 = true
    used.formUnion(entries.keys.filter { $0.hasPrefix("authProvider.x509") })
    try check(place)
    secure = place
  }

  /// Whether the keys and certificates of a place are some.
  private func check(_ place: SecurePlace) throws(ConfigurationError) {
    do throws(SecurePlace.Fault) {
      _ = try TLSLayer(place)
    } catch let fault {
      let (keys, roots) = ("ssl.keyStore.location", "ssl.trustStore.location")
      let file = entries[fault == .noRoots ? roots : keys]?.value ?? ""
      switch fault {
      case .notBuilt: throw error("secureClientPort", .withoutTLS)
      case .noKey:
        throw error(keys, .holds(file, no: "private key that this password opens"))
      case .noCertificate: throw error(keys, .holds(file, no: "certificate"))
      case .otherKey: throw error(keys, .holds(file, no: "certificate of its private key"))
      case .noRoots: throw error(roots, .holds(file, no: "certificate"))
      }
    }
  }

  /// The text of a store; nil if none is named.
  private mutating func store(
    _ name: String, _ contents: (String) -> String?
  ) throws(ConfigurationError) -> String? {
    let key = name + ".location"
    let type = text(name + ".type").flatMap { $0.isEmpty ? nil : $0 }
    guard let file = text(key), !file.isEmpty else { return nil }
    if let type, type.uppercased() != "PEM" { throw error(name + ".type", .store(type)) }
    let ending = file.split(separator: ".").last.map { $0.lowercased() } ?? ""
    if type == nil, ["jks", "p12", "pfx", "bcfks"].contains(ending) {
      throw error(key, .store(file))
    }
    guard let text = contents(file) else { throw error(key, .file(file)) }
    return text
  }

  private mutating func password(
    of name: String, _ contents: (String) -> String?
  ) throws(ConfigurationError) -> String {
    let stated = text(name + ".password") ?? ""
    guard let file = text(name + ".passwordPath"), !file.isEmpty else { return stated }
    guard let text = contents(file) else { throw error(name + ".passwordPath", .file(file)) }
    return String(text.prefix { !$0.isNewline })
  }

  private mutating func versions() throws(ConfigurationError) -> ClosedRange<SecurePlace.Version> {
    let names = SecurePlace.Version.allCases.map(\.rawValue)
    var chosen: [SecurePlace.Version] = []
    // The one that is read last counts.
    for key in ["ssl.protocol", "ssl.enabledProtocols"] {
      guard let list = text(key), !list.isEmpty else { continue }
      chosen = []
      for word in list.split(separator: ",") {
        let name = String(word.filter { !$0.isWhitespace })
        guard let version = SecurePlace.Version(rawValue: name) else {
          throw error(key, .choice(name, names))
        }
        chosen.append(version)
      }
    }
    guard let first = chosen.min(), let last = chosen.max() else { return .twelve ... .thirteen }
    return first...last
  }

  /// A value that is one of these words, in whatever letters.
  private mutating func choice(
    _ key: String, _ words: [String]
  ) throws(ConfigurationError) -> String? {
    guard let value = text(key), !value.isEmpty else { return nil }
    guard let word = words.first(where: { $0 == value.lowercased() }) else {
      throw error(key, .choice(value, words))
    }
    return word
  }
}
