public import NIOCore
public import ZooKeeper

/// A frame from a server after the handshake.
public enum ServerFrame: Hashable, Sendable {
  /// The reply to a request.
  case reply(xid: Xid, Reply)
  /// The reply to an operation that this module does not know: its body as it stands.
  case rawReply(ReplyHeader, body: ByteBuffer)
  /// A watch has fired.
  ///
  /// The zxid is -1 before 3.9, since then that of the change.
  case event(WatchEvent, zxid: Zxid)

  /// The zxid that a server sends with an event, before 3.9.
  public static let eventZxid = Zxid(-1)

  /// Reads a frame, which stands without its prefix.
  ///
  /// - Parameters:
  ///   - frame: The bytes behind the prefix.
  ///   - reading: How strictly they are read.
  ///   - opcode: What the request with this xid was; asked for replies only.
  /// - Throws: If the frame is cut short or malformed, and whatever `opcode` throws.
  public init(
    decoding frame: ByteBuffer, _ reading: Reading,
    answering opcode: (Xid) throws(WireError) -> Opcode
  ) throws(WireError) {
    var reader = JuteReader(frame, reading)
    let header = try ReplyHeader(from: &reader)
    if header.xid == .notification {
      let event = try WatchEvent(from: &reader)
      try reader.end()
      self = .event(event, zxid: header.zxid)
      return
    }
    let asked = try opcode(header.xid)
    guard header.error == .ok else {
      self = .reply(xid: header.xid, Reply(zxid: header.zxid, .failure(header.error)))
      return
    }
    let body = reader.rest
    if let answer = try Answer.read(asked, from: &reader) {
      self = .reply(xid: header.xid, Reply(zxid: header.zxid, .success(answer)))
    } else {
      self = .rawReply(header, body: body)
    }
  }

  /// Writes the frame with its length prefix.
  public func write(to bytes: inout ByteBuffer) {
    bytes.writeFrame { bytes in
      switch self {
      case .reply(let xid, let reply):
        switch reply.result {
        case .success(let answer):
          ReplyHeader(xid: xid, zxid: reply.zxid).write(to: &bytes)
          answer.writeBody(to: &bytes)
        case .failure(let code):
          ReplyHeader(xid: xid, zxid: reply.zxid, error: code).write(to: &bytes)
        }
      case .rawReply(let header, let body):
        header.write(to: &bytes)
        bytes.writeImmutableBuffer(body)
      case .event(let event, let zxid):
        ReplyHeader(xid: .notification, zxid: zxid).write(to: &bytes)
        event.write(to: &bytes)
      }
    }
  }
}
