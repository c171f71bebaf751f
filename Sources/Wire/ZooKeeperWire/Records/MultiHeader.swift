internal import NIOCore
internal import ZooKeeper

/// What stands before each operation of a multi, each of its results, and at the end of both.
///
/// | offset | size | meaning                                                                 |
/// | ------ | ---- | ----------------------------------------------------------------------- |
/// | 0      | 4    | type: the ``Opcode``; -1 before a failed result and at the end           |
/// | 4      | 1    | done: this is the end                                                   |
/// | 5      | 4    | err: -1 in a request and at the end, 0 or the code in a reply           |
///
/// Source: `zookeeper.jute`, `MultiOperationRecord`, `MultiResponse`.
struct MultiHeader: Record {
  var opcode: Opcode
  var isEnd: Bool
  var error: ErrorCode

  static let end = MultiHeader(.error, isEnd: true, error: ErrorCode(rawValue: -1))

  init(_ opcode: Opcode, isEnd: Bool = false, error: ErrorCode = ErrorCode(rawValue: -1)) {
    self.opcode = opcode
    self.isEnd = isEnd
    self.error = error
  }

  init(from reader: inout JuteReader) throws(WireError) {
    let typeOffset = reader.offset
    opcode = Opcode(rawValue: try reader.int())
    isEnd = try reader.boolean()
    let end = MultiHeader.end
    if isEnd {
      if reader.reading.isStrict, opcode != end.opcode {
        throw WireError(
          .unexpected(opcode.rawValue, insteadOf: end.opcode.rawValue), at: typeOffset)
      }
      error = ErrorCode(rawValue: try reader.int(usually: end.error.rawValue))
    } else {
      error = ErrorCode(rawValue: try reader.int())
    }
  }

  /// What stands behind each header, up to the end.
  ///
  /// - Parameter read: reads the record behind this header, which begins at this offset.
  static func records<Element>(
    from reader: inout JuteReader,
    _ read: (MultiHeader, Int, inout JuteReader) throws(WireError) -> Element
  ) throws(WireError) -> [Element] {
    var records: [Element] = []
    while true {
      let at = reader.offset
      let header = try MultiHeader(from: &reader)
      if header.isEnd { return records }
      records.append(try read(header, at, &reader))
    }
  }

  /// Says that ``error``, which was the last field read, has to be `usual`.
  func expect(_ usual: ErrorCode, _ reader: JuteReader) throws(WireError) {
    guard reader.reading.isStrict, error != usual else { return }
    throw WireError(.unexpected(error.rawValue, insteadOf: usual.rawValue), at: reader.offset - 4)
  }

  func write(to bytes: inout ByteBuffer) {
    bytes.write(int: opcode.rawValue)
    bytes.write(boolean: isEnd)
    bytes.write(int: error.rawValue)
  }
}
