internal import NIOCore
internal import ZooKeeper

/// The body of whoAmI's reply.
///
/// | offset | size | meaning                                                           |
/// | ------ | ---- | ----------------------------------------------------------------- |
/// | 0      | 4    | the number of identities                                          |
/// | 4      | …    | for each authScheme and user, both a length and as many bytes      |
///
/// Source: `zookeeper.jute`, `WhoAmIResponse` and `ClientInfo`.
struct WhoAmIReply: Record {
  var identities: [ClientInfo]

  init(_ identities: [ClientInfo]) { self.identities = identities }

  init(from reader: inout JuteReader) throws(WireError) {
    let at = reader.offset
    let read = try reader.vector(
      ofAtLeast: 8,
      { (reader: inout JuteReader) throws(WireError) in
        let scheme = try reader.word(.scheme)
        return ClientInfo(scheme: scheme, user: try reader.word(.user))
      })
    guard let read else { throw WireError(.null(.identities), at: at) }
    identities = read
  }

  func write(to bytes: inout ByteBuffer) {
    bytes.write(vector: identities) { bytes, identity in
      bytes.write(string: identity.scheme)
      bytes.write(string: identity.user)
    }
  }
}

extension JuteReader {
  /// Reads a string that is never null.
  fileprivate mutating func word(_ field: WireError.Field) throws(WireError) -> String {
    let at = offset
    guard let word = try string() else { throw WireError(.null(field), at: at) }
    return word
  }
}
