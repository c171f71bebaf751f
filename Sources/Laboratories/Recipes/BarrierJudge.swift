import ZooKeeper
import ZooKeeperClient

/// Judges barriers at which all processes of a scenario meet.
///
/// | property | what it says |
/// | --- | --- |
/// | certainty | nobody says that it may have opened while servers answer |
/// | allOrNone | nobody goes on before so many wait, nor without one that gives up |
/// | leavesTogether | nobody has left while another that lives is at it |
/// | noIdling | nobody waits to leave when all do, nor to enter when all are there |
/// | termination | every program comes to its end |
/// | noOrphans | in the end no member is left |
///
/// Programs ask for `enter` and `leave`, and pass `entered` and `left`.
package struct BarrierJudge: Judge {
  private let path: String
  private let size: Int
  /// Who waits or has entered, and in which session.
  private var there: [Int: SessionID] = [:]
  private var entered: Set<Int> = []
  private var leaving: Set<Int> = []
  private var gaveUp: Set<Int> = []
  /// Whose session ended while it waited: it may have been counted, whatever comes of it later.
  private var mayBeCounted: Set<Int> = []
  /// What it has seen.
  package var violations: [Violation] = []

  package init(path: String, size: Int) { (self.path, self.size) = (path, size) }

  package mutating func take(_ note: Note, _ truth: Truth) {
    let name = Fault.name(note.process)
    switch note.what {
    case .asks("enter"):
      there[note.process] = note.session
      gaveUp.remove(note.process)
    case .asks: leaving.insert(note.process)
    case .passes("entered"):
      // By itself it may have entered anew, in another session.
      there[note.process] = note.session
      entered.insert(note.process)
      if there.count < size {
        report("allOrNone", "\(name) goes on while \(there.count) of \(size) are there")
      }
    case .passes: leave(note.process, truth)
    case .fails(let reason): fail(note.process, reason, truth)
    case .holds, .releases, .writes, .puts, .gets, .finishes, .begins, .wrote, .reads, .told: break
    }
  }

  private mutating func leave(_ process: Int, _ truth: Truth) {
    for (other, session) in there.sorted(by: { $0.key < $1.key })
    where other != process && !leaving.contains(other) && truth.server.isAlive(session) {
      let names = "\(Fault.name(process)) has left while \(Fault.name(other))"
      report("leavesTogether", "\(names) is at it")
    }
  }

  private mutating func fail(
    _ process: Int, _ reason: ClientError.Reason, _ truth: Truth
  ) {
    switch reason {
    // Nobody knows whether it goes on with the others, or not.
    case .timedOut(sent: true), .cancelled(sent: true):
      guard !truth.mayBeUnknown(process) else { return }
      let violation = truth.uncertain(process)
      report(violation.property, violation.words)
    case .timedOut where leaving.contains(process):
      guard !truth.wasCutOff(process) else { return }
      let isAlone = there.allSatisfy {
        leaving.contains($0.key) || !truth.server.isAlive($0.value)
      }
      if isAlone { report("noIdling", "\(Fault.name(process)) waits while nobody is at it") }
    case .timedOut, .cancelled:
      guard !entered.contains(process) else { return }
      there[process] = nil
      gaveUp.insert(process)
    case .sessionExpired: mayBeCounted.insert(process)
    default: break
    }
  }

  package mutating func rest(_ truth: Truth) {
    guard truth.isOnlySlow, there.count == size else { return }
    if let waiting = there.keys.filter({ !entered.contains($0) }).min() {
      report("noIdling", "\(Fault.name(waiting)) waits while all are there")
    }
    if leaving.count == size, truth.ended.count < size {
      report("noIdling", "somebody waits while all leave")
    }
  }

  package mutating func end(_ truth: Truth) {
    violations += truth.unended
    if let late = gaveUp.subtracting(mayBeCounted).min(), let early = entered.min() {
      report("allOrNone", "\(Fault.name(early)) goes on, and \(Fault.name(late)) gives up")
    }
    let left = truth.server.children(path).filter { $0 != "ready" }
    if let member = left.min(), violations.isEmpty { report("noOrphans", "\(member) is left") }
  }
}
