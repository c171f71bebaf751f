internal import NIOCore
internal import ZooKeeper

/// The body of multiRead's reply, in the form of ``MultiReply``.
///
/// | offset | size | meaning                                                                   |
/// | ------ | ---- | ------------------------------------------------------------------------- |
/// | 0      | 9    | ``MultiHeader`` of the first result                                       |
/// | 9      | …    | getData: data and Stat; getChildren: the names; failed: the code again,    |
/// |        |      | 4 bytes                                                                   |
/// | …      | …    | header and record of each further result                                  |
/// | …      | 9    | the end: `ffffffff 01 ffffffff`                                           |
///
/// A result that failed is of type -1, the others of their operation's.
///
/// Source: Apache ZooKeeper, `MultiResponse`.
struct MultiReadReply: Record {
  var results: [ReadResult]

  init(_ results: [ReadResult]) { self.results = results }

  init(from reader: inout JuteReader) throws(WireError) {
    results = try MultiHeader.records(from: &reader) { header, at, reader throws(WireError) in
      if header.opcode != .error { try header.expect(.ok, reader) }
      switch header.opcode {
      case .getData:
        let get = try GetDataReply(from: &reader)
        return .data(get.data, get.stat)
      case .getChildren:
        return .children(try GetChildrenReply(from: &reader, withStat: false).children)
      case .error:
        let code = try reader.int(usually: header.error.rawValue)
        return .failed(ErrorCode(rawValue: code))
      default: throw WireError(.notInMulti(header.opcode), at: at)
      }
    }
  }

  func write(to bytes: inout ByteBuffer) {
    for result in results {
      switch result {
      case .data(let data, let stat):
        MultiHeader(.getData, error: .ok).write(to: &bytes)
        GetDataReply(data, stat).write(to: &bytes)
      case .children(let names):
        MultiHeader(.getChildren, error: .ok).write(to: &bytes)
        GetChildrenReply(names, nil).write(to: &bytes)
      case .failed(let code):
        MultiHeader(.error, error: code).write(to: &bytes)
        bytes.write(int: code.rawValue)
      }
    }
    MultiHeader.end.write(to: &bytes)
  }
}
