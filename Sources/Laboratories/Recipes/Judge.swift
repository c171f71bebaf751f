package import ZooKeeper
import ZooKeeperClient

/// Watches a run from outside: what programs say, and what the server holds.
package protocol Judge: Sendable {
  /// A program has said something.
  mutating func take(_ note: Note, _ truth: Truth)
  /// Nothing can happen any more before time passes.
  mutating func rest(_ truth: Truth)
  /// All programs have ended, and what was left to expire has expired.
  mutating func end(_ truth: Truth)
  /// What it has seen that must not be, in order.
  var violations: [Violation] { get }
}

/// What must not be, and was.
package struct Violation: Hashable, Sendable, CustomStringConvertible {
  /// The property's name.
  package var property: String
  /// What happened.
  package var words: String

  package init(_ property: String, _ words: String) {
    (self.property, self.words) = (property, words)
  }

  package var description: String { "\(property): \(words)" }
}

/// What a judge may look up at a server.
package protocol JudgedServer: Sendable {
  /// Whether the session is there: the truth, whatever its client believes.
  func isAlive(_ session: SessionID) -> Bool
  /// The names of a node's children.
  func children(_ path: String) -> [String]
}

/// What is so, whatever clients believe.
package struct Truth: Sendable {
  /// The server.
  package let server: any JudgedServer
  /// What has gone wrong until now.
  package let faults: [Fault]
  /// Which processes are no more.
  package let crashed: Set<Int>
  /// Which programs have ended.
  package let ended: Set<Int>
  /// How many processes there are.
  package let processes: Int
  /// The events that each client has got so far, with its process.
  package let events: @Sendable () -> [(process: Int, event: WatchEvent)]

  /// What is so, of these parts.
  package init(
    server: any JudgedServer, faults: [Fault], crashed: Set<Int>, ended: Set<Int>, processes: Int,
    events: @escaping @Sendable () -> [(process: Int, event: WatchEvent)]
  ) {
    (self.server, self.faults, self.crashed) = (server, faults, crashed)
    (self.ended, self.processes, self.events) = (ended, processes, events)
  }

  /// Whether processes have only been slow until now.
  package var isOnlySlow: Bool {
    faults.allSatisfy {
      switch $0.kind {
      case .hold, .delay: true
      case .cut, .loseReplies, .stop, .crash, .cancel, .lag, .leader: false
      }
    }
  }
}
