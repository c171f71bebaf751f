internal import NIOCore

/// The body of getACL, getEphemerals, getAllChildrenNumber and sync, and of sync's reply.
///
/// | offset | size | meaning                                  |
/// | ------ | ---- | ---------------------------------------- |
/// | 0      | 4    | n, the length of the path; -1 for null   |
/// | 4      | n    | path; sync does not look at it, and of   |
/// |        |      | getEphemerals it is a prefix             |
///
/// Source: `zookeeper.jute`.
struct PathOnly: Record {
  var path: String?

  init(_ path: String?) { self.path = path }

  init(from reader: inout JuteReader) throws(WireError) { path = try reader.string() }

  func write(to bytes: inout ByteBuffer) { bytes.write(string: path) }
}
