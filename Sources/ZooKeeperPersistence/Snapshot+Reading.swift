internal import NIOCore
internal import ZooKeeper
internal import ZooKeeperWire

extension Snapshot {
  /// Reads a snapshot of this zxid.
  ///
  /// Where there are no TTL nodes any more those that are stored stay what they are: only the id of
  /// an open session, of a server with the number 255, can look like theirs. (Apache's server takes
  /// them for ephemerals of a session that has ended, and removes them.)
  ///
  /// - Parameter hasTTL: Whether there are TTL nodes, `extendedTypesEnabled`.
  /// - Throws: A ``StorageError`` if a byte of it is not as it was written.
  init(
    _ bytes: ByteBuffer, name: String, zxid: Zxid, hasTTL: Bool, rules: Set<Rule>
  ) throws(StorageError) {
    var reader = SnapshotReader(bytes, name: name, hasTTL: hasTTL, rules: rules)
    tree = Tree(restoredAt: zxid)
    digest = nil
    do throws(WireError) {
      try reader.read(into: &self)
    } catch {
      throw reader.failure
        ?? StorageError(.unreadable("\(error.reason)"), in: name, at: error.offset)
    }
    if let failure = reader.failure { throw failure }
  }
}

extension Snapshot {
  /// Whether no byte of a snapshot has changed since it was written: each checksum is of all that
  /// comes before, so the last one says it.
  ///
  /// - Complexity: O(*n*), without making a tree.
  static func isSealed(_ bytes: ByteBuffer) -> Bool {
    // The checksum, the length of a string, and the string.
    let seal = bytes.readableBytes - 13
    guard seal > 0, bytes.getInteger(at: 0, as: Int32.self) == magic,
      let written = bytes.getInteger(at: seal, as: UInt64.self),
      bytes.getString(at: seal + 8, length: 5) == "\u{0}\u{0}\u{0}\u{1}" + end
    else { return false }
    let counted = bytes.withUnsafeReadableBytes {
      Adler32.of(UnsafeRawBufferPointer(rebasing: $0.prefix(seal)))
    }
    return UInt64(counted) == written
  }
}

/// Reads the parts of a snapshot.
private struct SnapshotReader {
  private let bytes: ByteBuffer
  private let name: String
  private let hasTTL: Bool
  private let rules: Set<Rule>
  private var reader: JuteReader
  private var lists: [Int64: [ACL]] = [:]
  /// What is wrong beyond what a record can say of itself.
  private(set) var failure: StorageError?

  init(_ bytes: ByteBuffer, name: String, hasTTL: Bool, rules: Set<Rule>) {
    self.bytes = bytes
    self.name = name
    self.hasTTL = hasTTL
    self.rules = rules
    reader = JuteReader(bytes, .lenient)
  }

  mutating func read(into snapshot: inout Snapshot) throws(WireError) {
    guard try reader.int() == Snapshot.magic else { return fail(.magic, at: 0) }
    _ = (try reader.int(), try reader.long())
    try readSessions(into: &snapshot.tree)
    try readACLs()
    while failure == nil, try readNode(into: &snapshot.tree) {}
    do throws(RestorationError) {
      if failure == nil { try snapshot.tree.finishRestoring() }
    } catch {
      fail(.tree("\(error)"), at: reader.offset)
    }
    try checkSeal()
    guard failure == nil, reader.bytesLeft > 0 else { return }
    let zxid = Zxid(try reader.long())
    let version = try reader.int()
    let value = UInt64(bitPattern: try reader.long())
    if version == Tree.digestVersion, zxid > .zero { snapshot.digest = (zxid, value) }
    try checkSeal()
    guard failure == nil, reader.bytesLeft > 0 else { return }
    _ = try reader.long()
    try checkSeal()
    if reader.bytesLeft > 0 { fail(.unreadable("bytes behind its end"), at: reader.offset) }
  }

  private mutating func fail(_ reason: StorageError.Reason, at offset: Int) {
    failure = failure ?? StorageError(reason, in: name, at: offset)
  }

  private mutating func readSessions(into tree: inout Tree) throws(WireError) {
    for _ in 0..<max(0, try reader.int()) {
      let session = SessionID(try reader.long())
      tree.restore(session, timeout: try reader.int())
    }
  }

  private mutating func readACLs() throws(WireError) {
    for _ in 0..<max(0, try reader.int()) {
      let key = try reader.long()
      lists[key] = try reader.storedACL()
    }
  }

  /// - Returns: Whether there was one.
  private mutating func readNode(into tree: inout Tree) throws(WireError) -> Bool {
    let start = reader.offset
    guard let path = try reader.string(), path != Snapshot.end else { return false }
    let data = try reader.buffer()
    let key = try reader.long()
    var node = Node(data: data, acl: .open, zxid: .zero, time: 0)
    if key != Snapshot.openKey {
      guard let acl = lists[key] else {
        fail(.tree("\(path) has the ACL \(key), which is none"), at: start)
        return false
      }
      node.acl = acl
    }
    node.czxid = Zxid(try reader.long())
    node.mzxid = Zxid(try reader.long())
    node.ctime = try reader.long()
    node.mtime = try reader.long()
    node.version = try reader.int()
    node.childrenCreated = try reader.int()
    node.aversion = try reader.int()
    let owner = try reader.long()
    node.own(stored: owner, hasTTL: hasTTL || !isOpen(SessionID(owner), tree))
    node.pzxid = Zxid(try reader.long())
    do throws(RestorationError) {
      try tree.restore(path.isEmpty ? "/" : path, node)
    } catch {
      fail(.tree("\(error)"), at: start)
    }
    return true
  }

  /// Whether the file holds such a session.
  private func isOpen(_ session: SessionID, _ tree: Tree) -> Bool {
    tree.timeout(of: session) != nil
  }

  private mutating func checkSeal() throws(WireError) {
    let place = reader.offset
    let written = UInt64(bitPattern: try reader.long())
    let end = try reader.string()
    if end != Snapshot.end { fail(.unreadable("no end behind the checksum"), at: place + 8) }
    guard failure == nil, rules.contains(.snapshotChecked) else { return }
    let counted = bytes.withUnsafeReadableBytes {
      Adler32.of(UnsafeRawBufferPointer(rebasing: $0.prefix(place)))
    }
    if UInt64(counted) != written {
      fail(.checksum(written: written, counted: counted), at: place)
    }
  }
}
