import ProtocolCore

/// Whether a run can have happened at any times, where the rates of clocks are bounded.
///
/// A run tells the order of its acts and not when they happened. A timer that was set at one act
/// and runs out at another says how much time lies between them at least; one that runs out in time
/// says how much at most, also as long as it is set. So there are times for all acts or there are
/// none: a system of differences, which is kept solved by moving acts to later times until every
/// bound is kept, or some act is moved once more than there are acts (Bellman 1958).
///
/// What bounds nothing, as messages and disks, takes as long as it likes.
struct RunTimes<C: Model> {
  /// The least and the most ticks of true time that a timer takes of this range, at these rates.
  private typealias Bounds = (least: Int, most: Int)

  /// A bound: the act comes so many ticks after another at least. (A negative number says by how
  /// much it may come before it.)
  private struct Bound {
    let act: Int
    let other: Int
    let ticks: Int
  }

  private struct Name: Hashable {
    let node: NodeID
    let timer: C.Words.Timer
  }

  private var rates: ClosedRange<Int>?
  /// When each act happens at the earliest, the beginning first.
  private var earliest = [0]
  private var bounds: [Bound] = []
  /// The timers that are set: at which act, and how long they take.
  private var set: [Name: (act: Int, bounds: Bounds)] = [:]
  private var isPossible = true

  /// The times of what was played before, from the beginning on.
  init(of frames: [Playback<C>.Frame]) {
    guard let first = frames.first else { return }
    rates = first.system.cluster.clocks.rates
    guard rates != nil else { return }
    follow(first.system.opening)
    for frame in frames {
      if let step = frame.step { _ = add(step, frame.system) }
    }
  }

  /// Adds an act.
  ///
  /// - Parameter system: the system after it.
  /// - Returns: whether there are times for all acts so far.
  mutating func add(_ step: Step<C.Words>, _ system: SystemState<C>) -> Bool {
    guard rates != nil, isPossible else { return isPossible }
    let act = earliest.count
    earliest.append(earliest[act - 1])
    bounds.append(Bound(act: act, other: act - 1, ticks: 0))
    for (name, alarm) in set {
      // It was set until now; had its time been over before, it had run out before.
      if C.isTimely(name.timer) {
        bounds.append(Bound(act: alarm.act, other: act, ticks: -alarm.bounds.most))
      }
      if case .expire(name.node, name.timer) = step.act {
        bounds.append(Bound(act: act, other: alarm.act, ticks: alarm.bounds.least))
      }
    }
    if case .expire(let node, let timer) = step.act { set[Name(node: node, timer: timer)] = nil }
    follow(step.incidents)
    for name in set.keys where system.index(of: name.node).map({ !system.hosts[$0].isUp }) ?? true {
      set[name] = nil
    }
    isPossible = solve()
    return isPossible
  }

  private mutating func follow(_ incidents: [Incident<C.Words>]) {
    for incident in incidents {
      switch incident.happening {
      case .set(let timer, let range):
        guard let rates else { continue }
        // As a simulator draws it.
        let least = max(1, range.lowerBound.count * rates.lowerBound / 100)
        let most = max(1, range.upperBound.count * rates.upperBound / 100)
        set[Name(node: incident.node, timer: timer)] = (earliest.count - 1, (least, most))
      case .cancelled(let timer): set[Name(node: incident.node, timer: timer)] = nil
      default: break
      }
    }
  }

  /// Moves acts to later times until all bounds are kept; false when that has no end.
  private mutating func solve() -> Bool {
    for _ in 0...earliest.count {
      var hasMoved = false
      for bound in bounds where earliest[bound.act] < earliest[bound.other] + bound.ticks {
        earliest[bound.act] = earliest[bound.other] + bound.ticks
        hasMoved = true
      }
      if !hasMoved { return true }
    }
    return false
  }
}
