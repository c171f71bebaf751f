import ZooKeeper
import ZooKeeperClient

/// Judges queues: who gets what, and what becomes of what was put.
///
/// | property | what it says |
/// | --- | --- |
/// | nothingInvented | nobody gets what was not put |
/// | takenOnce | what was taken, or is done, nobody gets again |
/// | exclusion | nobody is at an element while another is, both in sessions that live |
/// | order | who asks later does not get what had to go before |
/// | notLost | what was put is there, taken (but for one each time a consumer is struck), or done |
/// | certainty | nobody says that it may have been taken while servers answer |
/// | putOnce | no element stands in the queue twice, or although it was taken |
/// | allTaken | when nobody died, stopped or gave up, everything is taken in the end |
/// | noIdling | while connections last, nobody waits while an element is free |
/// | termination | every program comes to its end |
/// | noOrphans | no claim and no mark is left in the end |
///
/// Programs say `puts` before a put and `passes` behind it, `asks` before they take, `gets` when
/// they have taken or begin to process, `finishes` at its end, and `passes` when that is said,
/// `releases` when they refuse it. A value is the name of who puts it, so that it stands in its
/// node's name.
package struct QueueJudge: Judge {
  /// What a consumer does.
  package enum Mode: Sendable {
    case takes
    case processes
  }

  private struct Got {
    var value: String
    var asked: Int
    var at: Int
  }

  private let elements: String
  private let marks: String
  private let mode: Mode
  /// Whether whoever lives takes all that others leave when they are stopped or die.
  private let isServedToTheEnd: Bool
  /// Of two values, whether the first goes before the second whichever was put first.
  private let isMoreUrgent: @Sendable (String, String) -> Bool

  private var time = 0
  private var started: [String: Int] = [:]
  private var acknowledged: [String: Int] = [:]
  private var asking: [Int: Int] = [:]
  private var got: [Got] = []
  private var busy: [Int: (value: String, session: SessionID)] = [:]
  private var done: Set<String> = []
  /// What somebody has done all that there was to do with, whether he could say so or not.
  private var finished: Set<String> = []
  private var sessions: Set<SessionID> = []
  private var gaveBack = false
  /// How often each process was about to take something when that failed, and may have.
  private var deaths: [Int: Int] = [:]
  /// What it has seen.
  package var violations: [Violation] = []

  package init(
    elements: String, marks: String, _ mode: Mode, isServedToTheEnd: Bool = false,
    isMoreUrgent: @escaping @Sendable (String, String) -> Bool = { _, _ in false }
  ) {
    (self.elements, self.marks, self.mode) = (elements, marks, mode)
    (self.isServedToTheEnd, self.isMoreUrgent) = (isServedToTheEnd, isMoreUrgent)
  }

  package mutating func take(_ note: Note, _ truth: Truth) {
    time += 1
    sessions.insert(note.session)
    switch note.what {
    case .puts(let value): started[value] = time
    case .asks: asking[note.process] = time
    case .gets(let value): get(value, note, truth)
    case .passes(let value):
      busy[note.process] = nil
      if asking.removeValue(forKey: note.process) != nil {
        done.insert(value)
      } else {
        acknowledged[value] = time
      }
    case .finishes(let value): finished.insert(value)
    case .releases:
      busy[note.process] = nil
      asking[note.process] = nil
      gaveBack = true
    case .fails(let reason):
      let wasAsking = asking.removeValue(forKey: note.process) != nil
      busy[note.process] = nil
      if case .timedOut(sent: false) = reason { return }
      gaveBack = true
      guard wasAsking, reason.leavesOpen else { return }
      if case .cancelled = reason, !truth.mayBeUnknown(note.process) {
        let violation = truth.uncertain(note.process)
        report(violation.property, violation.words)
      }
      // What it was about to delete when that failed may be gone: once each time that something
      // has gone wrong for it.
      let count = deaths[note.process, default: 0] + 1
      deaths[note.process] = min(count, truth.strikes(note.process))
    case .holds, .writes, .begins, .wrote, .reads, .told: break
    }
  }

  private mutating func get(_ value: String, _ note: Note, _ truth: Truth) {
    let name = Fault.name(note.process)
    let asked = asking[note.process] ?? time
    if started[value] == nil {
      report("nothingInvented", "\(name) gets \(value), which nobody put")
    }
    judgeOrder(value, asked, name, truth)
    got.append(Got(value: value, asked: asked, at: time))
    guard mode == .processes else {
      asking[note.process] = nil
      if !done.insert(value).inserted { report("takenOnce", "\(name) takes \(value) again") }
      return
    }
    defer { busy[note.process] = (value, note.session) }
    // Whose session has ended may believe that it is his: nothing can prevent that.
    guard truth.server.isAlive(note.session) else { return }
    if done.contains(value) { report("takenOnce", "\(name) is at \(value), which is done") }
    let other = busy.first { other in
      other.key != note.process && other.value.value == value
        && truth.server.isAlive(other.value.session)
    }
    if let other {
      report("exclusion", "\(name) is at \(value) while \(Fault.name(other.key)) is")
    }
  }

  /// What is got now may have stood behind nothing that was got before this consumer asked.
  private mutating func judgeOrder(
    _ value: String, _ asked: Int, _ name: String, _ truth: Truth
  ) {
    let isSettled = truth.crashed.isEmpty && sessions.allSatisfy(truth.server.isAlive)
    // Who is cancelled gives back what it has claimed, also before it says so.
    let givesBack = truth.faults.contains { $0.kind == .cancel && asking[$0.process] != nil }
    guard !gaveBack, !givesBack, isSettled, let put = acknowledged[value] else { return }
    for other in got where other.at < asked {
      let isOlder = put < started[other.value] ?? 0 && !isMoreUrgent(other.value, value)
      if isOlder || put < other.asked && isMoreUrgent(value, other.value) {
        report("order", "\(name) gets \(value) after \(other.value), which had to wait for it")
      }
    }
  }

  package mutating func rest(_ truth: Truth) {
    // Who is connecting again looks as soon as he is.
    let isConnected = truth.faults.allSatisfy {
      switch $0.kind {
      case .hold, .delay, .crash, .cancel: true
      case .cut, .loseReplies, .stop, .away, .lag, .leader: false
      }
    }
    let waiting = asking.keys.filter { busy[$0] == nil && !truth.crashed.contains($0) }.min()
    guard isConnected, let waiting else { return }
    let names = Set(truth.server.children(elements))
    if let free = names.filter({ !isClaim($0) && !names.contains($0 + ".claim") }).min() {
      report("noIdling", "\(Fault.name(waiting)) waits while \(free) is free")
    }
  }

  package mutating func end(_ truth: Truth) {
    violations += truth.unended
    let names = truth.server.children(elements)
    judgeLeft(names.filter { !isClaim($0) }, truth)
    let orphans = names.filter(isClaim) + truth.server.children(marks)
    if let orphan = orphans.min(), violations.isEmpty { report("noOrphans", "\(orphan) is left") }
  }

  private mutating func judgeLeft(_ names: [String], _ truth: Truth) {
    let left = names.map { String($0.prefix { $0 != "." }) }
    let gone = Set(got.map(\.value)).subtracting(left)
    if let twice = left.filter({ value in left.count { $0 == value } > 1 }).min() {
      report("putOnce", "\(twice) stands in the queue twice")
    }
    if let taken = left.filter(done.contains).min() {
      report("putOnce", "\(taken) stands in the queue although it was taken")
    }
    // At most once: who gets it has it. At least once: somebody has done it to its end.
    let served = mode == .takes ? gone : done.union(finished)
    let lost = acknowledged.keys.filter { !served.contains($0) && !left.contains($0) }.sorted()
    let crashed = asking.keys.count(where: truth.crashed.contains)
    let deaths = deaths.values.reduce(0, +)
    if lost.count > (mode == .takes ? deaths + crashed : 0) {
      report("notLost", "nobody has \(mode == .takes ? "got" : "done") \(lost[0]), and it is gone")
    }
    let isCalm = truth.faults.allSatisfy {
      switch $0.kind {
      case .cut, .loseReplies, .hold, .delay: true
      case .stop, .crash: isServedToTheEnd
      case .away, .cancel, .lag, .leader: false
      }
    }
    if isCalm, let value = left.min() { report("allTaken", "nobody takes \(value)") }
  }

  private func isClaim(_ name: String) -> Bool { name.hasSuffix(".claim") }
}

extension ClientError.Reason {
  /// Whether nobody knows if what failed was done.
  fileprivate var leavesOpen: Bool {
    switch self {
    case .sessionExpired, .connectionLost(_, sent: true), .timedOut(sent: true),
      .cancelled(sent: true):
      true
    default: false
    }
  }
}
