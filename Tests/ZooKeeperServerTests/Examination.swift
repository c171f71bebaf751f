import NIOCore
import ZooKeeper
import ZooKeeperServer
import ZooKeeperWire

/// Conversations that together touch everything, written down byte for byte.
///
/// Two servers that differ in any way that this project has a name for differ in one of them.
struct Examination {
  /// What the server did: a closing is a 0, what it sent a 1 before it, both with the
  /// connection; time that passes is a 2.
  private(set) var record: [UInt8] = []
  /// What it should do; nothing more is asked once it does otherwise.
  private let expected: [UInt8]?
  private var hasFailed = false
  private(set) var server: Server
  private var lastConnection = 0
  private var lastXid: Xid = 0
  /// What each connection was granted.
  private var granted: [ConnectionID: ConnectResponse] = [:]

  /// A conversation, each with a new server.
  enum Part: CaseIterable {
    case nodes, names, versions, lists, watches, restoring, multis, numbers, access, acls
    case dialects, order, handshakes, endings, limits
  }

  /// What the reference does.
  static let reference = Dictionary(
    uniqueKeysWithValues: Part.allCases.map { ($0, record($0, [])) })

  /// What a server with these quirks does.
  static func record(_ part: Part, _ quirks: [Quirk]) -> [UInt8] {
    var examination = Examination(quirks, nil)
    examination.hold(part)
    return examination.record
  }

  /// The first part in which a server with these quirks does otherwise than the reference.
  ///
  /// - Parameter parts: Where it is likely; the others come after.
  static func difference(_ quirks: [Quirk], first parts: [Part] = []) -> Part? {
    (parts + Part.allCases.filter { !parts.contains($0) }).first { part in
      let expected = reference[part] ?? []
      var examination = Examination(quirks, expected)
      examination.hold(part)
      return examination.hasFailed || examination.record.count != expected.count
    }
  }

  private init(_ quirks: [Quirk], _ expected: [UInt8]?) {
    var tree = Tree()
    tree.amend("/zookeeper/quota") { $0.childrenCreated = .max }
    server = Server(quirks: quirks, tree: tree)
    self.expected = expected
  }

  // What happens.

  mutating func note(_ outputs: [Output]) {
    let start = record.count
    for output in outputs {
      switch output {
      case .close(let id): record += [0, UInt8(truncatingIfNeeded: id.rawValue)]
      case .send(var bytes, let id):
        record += [1, UInt8(truncatingIfNeeded: id.rawValue)]
        record += bytes.readableBytesView
        bytes.moveReaderIndex(forwardBy: 4)
        if granted[id] == nil, let response = try? ConnectResponse(decoding: bytes, .lenient) {
          granted[id] = response
        }
      }
    }
    guard let expected else { return }
    hasFailed = hasFailed || !expected.dropFirst(start).starts(with: record[start...])
  }

  mutating func open() -> ConnectionID {
    lastConnection += 1
    let id = ConnectionID(lastConnection)
    if !hasFailed { note(server.open(id, from: "127.0.0.1")) }
    return id
  }

  mutating func send(_ bytes: ByteBuffer, on id: ConnectionID) {
    if !hasFailed { note(server.receive(bytes, from: id)) }
  }

  mutating func drop(_ id: ConnectionID) {
    if !hasFailed { note(server.disconnected(id)) }
  }

  mutating func wait(_ milliseconds: Int64) {
    record.append(2)
    if !hasFailed { note(server.advance(to: server.now + milliseconds)) }
  }

  mutating func connect(_ request: ConnectRequest) -> ConnectionID {
    let id = open()
    var bytes = ByteBuffer()
    bytes.writeFrame { request.write(to: &$0) }
    send(bytes, on: id)
    return id
  }

  mutating func client(_ timeout: Int32 = 10_000) -> ConnectionID {
    connect(ConnectRequest(timeout: timeout))
  }

  mutating func resume(
    _ id: ConnectionID, timeout: Int32 = 10_000, seen: Int64 = 0, password: Payload? = nil
  ) -> ConnectionID {
    let session = granted[id]
    return connect(
      ConnectRequest(
        lastZxidSeen: Zxid(seen), timeout: timeout, session: session?.session ?? SessionID(7),
        password: password ?? session?.password))
  }

  mutating func ask(_ id: ConnectionID, _ requests: Request..., xid: Xid? = nil) {
    for request in requests {
      lastXid += 1
      var bytes = ByteBuffer()
      ClientFrame(xid: xid ?? lastXid, request).write(to: &bytes)
      send(bytes, on: id)
    }
  }

  mutating func raw(_ id: ConnectionID, _ opcode: Int32, _ body: [UInt8]) {
    var bytes = ByteBuffer()
    ClientFrame(xid: 9, Opcode(rawValue: opcode), body: ByteBuffer(bytes: body)).write(to: &bytes)
    send(bytes, on: id)
  }
}
