internal import NIOCore
internal import ZooKeeper

/// The body of auth.
///
/// | offset | size | meaning                                        |
/// | ------ | ---- | ---------------------------------------------- |
/// | 0      | 4    | type, 0; a server ignores it                   |
/// | 4      | 4    | n, the length of the scheme; -1 for null       |
/// | 8      | n    | scheme                                         |
/// | 8 + n  | 4    | m, the length of the credentials; -1 for null  |
/// | 12 + n | m    | auth: for digest, `user:password`              |
///
/// Source: `zookeeper.jute`.
struct AuthPacket: Record {
  var type: Int32
  var scheme: String
  var credentials: Payload

  init(type: Int32 = 0, scheme: String, credentials: Payload) {
    self.type = type
    self.scheme = scheme
    self.credentials = credentials
  }

  init(from reader: inout JuteReader) throws(WireError) {
    type = try reader.int(usually: 0)
    let at = reader.offset
    if let scheme = try reader.string() {
      self.scheme = scheme
    } else if !reader.reading.isStrict {
      // No scheme has this name, so a server refuses it as it refuses null.
      scheme = ""
    } else {
      throw WireError(.null(.scheme), at: at)
    }
    credentials = try reader.buffer()
  }

  func write(to bytes: inout ByteBuffer) {
    bytes.write(int: type)
    bytes.write(string: scheme)
    bytes.write(buffer: credentials)
  }
}
