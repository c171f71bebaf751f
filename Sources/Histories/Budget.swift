/// What a judgement may cost; beyond it the verdict is *undecided*.
public struct Budget: Hashable, Sendable {
  /// How long it may take.
  public var time: Duration?
  /// How many bytes it may hold beside the history.
  public var bytes: Int?
  /// How many steps it may take: the same on every machine.
  public var steps: Int?

  /// A budget; nil is no limit.
  public init(time: Duration? = nil, bytes: Int? = nil, steps: Int? = nil) {
    self.time = time
    self.bytes = bytes
    self.steps = steps
  }

  /// The same with so many steps at most.
  func limited(to steps: Int) -> Budget {
    var limited = self
    limited.steps = min(steps, self.steps ?? .max)
    return limited
  }
}

/// Of which there was not enough.
public enum Exhausted: String, Error, Hashable, Sendable {
  case time
  case memory
  case steps
}

/// Counts what a judgement costs.
struct Meter {
  let budget: Budget
  private let begin = ContinuousClock.now
  private(set) var steps = 0
  /// The most bytes that were held at once.
  private(set) var peak = 0
  private var next: Int

  init(_ budget: Budget) {
    self.budget = budget
    next = min(Meter.interval, budget.steps ?? .max)
  }

  private static let interval = 4096

  /// One step more.
  mutating func step() throws(Exhausted) {
    steps &+= 1
    if steps >= next { try look() }
  }

  private mutating func look() throws(Exhausted) {
    if let most = budget.steps, steps >= most { throw .steps }
    if let time = budget.time, ContinuousClock.now - begin > time { throw .time }
    next = min(steps + Meter.interval, budget.steps ?? .max)
  }

  /// So many bytes are held now.
  mutating func hold(_ bytes: Int) throws(Exhausted) {
    peak = max(peak, bytes)
    if let most = budget.bytes, bytes > most { throw .memory }
  }

  /// What is left of the budget for another judgement.
  var rest: Budget {
    var rest = budget
    if let time = budget.time { rest.time = max(.zero, time - (ContinuousClock.now - begin)) }
    if let most = budget.steps { rest.steps = max(0, most - steps) }
    return rest
  }

  /// Adds what another judgement took.
  mutating func add(_ other: Meter) throws(Exhausted) {
    steps += other.steps
    peak = max(peak, other.peak)
    try look()
  }
}
