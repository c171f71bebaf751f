internal import NIOCore
internal import ZooKeeper

/// The body of delete and check.
///
/// | offset | size | meaning                                 |
/// | ------ | ---- | --------------------------------------- |
/// | 0      | 4    | n, the length of the path; -1 for null  |
/// | 4      | n    | path                                    |
/// | 4 + n  | 4    | version; -1 matches every one           |
///
/// Source: `zookeeper.jute`.
struct PathAndVersion: Hashable {
  var path: String
  var version: Version

  init(_ path: String, _ version: Version) {
    self.path = path
    self.version = version
  }

  init(from reader: inout JuteReader, _ null: NullPath) throws(WireError) {
    path = try reader.path(null)
    version = try reader.int()
  }

  func write(to bytes: inout ByteBuffer) {
    bytes.write(string: path)
    bytes.write(int: version)
  }
}
