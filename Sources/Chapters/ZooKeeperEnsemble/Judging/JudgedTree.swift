import ZooKeeper

/// The tree as the judge makes it by itself, from requests in the order of their zxids, with all
/// that it ever was: what a read shows is looked up by its zxid.
///
/// It knows what the laboratory's clients ask, and of access control only that nobody may change
/// the node of the configuration. It shares no line
/// with the chapter's own ``ZooKeeper/Tree``.
struct JudgedTree: Hashable, Sendable {
  /// What there was of each path, in the order of the zxids.
  private var nodes: [String: [Moment]]
  /// What happened to each node's data, and to its children.
  private(set) var dataChanges: [String: [Happened]] = [:]
  private(set) var childChanges: [String: [Int64]] = [:]
  /// The sessions that ever were: from which zxid to which.
  private(set) var sessions: [SessionID: Span] = [:]
  /// The ephemerals, in the order of their creation.
  private(set) var owned: [Owned] = []

  /// A tree in which there is what every server has from the beginning.
  init() {
    var config = JudgedNode(children: [])
    config.aclChanges = -1
    let nodes = [
      "/": JudgedNode(children: ["zookeeper"]),
      "/zookeeper": JudgedNode(children: ["config", "quota"]),
      "/zookeeper/config": config, "/zookeeper/quota": JudgedNode(children: []),
    ]
    self.nodes = nodes.mapValues { [Moment(zxid: 0, node: $0)] }
  }

  /// What nobody deletes, and what nobody changes.
  private static let fixed: Set = ["/", "/zookeeper", "/zookeeper/config", "/zookeeper/quota"]
  private static let readOnly = "/zookeeper/config"

  /// From when to when a session is open.
  struct Span: Hashable {
    let opened: Int64
    /// Its end; nil while it is open.
    var closed: Int64?
  }

  /// An ephemeral.
  struct Owned: Hashable {
    let path: String
    let owner: SessionID
  }

  private struct Moment: Hashable {
    let zxid: Int64
    let node: JudgedNode?
  }

  /// Something that happened to a node.
  struct Happened: Hashable {
    let zxid: Int64
    let type: EventType
  }

  // MARK: Looking

  /// What a path was when all up to a zxid had been applied.
  func node(_ path: String, at zxid: Int64 = .max) -> JudgedNode? {
    guard let moments = nodes[path] else { return nil }
    var (low, high) = (0, moments.count)
    while low < high {
      let middle = (low + high) / 2
      if moments[middle].zxid <= zxid { low = middle + 1 } else { high = middle }
    }
    return low == 0 ? nil : moments[low - 1].node
  }

  /// What first happened to a node's data behind a zxid.
  func firstDataChange(of path: String, after zxid: Int64) -> Happened? {
    dataChanges[path]?.firstBehind(zxid) { $0.zxid }
  }

  /// When a child of a node first came or went behind a zxid.
  func firstChildChange(of path: String, after zxid: Int64) -> Int64? {
    childChanges[path]?.firstBehind(zxid) { $0 }
  }

  /// When a node first went behind a zxid.
  func deletion(of path: String, after zxid: Int64) -> Int64? {
    var change = firstDataChange(of: path, after: zxid)
    while let found = change, found.type != .nodeDeleted {
      change = firstDataChange(of: path, after: found.zxid)
    }
    return change?.zxid
  }

  /// How many nodes there were when all up to a zxid had been applied.
  func count(at zxid: Int64) -> Int { nodes.keys.count { node($0, at: zxid) != nil } }

  /// The zxid by which a session has ended; nil if it is open, or never was.
  func end(of session: SessionID) -> Int64? { sessions[session]?.closed }

  /// Whether a session is open, when all that there is has been applied.
  func isOpen(_ session: SessionID) -> Bool {
    sessions[session].map { $0.closed == nil } ?? false
  }

  /// The sessions that were open when all up to a zxid had been applied.
  func openSessions(at zxid: Int64 = .max) -> Set<SessionID> {
    Set(
      sessions.filter { _, span in
        span.opened <= zxid && span.closed.map { $0 > zxid } ?? true
      }.keys)
  }

  // MARK: Changing

  mutating func openSession(_ session: SessionID, at zxid: Int64) {
    sessions[session] = Span(opened: zxid)
  }

  /// Ends a session; its ephemerals go.
  ///
  /// - Returns: the paths of these; nil when it was not open.
  mutating func closeSession(_ session: SessionID, at zxid: Int64) -> [String]? {
    guard isOpen(session) else { return nil }
    sessions[session]?.closed = zxid
    let paths = owned.filter { $0.owner == session }.map(\.path)
    for path in paths { _ = delete(path, .any, at: zxid) }
    return paths
  }

  /// A node appears; or why it does not.
  mutating func create(
    _ create: Create, by session: SessionID, at zxid: Int64, time: Int64
  ) -> Result<String, ErrorCode> {
    let parentPath = create.path.parent
    guard var parent = node(parentPath) else { return .failure(.noNode) }
    guard parentPath != Self.readOnly else { return .failure(.noAuth) }
    var path = create.path
    if create.mode.isSequential {
      let number = String(parent.created)
      path += String(repeating: "0", count: max(0, 10 - number.count)) + number
    }
    guard path.names else { return .failure(.badArguments) }
    guard node(path) == nil else { return .failure(.nodeExists) }
    guard parent.owner == .none else { return .failure(.noChildrenForEphemerals) }
    parent.created += 1
    parent.childrenChanged += 1
    parent.pzxid = zxid
    parent.children.append(path.last)
    set(parentPath, parent, at: zxid)
    let owner = create.mode.isEphemeral ? session : .none
    set(path, JudgedNode(create.data, owner: owner, at: zxid, time), at: zxid)
    if owner != .none { owned.append(Owned(path: path, owner: owner)) }
    dataChanges[path, default: []].append(Happened(zxid: zxid, type: .nodeCreated))
    childChanges[parentPath, default: []].append(zxid)
    return .success(path)
  }

  /// A node goes; or why it does not.
  mutating func delete(_ path: String, _ version: Version, at zxid: Int64) -> ErrorCode? {
    guard !Self.fixed.contains(path) else { return .badArguments }
    let parentPath = path.parent
    guard var parent = node(parentPath) else { return .noNode }
    guard parentPath != Self.readOnly else { return .noAuth }
    guard let old = node(path) else { return .noNode }
    guard version == .any || version == old.version else { return .badVersion }
    guard old.children.isEmpty else { return .notEmpty }
    parent.childrenChanged += 1
    parent.pzxid = zxid
    parent.children.removeAll { $0 == path.last }
    set(parentPath, parent, at: zxid)
    set(path, nil, at: zxid)
    owned.removeAll { $0.path == path }
    dataChanges[path, default: []].append(Happened(zxid: zxid, type: .nodeDeleted))
    childChanges[parentPath, default: []].append(zxid)
    return nil
  }

  /// A node has new data; or why it has not.
  mutating func setData(
    _ path: String, _ data: Payload, _ version: Version, at zxid: Int64, time: Int64
  ) -> Result<Stat, ErrorCode> {
    guard path.names else { return .failure(.badArguments) }
    guard var node = node(path) else { return .failure(.noNode) }
    guard path != Self.readOnly else { return .failure(.noAuth) }
    guard version == .any || version == node.version else { return .failure(.badVersion) }
    (node.data, node.mzxid, node.mtime) = (data, zxid, time)
    node.version += 1
    set(path, node, at: zxid)
    dataChanges[path, default: []].append(Happened(zxid: zxid, type: .nodeDataChanged))
    return .success(node.stat)
  }

  private mutating func set(_ path: String, _ node: JudgedNode?, at zxid: Int64) {
    nodes[path, default: []].append(Moment(zxid: zxid, node: node))
  }
}

/// A node as the judge keeps it.
struct JudgedNode: Hashable, Sendable {
  var data: Payload = []
  var version: Int32 = 0
  var created = 0
  var childrenChanged: Int32 = 0
  var czxid: Int64 = 0
  var mzxid: Int64 = 0
  var pzxid: Int64 = 0
  var ctime: Int64 = 0
  var mtime: Int64 = 0
  var owner = SessionID.none
  var children: [String] = []

  /// How often its list of who may do what was changed.
  var aclChanges: Int32 = 0

  /// A node that is there from the beginning, with these children, which nobody has made: its
  /// `cversion` is below zero by as many.
  init(children: [String]) {
    (self.children, childrenChanged) = (children, Int32(-children.count))
  }

  init(_ data: Payload, owner: SessionID, at zxid: Int64, _ time: Int64) {
    (self.data, self.owner) = (data, owner)
    (czxid, mzxid, pzxid) = (zxid, zxid, zxid)
    (ctime, mtime) = (time, time)
  }

  /// As a client sees it.
  var stat: Stat {
    Stat(
      czxid: Zxid(czxid), mzxid: Zxid(mzxid), ctime: ctime, mtime: mtime, version: version,
      cversion: childrenChanged, aversion: aclChanges, ephemeralOwner: owner,
      dataLength: Int32(truncatingIfNeeded: data?.count ?? 0),
      numChildren: Int32(truncatingIfNeeded: children.count), pzxid: Zxid(pzxid))
  }
}

extension String {
  /// The path of the parent; what is made right below the root has this for one, and so has the
  /// root.
  fileprivate var parent: String {
    guard let slash = lastIndex(of: "/") else { return "/" }
    return slash == startIndex ? "/" : String(self[..<slash])
  }

  /// Whether a node can be called so: by parts behind slashes, of which none is empty, `.` or `..`.
  var names: Bool {
    let parts = split(separator: "/", omittingEmptySubsequences: false)
    guard let first = parts.first, first.isEmpty, parts.count > 1 else { return false }
    return self == "/" || parts.dropFirst().allSatisfy { !["", ".", ".."].contains($0) }
  }

  /// What stands behind the last slash.
  fileprivate var last: String { String(self[(lastIndex(of: "/") ?? startIndex)...].dropFirst()) }
}

extension Array {
  /// The first element whose number is greater, of numbers that grow.
  fileprivate func firstBehind(_ number: Int64, _ key: (Element) -> Int64) -> Element? {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if key(self[middle]) <= number { low = middle + 1 } else { high = middle }
    }
    return low < count ? self[low] : nil
  }
}
