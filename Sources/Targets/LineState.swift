import NIOCore
import ZooKeeper
import ZooKeeperClient
import ZooKeeperConformance
import ZooKeeperWire

/// What a line keeps under its lock: the client's connection, and what came of it.
struct LineState {
  var connection: ZooKeeperClient.Connection
  var line: (any Line)?
  /// What was written before the link had given its line out.
  var early: [ByteBuffer] = []
  var queue = CircularBuffer<Item>()
  var frames: [(isSent: Bool, bytes: [UInt8])] = []
  var waiter: CheckedContinuation<Void, Never>?
  var lastTicket = 0
  var lastXid: Int32 = 0
  var lastSent: Int64
  var lastHeard: Int64
  var welcome: WelcomeFields?
  var isOpened = false
  var isOver = false
  /// The next time for which the link was asked to wake the line.
  var alarm: Int64?

  init(connection: ZooKeeperClient.Connection, lastSent: Int64, lastHeard: Int64) {
    self.connection = connection
    self.connection.keepsBodies = true
    self.lastSent = lastSent
    self.lastHeard = lastHeard
  }

  /// What the queue holds: the server's first word, then arrivals.
  enum Item {
    case welcome(Welcome)
    case arrival(Arrival)
  }

  /// When the line must be woken, unless it is to be woken before that anyhow.
  mutating func newAlarm(now: Int64) -> Int64? {
    guard let deadline = connection.deadline else { return nil }
    if let alarm, alarm > now, alarm <= deadline { return nil }
    alarm = deadline
    return deadline
  }
}

extension LineState {
  mutating func send(_ outgoing: Outgoing, now: Int64) -> Int {
    lastTicket += 1
    let ticket = Ticket(number: lastTicket)
    switch outgoing {
    case .request(let request):
      connection.send(ClientFrame(xid: xid(for: request), request), ticket, now: now)
    case .exceeding(let request, let excess):
      var body = ByteBuffer()
      request.writeBody(to: &body)
      body.writeBytes(excess)
      let frame = ClientFrame(xid: xid(for: request), request.opcode, body: body)
      connection.send(frame, ticket, now: now)
    case .raw(let opcode, let body, let xid):
      let frame = ClientFrame(
        xid: xid ?? nextXid(), Opcode(rawValue: opcode), body: ByteBuffer(bytes: body))
      connection.send(frame, ticket, now: now)
    case .bytes(let bytes):
      connection.send(bytes: ByteBuffer(bytes: bytes), now: now)
    }
    return lastTicket
  }

  private mutating func xid(for request: Request) -> Xid {
    switch request {
    case .ping: .ping
    case .auth: .auth
    case .setWatches: .setWatches
    default: nextXid()
    }
  }

  private mutating func nextXid() -> Xid {
    lastXid &+= 1
    return lastXid
  }

  mutating func append(_ arrival: ZooKeeperClient.Connection.Arrival) {
    switch arrival {
    case .greeting(let response):
      welcome = WelcomeFields(
        session: response.session, readOnly: response.readOnly, version: response.protocolVersion)
      queue.append(
        .welcome(
          response.isExpired
            ? .expired
            : .session(
              response.session, password: response.password ?? [], timeout: response.timeout)))
    case .reply(let ticket, let reply):
      queue.append(.arrival(.reply(ticket?.number ?? 0, Response(reply))))
    case .event(let event, let zxid):
      queue.append(.arrival(.event(event, zxid: zxid)))
    case .over(let ending):
      isOver = true
      switch ending {
      case .refused(let code): queue.append(.welcome(.refused(code)))
      case .silence: queue.append(.arrival(.silence))
      case .noGreeting, .unreachable: queue.append(.welcome(.silence))
      case .malformed, .outOfOrder: queue.append(.arrival(.rubbish(ending.description)))
      case .peerClosed, .dropped: queue.append(.arrival(.closed))
      }
    }
  }
}

extension Response {
  fileprivate init(_ reply: ArrivedReply) {
    let content: Content =
      switch reply.content {
      case .answer(let answer): .answer(answer)
      case .failure(let code): .failure(code)
      case .raw: .raw
      case .malformed(let error): .malformed("\(error)")
      }
    self.init(
      xid: reply.xid, zxid: reply.zxid, content,
      body: Array(reply.body?.readableBytesView ?? ByteBuffer().readableBytesView))
  }
}
