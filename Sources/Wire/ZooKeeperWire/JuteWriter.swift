public import NIOCore

/// Writes the primitives that ``JuteReader`` reads.
///
/// Strings are written in true UTF-8. Java writes a character beyond U+FFFF as two surrogates of
/// three bytes each, which its own reader does not take back; paths never hold one.
extension ByteBuffer {
  package mutating func write(int value: Int32) { writeInteger(value) }

  package mutating func write(long value: Int64) { writeInteger(value) }

  package mutating func write(boolean value: Bool) { writeInteger(UInt8(value ? 1 : 0)) }

  package mutating func write(buffer value: [UInt8]?) {
    guard let value else { return write(int: -1) }
    write(int: Int32(clamping: value.count))
    writeBytes(value)
  }

  package mutating func write(string value: String?) {
    guard let value else { return write(int: -1) }
    write(int: Int32(clamping: value.utf8.count))
    writeString(value)
  }

  package mutating func write<Element>(
    vector value: [Element]?, _ element: (inout ByteBuffer, Element) -> Void
  ) {
    guard let value else { return write(int: -1) }
    write(int: Int32(clamping: value.count))
    for each in value { element(&self, each) }
  }
}

/// A sequence of jute fields with a name of its own.
public protocol Record: Hashable, Sendable {
  /// Reads the record's fields in order.
  init(from reader: inout JuteReader) throws(WireError)
  /// Writes the record's fields in order.
  func write(to bytes: inout ByteBuffer)
}

extension Record {
  /// The record that fills `frame`.
  ///
  /// - Throws: If it is cut short or malformed; if bytes follow it and reading is strict.
  public init(decoding frame: ByteBuffer, _ reading: Reading) throws(WireError) {
    var reader = JuteReader(frame, reading)
    try self.init(from: &reader)
    try reader.end()
  }

  /// The record's bytes, without a length prefix.
  public var encoded: ByteBuffer {
    var bytes = ByteBuffer()
    write(to: &bytes)
    return bytes
  }
}
