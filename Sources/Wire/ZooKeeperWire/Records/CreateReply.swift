internal import NIOCore
internal import ZooKeeper

/// The body of the replies to create (the path only), create2, createContainer and createTTL.
///
/// | offset | size | meaning                                                |
/// | ------ | ---- | ------------------------------------------------------ |
/// | 0      | 4    | n, the length of the path                              |
/// | 4      | n    | path, with its sequence number                         |
/// | 4 + n  | 68   | the node's Stat, but for create                        |
///
/// Source: `zookeeper.jute`.
struct CreateReply: Hashable {
  var path: String
  var stat: Stat?

  init(_ path: String, _ stat: Stat?) {
    self.path = path
    self.stat = stat
  }

  init(from reader: inout JuteReader, withStat: Bool) throws(WireError) {
    path = try reader.path(.required)
    stat = withStat ? try Stat(from: &reader) : nil
  }

  func write(to bytes: inout ByteBuffer) {
    bytes.write(string: path)
    stat?.write(to: &bytes)
  }
}
