package import ZooKeeper

/// One number for all nodes of a tree: what a log writes behind each transaction, so that whoever
/// replays it sees whether the trees are the same.
///
/// The digest of a node is the CRC-32 of its path (none for `/`), its data (none for null) and 60
/// bytes of what is stored of it; that of a tree is the sum of its nodes', modulo 2⁶⁴. The nodes
/// below `/zookeeper` count for nothing: servers count quotas by themselves.
///
/// | bytes | meaning                                       |
/// | ----- | --------------------------------------------- |
/// | 40    | czxid, mzxid, pzxid, ctime, mtime             |
/// | 12    | version, cversion (of creates alone), aversion |
/// | 8     | the owner, as it is stored                    |
///
/// A sum can follow single changes: subtract the nodes that a transaction touches before it is
/// applied, add them afterwards.
///
/// Source: Apache ZooKeeper, `DigestCalculator`, since 3.6.
extension Tree {
  /// Which way digests are counted: the version that stands beside each.
  package static let digestVersion: Int32 = 2

  /// The digest of the whole tree.
  ///
  /// - Complexity: O(*n*) in the number of bytes that the tree holds.
  package var digest: UInt64 {
    var sum: UInt64 = 0
    visit { path, node in sum &+= UInt64(node.digest(at: path)) }
    return sum
  }

  /// The sum of the digests of the nodes at these paths; what is not there counts for nothing.
  package func digest(of paths: [String]) -> UInt64 {
    paths.reduce(0) { sum, path in sum &+ (self[path].map { UInt64($0.digest(at: path)) } ?? 0) }
  }
}

extension Node {
  /// The digest of the node at this path.
  package func digest(at path: String) -> UInt32 {
    if path.utf8.starts(with: "/zookeeper/".utf8) { return 0 }
    var sum = CRC32()
    var path = path == "/" ? "" : path
    path.withUTF8 { sum.add(UnsafeRawBufferPointer($0)) }
    data?.withUnsafeBytes { sum.add($0) }
    for number in [czxid.rawValue, mzxid.rawValue, pzxid.rawValue, ctime, mtime] { sum.add(number) }
    for number in [version, childrenCreated, aversion] { sum.add(number) }
    sum.add(storedOwner)
    return sum.value
  }
}

extension Transaction {
  /// The nodes that it may change, each once.
  ///
  /// - Complexity: O(n) for n paths that it names.
  package var touchedPaths: [String] {
    var touched = TouchedPaths()
    touched.collect(body)
    return touched.paths
  }
}

/// The paths that a transaction names, in their order, each once.
private struct TouchedPaths {
  private(set) var paths: [String] = []
  private var known: Set<Verbatim> = []

  mutating func collect(_ body: Transaction.Body) {
    switch body {
    case .create(let creation): note(creation.path, parent: true)
    case .delete(let path): note(path, parent: true)
    case .setData(let path, _, _), .setACL(let path, _, _): note(path, parent: false)
    case .closeSession(let owned): for path in owned { note(path, parent: true) }
    case .multi(let parts): for part in parts { collect(part) }
    case .createSession, .check, .error: break
    }
  }

  private mutating func note(_ path: String, parent: Bool) {
    if known.insert(Verbatim(path)).inserted { paths.append(path) }
    if parent { note(Path.parent(of: path), parent: false) }
  }
}
