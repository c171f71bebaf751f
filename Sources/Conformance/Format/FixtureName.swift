/// A fixture's file name: the case's id, a hyphen, and a slug.
package struct FixtureName: Hashable, Sendable {
  package var id: String
  package var slug: String

  /// The parts of this path's last component, if it is named so.
  package init?(_ path: String) {
    guard let match = Self.stem(path).wholeMatch(of: /([A-Z0-9]+-[A-Z0-9]+-[0-9]{3})-([a-z0-9-]+)/)
    else { return nil }
    (id, slug) = (String(match.1), String(match.2))
  }

  /// The slug, if the file is this case's.
  package func slug(of id: String) -> String? { id == self.id ? slug : nil }

  /// The path's last component without what stands behind its point.
  package static func stem(_ path: String) -> String {
    let last = path.split(separator: "/").last.map(String.init) ?? path
    return last.hasSuffix(".yaml") ? String(last.dropLast(5)) : last
  }
}
