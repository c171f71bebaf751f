internal import NIOCore
internal import ZooKeeper
internal import ZooKeeperWire

/// Requests, from the question to the answer.
extension ClientCnxn {
  mutating func ask(
    _ ticket: Ticket, _ asking: Asking, _ deadline: Milliseconds?, _ now: Milliseconds,
    _ commands: inout [Command]
  ) {
    if case .ended(_, let reason) = phase {
      commands.append(.settle(ticket, .failure(ClientError(reason))))
      return
    }
    if case .closing = phase {
      commands.append(.settle(ticket, .failure(ClientError(.closed))))
      return
    }
    asked[ticket] = Asked(asking: asking, deadline: deadline)
    if let deadline { earliestDeadline = min(earliestDeadline ?? deadline, deadline) }
    if case .live = phase, loginStep == nil {
      send(ticket, now, &commands)
    } else {
      waiting.append(ticket)
    }
  }

  mutating func send(_ ticket: Ticket, _ now: Milliseconds, _ commands: inout [Command]) {
    // One that was abandoned while it waited is not there any more.
    guard let asking = asked[ticket]?.asking else { return }
    let limit: Int
    let frame: ClientFrame
    switch asking {
    case .request(let request):
      limit = options.sendLimit
      frame = ClientFrame(xid: xid(for: request), chroot.out(request))
      if case .auth = request { credentials.append(request) }
    case .connection:
      let reply = ArrivedReply(xid: 0, zxid: session.lastZxidSeen, .answer(.done), place: arrivals)
      settle(ticket, .success(reply), &commands)
      return
    case .raw(let opcode, let body, let xid):
      limit = .max
      frame = ClientFrame(xid: xid ?? nextXid(), opcode, body: body)
    }
    if let length = connection?.send(frame, ticket, limit: limit, now: now) {
      settle(ticket, .failure(ClientError(.tooLong(length, limit: limit))), &commands)
      return
    }
    asked[ticket]?.isSent = true
  }

  private mutating func xid(for request: Request) -> Xid {
    switch request {
    case .ping: .ping
    case .auth: .auth
    case .setWatches: .setWatches
    default: nextXid()
    }
  }

  /// The next number; after the last comes the first again.
  mutating func nextXid() -> Xid {
    lastXid = lastXid == .max ? 1 : lastXid + 1
    return lastXid
  }

  mutating func close(_ ticket: Ticket, _ now: Milliseconds, _ commands: inout [Command]) {
    if case .live = phase {
      asked[ticket] = Asked(asking: .request(.closeSession), isSent: true)
      let frame = ClientFrame(xid: nextXid(), .closeSession)
      connection?.send(frame, ticket, now: now)
      closeTicket = ticket
      phase = .closing(until: timeout.after(now))
      return
    }
    if case .ended = phase {
    } else {
      commands.append(.hangUp(number))
      finish(.closed, .closed, .closed, &commands)
    }
    commands.append(.settle(ticket, .failure(ClientError(.closed))))
  }

  mutating func receive(
    _ bytes: ByteBuffer, _ number: Int, _ now: Milliseconds, _ commands: inout [Command]
  ) {
    guard number == self.number else { return }
    take(connection?.receive(bytes, now: now) ?? [], now, &commands)
  }

  /// What the connection has brought, in order.
  mutating func take(
    _ arrivals: [Connection.Arrival], _ now: Milliseconds, _ commands: inout [Command]
  ) {
    for arrival in arrivals {
      if case .ended = phase { return }
      switch arrival {
      case .greeting(let response):
        greeted(response, now, &commands)
      case .reply(let ticket, let reply):
        if ticket == nil, logIn(by: reply, now, &commands) { continue }
        if ticket == nil, reply.xid == .setWatches { restored(reply.content, now, &commands) }
        take(reply, ticket, &commands)
      case .event(let event, let zxid):
        watches.note(event)
        let seen = WatchEvent(event.type, chroot.back(event.path), state: event.state)
        deliver(seen, zxid: zxid, &commands)
      case .over(let ending):
        lose(ending, now, &commands)
      }
    }
  }

  private mutating func take(
    _ reply: ArrivedReply, _ ticket: Ticket?, _ commands: inout [Command]
  ) {
    if reply.zxid > .zero { session.lastZxidSeen = max(session.lastZxidSeen, reply.zxid) }
    arrivals += 1
    var reply = reply
    reply.place = arrivals
    var isAuth = ticket == nil && reply.xid == .auth
    if let ticket {
      if case .request(let request) = asked[ticket]?.asking {
        if case .auth = request { isAuth = true }
        note(request, reply.content, &commands)
      }
      if case .answer(let answer) = reply.content { reply.content = .answer(chroot.back(answer)) }
      settle(ticket, .success(reply), &commands)
    }
    if isAuth, case .failure = reply.content {
      finish(.authFailed, .authFailed, .authFailed, &commands)
    } else if let closeTicket, ticket == closeTicket {
      finish(.closed, .closed, .closed, &commands)
    }
  }

  private mutating func note(
    _ request: Request, _ content: ArrivedReply.Content, _ commands: inout [Command]
  ) {
    switch content {
    case .answer(let answer):
      let sent = chroot.out(request)
      watches.note(sent, .success(answer))
      if case .removeWatches(let path, let type) = sent { removed(type, at: path, &commands) }
    case .failure(let code): watches.note(chroot.out(request), .failure(code))
    case .raw, .malformed: break
    }
  }

  // MARK: Ends of requests

  mutating func abandon(_ ticket: Ticket, _ commands: inout [Command]) {
    forsake(ticket, &commands) { .cancelled(sent: $0) }
  }

  mutating func expireRequests(_ now: Milliseconds, _ commands: inout [Command]) {
    guard let earliest = earliestDeadline, now >= earliest else { return }
    let late = asked.filter { $0.value.deadline.map { $0 <= now } ?? false }
    for ticket in late.keys.sorted() { forsake(ticket, &commands) { .timedOut(sent: $0) } }
    earliestDeadline = asked.values.compactMap(\.deadline).min()
  }

  /// Settles a request early; if it was sent, its reply is still expected.
  private mutating func forsake(
    _ ticket: Ticket, _ commands: inout [Command], _ reason: (Bool) -> ClientError.Reason
  ) {
    guard let request = asked[ticket], !request.isAbandoned else { return }
    commands.append(.settle(ticket, .failure(ClientError(reason(request.isSent)))))
    if request.isSent {
      asked[ticket]?.isAbandoned = true
      asked[ticket]?.deadline = nil
    } else {
      asked[ticket] = nil
    }
  }

  mutating func settle(
    _ ticket: Ticket, _ result: Result<ArrivedReply, ClientError>, _ commands: inout [Command]
  ) {
    guard let request = asked.removeValue(forKey: ticket), !request.isAbandoned else { return }
    commands.append(.settle(ticket, result))
  }

  mutating func settleAll(
    where condition: (Asked) -> Bool, _ reason: ClientError.Reason, _ commands: inout [Command]
  ) {
    for ticket in asked.filter({ condition($0.value) }).keys.sorted() {
      settle(ticket, .failure(ClientError(reason)), &commands)
    }
  }
}
