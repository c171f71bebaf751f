internal import NIOCore
internal import ZooKeeper

/// The body of multi.
///
/// | offset | size | meaning                                                               |
/// | ------ | ---- | --------------------------------------------------------------------- |
/// | 0      | 9    | ``MultiHeader`` of the first operation                                |
/// | 9      | …    | its record: one that creates, delete, setData or check                |
/// | …      | …    | header and record of each further operation                           |
/// | …      | 9    | the end: `ffffffff 01 ffffffff`                                       |
///
/// Any other operation makes the whole multi malformed, also a read. What a create's flags may ask
/// for in a multi is another question, which editions answer otherwise: it is the service's.
///
/// Source: Apache ZooKeeper, `MultiOperationRecord`.
struct MultiRequest: Record {
  var operations: [Operation]

  init(_ operations: [Operation]) { self.operations = operations }

  init(from reader: inout JuteReader) throws(WireError) {
    operations = try MultiHeader.records(from: &reader) { header, at, reader throws(WireError) in
      try header.expect(MultiHeader.end.error, reader)
      return try Operation.read(header.opcode, at: at, from: &reader)
    }
  }

  func write(to bytes: inout ByteBuffer) {
    for operation in operations { operation.write(to: &bytes) }
    MultiHeader.end.write(to: &bytes)
  }
}

extension Operation {
  static func read(
    _ opcode: Opcode, at offset: Int, from reader: inout JuteReader
  ) throws(WireError) -> Operation {
    switch opcode {
    case .create, .create2, .createContainer, .createTTL:
      return .create(try Create.read(opcode, from: &reader, .aclInMulti))
    case .delete:
      let delete = try PathAndVersion(from: &reader, .required)
      return .delete(path: delete.path, version: delete.version)
    case .setData:
      let set = try SetDataRequest(from: &reader, .required)
      return .setData(path: set.path, data: set.data, version: set.version)
    case .check:
      let check = try PathAndVersion(from: &reader, .required)
      return .check(path: check.path, version: check.version)
    default:
      throw WireError(.notInMulti(opcode), at: offset)
    }
  }

  func write(to bytes: inout ByteBuffer) {
    switch self {
    case .create(let create):
      MultiHeader(create.opcode).write(to: &bytes)
      create.write(to: &bytes)
    case .delete(let path, let version):
      MultiHeader(.delete).write(to: &bytes)
      PathAndVersion(path, version).write(to: &bytes)
    case .setData(let path, let data, let version):
      MultiHeader(.setData).write(to: &bytes)
      SetDataRequest(path, data, version).write(to: &bytes)
    case .check(let path, let version):
      MultiHeader(.check).write(to: &bytes)
      PathAndVersion(path, version).write(to: &bytes)
    }
  }
}
