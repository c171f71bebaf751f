import ZooKeeper

/// What became of waiting for a reply.
enum Awaited {
  case reply(Response)
  /// The connection is over: closed, or full of what is no reply.
  case ended
  /// Nothing came in time.
  case late

  /// The reply; nil without one.
  var response: Response? { if case .reply(let response) = self { response } else { nil } }
}

extension ServiceLine {
  /// Waits for the reply to a ticket; replies to others are dropped.
  ///
  /// - Parameter told: Is told the events that come before it.
  func reply(
    to ticket: Int?, until deadline: Int64, told: (WatchEvent, Zxid) -> Void = { _, _ in }
  ) async -> Awaited {
    while let arrival = await next(until: deadline) {
      switch arrival {
      case .reply(let number, let response) where number == ticket: return .reply(response)
      case .reply: continue
      case .event(let event, let zxid): told(event, zxid)
      case .closed, .rubbish, .silence: return .ended
      }
    }
    return .late
  }

  /// Ends the session, and the connection when the server has said so.
  func closeSession(until deadline: Int64) async {
    _ = await reply(to: send([.request(.closeSession)]).first, until: deadline)
    await hangUp()
  }
}
