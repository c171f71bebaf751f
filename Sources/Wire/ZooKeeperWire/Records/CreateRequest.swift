internal import NIOCore
internal import ZooKeeper

/// The body of create, create2, createContainer and createTTL.
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
/// | …      | 8    | ttl in milliseconds, of createTTL only     |
///
/// Source: `zookeeper.jute`, `CreateRequest` and `CreateTTLRequest`.
extension Create {
  /// The operations that create a node.
  static let opcodes: Set<Opcode> = [.create, .create2, .createContainer, .createTTL]

  static func read(
    _ opcode: Opcode, from reader: inout JuteReader, _ nullACL: Reading.Nulls = .acl
  ) throws(WireError) -> Create {
    let path = try reader.path(.required)
    let data = try reader.buffer()
    let acl = try reader.acl(nullACL)
    let mode = CreateMode(rawValue: try reader.int())
    let form: Form =
      switch opcode {
      case .createTTL: .ttl(try reader.long())
      case .createContainer: .container
      case .create2: .create2
      default: .create
      }
    return Create(path, data: data, acl: acl, mode: mode, form: form)
  }

  var opcode: Opcode {
    switch form {
    case .create: .create
    case .create2: .create2
    case .container: .createContainer
    case .ttl: .createTTL
    }
  }

  func write(to bytes: inout ByteBuffer) {
    bytes.write(string: path)
    bytes.write(buffer: data)
    bytes.write(acl: acl)
    bytes.write(int: mode.rawValue)
    if let ttl { bytes.write(long: ttl) }
  }
}
