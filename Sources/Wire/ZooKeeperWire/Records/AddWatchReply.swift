internal import NIOCore

/// The body of addWatch's reply.
///
/// | offset | size | meaning  |
/// | ------ | ---- | -------- |
/// | 0      | 4    | err: 0   |
///
/// The only reply to a success that has a code in its body too; a failure has none, as everywhere.
///
/// Source: `zookeeper.jute`, `ErrorResponse`.
struct AddWatchReply: Record {
  init() {}

  init(from reader: inout JuteReader) throws(WireError) { _ = try reader.int(usually: 0) }

  func write(to bytes: inout ByteBuffer) { bytes.write(int: 0) }
}
