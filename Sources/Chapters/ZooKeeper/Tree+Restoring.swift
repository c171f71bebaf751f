internal import HashTreeCollections

/// Why nodes that were stored make no tree.
package enum RestorationError: Error, Hashable, Sendable {
  /// There is no root.
  case noRoot
  /// A node comes before its parent, or has none.
  case noParent(path: String)
  /// Two nodes have the same path.
  case twice(path: String)
}

extension RestorationError: CustomStringConvertible {
  /// The fault in words.
  package var description: String {
    switch self {
    case .noRoot: "there is no root"
    case .noParent(let path): "\(path) comes before its parent, or has none"
    case .twice(let path): "\(path) is there twice"
    }
  }
}

/// A tree as it is stored, node by node, and made again of its nodes.
extension Tree {
  /// Shows each node, a parent before its children, these in the order of their bytes.
  package func visit(_ body: (_ path: String, Node) throws -> Void) rethrows {
    var waiting = ["/"]
    while let path = waiting.popLast() {
      guard let node = self[path] else { continue }
      try body(path, node)
      let start = path == "/" ? path : path + "/"
      // A child of the root without a name would be the root; no request makes one.
      for name in node.childNames.reversed() where path != "/" || !name.isEmpty {
        waiting.append(start + name)
      }
    }
  }

  /// Begins with nothing, not even a root.
  package init(restoredAt zxid: Zxid) {
    nodes = [:]
    self.zxid = zxid
  }

  /// Adds a node that was stored; its parent is there.
  package mutating func restore(_ path: String, _ node: Node) throws(RestorationError) {
    let key = Verbatim(path)
    guard nodes.updateValue(node, forKey: key) == nil else { throw .twice(path: path) }
    if path != "/" {
      guard let (parent, name) = Path.split(path),
        update(parent, { _ = $0.children.insert(name) }) != nil
      else { throw .noParent(path: path) }
    }
    if node.isEphemeral { ephemerals[node.ephemeralOwner, default: []].insert(key) }
    if node.reaping != .never { reaped.insert(key) }
  }

  /// Adds a session that was open.
  package mutating func restore(_ session: SessionID, timeout: Int32) {
    sessions[session] = timeout
  }

  /// All nodes are there: what is only counted beside them is counted.
  ///
  /// What is used of a quota stands in a node, but each server counts it for itself.
  package mutating func finishRestoring() throws(RestorationError) {
    guard nodes[Verbatim("/")] != nil else { throw .noRoot }
    let parts = nodes.keys.compactMap { Quota.part(at: $0.string) }
    for part in parts where part.name == Quota.limits {
      quotas.insert(Verbatim(part.subject))
      recount(part.subject)
    }
  }

  /// The sessions that own nodes and are not open.
  ///
  /// A snapshot that was taken while sessions ended may hold some; whoever restores it takes away
  /// what they owned.
  package var endedOwners: [SessionID] {
    ephemerals.keys.filter { sessions[$0] == nil }.sorted()
  }
}
