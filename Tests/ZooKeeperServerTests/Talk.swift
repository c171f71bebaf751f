import NIOCore
import Testing
import ZooKeeper
import ZooKeeperServer
import ZooKeeperWire

/// A server and its peers, in frames instead of bytes.
struct Talk {
  var server: Server
  /// What each connection was sent and has not looked at yet, in frames without their prefix.
  private var inboxes: [ConnectionID: [ByteBuffer]] = [:]
  /// The connections that the server has closed.
  private(set) var closed: Set<ConnectionID> = []
  private var opcodes: [ConnectionID: [Xid: Opcode]] = [:]
  private var lastXid: Xid = 0
  private var lastConnection = 0

  init(_ settings: Settings = Settings(), quirks: [Quirk] = []) {
    server = Server(settings, quirks: quirks)
  }

  private mutating func take(_ outputs: [Output]) {
    for output in outputs {
      switch output {
      case .close(let id): closed.insert(id)
      case .send(let bytes, let id): inboxes[id, default: []].append(bytes)
      }
    }
  }

  mutating func open(_ address: String = "127.0.0.1") -> ConnectionID {
    lastConnection += 1
    let id = ConnectionID(lastConnection)
    take(server.open(id, from: address))
    return id
  }

  mutating func send(_ bytes: ByteBuffer, on id: ConnectionID) {
    take(server.receive(bytes, from: id))
  }

  mutating func proceed(_ id: ConnectionID) { take(server.proceed(id)) }

  mutating func drop(_ id: ConnectionID) { take(server.disconnected(id)) }

  mutating func advance(to time: Int64) { take(server.advance(to: time)) }

  /// All bytes that the connection was sent since the last look.
  mutating func bytes(_ id: ConnectionID) -> ByteBuffer {
    var all = ByteBuffer()
    for bytes in inboxes.removeValue(forKey: id) ?? [] { all.writeImmutableBuffer(bytes) }
    return all
  }

  /// All frames that the connection was sent since the last look.
  mutating func frames(_ id: ConnectionID) throws -> [ByteBuffer] {
    var reader = FrameReader(limit: FrameReader.clientLimit)
    reader.append(bytes(id))
    var frames: [ByteBuffer] = []
    while let frame = try reader.next() { frames.append(frame) }
    return frames
  }

  // The handshake.

  mutating func connect(_ request: ConnectRequest, on id: ConnectionID) throws -> ConnectResponse {
    var bytes = ByteBuffer()
    bytes.writeFrame { request.write(to: &$0) }
    send(bytes, on: id)
    let frame = try #require(try frames(id).first, "the server does not answer")
    return try ConnectResponse(decoding: frame, .strict)
  }

  /// A connection with a session of its own.
  mutating func client(timeout: Int32 = 10_000) throws -> ConnectionID {
    let id = open()
    let response = try connect(ConnectRequest(timeout: timeout), on: id)
    try #require(!response.isExpired)
    return id
  }

  // Requests.

  mutating func post(_ request: Request, on id: ConnectionID, xid: Xid? = nil) -> Xid {
    lastXid += 1
    let xid = xid ?? lastXid
    opcodes[id, default: [:]][xid] = request.opcode
    var bytes = ByteBuffer()
    ClientFrame(xid: xid, request).write(to: &bytes)
    send(bytes, on: id)
    return xid
  }

  /// What the connection was told since the last look.
  mutating func told(_ id: ConnectionID) throws -> [ServerFrame] {
    let asked = opcodes[id] ?? [:]
    return try frames(id).map { frame in
      try ServerFrame(decoding: frame, .strict) { (xid: Xid) throws(WireError) -> Opcode in
        asked[xid] ?? .ping
      }
    }
  }

  /// Asks, and gives all that comes.
  mutating func ask(_ id: ConnectionID, _ request: Request) throws -> [ServerFrame] {
    _ = post(request, on: id)
    return try told(id)
  }

  /// Asks, and gives the reply, which has to be the only frame.
  mutating func reply(_ id: ConnectionID, _ request: Request) throws -> Reply {
    let told = try ask(id, request)
    guard told.count == 1, case .reply(_, let reply) = told[0] else {
      throw Surprise(told: told)
    }
    return reply
  }

  struct Surprise: Error { let told: [ServerFrame] }
}

extension Talk {
  /// Asks for something that has to succeed.
  @discardableResult
  mutating func given(_ id: ConnectionID, _ request: Request) throws -> Answer {
    for frame in try ask(id, request) {
      if case .reply(_, let reply) = frame { return try reply.result.get() }
    }
    throw Surprise(told: [])
  }
}
