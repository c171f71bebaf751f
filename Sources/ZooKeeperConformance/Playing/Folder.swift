/// The node below which a case works: the paths of a fixture begin there, and what a server says
/// is told without it.
package struct Folder: Hashable, Sendable {
  package var path: String

  package init(_ path: String) { self.path = path }

  /// The server's path for a fixture's.
  ///
  /// What does not begin with a slash is no path, and goes as it is; `/./` is the folder with a
  /// slash behind it, below which a number alone can name a node.
  package func absolute(_ path: String) -> String {
    if path == "/" { return self.path }
    if path == Self.nameless { return self.path + "/" }
    if path.hasPrefix(Self.outside) { return String(path.dropFirst(Self.outside.count)) }
    return path.hasPrefix("/") ? self.path + path : path
  }

  private static let nameless = "/./"

  /// What marks a path that lies outside.
  static let outside = "outside:"

  /// The fixture's path for a server's; what lies outside is marked.
  package func relative(_ path: String) -> String {
    if path == self.path { return "/" }
    if path == self.path + "/" { return Self.nameless }
    if path.hasPrefix(self.path + "/") { return String(path.dropFirst(self.path.count)) }
    return path.hasPrefix("/") ? Self.outside + path : path
  }
}
