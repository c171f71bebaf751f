internal import NIOCore
package import ZooKeeper

/// A log or a snapshot by its name in its folder, and the zxid in that.
///
/// Whoever writes a name writes small letters, whoever reads one takes others too: `snapshot.FF`
/// is read, and removed, as the file that it is.
package struct DataFile: Hashable, Sendable, Comparable {
  /// The zxid of a log's first transaction or of a snapshot's last one.
  package let zxid: Zxid
  /// The name.
  package let name: String
  /// The whole path.
  package let path: String

  /// A file of more bytes is not read, and so none is written.
  package static let largest = Int(UInt32.max)

  init(_ zxid: Zxid, _ name: String, in folder: String) {
    self.zxid = zxid
    self.name = name
    path = "\(folder)/\(name)"
  }

  /// By zxid, and where that is the same by name.
  package static func < (one: DataFile, other: DataFile) -> Bool {
    (one.zxid, one.name) < (other.zxid, other.name)
  }
}

extension FileSystem {
  /// A folder's files of this kind (`log`, `snapshot`), from the first to the last.
  package func files(of kind: String, in folder: String) throws -> [DataFile] {
    try names(in: folder).compactMap { name in
      Zxid(fileName: name, kind: kind).map { DataFile($0, name, in: folder) }
    }.sorted()
  }

  /// The snapshots of a folder that Apache's server has compressed, from the first to the last.
  func compressedSnapshots(in folder: String) throws -> [DataFile] {
    try names(in: folder).compactMap { name in
      let parts = name.split(separator: ".").map(String.init)
      guard parts.count == 3, ["gz", "snappy"].contains(parts[2]) else { return nil }
      return Zxid(fileName: "\(parts[0]).\(parts[1])", kind: "snapshot")
        .map { DataFile($0, name, in: folder) }
    }.sorted()
  }
}
