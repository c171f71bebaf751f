internal import NIOCore
internal import ZooKeeper

/// The body of the replies to getChildren (the names only) and getChildren2; getEphemerals is
/// answered like getChildren, with paths.
///
/// | offset | size | meaning                                      |
/// | ------ | ---- | -------------------------------------------- |
/// | 0      | 4    | the number of children                       |
/// | 4      | …    | for each the length of its name, and the name |
/// | …      | 68   | the node's Stat, for getChildren2 only       |
///
/// Source: `zookeeper.jute`.
struct GetChildrenReply: Hashable {
  var children: [String]
  var stat: Stat?

  init(_ children: [String], _ stat: Stat?) {
    self.children = children
    self.stat = stat
  }

  init(from reader: inout JuteReader, withStat: Bool) throws(WireError) {
    children = try reader.strings(.children)
    stat = withStat ? try Stat(from: &reader) : nil
  }

  func write(to bytes: inout ByteBuffer) {
    bytes.write(vector: children) { bytes, name in bytes.write(string: name) }
    stat?.write(to: &bytes)
  }
}
