internal import NIOCore
public import ZooKeeper
internal import ZooKeeperWire

extension Snapshot {
  /// Writes a snapshot of a tree; when this returns, it is stable under its name.
  ///
  /// If it cannot be written whole, nothing is left of it.
  ///
  /// - Parameter digest: The tree's digest, which whoever commits transactions knows.
  /// - Throws: What the disk says, or a ``StorageError`` if the file would be too large to be read.
  public static func write<Disk: FileSystem>(
    _ tree: Tree, digest: UInt64, on disk: Disk, folder: String
  ) throws {
    try write(tree, digest: digest, on: disk, folder: folder, rules: Set(Rule.allCases))
  }

  package static func write<Disk: FileSystem>(
    _ tree: Tree, digest: UInt64, on disk: Disk, folder: String, rules: Set<Rule>,
    limit: Int = DataFile.largest
  ) throws {
    let path = "\(folder)/\(name(tree.zxid))"
    let unfinished =
      rules.contains(.snapshotRenamed) ? "\(folder)/\(unfinishedName)" : path
    var writer = SnapshotWriter(file: try disk.create(unfinished), path: path, limit: limit)
    do {
      try writer.write(tree, digest)
      if rules.contains(.snapshotSynchronized) { try writer.file.synchronize() }
    } catch {
      // The log needs the room.
      if unfinished != path { try? disk.remove(unfinished) }
      throw error
    }
    if unfinished != path { try disk.rename(unfinished, to: path) }
    if rules.contains(.snapshotNameSynchronized) { try disk.synchronize(folder: folder) }
  }
}

/// Writes the parts of a snapshot, one after the other, and counts their checksum.
private struct SnapshotWriter<File: WritableFile> {
  let file: File
  private let path: String
  private let limit: Int
  private var bytes = ByteBuffer()
  private var written = 0
  private var sum = Adler32()
  private var keys: [[ACL]: Int64] = [:]

  init(file: File, path: String, limit: Int) {
    self.file = file
    self.path = path
    self.limit = limit
  }

  /// So many bytes are gathered before they are written.
  private static var portion: Int { 1 << 20 }

  mutating func write(_ tree: Tree, _ digest: UInt64) throws {
    bytes.writeInteger(Snapshot.magic)
    bytes.writeInteger(Snapshot.version)
    bytes.writeInteger(Snapshot.database)
    try writeSessions(tree)
    try writeACLs(tree)
    try tree.visit { path, node in
      write(node, path)
      try flush(beyond: Self.portion)
    }
    bytes.write(string: Snapshot.end)
    try seal()
    bytes.write(long: tree.zxid.rawValue)
    bytes.write(int: Tree.digestVersion)
    bytes.write(long: Int64(bitPattern: digest))
    try seal()
  }

  private mutating func writeSessions(_ tree: Tree) throws {
    let sessions = tree.openSessions
    bytes.write(int: Int32(clamping: sessions.count))
    for session in sessions {
      bytes.write(long: session.rawValue)
      bytes.write(int: tree.timeout(of: session) ?? 0)
      try flush(beyond: Self.portion)
    }
  }

  /// Each list once, under a number.
  private mutating func writeACLs(_ tree: Tree) throws {
    var lists: [[ACL]] = []
    tree.visit { _, node in
      guard node.acl != .open, keys[node.acl] == nil else { return }
      lists.append(node.acl)
      keys[node.acl] = Int64(lists.count)
    }
    bytes.write(int: Int32(clamping: lists.count))
    for (place, list) in lists.enumerated() {
      bytes.write(long: Int64(place + 1))
      bytes.write(acl: list)
      try flush(beyond: Self.portion)
    }
  }

  private mutating func write(_ node: Node, _ path: String) {
    bytes.write(string: path == "/" ? "" : path)
    bytes.write(buffer: node.data)
    bytes.write(long: keys[node.acl] ?? Snapshot.openKey)
    for number in [node.czxid.rawValue, node.mzxid.rawValue, node.ctime, node.mtime] {
      bytes.write(long: number)
    }
    for number in [node.version, node.childrenCreated, node.aversion] { bytes.write(int: number) }
    bytes.write(long: node.storedOwner)
    bytes.write(long: node.pzxid.rawValue)
  }

  private mutating func seal() throws {
    try flush(beyond: 0)
    bytes.write(long: Int64(sum.value))
    bytes.write(string: Snapshot.end)
    try flush(beyond: 0)
  }

  private mutating func flush(beyond limit: Int) throws {
    guard bytes.readableBytes > limit else { return }
    guard written + bytes.readableBytes <= self.limit else {
      throw StorageError(.tooLarge(written + bytes.readableBytes), in: path)
    }
    bytes.withUnsafeReadableBytes { sum.add($0) }
    try file.write(bytes, at: written)
    written += bytes.readableBytes
    bytes.clear()
  }
}
