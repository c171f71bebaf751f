internal import HashTreeCollections

/// All that servers replicate: the znodes, and the sessions that are open.
///
/// A value: a copy costs nothing, and what two copies have in common is stored once. Nodes are
/// found by their whole path, as in Apache's server, so that depth costs nothing.
public struct Tree: Hashable, Sendable {
  var nodes: TreeDictionary<Verbatim, Node>
  /// The paths of each session's ephemeral nodes.
  var ephemerals: TreeDictionary<SessionID, TreeSet<Verbatim>> = [:]
  /// The paths of the containers and the TTL nodes.
  var reaped: TreeSet<Verbatim> = []
  /// The paths for which there is a quota.
  var quotas: TreeSet<Verbatim> = []
  /// Each open session's timeout, in milliseconds.
  var sessions: TreeDictionary<SessionID, Int32> = [:]
  /// The last transaction applied.
  public internal(set) var zxid = Zxid.zero

  /// The tree of a server that has just been set up: `/` and the nodes under `/zookeeper`.
  public init(_ dialect: Dialect = .reference) {
    self = dialect.hasConfigNode ? Tree.virgin : Tree.virginWithoutConfig
  }

  private static let virgin = Tree(hasConfigNode: true)
  private static let virginWithoutConfig = Tree(hasConfigNode: false)

  private init(hasConfigNode: Bool) {
    var root = Node(data: [], acl: .open, zxid: .zero, time: 0)
    var system = root
    let quota = root
    var config = Node(data: [], acl: .readOnly, zxid: .zero, time: 0)
    config.aversion = -1
    root.children = [Verbatim("zookeeper")]
    system.children = [Verbatim("quota")]
    nodes = [Verbatim("/zookeeper/quota"): quota]
    if hasConfigNode {
      system.children.insert(Verbatim("config"))
      nodes[Verbatim("/zookeeper/config")] = config
    }
    nodes[Verbatim("/")] = root
    nodes[Verbatim("/zookeeper")] = system
  }

  /// The node at `path`; the empty path is a second name of `/`, as in Apache's server.
  public subscript(path: String) -> Node? {
    nodes[Verbatim(path.isEmpty ? "/" : path)]
  }

  /// How many nodes there are.
  public var nodeCount: Int { nodes.count }

  /// The paths of all nodes, in the order of their bytes.
  public var paths: [String] { nodes.keys.sorted().map(\.string) }

  /// The sessions that are open.
  public var openSessions: [SessionID] { sessions.keys.sorted() }

  /// The timeout of an open session, in milliseconds.
  public func timeout(of session: SessionID) -> Int32? { sessions[session] }

  /// The paths of a session's ephemeral nodes, in the order of their bytes.
  public func ephemerals(of session: SessionID) -> [String] {
    ephemerals[session]?.sorted().map(\.string) ?? []
  }

  /// Whether there is a node that may be reaped some time.
  public var hasReaped: Bool { !reaped.isEmpty }

  /// The paths of the nodes that are to be taken away at this time, in milliseconds since 1970, in
  /// the order of their bytes.
  public func reapable(at time: Int64) -> [String] {
    reaped.filter { nodes[$0]?.isReapable(at: time) == true }.sorted().map(\.string)
  }

  /// How many nodes there are below a node, at all depths; the empty path, which counts `/` too, is
  /// one more than `/`, as in Apache's server.
  func descendants(of path: String) -> Int {
    if path == "/" { return nodes.count - 1 }
    return nodes.keys.count { $0.isBelow(path) }
  }

  /// Changes a node where no transaction could: to begin from what only years of work would
  /// reach (a counter about to overflow), or to plant a fault.
  package mutating func amend(_ path: String, _ change: (inout Node) -> Void) {
    update(Verbatim(path), change)
  }

  /// Changes a node in place, if there is one.
  @discardableResult
  mutating func update<R>(_ path: Verbatim, _ change: (inout Node) -> R) -> R? {
    var exists = true
    let result = nodes.updateValue(forKey: path, default: Tree.absent(&exists), with: change)
    if exists { return result }
    nodes.removeValue(forKey: path)
    return nil
  }

  /// What is put where nothing is, and taken away again.
  private static func absent(_ exists: inout Bool) -> Node {
    exists = false
    return Node(data: nil, acl: [], zxid: .zero, time: 0)
  }
}
