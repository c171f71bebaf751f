internal import NIOCore
internal import ZooKeeper

/// The body of setACL.
///
/// | offset | size | meaning                                    |
/// | ------ | ---- | ------------------------------------------ |
/// | 0      | 4    | n, the length of the path; -1 for null     |
/// | 4      | n    | path                                       |
/// | 4 + n  | 4    | the number of ACL entries; -1 for null     |
/// | 8 + n  | …    | acl, see ``ZooKeeper/ACL``                 |
/// | …      | 4    | version, the node's aversion; -1 for every one |
///
/// Source: `zookeeper.jute`.
struct SetACLRequest: Record {
  var path: String
  var acl: [ACL]
  var version: Version

  init(_ path: String, _ acl: [ACL], _ version: Version) {
    self.path = path
    self.acl = acl
    self.version = version
  }

  init(from reader: inout JuteReader) throws(WireError) {
    path = try reader.path(.likeEmpty)
    acl = try reader.acl()
    version = try reader.int()
  }

  func write(to bytes: inout ByteBuffer) {
    bytes.write(string: path)
    bytes.write(acl: acl)
    bytes.write(int: version)
  }
}
