/// What ACLs allow, and which of them may be set.
///
/// Source: ZooKeeper Programmer's Guide, "ZooKeeper access control using ACLs".
extension [ACL] {
  /// Whether somebody with these identities has one of these permissions.
  ///
  /// An empty list is open; `super` may do everything; the rest is what some entry allows to
  /// some identity. Nothing is inherited from the parent.
  public func allows(_ permissions: Permissions, to identities: [Identity]) -> Bool {
    if isEmpty || identities.contains(where: { $0.scheme == "super" }) { return true }
    return contains { entry in
      !entry.permissions.isDisjoint(with: permissions)
        && (entry.identity == .anyone || identities.contains { entry.identity.covers($0) })
    }
  }

  /// The list as it is stored: exact duplicates left out, `auth` replaced by who asks.
  ///
  /// - Throws: ``ErrorCode/invalidACL`` for an empty list or an entry that cannot be.
  func stored(by identities: [Identity], _ dialect: Dialect) throws(ErrorCode) -> [ACL] {
    if count == 1 && self[0].identity == .anyone { return self }
    var result: [ACL] = []
    var last: [ACL] = []
    for (place, entry) in enumerated() where !self[..<place].contains(entry) {
      if entry.identity.scheme == "auth" {
        let own = identities.filter(\.isAuthenticated)
        guard !own.isEmpty else { throw .invalidACL }
        let entries = own.map { ACL(entry.permissions, $0) }
        if dialect.authKeepsItsPlace { result += entries } else { last += entries }
      } else {
        guard entry.identity.isValidInACL(dialect) else { throw .invalidACL }
        result.append(entry)
      }
    }
    result += last
    guard !result.isEmpty else { throw .invalidACL }
    return result
  }

  /// The list as it is shown to somebody without ADMIN: the hash of a digest is not.
  var redacted: [ACL] {
    map { entry in
      guard entry.identity.scheme == "digest" else { return entry }
      let name = entry.identity.id.prefix { $0 != ":" }
      return ACL(entry.permissions, Identity(scheme: "digest", id: name + ":x"))
    }
  }
}

extension Identity {
  /// Whether it was proved, so that `auth` can mean it; an address is not.
  var isAuthenticated: Bool { ["digest", "sasl", "x509"].contains(scheme) }

  /// Whether an ACL's entry for this identity is about `other`, an identity of a connection.
  func covers(_ other: Identity) -> Bool {
    guard scheme == other.scheme else { return false }
    switch scheme {
    case "digest", "x509": return id == other.id
    case "sasl": return id == other.id || other.id == "super"
    case "ip":
      guard let network = AddressRange(id), let address = AddressRange(other.id) else {
        return false
      }
      return network.contains(address)
    default: return false
    }
  }

  /// Whether it can stand in an ACL.
  func isValidInACL(_ dialect: Dialect) -> Bool {
    switch scheme {
    case "world": return self == .anyone
    case "digest":
      // Two parts around one colon; Java's split drops empty parts at the end, so `a:b:` passes.
      var parts = id.split(separator: ":", omittingEmptySubsequences: false)
      while parts.last?.isEmpty == true { parts.removeLast() }
      return parts.count == 2
    case "sasl": return dialect.hasSASL && isPrincipal
    case "x509": return dialect.hasX509 && isDistinguishedName
    case "ip":
      guard let range = AddressRange(id) else { return false }
      return (dialect.ipVersion6 || range.bytes.count == 4)
        && (dialect.ipPrefixes || !id.utf8.contains(Path.slash))
    default: return false
    }
  }

  /// Whether the id is a name, or a principal as Kerberos writes it: `name/host@realm`.
  private var isPrincipal: Bool {
    let parts = id.split(separator: "@", omittingEmptySubsequences: false)
    guard parts.count > 1 else { return true }
    return parts.count == 2 && parts[0].count { $0 == "/" } <= 1 && !parts[1].contains("/")
  }

  /// Whether the id is a certificate's subject: attributes with values, `CN=bob,O=Quorate`.
  ///
  /// Source: RFC 2253; Java SE, `X500Principal`, whose names of attributes these are.
  private var isDistinguishedName: Bool {
    var rest = id[...]
    var isOver = rest.isEmpty
    while !isOver {
      guard let sign = rest.firstIndex(of: "=") else { return false }
      let type = rest[..<sign].filter { $0 != " " }.uppercased()
      let number = type.hasPrefix("OID.") ? String(type.dropFirst(4)) : type
      let isNumber = !number.isEmpty && number.allSatisfy { $0.isNumber || $0 == "." }
      guard isNumber || Self.attributes.contains(type) else { return false }
      rest = rest[sign...].dropFirst()
      var isQuoted = false
      isOver = true
      while isOver, let character = rest.popFirst() {
        if character == "\\" { _ = rest.popFirst() }
        if character == "\"" { isQuoted.toggle() }
        isOver = isQuoted || !",;+".contains(character)
      }
      if isQuoted { return false }
    }
    return true
  }

  private static let attributes: Set<String> = [
    "CN", "C", "L", "S", "ST", "O", "OU", "T", "IP", "STREET", "DC", "DNQUALIFIER", "DNQ",
    "SURNAME", "GIVENNAME", "INITIALS", "GENERATION", "EMAIL", "EMAILADDRESS", "UID",
    "SERIALNUMBER",
  ]
}
