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
      throw Self.spoilt(bytes, name, rules) ?? reader.failure
        ?? StorageError(.unreadable("\(error.reason)"), in: name, at: error.offset)
    }
    if let failure = reader.failure { throw Self.spoilt(bytes, name, rules) ?? failure }
  }

  /// That the last checksum is not that of the bytes before it, if the file ends with one: what
  /// else is wrong comes of that.
  private static func spoilt(
    _ bytes: ByteBuffer, _ name: String, _ rules: Set<Rule>
  ) -> StorageError? {
    guard rules.contains(.snapshotChecked), let seal = seal(of: bytes),
      seal.written != UInt64(seal.counted)
    else { return nil }
    return StorageError(
      .checksum(written: seal.written, counted: seal.counted), in: name, at: seal.place)
  }
}

extension Snapshot {
  /// Whether no byte of a snapshot has changed since it was written: each checksum is of all that
  /// comes before, so the last one says it.
  ///
  /// - Complexity: O(*n*), without making a tree.
  static func isSealed(_ bytes: ByteBuffer) -> Bool {
    guard bytes.getInteger(at: 0, as: Int32.self) == magic, let seal = seal(of: bytes) else {
      return false
    }
    return UInt64(seal.counted) == seal.written
  }

  /// The last checksum: where it stands, what it is, and what it should be; nil if the file ends
  /// otherwise.
  private static func seal(
    of bytes: ByteBuffer
  ) -> (place: Int, written: UInt64, counted: UInt32)? {
    // The checksum, the length of a string, and the string.
    let place = bytes.readableBytes - 13
    guard place > 0, let written = bytes.getInteger(at: place, as: UInt64.self),
      bytes.getString(at: place + 8, length: 5) == "\u{0}\u{0}\u{0}\u{1}" + end
    else { return nil }
    let counted = bytes.withUnsafeReadableBytes {
      Adler32.of(UnsafeRawBufferPointer(rebasing: $0.prefix(place)))
    }
    return (place, written, counted)
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
