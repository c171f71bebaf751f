import NIOCore
import ZooKeeper
import ZooKeeperClient
import ZooKeeperWire

/// Reads what passes on a connection, for whoever wants to see a run.
///
/// Pings and the making of the session are left out.
struct ConnectionReading {
  private var asked = FrameReader(limit: FrameReader.serverLimit)
  private var told = FrameReader(limit: FrameReader.clientLimit)
  private var hasAsked = false
  private var wasGreeted = false
  private var opcodes: [Xid: Opcode] = [:]

  /// What the client asks with these bytes.
  mutating func requests(_ bytes: ByteBuffer) -> [String] {
    asked.append(bytes)
    var lines: [String] = []
    while let frame = try? asked.next() {
      guard hasAsked else {
        hasAsked = true
        continue
      }
      guard let frame = try? ClientFrame(decoding: frame, .lenient) else { continue }
      opcodes[frame.header.xid] = frame.header.opcode
      guard case .request(let request) = frame.content, request != .ping else { continue }
      let watch = request.leavesWatch ? ", and leaves a watch" : ""
      lines.append("\(request.words)\(watch)")
    }
    return lines
  }

  /// What the server tells with these bytes.
  mutating func answers(_ bytes: ByteBuffer) -> [String] {
    told.append(bytes)
    var lines: [String] = []
    while let frame = try? told.next() {
      guard wasGreeted else {
        wasGreeted = true
        continue
      }
      let opcodes = opcodes
      let read = try? ServerFrame(decoding: frame, .lenient) { xid in opcodes[xid] ?? .ping }
      switch read {
      case .event(let event, _): lines.append("event \(event.type) \(event.path)")
      case .reply(let xid, let reply) where xid != .ping: lines.append(Self.words(reply))
      case .reply, .rawReply, nil: break
      }
    }
    return lines
  }

  private static func words(_ reply: Reply) -> String {
    switch reply.result {
    case .failure(let code): "\(code)"
    case .success(.created(let path, _)): path
    case .success(.data(let data, _)): "\"\(data.text ?? "…")\""
    case .success(.children(let names, _)): "[" + names.sorted().joined(separator: ", ") + "]"
    case .success: "ok"
    }
  }
}

extension Request {
  /// Whether it leaves a watch.
  fileprivate var leavesWatch: Bool {
    switch self {
    case .getData(_, let watch), .exists(_, let watch), .getChildren(_, let watch, _): watch
    case .addWatch: true
    default: false
    }
  }
}
