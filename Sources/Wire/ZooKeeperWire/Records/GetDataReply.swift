internal import NIOCore
internal import ZooKeeper

/// The body of getData's reply.
///
/// | offset | size | meaning                                  |
/// | ------ | ---- | ---------------------------------------- |
/// | 0      | 4    | n, the length of the data; -1 for null   |
/// | 4      | n    | data                                     |
/// | 4 + n  | 68   | the node's Stat                          |
///
/// Source: `zookeeper.jute`.
struct GetDataReply: Record {
  var data: Payload
  var stat: Stat

  init(_ data: Payload, _ stat: Stat) {
    self.data = data
    self.stat = stat
  }

  init(from reader: inout JuteReader) throws(WireError) {
    data = try reader.buffer()
    stat = try Stat(from: &reader)
  }

  func write(to bytes: inout ByteBuffer) {
    bytes.write(buffer: data)
    stat.write(to: &bytes)
  }
}
