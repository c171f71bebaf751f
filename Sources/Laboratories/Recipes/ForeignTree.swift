import EmbeddedServers
import ZooKeeper

/// What a judge is shown of a tree whose nodes are named by somebody else.
///
/// The values that were put are looked for in the data of nodes that stay, wherever they stand. Who
/// put none has to do with ephemerals.
struct ForeignTree: JudgedServer {
  let server: EmbeddedServer
  let values: [String]

  func isAlive(_ session: SessionID) -> Bool { server.isAlive(session) }
  func node(_ path: String) -> Node? { server.node(path) }

  func children(_ path: String) -> [String] {
    var found: [String] = []
    var open = server.children(path).map { "\(path)/\($0)" }
    while let next = open.popLast() {
      guard let node = server.node(next) else { continue }
      open += server.children(next).map { "\(next)/\($0)" }
      let name = String(next.dropFirst(path.count + 1))
      if node.isEphemeral {
        if values.isEmpty { found.append(name) }
      } else if let value = values.first(where: { node.holds($0) }) {
        found.append("\(value).\(name)")
      }
    }
    return found
  }
}

extension Node {
  /// Whether a value stands in its data, whatever stands around it.
  fileprivate func holds(_ value: String) -> Bool {
    guard let data else { return false }
    return data.contains(Array(value.utf8))
  }
}
