import EmbeddedServers
import ZooKeeper
import ZooKeeperClient

/// When something has changed: programs that look again and again do much, and bring nothing about.
struct ForeignChanges: Sendable {
  /// When something changed last.
  var last: Milliseconds = 0
  /// The newest sign of a process behind which it was looked.
  private(set) var looked: Milliseconds = -1
  private var state = 0

  /// Looks whether the server's state is another.
  mutating func look(_ state: Int, at sign: Milliseconds, _ now: Milliseconds) {
    if state != self.state { last = max(last, now) }
    (self.state, looked) = (state, max(looked, sign))
  }
}

extension EmbeddedServer {
  /// What stands below a node, and which of some sessions live: another number when that is
  /// otherwise.
  func fingerprint(below path: String, _ sessions: [SessionID]) -> Int {
    var hasher = Hasher()
    for session in sessions {
      hasher.combine(session)
      hasher.combine(isAlive(session))
    }
    var open = [path]
    while let next = open.popLast() {
      guard let node = node(next) else { continue }
      hasher.combine(next)
      hasher.combine(node.czxid)
      hasher.combine(node.mzxid)
      open += children(next).map { "\(next)/\($0)" }
    }
    return hasher.finalize()
  }
}
