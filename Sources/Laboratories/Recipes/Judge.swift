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
  /// What it has seen that must not be, in order; of each property what came first.
  var violations: [Violation] { get set }
}

extension Judge {
  /// Something must not be, and is.
  mutating func report(_ property: String, _ words: String) {
    guard !violations.contains(where: { $0.property == property }) else { return }
    violations.append(Violation(property, words))
  }
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
  /// A node, nil if there is none.
  func node(_ path: String) -> Node?
  /// Whether it can be looked into at any time; of a real server the children are known in the end.
  var isTransparent: Bool { get }
}

extension JudgedServer {
  /// One within the process can.
  package var isTransparent: Bool { true }
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
  /// Whether the newest session of a process is connected, by its client.
  package let isConnected: @Sendable (_ process: Int) -> Bool

  /// What is so, of these parts.
  package init(
    server: any JudgedServer, faults: [Fault], crashed: Set<Int>, ended: Set<Int>, processes: Int,
    events: @escaping @Sendable () -> [(process: Int, event: WatchEvent)],
    isConnected: @escaping @Sendable (_ process: Int) -> Bool
  ) {
    (self.server, self.faults, self.crashed) = (server, faults, crashed)
    (self.ended, self.processes, self.events) = (ended, processes, events)
    self.isConnected = isConnected
  }

  /// Whether all processes that go on are connected, in sessions that live.
  ///
  /// When nothing can happen then before time passes, nobody may wait for what is there already.
  package var isCalm: Bool {
    (0..<processes).allSatisfy {
      crashed.contains($0) || ended.contains($0) || isConnected($0)
    }
  }

  /// What is to be reported in the end of programs that have not come to theirs.
  var unended: [Violation] {
    let slow = (0..<processes).filter { !ended.contains($0) && !crashed.contains($0) }
    return slow.prefix(1).map {
      Violation("termination", "\(Fault.name($0)) does not come to its end")
    }
  }

  /// What is wrong with a failure that a program tells of; nil if nothing is.
  ///
  /// While its session lives and nobody has cancelled it, nothing fails but for want of time; and
  /// while servers answer it is known what came of it.
  ///
  /// - Parameter givesTime: Whether the program says how long it waits.
  func unendured(_ note: Note, givesTime: Bool = true) -> Violation? {
    guard case .fails(let reason) = note.what, server.isAlive(note.session) else { return nil }
    if case .timedOut(let wasSent) = reason, givesTime {
      guard wasSent, !mayBeUnknown(note.process) else { return nil }
      return uncertain(note.process)
    }
    let isCancelled = faults.contains { $0.kind == .cancel && $0.process == note.process }
    guard !isCancelled else { return nil }
    return Violation(
      "endurance", "\(Fault.name(note.process)) fails though its session lives: \(reason)")
  }

  /// That a process says that nobody knows what came of it, though servers answer.
  func uncertain(_ process: Int) -> Violation {
    Violation(
      "certainty", "\(Fault.name(process)) says that it may have been done, and servers answer")
  }

  /// Whether a process may have had no answer for so long that it waits for none any more.
  func mayBeUnknown(_ process: Int) -> Bool {
    wasCutOff(process) || faults.contains { $0.kind.needsEnsemble }
  }

  /// How often something has gone wrong that may have cost a process an answer.
  func strikes(_ process: Int) -> Int {
    faults.count { $0.process == process || $0.kind.needsEnsemble }
  }

  /// Whether the process may have heard of nothing for a while.
  func wasCutOff(_ process: Int) -> Bool {
    faults.contains { fault in
      guard fault.process == process else { return false }
      return switch fault.kind {
      case .away, .stop: true
      case .cut, .loseReplies, .hold, .delay, .crash, .cancel, .lag, .leader: false
      }
    }
  }

  /// Whether processes have only been slow until now.
  package var isOnlySlow: Bool {
    faults.allSatisfy {
      switch $0.kind {
      case .hold, .delay: true
      case .cut, .loseReplies, .stop, .away, .crash, .cancel, .lag, .leader: false
      }
    }
  }
}
