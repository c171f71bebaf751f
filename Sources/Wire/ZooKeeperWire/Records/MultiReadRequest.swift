internal import NIOCore
internal import ZooKeeper

/// The body of multiRead, in the form of ``MultiRequest``.
///
/// | offset | size | meaning                                                               |
/// | ------ | ---- | --------------------------------------------------------------------- |
/// | 0      | 9    | ``MultiHeader`` of the first operation                                |
/// | 9      | …    | its record: getData or getChildren, whose watch is not read            |
/// | …      | …    | header and record of each further operation                           |
/// | …      | 9    | the end: `ffffffff 01 ffffffff`                                       |
///
/// Any other operation makes the whole request malformed, also a write.
///
/// Source: Apache ZooKeeper, `MultiOperationRecord`.
struct MultiReadRequest: Record {
  var operations: [ReadOperation]

  init(_ operations: [ReadOperation]) { self.operations = operations }

  init(from reader: inout JuteReader) throws(WireError) {
    operations = try MultiHeader.records(from: &reader) { header, at, reader throws(WireError) in
      try header.expect(MultiHeader.end.error, reader)
      switch header.opcode {
      case .getData: return .getData(path: try PathAndWatch(from: &reader).path)
      case .getChildren: return .getChildren(path: try PathAndWatch(from: &reader).path)
      default: throw WireError(.notInMulti(header.opcode), at: at)
      }
    }
  }

  func write(to bytes: inout ByteBuffer) {
    for operation in operations {
      switch operation {
      case .getData: MultiHeader(.getData).write(to: &bytes)
      case .getChildren: MultiHeader(.getChildren).write(to: &bytes)
      }
      PathAndWatch(operation.path, false).write(to: &bytes)
    }
    MultiHeader.end.write(to: &bytes)
  }
}
