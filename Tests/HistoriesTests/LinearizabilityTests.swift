import Histories
import Testing

@Suite struct LinearizabilityTests {
  /// How many random histories each comparison makes.
  static let count = Campaign.size(of: 1_500)

  static let models = ModelName.allCases.filter { !$0.isTransactional }

  /// A seed whose history the checker judges otherwise than brute force does; nil without one.
  static func disagreement(_ model: ModelName, _ flaw: CheckerFlaw? = nil) -> (Int, String)? {
    for seed in 0..<count {
      var small = Small(model, seed: seed)
      let history = small.history(6)
      let holds = NaiveOrders.isLinearizable(history)
      let judgement = history.linearizable(explains: false, flaw: flaw)
      let agrees =
        switch judgement.verdict {
        case .holds: holds
        case .refuted: !holds
        default: false
        }
      if !agrees { return (seed, "\(holds) \(history.operations)") }
    }
    return nil
  }

  @Test(arguments: models) func `Brute force agrees`(model: ModelName) {
    #expect(Self.disagreement(model)?.1 == nil)
  }

  static let flaws: [CheckerFlaw] = [
    .memoWithoutState, .memoWithoutWindow, .memoWithoutUnknown, .unknownNever, .unknownOnce,
    .unknownBeforeCall, .lastReturnsFirst, .returnsFirst, .aloneOnly,
  ]

  /// Whether a flaw shows in longer histories than those of the comparison with brute force: beside
  /// the checker without it, which that comparison has judged.
  static func shows(_ flaw: CheckerFlaw, in model: ModelName) -> Bool {
    (0..<count).contains { seed in
      var small = Small(model, seed: seed)
      small.unknown = 3
      let history = small.history(9)
      let verdicts = [nil, flaw].map { history.linearizable(explains: false, flaw: $0).verdict }
      if case .holds = verdicts[0], case .refuted = verdicts[1] {
        return NaiveOrders.isLinearizable(history)
      }
      return false
    }
  }

  @Test(arguments: flaws) func `The comparison catches a planted bug`(flaw: CheckerFlaw) {
    #expect(
      Self.models.contains { Self.disagreement($0, flaw) != nil || Self.shows(flaw, in: $0) })
  }

  @Test(arguments: models) func `An order that is found is one`(model: ModelName) {
    for seed in 0..<300 {
      var small = Small(model, seed: seed)
      let history = small.history(12, processes: 4)
      guard case .holds(let orders) = history.linearizable().verdict else { continue }
      for order in orders {
        let operations = order.map { history.operations[$0] }
        #expect(NaiveOrders.isLegal(operations, model))
        for (index, later) in operations.enumerated() {
          #expect(!operations[..<index].contains { later.end ?? .max < $0.call })
        }
        #expect(Set(order).count == order.count)
      }
      let known = history.operations.indices.filter { history.operations[$0].isKnown }
      #expect(Set(known).isSubset(of: orders.joined()))
    }
  }

  @Test(arguments: models) func `A refutation stands without the rest`(model: ModelName) {
    for seed in 0..<300 {
      var small = Small(model, seed: seed)
      let history = small.history(7)
      guard case .refuted(let refutation) = history.linearizable().verdict else { continue }
      var prefix = History(processes: history.processes)
      prefix.model = model
      guard let last = refutation.last, let end = history.operations[last].end else {
        Issue.record("no last operation in seed \(seed)")
        continue
      }
      prefix.operations = history.operations.filter { $0.call <= end }
      for index in prefix.operations.indices where prefix.operations[index].end ?? 0 > end {
        prefix.operations[index].end = nil
      }
      #expect(!NaiveOrders.isLinearizable(prefix), "\(seed)")
      var core = prefix
      for index in core.operations.indices
      where !refutation.core.contains(index) {
        core.operations[index].end = nil
      }
      #expect(!NaiveOrders.isLinearizable(core), "\(seed) \(refutation)")
      for index in prefix.operations.indices where prefix.operations[index].end == end {
        prefix.operations[index].end = nil
      }
      #expect(NaiveOrders.isLinearizable(prefix), "\(seed) is not the smallest prefix")
    }
  }

  /// A process whose operation is of unknown outcome ends; its client still owns what it acquired.
  @Test func `A lock is its client's, whatever its process is called`() throws {
    let history = try HistoryReader(format: .ndjson).read(
      """
      {"history": 1, "model": "lock"}
      {"process": "a", "type": "invoke", "f": "acquire"}
      {"process": "a", "type": "info"}
      {"process": "b", "type": "invoke", "f": "acquire"}
      {"process": "b", "type": "ok", "value": false}
      {"process": "a", "type": "invoke", "f": "release"}
      {"process": "a", "type": "ok", "value": true}

      """)
    guard case .holds = history.judge(.linearizable).verdict else {
      Issue.record("\(history.judge(.linearizable).verdict)")
      return
    }
  }

  @Test(arguments: ["-", "1-2", "1/", "--1", "1.2.3", "1e"])
  func `What is no number is told with its place`(text: String) {
    #expect(throws: HistoryError.self) {
      try HistoryReader(format: .ndjson, model: .register).read(
        "{\"process\": 1, \"f\": \"write\", \"input\": \(text), \"call\": 0, \"return\": 1}\n")
    }
  }
}
