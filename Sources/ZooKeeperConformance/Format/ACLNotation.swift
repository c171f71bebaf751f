import Conformance
package import ZooKeeper

/// Access control entries as `zkCli.sh` writes them: `world:anyone:cdrwa`, `digest:bob:hash=:rw`.
///
/// The permissions stand behind the last colon, as letters or as a number for bits without one; the
/// scheme stands before the first.
package enum ACLNotation {
  static let form = Shape.Form(
    "an ACL entry such as world:anyone:cdrwa", "[^:]*:.*:([cdrwa]*|-?[0-9]+)", normal: normal)

  /// A list of entries.
  static let list = Shape.named("acl", .list(.form(form)))

  private static let letters: [(Character, Permissions)] = [
    ("c", .create), ("d", .delete), ("r", .read), ("w", .write), ("a", .admin),
  ]

  /// The entry that `text` writes.
  package static func entry(_ text: String) -> ACL? {
    guard let first = text.firstIndex(of: ":"), let last = text.lastIndex(of: ":"), first < last
    else { return nil }
    let scheme = String(text[..<first])
    let id = String(text[text.index(after: first)..<last])
    guard let permissions = permissions(text[text.index(after: last)...]) else { return nil }
    return ACL(permissions, Identity(scheme: scheme, id: id))
  }

  private static func permissions(_ text: Substring) -> Permissions? {
    if let number = Int32(text) { return Permissions(rawValue: number) }
    var permissions: Permissions = []
    for letter in text {
      guard let known = letters.first(where: { $0.0 == letter }) else { return nil }
      permissions.insert(known.1)
    }
    return permissions
  }

  /// `entry` in this notation, its letters in the order of `cdrwa`.
  package static func text(_ entry: ACL) -> String {
    let known = Permissions.all
    let rights =
      entry.permissions.subtracting(known).isEmpty
      ? String(letters.filter { entry.permissions.contains($0.1) }.map(\.0))
      : "\(entry.permissions.rawValue)"
    return "\(entry.identity.scheme):\(entry.identity.id):\(rights)"
  }

  /// The same entry written the way ``text(_:)`` writes it.
  @Sendable package static func normal(_ text: String) -> String {
    entry(text).map(Self.text) ?? text
  }
}
