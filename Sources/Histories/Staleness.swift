/// How stale the reads of registers are: the fewest versions, or the shortest time, that explain
/// all.
///
/// Both are linearizability of another history or model: of registers whose reads may return one of
/// the last k values, and of a history whose reads were called t earlier.
public struct Staleness {
  let history: History
  let budget: Budget
  let flaw: CheckerFlaw?

  /// How many versions are looked for at most.
  public static let mostVersions = 16

  /// What a search for a bound found.
  public enum Bound: Hashable, Sendable {
    case least(Int)
    /// None up to the most that is looked for; why not.
    case none(Refutation)
    case undecided(Exhausted)
    case unsuited(String)
  }

  /// The staleness of a history's reads.
  public init(_ history: History, budget: Budget = Budget()) {
    self.init(history, budget: budget, flaw: nil)
  }

  init(_ history: History, budget: Budget, flaw: CheckerFlaw?) {
    self.history = history
    self.budget = budget
    self.flaw = flaw
  }

  private var obstacle: String? {
    if let model = history.model, !RegisterView.models.contains(model) {
      return "staleness is counted for registers, not \(model.rawValue)"
    }
    let model = StaleRegister(versions: 1)
    return history.operations.lazy.compactMap(model.mistake).first
  }

  /// Whether all reads return one of the last `versions` values.
  public func judge(versions: Int) -> CheckResult {
    var judgement = CheckResult(guarantee: .boundedVersions, verdict: .holds([]))
    if let obstacle {
      judgement.verdict = .unsuited(obstacle)
      return judgement
    }
    let allowed = flaw == .oneVersionMore ? versions + 1 : versions
    judgement = Linearizability(StaleRegister(versions: allowed), budget: budget).judge(history)
    judgement.guarantee = .boundedVersions
    return judgement
  }

  /// Whether all reads return what was the last value at most so many nanoseconds before their
  /// call.
  public func judge(nanoseconds: Int) -> CheckResult {
    var judgement = CheckResult(guarantee: .boundedTime, verdict: .holds([]))
    guard obstacle == nil, history.operations.allSatisfy({ !$0.isKnown || $0.times != nil }) else {
      judgement.verdict = .unsuited(obstacle ?? "the operations have no times")
      return judgement
    }
    judgement = Linearizability(StaleRegister(versions: 1), budget: budget)
      .judge(earlier(by: nanoseconds))
    judgement.guarantee = .boundedTime
    return judgement
  }

  /// The history on its own clock, with reads called earlier.
  private func earlier(by nanoseconds: Int) -> History {
    var history = history
    for index in history.operations.indices {
      let operation = history.operations[index]
      // A call of unknown outcome has no return, and so no times: it keeps its place among the
      // rest.
      guard let times = operation.times else {
        history.operations[index].call = begin(of: index)
        continue
      }
      let isRead = StaleRegister(versions: 1).isRead(Call(operation.function))
      let shift = isRead && flaw != .readsOnTime ? nanoseconds : 0
      let call = times.lowerBound.subtractingReportingOverflow(shift)
      history.operations[index].call = call.overflow ? .min : call.partialValue
      history.operations[index].end = times.upperBound
    }
    return history
  }

  /// Of a call without a time it is known only that it was not before the last return before it.
  private func begin(of index: Int) -> Int {
    let call = history.operations[index].call
    return history.operations.lazy.filter { $0.end ?? .max < call }.compactMap(\.times?.upperBound)
      .max() ?? .min
  }

  /// The fewest versions that explain all reads.
  public func versions() -> Bound {
    var last: Refutation?
    for versions in 1...Self.mostVersions {
      switch judge(versions: versions).verdict {
      case .holds: return .least(versions)
      case .refuted(let refutation): last = refutation
      case .undecided(let exhausted): return .undecided(exhausted)
      case .unsuited(let why): return .unsuited(why)
      }
    }
    return .none(last ?? Refutation("no bound", core: []))
  }

  /// The shortest time, in nanoseconds, that explains all reads.
  ///
  /// - Complexity: that of judging, times the logarithm of the history's length in time.
  public func time() -> Bound {
    let times = history.operations.compactMap(\.times)
    let first = times.map(\.lowerBound).min() ?? 0
    let span = (times.map(\.upperBound).max() ?? 0).subtractingReportingOverflow(first)
    guard !span.overflow, span.partialValue < .max else { return .unsuited("times too far apart") }
    var low = 0
    var high = span.partialValue + 1
    switch judge(nanoseconds: high).verdict {
    case .holds: break
    case .refuted(let refutation): return .none(refutation)
    case .undecided(let exhausted): return .undecided(exhausted)
    case .unsuited(let why): return .unsuited(why)
    }
    while low < high {
      let middle = low + (high - low) / 2
      switch judge(nanoseconds: middle).verdict {
      case .holds: high = middle
      case .undecided(let exhausted): return .undecided(exhausted)
      case .refuted, .unsuited: low = middle + 1
      }
    }
    return .least(low)
  }
}
