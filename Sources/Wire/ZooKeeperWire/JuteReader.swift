public import NIOCore

/// Reads the primitives of jute, ZooKeeper's serialization, out of one frame.
///
/// Everything is big-endian, records follow one another without tags or padding:
///
/// | type    | size  | meaning                                                        |
/// | ------- | ----- | -------------------------------------------------------------- |
/// | boolean | 1     | 0 is false                                                     |
/// | int     | 4     | two's complement                                               |
/// | long    | 8     | two's complement                                               |
/// | buffer  | 4 + n | the length n as an int, then n bytes; a length of -1 is null   |
/// | ustring | 4 + n | likewise, in UTF-8                                             |
/// | vector  | 4 + … | the count as an int, then the elements; a count of -1 is null  |
///
/// No input traps or allocates more than its own size: a length or count is compared with the bytes
/// that are left before anything is read.
///
/// Source: Apache ZooKeeper, `BinaryInputArchive`.
public struct JuteReader {
  /// How forgiving this reader is.
  public let reading: Reading
  private var bytes: ByteBuffer
  private let start: Int

  /// A reader of what is readable in `frame`.
  public init(_ frame: ByteBuffer, _ reading: Reading) {
    self.reading = reading
    self.bytes = frame
    self.start = frame.readerIndex
  }

  /// The number of bytes read so far.
  public var offset: Int { bytes.readerIndex - start }

  /// The number of bytes not read yet.
  public var bytesLeft: Int { bytes.readableBytes }

  /// What is left, as it stands.
  public var rest: ByteBuffer { bytes }

  // MARK: Primitives

  /// Reads an int.
  public mutating func int() throws(WireError) -> Int32 { try integer() }

  /// Reads a long.
  public mutating func long() throws(WireError) -> Int64 { try integer() }

  /// Reads an int that Java does not look at and that is always `usual`.
  mutating func int(usually usual: Int32) throws(WireError) -> Int32 {
    let at = offset
    let value = try int()
    if reading.isStrict, value != usual {
      throw WireError(.unexpected(value, insteadOf: usual), at: at)
    }
    return value
  }

  /// Reads a boolean.
  public mutating func boolean() throws(WireError) -> Bool {
    let at = offset
    let byte: UInt8 = try integer()
    if reading.isStrict, byte > 1 { throw WireError(.invalidBoolean(byte), at: at) }
    return byte != 0
  }

  /// Reads a buffer, `nil` for null.
  public mutating func buffer() throws(WireError) -> [UInt8]? {
    guard let slice = try slice() else { return nil }
    return Array(slice.readableBytesView)
  }

  /// Reads a string, `nil` for null.
  public mutating func string() throws(WireError) -> String? {
    let at = offset
    guard let slice = try slice() else { return nil }
    guard reading.isStrict else {
      return String(decoding: slice.readableBytesView, as: UTF8.self)
    }
    guard let string = String(validating: slice.readableBytesView, as: UTF8.self) else {
      throw WireError(.invalidUTF8, at: at)
    }
    return string
  }

  /// Reads a vector, `nil` for null.
  ///
  /// - Parameters:
  ///   - size: The least number of bytes that an element takes; bounds the count.
  ///   - element: Reads one element.
  public mutating func vector<Element>(
    ofAtLeast size: Int, _ element: (inout JuteReader) throws(WireError) -> Element
  ) throws(WireError) -> [Element]? {
    let at = offset
    let count = try int()
    if count == -1 { return nil }
    if count < 0 {
      if reading.isStrict { throw WireError(.negativeCount(count), at: at) }
      return []
    }
    guard Int(count) <= bytesLeft / max(size, 1) else {
      throw WireError(.excessiveCount(count, bytesLeft: bytesLeft), at: at)
    }
    var elements: [Element] = []
    elements.reserveCapacity(min(Int(count), 1024))
    for _ in 0..<count { elements.append(try element(&self)) }
    return elements
  }

  /// Says that the record ends here.
  ///
  /// - Throws: ``WireError/Reason/trailingBytes(_:)`` if it does not and reading is strict.
  public func end() throws(WireError) {
    if reading.isStrict, bytesLeft > 0 {
      throw WireError(.trailingBytes(bytesLeft), at: offset)
    }
  }

  // MARK: Parts

  private mutating func integer<T: FixedWidthInteger>() throws(WireError) -> T {
    guard let value = bytes.readInteger(as: T.self) else {
      throw WireError(.truncated(needed: MemoryLayout<T>.size, left: bytesLeft), at: offset)
    }
    return value
  }

  private mutating func slice() throws(WireError) -> ByteBuffer? {
    let at = offset
    let length = try int()
    if length == -1 { return nil }
    guard length >= 0 else { throw WireError(.negativeLength(length), at: at) }
    guard let slice = bytes.readSlice(length: Int(length)) else {
      throw WireError(.truncated(needed: Int(length), left: bytesLeft), at: at)
    }
    return slice
  }
}
