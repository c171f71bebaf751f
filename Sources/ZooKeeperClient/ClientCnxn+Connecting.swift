internal import NIOCore
internal import ZooKeeper
internal import ZooKeeperWire

/// From one server to the next.
extension ClientCnxn {
  mutating func start(_ now: Milliseconds, _ commands: inout [Command]) {
    guard case .resting = phase else { return }
    reconnects = options.reconnects
    seek(now, &commands)
  }

  /// Goes on to the next server, at once or after a pause.
  private mutating func seek(_ now: Milliseconds, _ commands: inout [Command]) {
    let (host, wait) = hostProvider.next()
    if wait > 0 {
      phase = .pausing(host, until: wait.after(now))
    } else {
      dial(host, now, &commands)
    }
  }

  private mutating func dial(
    _ host: HostAddress, _ now: Milliseconds, _ commands: inout [Command]
  ) {
    number += 1
    phase = .dialing(until: attempt.after(now))
    commands.append(.dial(host, number))
  }

  /// How long one server may take to grant the session.
  private var attempt: Milliseconds {
    max(timeout / Milliseconds(hostProvider.hosts.count), 1)
  }

  mutating func opened(_ number: Int, _ now: Milliseconds, _ commands: inout [Command]) {
    guard number == self.number, case .dialing(let until) = phase else { return }
    phase = .greeting
    let resumes = session.id != .none && hasSeenReadWrite
    connection = Connection(
      greeting: ConnectRequest(
        lastZxidSeen: session.lastZxidSeen,
        timeout: Int32(clamping: Milliseconds(options.sessionTimeout)),
        session: resumes ? session.id : .none,
        password: resumes
          ? session.password : [UInt8](repeating: 0, count: ConnectRequest.passwordLength),
        readOnly: options.acceptsReadOnly),
      until: until, reading: options.reading, receiveLimit: options.receiveLimit,
      keepsAlive: keepsAlive, now: now)
  }

  mutating func tick(_ now: Milliseconds, _ commands: inout [Command]) {
    expireRequests(now, &commands)
    switch phase {
    case .pausing(let host, let until):
      if now >= until { dial(host, now, &commands) }
    case .dialing(let until):
      if now >= until { lose(.unreachable, now, &commands) }
    case .closing(let until) where now >= until:
      lose(.silence, now, &commands)
    case .greeting, .live, .closing:
      take(connection?.tick(now: now) ?? [], now, &commands)
    case .resting, .ended:
      break
    }
  }

  mutating func ended(_ number: Int, _ now: Milliseconds, _ commands: inout [Command]) {
    guard number == self.number else { return }
    if let arrivals = connection?.end(.peerClosed) {
      take(arrivals, now, &commands)
    } else if case .dialing = phase {
      lose(.unreachable, now, &commands)
    }
  }

  mutating func drop(
    reconnecting: Bool, _ now: Milliseconds, _ commands: inout [Command]
  ) {
    if case .ended = phase { return }
    reconnects = reconnecting
    switch phase {
    case .resting: if reconnecting { seek(now, &commands) }
    case .pausing: if !reconnecting { phase = .resting }
    case .dialing, .greeting, .live, .closing: lose(.dropped, now, &commands)
    case .ended: break
    }
  }

  /// The server has granted a session, or says that it is gone.
  mutating func greeted(
    _ response: ConnectResponse, _ now: Milliseconds, _ commands: inout [Command]
  ) {
    let resumes = session.id != .none && hasSeenReadWrite
    guard !response.isExpired else {
      if resumes { expire(&commands) }
      return
    }
    // A server that cannot resume grants a new session instead. Ours is lost all the same.
    if resumes, response.session != session.id {
      let frame = ClientFrame(xid: nextXid(), .closeSession)
      connection?.send(frame, nil, now: now)
      flush(&commands)
      expire(&commands)
      return
    }
    let isReadOnly = response.readOnly ?? false
    hostProvider.connected()
    session.id = response.session
    session.password = response.password ?? []
    timeout = Milliseconds(response.timeout)
    hasSeenReadWrite = hasSeenReadWrite || !isReadOnly
    phase = .live(readOnly: isReadOnly)
    announce(isReadOnly ? .connectedReadOnly : .syncConnected, &commands)
    if options.login == nil { goOn(now, &commands) } else { beginLogin(now) }
  }

  /// What every connection begins with when nothing stands before it any more.
  mutating func goOn(_ now: Milliseconds, _ commands: inout [Command]) {
    for request in credentials {
      connection?.send(ClientFrame(xid: .auth, request), nil, now: now)
    }
    restoreWatches(now)
    while let ticket = waiting.popFirst() { send(ticket, now, &commands) }
  }

  private mutating func expire(_ commands: inout [Command]) {
    finish(.closed, .sessionExpired, .expired, &commands)
  }

  /// The connection is over: what was sent fails, the next server is tried.
  mutating func lose(
    _ ending: Connection.Ending, _ now: Milliseconds, _ commands: inout [Command]
  ) {
    flush(&commands)
    let wasLive = state.isConnected
    loginStep = nil
    lastEnding = ending
    connection = nil
    restoring = []
    commands.append(.hangUp(number))
    settleAll(where: \.isSent, .connectionLost(ending, sent: true), &commands)
    if case .closing = phase {
      finish(.closed, .closed, .closed, &commands)
      return
    }
    if wasLive { announce(.disconnected, &commands) }
    if reconnects {
      seek(now, &commands)
    } else {
      phase = .resting
    }
  }

  /// Nothing will ever be sent again.
  mutating func finish(
    _ state: SessionState, _ reason: ClientError.Reason, _ event: KeeperState,
    _ commands: inout [Command]
  ) {
    flush(&commands)
    if connection != nil { commands.append(.hangUp(number)) }
    connection = nil
    waiting = []
    phase = .ended(state, reason)
    settleAll(where: { _ in true }, reason, &commands)
    announce(event, &commands)
  }
}
