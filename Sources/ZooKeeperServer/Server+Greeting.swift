internal import NIOCore
internal import ZooKeeper
package import ZooKeeperWire

/// What a server makes of the first frame of a connection.
package struct Admission: Sendable {
  /// What becomes of a connection.
  package enum Verdict: Hashable, Sendable {
    /// A new session begins.
    case new
    /// The session that was asked for goes on.
    case resumed
    /// There is no such session: the client is told so, and the connection ends.
    case expired
    /// The connection ends without a word: the client has seen more than this server.
    case refused
    /// Nothing at all happens any more.
    case abandoned
  }

  /// What the client asked for.
  package var request: ConnectRequest
  /// What becomes of it.
  package var verdict: Verdict
  /// The timeout that the client is told.
  package var timeout: Int32
  /// The timeout that is really kept.
  package var lease: Int32
  /// Whether another connection that carries the session is closed first.
  package var closesOther = true
}

/// Greeting a connection: four-letter words, and the handshake.
extension Server {
  /// Reads all that is whole.
  mutating func read(from id: ConnectionID) {
    guard var connection = connections[id] else { return }
    if case .greeting = connection.phase, let word = FourLetterWord(connection.reader.pending) {
      return say(word, to: id)
    }
    var frames: [ByteBuffer] = []
    do throws(WireError) {
      while let frame = try connection.reader.next() { frames.append(frame) }
    } catch {
      connections[id]?.fault = .frame(error, isFirst: connection.phase == .greeting)
    }
    connections[id]?.reader = connection.reader
    traffic.received += frames.count
    connections[id]?.traffic.received += frames.count
    receive(frames[...], on: id)
  }

  private mutating func receive(_ frames: ArraySlice<ByteBuffer>, on id: ConnectionID) {
    var frames = frames
    if case .greeting = connections[id]?.phase, let first = frames.popFirst() {
      do throws(WireError) {
        admit(try ConnectRequest(decoding: first, .lenient), on: id)
      } catch {
        reject(id, .request, .noGreeting(error.reason))
      }
    }
    if connections[id]?.session != nil {
      take(frames, on: id)
    } else if let fault = connections[id]?.fault {
      reject(id, .frame, fault)
    }
  }

  private mutating func reject(
    _ id: ConnectionID, _ greeting: BadGreeting, _ reason: ConnectionEnd
  ) {
    if !quirks.contains(where: { $0.bearsWith.contains(greeting) }) { close(id, reason) }
  }

  private mutating func say(_ word: FourLetterWord, to id: ConnectionID) {
    traffic.received += 1
    connections[id]?.traffic.received += 1
    if settings.storage != nil, !word.tellsOfTree { atOnce[id] = .max }
    var answer = word.answer(by: &self)
    if word == .stmk, answer.isEmpty, let mask = mask(behindWordOn: id) {
      traceMask = mask
      answer = "\(mask)"
    }
    if !answer.isEmpty {
      traffic.sent += 1
      output.append(.send(ByteBuffer(string: answer), to: id))
    }
    close(id, .word)
  }

  private func mask(behindWordOn id: ConnectionID) -> Int64? {
    guard let bytes = connections[id]?.reader.pending else { return nil }
    return bytes.getInteger(at: bytes.readerIndex + 4, as: Int64.self)
  }

  // begin admitting
  /// Looks at what a client asks for at the beginning, in the order of Apache's server.
  ///
  /// The old connection of a session is closed before the password is looked at: whoever knows an
  /// id alone can throw its owner off this server, though not take the session over.
  private mutating func admit(_ request: ConnectRequest, on id: ConnectionID) {
    let timeout = sessions.negotiated(request.timeout)
    var admission = Admission(
      request: request, verdict: .new, timeout: timeout, lease: timeout)
    var refusal = ConnectionEnd.readOnly
    if settings.isReadOnly, request.readOnly != true {
      admission.verdict = .refused
    } else if request.lastZxidSeen > service.applied.zxid {
      refusal = .ahead(request.lastZxidSeen)
      admission.verdict = .refused
    } else if request.session != .none {
      let granted = sessions.resume(
        request.session, password: request.password ?? [], requesting: request.timeout, now: now)
      admission.verdict = granted == nil ? .expired : .resumed
    }
    for quirk in quirks { quirk.admission?(&admission, self) }
    func closeOther() {
      if admission.closesOther, let other = carriers[admission.request.session] {
        close(other, .takenOver)
      }
    }
    switch admission.verdict {
    case .refused: close(id, refusal)
    case .abandoned:
      connections[id]?.phase = .abandoned
      greetings[id] = nil
    case .resumed:
      closeOther()
      let session = admission.request.session
      sessions.track(session, timeout: admission.lease, now: now)
      carry(session, on: id)
      remark(.resumed(session, timeout: admission.timeout), on: id)
      // Nothing is written. That there is such a session may wait for the disk; what its client
      // asks for next does.
      if settings.storage != nil, unstoredSessions[session] == nil { atOnce[id] = 1 }
      respond(granted(session, admission), to: admission, on: id)
    case .new:
      closeOther()
      let session = begin(admission)
      carry(session, on: id)
      remark(.began(session, timeout: admission.timeout), on: id)
      served(on: id)
      connections[id]?.last = LastResponse(
        operation: "SESS", xid: 0, zxid: service.applied.zxid, time: now)
      respond(granted(session, admission), to: admission, on: id)
    case .expired:
      closeOther()
      respond(.expired(readOnly: readOnlyByte(admission)), to: admission, on: id)
      close(id, .sessionUnknown(request.session))
    }
  }
  // end admitting

  /// Begins a session, by a transaction; where nothing can be written only this server knows it.
  private mutating func begin(_ admission: Admission) -> SessionID {
    let session = sessions.open(requesting: admission.request.timeout, now: now).session
    sessions.track(session, timeout: admission.lease, now: now)
    guard !settings.isReadOnly else { return session }
    let transaction = service.prepareSession(
      session, timeout: admission.timeout, zxid: nextZxid, time: time)
    if settings.storage != nil { unstoredSessions[session] = transaction.zxid }
    let outcome = commit(
      [transaction], for: Asked(session: session, opcode: .createSession, connection: nil))
    for each in outcome.frames.now { send(each) }
    return session
  }

  private mutating func carry(_ session: SessionID, on id: ConnectionID) {
    connections[id]?.phase = .serving(session)
    greetings[id] = nil
    carriers[session] = id
    if let old = orphans.removeValue(forKey: session) { watches.hand(from: old, to: id) }
  }

  private func granted(_ session: SessionID, _ admission: Admission) -> ConnectResponse {
    ConnectResponse(
      timeout: admission.timeout, session: session, password: session.password,
      readOnly: readOnlyByte(admission))
  }

  private mutating func respond(
    _ response: ConnectResponse, to admission: Admission, on id: ConnectionID
  ) {
    var response = response
    for quirk in quirks { quirk.response?(&response, admission, self) }
    var bytes = ByteBuffer()
    bytes.writeFrame { response.write(to: &$0) }
    traffic.sent += 1
    connections[id]?.traffic.sent += 1
    output.append(.send(bytes, to: id))
  }

  /// The last byte of the response: there only if the request had it.
  private func readOnlyByte(_ admission: Admission) -> Bool? {
    admission.request.readOnly == nil ? nil : settings.isReadOnly
  }
}
