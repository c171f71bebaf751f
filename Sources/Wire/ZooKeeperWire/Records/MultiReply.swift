internal import NIOCore
internal import ZooKeeper

/// The body of multi's reply.
///
/// | offset | size | meaning                                                                  |
/// | ------ | ---- | ------------------------------------------------------------------------ |
/// | 0      | 9    | ``MultiHeader`` of the first result                                      |
/// | 9      | …    | create: path; create2: path and Stat; setData: Stat; delete, check:      |
/// |        |      | nothing; failed: the code again, 4 bytes                                 |
/// | …      | …    | header and record of each further result                                 |
/// | …      | 9    | the end: `ffffffff 01 ffffffff`                                          |
///
/// A multi that failed is a success in the ``ReplyHeader``; each of its results is then of type -1.
///
/// Source: Apache ZooKeeper, `MultiResponse`.
struct MultiReply: Record {
  var results: [OperationResult]

  init(_ results: [OperationResult]) { self.results = results }

  init(from reader: inout JuteReader) throws(WireError) {
    results = try MultiHeader.records(from: &reader) { header, at, reader throws(WireError) in
      try OperationResult.read(header, at: at, from: &reader)
    }
  }

  func write(to bytes: inout ByteBuffer) {
    for result in results { result.write(to: &bytes) }
    MultiHeader.end.write(to: &bytes)
  }
}

extension OperationResult {
  static func read(
    _ header: MultiHeader, at offset: Int, from reader: inout JuteReader
  ) throws(WireError) -> OperationResult {
    if header.opcode != .error { try header.expect(.ok, reader) }
    switch header.opcode {
    case .create:
      return .created(path: try reader.path(.required))
    case .create2:
      let path = try reader.path(.required)
      return .created(path: path, try Stat(from: &reader))
    case .delete:
      return .deleted
    case .setData:
      return .set(try Stat(from: &reader))
    case .check:
      return .checked
    case .error:
      return .failed(ErrorCode(rawValue: try reader.int(usually: header.error.rawValue)))
    default:
      throw WireError(.notInMulti(header.opcode), at: offset)
    }
  }

  func write(to bytes: inout ByteBuffer) {
    switch self {
    case .created(let path, nil):
      MultiHeader(.create, error: .ok).write(to: &bytes)
      bytes.write(string: path)
    case .created(let path, let stat?):
      MultiHeader(.create2, error: .ok).write(to: &bytes)
      bytes.write(string: path)
      stat.write(to: &bytes)
    case .deleted:
      MultiHeader(.delete, error: .ok).write(to: &bytes)
    case .set(let stat):
      MultiHeader(.setData, error: .ok).write(to: &bytes)
      stat.write(to: &bytes)
    case .checked:
      MultiHeader(.check, error: .ok).write(to: &bytes)
    case .failed(let code):
      MultiHeader(.error, error: code).write(to: &bytes)
      bytes.write(int: code.rawValue)
    }
  }
}
