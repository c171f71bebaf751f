internal import HashTreeCollections

/// Numbers for those who watch a server.
extension Tree {
  /// The bytes of all paths and data.
  ///
  /// - Complexity: O(*n*) in the number of nodes; whoever commits transactions can count along, by
  ///   ``dataSize(of:)`` before and after each.
  package var dataSize: Int {
    var size = 0
    visit { path, node in size += path.utf8.count + (node.data?.count ?? 0) }
    return size
  }

  /// The bytes of these paths and their data; what is not there counts for nothing.
  package func dataSize(of paths: [String]) -> Int {
    paths.reduce(0) { size, path in
      size + (self[path].map { path.utf8.count + ($0.data?.count ?? 0) } ?? 0)
    }
  }

  /// How many ephemeral nodes there are.
  ///
  /// - Complexity: O(*n*) in the number of sessions that have some.
  package var ephemeralCount: Int { ephemerals.values.reduce(0) { $0 + $1.count } }
}
