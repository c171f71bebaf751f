internal import NIOCore
internal import ZooKeeper

/// The body of getACL's reply.
///
/// | offset | size | meaning                                  |
/// | ------ | ---- | ---------------------------------------- |
/// | 0      | 4    | the number of entries                    |
/// | 4      | …    | acl, see ``ZooKeeper/ACL``               |
/// | …      | 68   | the node's Stat                          |
///
/// Source: `zookeeper.jute`.
struct GetACLReply: Record {
  var acl: [ACL]
  var stat: Stat

  init(_ acl: [ACL], _ stat: Stat) {
    self.acl = acl
    self.stat = stat
  }

  init(from reader: inout JuteReader) throws(WireError) {
    acl = try reader.acl()
    stat = try Stat(from: &reader)
  }

  func write(to bytes: inout ByteBuffer) {
    bytes.write(acl: acl)
    stat.write(to: &bytes)
  }
}
