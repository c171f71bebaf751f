internal import NIOCore
package import ZooKeeper
package import ZooKeeperWire

/// A request on its way through the server.
package struct Asked: Sendable {
  /// Its number and operation.
  package var header: RequestHeader
  /// What was asked, if it decoded.
  package var content: ClientFrame.Content
  /// Who asks: the session, and whom its connection had shown to be.
  package var author: Author
  /// The connection that it came on; nil for what the server does by itself.
  package let connection: ConnectionID?
  /// How many bytes stood behind its record.
  package var excess = 0

  /// What was asked; nil if it did not decode or is no known operation.
  package var request: Request? {
    get { if case .request(let request) = content { request } else { nil } }
    set { if let newValue { content = .request(newValue) } }
  }

  init(_ frame: ClientFrame, by author: Author, on connection: ConnectionID) {
    header = frame.header
    content = frame.content
    excess = frame.excess
    self.author = author
    self.connection = connection
  }

  /// What the server does by itself: a session begins, or has expired.
  init(session: SessionID, opcode: Opcode, connection: ConnectionID?) {
    header = RequestHeader(xid: 0, opcode: opcode)
    content = opcode == .closeSession ? .request(.closeSession) : .raw(ByteBuffer())
    author = Author(session)
    self.connection = connection
  }
}

extension Asked {
  /// What the server does by itself: the time of a node is over.
  init(reaping path: String) {
    self.init(session: .none, opcode: .deleteContainer, connection: nil)
    content = .request(.delete(path: path))
  }
}

/// A reply on its way out.
package struct Answered: Sendable {
  /// The number that it carries.
  package var xid: Xid
  /// The reply; nil for none.
  package var reply: Reply?
  /// Whether the connection ends after it.
  package var closes = false

  init(_ header: RequestHeader, _ reply: Reply?, closes: Bool = false) {
    // Whatever number a ping carries, its answer carries its own.
    xid = header.opcode == .ping ? .ping : header.xid
    self.reply = reply
    self.closes = closes
  }
}

/// A frame for one connection.
package struct Outgoing: Sendable {
  /// Who gets it.
  package var connection: ConnectionID
  /// A reply or an event.
  package var frame: ServerFrame

  package init(connection: ConnectionID, frame: ServerFrame) {
    self.connection = connection
    self.frame = frame
  }
}

/// All that one request sends out.
package struct Outgoings: Sendable {
  /// In the order of sending: events, then the reply.
  package var now: [Outgoing] = []
  /// Held back until after the next reply on the same connection; nothing is, but for a quirk.
  package var later: [Outgoing] = []
}

/// What stood when the bytes arrived that are being served.
package struct SegmentSnapshot: Sendable {
  /// The tree.
  package var service: Service
  /// Whom their connection had shown to be.
  package var identities: [Identity]
  /// What has been served of them so far.
  package var served: [(asked: Asked, answered: Answered)] = []

  init(_ service: Service, _ identities: [Identity]) {
    self.service = service
    self.identities = identities
  }
}

/// Serving requests: in the order of their arrival, each answered before the next is looked at.
extension Server {
  /// Takes the frames of a connection that has a session, and serves them unless earlier ones are
  /// still held back.
  mutating func take(_ frames: ArraySlice<ByteBuffer>, on id: ConnectionID) {
    var requests: [ClientFrame] = []
    var fault: ConnectionEnd?
    for frame in frames where fault == nil {
      do throws(WireError) {
        requests.append(try ClientFrame(decoding: frame, settings.reading))
        connections[id]?.backlog += frame.readableBytes + Connection.frameWeight
      } catch {
        fault = .unreadable(error.reason)
      }
    }
    for quirk in quirks { quirk.order?(&requests) }
    let isHeldBack = isHeldBack(id)
    connections[id]?.requests += requests
    // Only quirks look back.
    if !quirks.isEmpty { arrival = SegmentSnapshot(service, connections[id]?.identities ?? []) }
    if let fault { connections[id]?.fault = fault }
    hasAsked = requests.contains { $0.header.xid > 0 }
    // When it comes, not when it is served: its client lives, whatever waits. Quirks look closer.
    if !requests.isEmpty, quirks.isEmpty { hear(id, at: now) }
    if !isHeldBack { serve(id) }
  }

  /// Serves what has arrived, until the replies exceed their budget.
  mutating func serve(_ id: ConnectionID) {
    if !stalledPeers.isEmpty, quirks.contains(where: { $0.waitsForSlowReaders }) { return }
    var budget = connections[id]?.isHeldBack == true ? 0 : replyBudget
    let count = connections[id]?.requests.count ?? 0
    while budget > 0, let request = connections[id]?.requests.popFirst() {
      let start = output.endIndex
      serve(request, on: id)
      for case .send(let bytes, id) in output[start...] { budget -= bytes.readableBytes }
    }
    guard let connection = connections[id] else { return }
    let left = connection.requests.count
    connections[id]?.backlog = left == 0 ? 0 : connection.backlog * left / max(1, count)
    if left == 0, let fault = connection.fault {
      close(id, fault)
    }
  }

  private mutating func serve(_ frame: ClientFrame, on id: ConnectionID) {
    guard let connection = connections[id], let session = connection.session else { return }
    let author = Author(session, identities: connection.identities)
    var asked = Asked(frame, by: author, on: id)
    for quirk in quirks { quirk.request?(&asked, self) }
    if !quirks.isEmpty, !quirks.contains(where: { $0.ignoresForLease?(asked) == true }) {
      sessions.touch(session, now: now)
    }
    var (answered, outgoings) = answer(asked, on: id)
    for quirk in quirks { quirk.reply?(&answered, asked, self) }
    arrival?.served.append((asked, answered))
    if !quirks.isEmpty { underWay.append((asked, answered)) }
    connections[id]?.excess += asked.excess
    served(on: id)
    if let reply = answered.reply {
      connections[id]?.last.tell(
        asked.header.opcode.fourLetters, xid: answered.xid, zxid: reply.zxid, time: now)
      outgoings.now.append(
        Outgoing(connection: id, frame: .reply(xid: answered.xid, stats(reply, asked))))
    }
    send(outgoings, for: asked)
    if answered.closes { close(id, asked.ending) }
  }

  /// Sends all that a request or the end of a session has brought about.
  mutating func send(_ outgoings: Outgoings, for asked: Asked) {
    var outgoings = outgoings
    for quirk in quirks { quirk.frames?(&outgoings, asked, self) }
    for each in outgoings.now { send(each) }
    for each in outgoings.later { connections[each.connection]?.late.append(each.frame) }
  }

  /// Answers a request: its reply, and the events that go out before it.
  private mutating func answer(_ asked: Asked, on id: ConnectionID) -> (Answered, Outgoings) {
    guard knows(asked.header.opcode) else { return (unknown(asked), Outgoings()) }
    switch asked.content {
    case .raw: return (unknown(asked), Outgoings())
    case .malformed(let fault): return refuse(asked, fault)
    case .request(let request):
      if settings.isReadOnly, !request.isServedReadOnly {
        let reply = Reply(zxid: service.applied.zxid, .failure(.notReadOnly))
        return (Answered(asked.header, reply), Outgoings())
      }
      switch request {
      case .auth(let scheme, let credentials):
        return (authenticate(asked, scheme, credentials, on: id), Outgoings())
      case .exists, .getData, .getACL, .getChildren, .sync, .ping, .multiRead, .getEphemerals,
        .getAllChildrenNumber, .whoAmI:
        return (read(request, asked, on: id), Outgoings())
      case .setWatches(let watches): return restore(watches, asked, on: id)
      case .addWatch, .checkWatches, .removeWatches:
        return (watch(request, asked, on: id), Outgoings())
      case .sasl(let token): return (authenticate(asked, sasl: token, on: id), Outgoings())
      case .create, .delete, .setData, .setACL, .check, .multi, .reconfig:
        return write(request, asked)
      case .closeSession:
        sessions.close(asked.author.session)
        remark(.closed(asked.author.session), on: id)
        guard !settings.isReadOnly else {
          let reply = Reply(zxid: service.applied.zxid, .success(.done))
          return (Answered(asked.header, reply, closes: true), Outgoings())
        }
        var (answered, outgoings) = write(request, asked)
        answered.closes = true
        return (answered, outgoings)
      }
    }
  }

  private func knows(_ opcode: Opcode) -> Bool {
    settings.opcodes.contains(opcode)
      && !(opcode == .check && settings.dialect.refusesLoneCheck)
  }

  /// Apache's server gives this answer before it has looked where it stands.
  private func unknown(_ asked: Asked) -> Answered {
    Answered(asked.header, Reply(zxid: Zxid(-1), .failure(.unimplemented)), closes: true)
  }

  /// A body that does not decode is the client's fault, and no reason to part.
  private mutating func refuse(_ asked: Asked, _ fault: WireError) -> (Answered, Outgoings) {
    guard asked.header.opcode != .auth, asked.header.opcode != .sasl else {
      return (Answered(asked.header, nil, closes: true), Outgoings())
    }
    remark(.unreadable(asked.header.opcode, fault.reason), on: asked.connection)
    guard asked.header.opcode.isWrite, !settings.isReadOnly else {
      // Who only reads looks at what is wanted, and not at what the body says.
      let isSent = asked.header.opcode.isWrite || asked.header.opcode == .sync
      let error: ErrorCode = settings.isReadOnly && isSent ? .notReadOnly : .marshallingError
      let reply = Reply(zxid: service.applied.zxid, .failure(error))
      return (Answered(asked.header, reply), Outgoings())
    }
    let transaction = Transaction(
      session: asked.author.session, cxid: asked.header.xid, zxid: nextZxid, time: time,
      body: .error(.marshallingError))
    let (reply, outgoings) = commit([transaction], for: asked)
    return (Answered(asked.header, reply), outgoings)
  }

  private mutating func read(_ request: Request, _ asked: Asked, on id: ConnectionID) -> Answered {
    var seen = service
    for quirk in quirks { quirk.view?(&seen, asked, self) }
    let reply = seen.answer(request, by: asked.author)
    var registration = Registration(request: request, result: reply.result, watcher: id)
    for quirk in quirks { quirk.watch?(&registration, &watches, self) }
    if !quirks.isEmpty, let path = registration.request.paths.first {
      connections[id]?.watching[path] = asked.author.identities
    }
    watches.leave(
      after: registration.request, registration.result, by: registration.watcher)
    return Answered(asked.header, reply)
  }

  private mutating func write(_ request: Request, _ asked: Asked) -> (Answered, Outgoings) {
    let transaction = service.prepare(
      request, by: asked.author, cxid: asked.header.xid, zxid: nextZxid, time: time)
    let (reply, outgoings) = commit([transaction], for: asked)
    return (Answered(asked.header, reply), outgoings)
  }

  /// Writes a frame, and what has waited for it.
  mutating func send(_ outgoing: Outgoing) {
    let id = outgoing.connection
    guard connections[id] != nil else { return }
    var frames = [outgoing.frame]
    if case .event = outgoing.frame {
      connections[id]?.events += 1
    } else {
      frames += connections[id]?.late ?? []
      connections[id]?.late = []
    }
    for frame in frames {
      var bytes = ByteBuffer()
      frame.write(to: &bytes)
      traffic.sent += 1
      connections[id]?.traffic.sent += 1
      output.append(.send(bytes, to: id))
    }
  }
}

extension Opcode {
  /// Begins a session; only servers use it, among themselves.
  static let createSession = Opcode(rawValue: -10)
  /// Takes away a container or a TTL node; only servers use it, among themselves.
  package static let deleteContainer = Opcode(rawValue: 20)

  /// Whether it becomes a transaction, even when it fails.
  package var isWrite: Bool {
    switch self {
    case .create, .create2, .createContainer, .createTTL, .delete, .setData, .setACL, .check,
      .multi, .reconfig, .closeSession:
      true
    default: false
    }
  }
}

extension Request {
  /// Whether a server serves it that has lost its ensemble: what changes nothing, and needs nobody.
  fileprivate var isServedReadOnly: Bool {
    switch self {
    case .create, .delete, .setData, .setACL, .check, .multi, .reconfig, .sync: false
    case .exists, .getData, .getACL, .getChildren, .multiRead, .getEphemerals,
      .getAllChildrenNumber, .whoAmI, .ping, .auth, .sasl, .setWatches, .addWatch, .checkWatches,
      .removeWatches, .closeSession:
      true
    }
  }
}
