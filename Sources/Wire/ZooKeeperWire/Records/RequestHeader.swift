public import NIOCore

/// What stands before every request but the first.
///
/// | offset | size | meaning                                   |
/// | ------ | ---- | ----------------------------------------- |
/// | 0      | 4    | xid, which the reply repeats              |
/// | 4      | 4    | type, the ``Opcode``                      |
/// | 8      | …    | the operation's record, if it has one     |
///
/// A server closes a connection that sends a frame shorter than this.
///
/// Source: `zookeeper.jute`.
public struct RequestHeader: Record {
  /// The number of bytes.
  public static let size = 8

  /// Repeated in the reply.
  public var xid: Xid
  /// The operation.
  public var opcode: Opcode

  /// The header of these fields.
  public init(xid: Xid, opcode: Opcode) {
    self.xid = xid
    self.opcode = opcode
  }

  /// Reads the two fields.
  public init(from reader: inout JuteReader) throws(WireError) {
    xid = try reader.int()
    opcode = Opcode(rawValue: try reader.int())
  }

  /// Writes the two fields.
  public func write(to bytes: inout ByteBuffer) {
    bytes.write(int: xid)
    bytes.write(int: opcode.rawValue)
  }
}
