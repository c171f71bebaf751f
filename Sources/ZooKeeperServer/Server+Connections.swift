internal import NIOCore
internal import ZooKeeper
internal import ZooKeeperWire

/// Requests that concern a connection: whom it has shown to be, and what it watches.
extension Server {
  /// Adds to what the connection has shown; where that fails, it ends.
  mutating func authenticate(
    _ asked: Asked, _ scheme: String, _ credentials: Payload, on id: ConnectionID
  ) -> Answered {
    let address = connections[id]?.address ?? ""
    var identities = settings.authentication.identities(
      scheme: scheme, credentials: credentials, address: address)
    for quirk in quirks { quirk.identities?(&identities, scheme, credentials) }
    guard let identities else {
      measures.failedAuthentications += 1
      return Answered(asked.header, Reply(zxid: .zero, .failure(.authFailed)), closes: true)
    }
    add(identities, to: id)
    return Answered(asked.header, Reply(zxid: .zero, .success(.done)))
  }

  /// A step of authentication by SASL; where it is refused, the connection ends.
  mutating func authenticate(_ asked: Asked, sasl token: Payload, on id: ConnectionID) -> Answered {
    let seed = "\(settings.authentication.nonceSeed):\(id.rawValue):\(time)"
    let borrowed = settings.dialect.refusesUnknownNames ? nil : lastPassword
    let outcome = connections[id]?.sasl.receive(
      token, settings.authentication, borrowed: borrowed, nonce: DigestMD5.nonce(seed))
    var gained: [Identity]?
    var answer: Payload = nil
    switch outcome {
    case .goesOn(let token):
      return Answered(asked.header, Reply(zxid: .zero, .success(.token(token))))
    case .knows(let user, let token):
      gained = [Identity(scheme: "sasl", id: user)]
      lastPassword = settings.authentication.saslUsers[user] ?? lastPassword
      answer = token
    case .refused, nil: break
    }
    for quirk in quirks { quirk.identities?(&gained, "sasl", token) }
    guard let gained else {
      measures.failedAuthentications += 1
      return Answered(asked.header, Reply(zxid: .zero, .failure(.authFailed)), closes: true)
    }
    add(gained, to: id)
    return Answered(asked.header, Reply(zxid: .zero, .success(.token(answer))))
  }

  /// No identity stands twice among a connection's own.
  private mutating func add(_ identities: [Identity], to id: ConnectionID) {
    for identity in identities where connections[id]?.identities.contains(identity) == false {
      connections[id]?.identities.append(identity)
    }
  }

  /// Leaves a watch that stays, looks for one, or takes some back.
  mutating func watch(_ request: Request, _ asked: Asked, on id: ConnectionID) -> Answered {
    let result = watches.answer(request, by: id)
    for quirk in quirks { quirk.watching?(&watches, asked, self) }
    return Answered(asked.header, Reply(zxid: service.applied.zxid, result))
  }

  /// Sets the watches of an earlier connection again.
  mutating func restore(
    _ earlier: SetWatches, _ asked: Asked, on id: ConnectionID
  ) -> (Answered, Outgoings) {
    let events = watches.restore(earlier, by: id, in: service.applied)
    // What was missed has no zxid of its own, not even since events carry one.
    let frames = events.map {
      Outgoing(connection: id, frame: .event($0, zxid: ServerFrame.eventZxid))
    }
    for quirk in quirks { quirk.watching?(&watches, asked, self) }
    let reply = Reply(zxid: service.applied.zxid, .success(.done))
    return (Answered(asked.header, reply), Outgoings(now: frames))
  }
}
