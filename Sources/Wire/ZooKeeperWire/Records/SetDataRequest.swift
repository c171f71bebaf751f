internal import NIOCore
internal import ZooKeeper

/// The body of setData.
///
/// | offset | size | meaning                                 |
/// | ------ | ---- | --------------------------------------- |
/// | 0      | 4    | n, the length of the path; -1 for null  |
/// | 4      | n    | path                                    |
/// | 4 + n  | 4    | m, the length of the data; -1 for null  |
/// | 8 + n  | m    | data                                    |
/// | …      | 4    | version; -1 matches every one           |
///
/// Source: `zookeeper.jute`.
struct SetDataRequest: Hashable {
  var path: String
  var data: Payload
  var version: Version

  init(_ path: String, _ data: Payload, _ version: Version) {
    self.path = path
    self.data = data
    self.version = version
  }

  init(from reader: inout JuteReader, _ null: NullPath) throws(WireError) {
    path = try reader.path(null)
    data = try reader.buffer()
    version = try reader.int()
  }

  func write(to bytes: inout ByteBuffer) {
    bytes.write(string: path)
    bytes.write(buffer: data)
    bytes.write(int: version)
  }
}
