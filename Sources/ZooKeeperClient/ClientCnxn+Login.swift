internal import NIOCore
internal import ZooKeeper
internal import ZooKeeperWire

/// How far a login by SASL has come.
enum LoginStep: Hashable, Sendable {
  /// The server was asked for its challenge. Next: answered.
  case begun(Xid)
  /// The challenge was answered like this; the server shows now that it knows the password too.
  case answered(Xid, [UInt8])

  var xid: Xid {
    switch self {
    case .begun(let xid), .answered(let xid, _): xid
    }
  }
}

/// SASL, on each new connection: nothing else is asked before it is done.
extension ClientCnxn {
  mutating func beginLogin(_ now: Milliseconds) {
    loginStep = .begun(send(token: [], now))
  }

  private mutating func send(token: [UInt8], _ now: Milliseconds) -> Xid {
    let xid = nextXid()
    connection?.send(ClientFrame(xid: xid, .sasl(token: token)), nil, now: now)
    return xid
  }

  /// The server's next word.
  ///
  /// - Returns: Whether the reply was one to the login.
  mutating func logIn(
    by reply: ArrivedReply, _ now: Milliseconds, _ commands: inout [Command]
  ) -> Bool {
    guard let login = options.login, let step = loginStep, step.xid == reply.xid else {
      return false
    }
    guard case .answer(.token(let token?)) = reply.content else {
      refuse(&commands)
      return true
    }
    switch step {
    case .begun:
      let response = DigestMD5.response(
        to: token, user: login.user, password: login.password,
        cnonce: DigestMD5.nonce("\(seed):\(number)"))
      if let response {
        loginStep = .answered(send(token: response, now), response)
      } else {
        refuse(&commands)
      }
    case .answered(_, let response):
      guard token == DigestMD5.proof(answering: response, password: login.password) else {
        refuse(&commands)
        return true
      }
      loginStep = nil
      announce(.saslAuthenticated, &commands)
      goOn(now, &commands)
    }
    return true
  }

  private mutating func refuse(_ commands: inout [Command]) {
    finish(.authFailed, .authFailed, .authFailed, &commands)
  }
}
