import ProtocolCore
import ZooKeeper

// What a process is told by its client library, which stands between it and the servers.

extension SeenClient {
  /// A process that waits until it knows what came of its request.
  struct Caller: Hashable {
    let call: ZooKeeperEnsemble.Call
    let id: RequestID
    /// The number under which it was sent; nil before it is.
    var xid: Int32?
    /// What it is to be told; nil while nothing is known.
    var due: ZooKeeperEnsemble.Outcome?

    init(_ call: ZooKeeperEnsemble.Call, _ id: RequestID) { (self.call, self.id) = (call, id) }
  }

  /// The library sends a request.
  ///
  /// - Returns: whether it is its own, or the first that was asked and not sent.
  mutating func asks(_ xid: Int32, _ request: ZooKeeper.Request) -> Bool {
    guard xid > 0 else { return true }
    guard let place = callers.firstIndex(where: { $0.xid == nil && $0.due == nil }),
      callers[place].call.request == request
    else { return false }
    callers[place].xid = xid
    return true
  }

  /// A server has answered a request.
  mutating func answer(_ xid: Int32, _ reply: Reply) {
    guard let place = callers.firstIndex(where: { $0.xid == xid && $0.due == nil }) else { return }
    callers[place].due = .answered(reply)
  }

  /// The connection is gone: of what was sent and not answered nobody knows.
  mutating func lose() {
    for place in callers.indices where callers[place].xid != nil && callers[place].due == nil {
      callers[place].due = .connectionLoss
    }
  }

  /// The session is over: what was not sent is not done.
  mutating func expire() {
    for place in callers.indices where callers[place].xid == nil && callers[place].due == nil {
      callers[place].due = .sessionExpired
    }
  }
}

extension ZooKeeperEnsemble.Monitor {
  /// A process is told what came of its request: that, and nothing else.
  mutating func reply(
    _ outcome: ZooKeeperEnsemble.Outcome, to caller: RequestID, at id: NodeID
  ) {
    guard let place = clients[id]?.callers.firstIndex(where: { $0.id == caller }),
      clients[id]?.callers.remove(at: place).due == outcome
    else {
      broken.insert(.answers)
      return
    }
  }
}
