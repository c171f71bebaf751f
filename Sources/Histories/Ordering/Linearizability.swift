/// Judges whether operations can be put into one order that respects real time, and in which every
/// object does what its model says.
///
/// Each object is judged alone, which suffices: linearizability is local.
///
/// Sources: Herlihy & Wing, Linearizability: a correctness condition for concurrent objects, TOPLAS
/// 1990 (definition, locality); the search is `Search`.
public struct Linearizability<M: Model> {
  /// What the objects are.
  public let model: M
  /// What a judgement may cost.
  public let budget: Budget
  /// Whether a refutation is made small, which costs more than finding it.
  public var explains = true
  package var flaw: CheckerFlaw?

  /// A checker.
  public init(_ model: M, budget: Budget = Budget()) {
    self.model = model
    self.budget = budget
  }

  /// Judges a history.
  ///
  /// - Complexity: O(n × operations open at once) for histories in which few decisions are taken
  ///   back; exponential in the operations open at once in the worst case.
  public func judge(_ history: History) -> CheckResult {
    var meter = Meter(budget)
    var judgement = CheckResult(guarantee: .linearizable, verdict: .holds([]))
    judgement.verdict = verdict(on: history, &meter)
    judgement.steps = meter.steps
    judgement.peak = meter.peak
    return judgement
  }

  /// An object that is refuted is worth more than one that is undecided: all are tried.
  private func verdict(on history: History, _ meter: inout Meter) -> Verdict {
    var orders: [[Int]] = []
    var exhausted: Exhausted?
    for (key, indices) in history.objects {
      do {
        let operations = indices.map { history.operations[$0] }
        switch try result(of: operations, &meter) {
        case .ordered(let order): orders.append(order.map { indices[$0] })
        case .stuck(let stuck):
          var refutation =
            explains ? refutation(operations, stuck, meter) : Refutation("no order", core: [])
          refutation.key = key
          return .refuted(refutation.mapped { indices[$0] })
        }
      } catch {
        exhausted = exhausted ?? error
        if error != .memory { break }
      }
    }
    return exhausted.map(Verdict.undecided) ?? .holds(orders)
  }

  enum Result {
    case ordered([Int])
    case stuck(Stuck)
  }

  struct Stuck {
    /// The operation whose return no order passes.
    let last: Int
    let order: [Int]
    let states: [M.State]
    /// All states that the search met, anywhere.
    let met: [M.State]

    /// The same said of the return at this moment, with whose answer there is no order any more,
    /// wherever the search got stuck.
    func returning(at moment: Int, _ operations: [Operation]) -> Stuck {
      guard operations[last].end != moment,
        let other = operations.firstIndex(where: { $0.end == moment })
      else { return self }
      return Stuck(last: other, order: order.filter { $0 != other }, states: [], met: met)
    }
  }

  /// Searches for an order of one object's operations, from a state.
  func result(
    of operations: [Operation], from initial: M.State? = nil, _ meter: inout Meter
  ) throws(Exhausted) -> Result {
    let numbered = NumberedCalls(operations, model)
    let timeline = Timeline(
      operations, numbered, reads: numbered.calls.map(model.isRead),
      resets: numbered.calls.map(model.isReset), flaw: flaw)
    return timeline.slots <= 64
      ? try search(UInt64.self, timeline, initial, operations, &meter)
      : try search(WideWindow.self, timeline, initial, operations, &meter)
  }

  private func search<Taken: Window>(
    _: Taken.Type, _ timeline: Timeline, _ initial: M.State?, _ operations: [Operation],
    _ meter: inout Meter
  ) throws(Exhausted) -> Result {
    var search = Search<M, Taken>(timeline, model, from: initial ?? model.initial, flaw: flaw)
    switch try search.run(&meter) {
    case .ordered(let order): return .ordered(named(order, timeline, operations))
    case .stuck(let rank, let order, let states, let met):
      return .stuck(
        Stuck(
          last: timeline.returning(rank), order: named(order, timeline, operations),
          states: states, met: met))
    }
  }

  /// The order with the earliest called operation for each that counts as one of its call.
  private func named(_ order: [Int32], _ timeline: Timeline, _ operations: [Operation]) -> [Int] {
    var left = Dictionary(
      timeline.unknown.map { ($0.call, $0.places[...]) }, uniquingKeysWith: { first, _ in first })
    return order.compactMap { number in
      guard number < 0 else { return Int(number) }
      return left[-1 - number]?.popFirst().map { Int(timeline.events[Int($0)] >> 1) }
    }
  }
}

extension Refutation {
  /// The same with other numbers for the operations.
  func mapped(_ number: (Int) -> Int) -> Refutation {
    var mapped = self
    mapped.core = core.map(number)
    mapped.prefix = prefix.map(number)
    mapped.order = order.map(number)
    mapped.last = last.map(number)
    mapped.relations = relations.map {
      Relation(number($0.from), number($0.to), $0.kind, because: $0.because)
    }
    return mapped
  }
}
