public import NIOCore
public import ZooKeeper

/// A frame from a client that has a session: a header, and what was asked.
public struct ClientFrame: Hashable, Sendable {
  /// The request's number and operation.
  public var header: RequestHeader
  /// What was asked.
  public var content: Content
  /// How many bytes stand behind the record, which nobody looks at.
  public private(set) var excess = 0

  /// What a body holds.
  public enum Content: Hashable, Sendable {
    /// A request of an operation that this module knows.
    case request(Request)
    /// The body as it stands, for an opcode that this module does not know, or to send a request
    /// that is deliberately wrong.
    case raw(ByteBuffer)
    /// The body of a known operation that does not decode; ``ClientFrame/refusal`` says what a
    /// server does then.
    case malformed(WireError)
  }

  /// What a server does about a body that does not decode.
  public enum Refusal: Hashable, Sendable {
    /// It replies with this code, and keeps the connection.
    ///
    /// For a write, the failure takes a zxid like any other.
    case reply(ErrorCode)
    /// It closes the connection, and says nothing.
    case close
  }

  /// The frame of a request.
  public init(xid: Xid, _ request: Request) {
    header = RequestHeader(xid: xid, opcode: request.opcode)
    content = .request(request)
  }

  /// The frame of any opcode and any body.
  public init(xid: Xid, _ opcode: Opcode, body: ByteBuffer) {
    header = RequestHeader(xid: xid, opcode: opcode)
    content = .raw(body)
  }

  /// Reads a frame, which stands without its prefix.
  ///
  /// - Throws: If there is not even a header; a server then closes the connection. What is wrong
  ///   after the header is ``Content/malformed(_:)``.
  public init(decoding frame: ByteBuffer, _ reading: Reading) throws(WireError) {
    var reader = JuteReader(frame, reading)
    header = try RequestHeader(from: &reader)
    let body = reader.rest
    do throws(WireError) {
      if let request = try Request.read(header.opcode, from: &reader) {
        content = .request(request)
        excess = reader.bytesLeft
      } else {
        content = .raw(body)
      }
    } catch {
      content = .malformed(error)
    }
  }

  /// What a server does about this frame if it is malformed; `nil` if it is not.
  ///
  /// Apache's server reads auth before it queues the request, and an exception there ends the
  /// connection. Everywhere else it becomes MarshallingError.
  public var refusal: Refusal? {
    guard case .malformed = content else { return nil }
    return header.opcode == .auth ? .close : .reply(.marshallingError)
  }

  /// Writes the frame with its length prefix; a malformed one without the body that it never had.
  ///
  /// - Returns: The length of the frame without its prefix.
  @discardableResult
  public func write(to bytes: inout ByteBuffer) -> Int {
    bytes.writeFrame { bytes in
      header.write(to: &bytes)
      switch content {
      case .request(let request): request.writeBody(to: &bytes)
      case .raw(let body): bytes.writeImmutableBuffer(body)
      case .malformed: break
      }
    }
  }
}
