import ZooKeeper
import ZooKeeperClient

/// What a real server holds below a node, read for a judge.
///
/// Whether a session lives no client can ask. Of one whose process was killed or stopped it is
/// known by its nodes: they go with it.
struct Survey: JudgedServer {
  private var nodes: [String: Node] = [:]
  private var names: [String: [String]] = [:]
  /// Sessions that their own clients know to be over.
  var ended: Set<SessionID> = []

  /// Nothing was read yet.
  init() {}

  /// Reads all that is below `root`.
  mutating func read(below root: String, _ client: Client) async throws(ClientError) {
    (nodes, names) = ([:], [:])
    try await client.sync(root)
    var open = [""]
    while let path = open.popLast() {
      do throws(ClientError) {
        let (data, stat) = try await client.getData(root + path)
        let children = try await client.getChildren(root + path)
        nodes[path.isEmpty ? "/" : path] = Node(
          data: data, acl: [], ephemeralOwner: stat.ephemeralOwner, zxid: stat.czxid, time: 0)
        names[path.isEmpty ? "/" : path] = children
        open += children.map { "\(path)/\($0)" }
      } catch {
        // It has gone between two reads.
        guard error.code == .noNode else { throw error }
      }
    }
  }

  /// The sessions that own nodes.
  var owners: Set<SessionID> {
    Set(nodes.values.map(\.ephemeralOwner)).subtracting([.none])
  }

  func isAlive(_ session: SessionID) -> Bool { !ended.contains(session) }
  func children(_ path: String) -> [String] { names[path] ?? [] }
  func node(_ path: String) -> Node? { nodes[path] }
}
