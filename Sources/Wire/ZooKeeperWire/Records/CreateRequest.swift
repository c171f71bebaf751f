internal import NIOCore
internal import ZooKeeper

/// The body of create and create2.
///
/// | offset | size | meaning                                    |
/// | ------ | ---- | ------------------------------------------ |
/// | 0      | 4    | n, the length of the path; -1 for null     |
/// | 4      | n    | path                                       |
/// | 4 + n  | 4    | m, the length of the data; -1 for null     |
/// | 8 + n  | m    | data                                       |
/// | …      | 4    | the number of ACL entries; -1 for null     |
/// | …      | …    | acl, see ``ZooKeeper/ACL``                 |
/// | …      | 4    | flags, the ``ZooKeeper/CreateMode``        |
///
/// Source: `zookeeper.jute`.
extension Create {
  static func read(
    from reader: inout JuteReader, withStat: Bool, _ nullACL: Reading.Nulls = .acl
  ) throws(WireError) -> Create {
    let path = try reader.path(.required)
    let data = try reader.buffer()
    let acl = try reader.acl(nullACL)
    let mode = CreateMode(rawValue: try reader.int())
    return Create(path, data: data, acl: acl, mode: mode, withStat: withStat)
  }

  func write(to bytes: inout ByteBuffer) {
    bytes.write(string: path)
    bytes.write(buffer: data)
    bytes.write(acl: acl)
    bytes.write(int: mode.rawValue)
  }
}
