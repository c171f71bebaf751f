import NIOCore
import ZooKeeper
import ZooKeeperClient
import ZooKeeperWire

/// What a server says in these tests, as bytes.
enum Says {
  static let session = SessionID(0x100000000000001)
  static let password: [UInt8] = Array(1...16)

  static func hello(
    timeout: Int32 = 6000, session: SessionID = session, readOnly: Bool = false
  ) -> ByteBuffer {
    frame {
      ConnectResponse(
        timeout: timeout, session: session, password: password, readOnly: readOnly
      ).write(to: &$0)
    }
  }

  static var expired: ByteBuffer { frame { ConnectResponse.expired().write(to: &$0) } }

  static func reply(_ xid: Xid, _ zxid: Int64, _ answer: Answer = .done) -> ByteBuffer {
    bytes(.reply(xid: xid, Reply(zxid: Zxid(zxid), .success(answer))))
  }

  static func refusal(_ xid: Xid, _ zxid: Int64, _ code: ErrorCode) -> ByteBuffer {
    bytes(.reply(xid: xid, Reply(zxid: Zxid(zxid), .failure(code))))
  }

  static func event(_ type: EventType, _ path: String, zxid: Int64 = -1) -> ByteBuffer {
    bytes(.event(WatchEvent(type, path), zxid: Zxid(zxid)))
  }

  static func frame(_ body: (inout ByteBuffer) -> Void) -> ByteBuffer {
    var bytes = ByteBuffer()
    bytes.writeFrame(body)
    return bytes
  }

  private static func bytes(_ frame: ServerFrame) -> ByteBuffer {
    var bytes = ByteBuffer()
    frame.write(to: &bytes)
    return bytes
  }
}

/// What a client has sent, read as a server reads it.
enum Heard: Hashable {
  case hello(ConnectRequest)
  case request(Xid, Request)
  case rubbish

  /// The frames in `bytes`; the first is a handshake if `greets`.
  static func all(_ bytes: ByteBuffer, greets: Bool = false) -> [Heard] {
    var reader = FrameReader(limit: FrameReader.serverLimit)
    reader.append(bytes)
    var heard: [Heard] = []
    while let frame = try? reader.next() {
      if greets, heard.isEmpty {
        heard.append((try? .hello(ConnectRequest(decoding: frame, .strict))) ?? .rubbish)
      } else if let request = try? ClientFrame(decoding: frame, .strict),
        case .request(let content) = request.content
      {
        heard.append(.request(request.header.xid, content))
      } else {
        heard.append(.rubbish)
      }
    }
    return heard
  }
}

extension ArrivedReply {
  static func answer(_ xid: Xid, _ zxid: Int64, _ answer: Answer = .done, place: Int = 0) -> Self {
    ArrivedReply(xid: xid, zxid: Zxid(zxid), .answer(answer), place: place)
  }

  static func failure(_ xid: Xid, _ zxid: Int64, _ code: ErrorCode, place: Int = 0) -> Self {
    ArrivedReply(xid: xid, zxid: Zxid(zxid), .failure(code), place: place)
  }
}
