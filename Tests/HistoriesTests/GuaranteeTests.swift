import Histories
import Testing

@Suite struct GuaranteeTests {
  static let count = Campaign.size(of: 600)

  static let causal: [Guarantee] = [
    .sequential, .causalConvergence, .causalMemory, .causalConsistency, .pram,
  ]
  static let sessions: [Guarantee] = [
    .monotonicReads, .monotonicWrites, .readYourWrites, .writesFollowReads, .consistentPrefix,
  ]

  static func brute(_ guarantee: Guarantee, _ history: History) -> Bool {
    let naive = NaiveCausality(history)
    return switch guarantee {
    case .sequential: naive.isSequential
    case .causalConvergence: naive.isCausallyConvergent
    case .causalMemory: naive.isCausalMemory
    case .causalConsistency: naive.isCausallyConsistent
    case .pram: naive.isPRAM
    case .consistentPrefix: NaiveSessions(history).hasConsistentPrefix
    default: NaiveSessions(history).holds(guarantee)
    }
  }

  static func holds(_ history: History, _ guarantee: Guarantee, _ flaw: CheckerFlaw? = nil)
    -> Bool?
  {
    switch history.judge(guarantee, flaw: flaw).verdict {
    case .holds: true
    case .refuted: false
    case .undecided, .unsuited: nil
    }
  }

  /// How often brute force and the checker agree that it holds, and that it does not; a history on
  /// which they do not agree, if there is one.
  static func compare(
    _ guarantee: Guarantee, _ model: ModelName, _ flaw: CheckerFlaw? = nil
  ) -> (holds: Int, refuted: Int, other: String?) {
    var holds = 0
    var refuted = 0
    for seed in 0..<count {
      var distinct = Distinct(seed: seed)
      let history = distinct.history(model == .set ? 7 : 5, model, keys: 1 + seed % 2)
      let expected = brute(guarantee, history)
      guard Self.holds(history, guarantee, flaw) == expected else {
        return (holds, refuted, "seed \(seed), \(expected): \(history.told)")
      }
      if expected { holds += 1 } else { refuted += 1 }
    }
    return (holds, refuted, nil)
  }

  @Test(arguments: causal + sessions) func `Brute force agrees on registers`(
    guarantee: Guarantee
  ) {
    let found = Self.compare(guarantee, .register)
    #expect(found.other == nil)
    // Registers that are read one at a time can refute these by nothing that nobody wrote.
    let isTrivial = [.monotonicWrites, .consistentPrefix].contains(guarantee)
    #expect(found.holds > 20 && (isTrivial || found.refuted > 5), "\(found)")
  }

  @Test(arguments: sessions) func `Brute force agrees on sets`(guarantee: Guarantee) {
    let found = Self.compare(guarantee, .set)
    #expect(found.other == nil)
    #expect(found.holds > 20 && found.refuted > 10, "\(found)")
  }

  @Test(arguments: [
    [Guarantee.monotonicReads, .monotonicWrites], [.monotonicReads, .writesFollowReads],
    [.readYourWrites, .monotonicReads, .monotonicWrites, .writesFollowReads],
  ])
  func `Brute force agrees on session guarantees together`(guarantees: [Guarantee]) {
    var (holds, together) = (0, 0)
    for seed in 0..<Self.count {
      var distinct = Distinct(seed: seed)
      let history = distinct.history(5, .register, keys: 1 + seed % 2)
      let verdict = history.judge(together: guarantees).verdict
      let expected = NaiveSessions(history).holds(guarantees)
      switch verdict {
      case .holds:
        #expect(expected, "seed \(seed): \(history.told)")
        holds += 1
      case .refuted:
        #expect(!expected, "seed \(seed): \(history.told)")
        if guarantees.allSatisfy({ Self.holds(history, $0) == true }) { together += 1 }
      case .undecided, .unsuited: Issue.record("seed \(seed) was not judged")
      }
    }
    // Some keep each by itself, and not all; a reply takes longer histories.
    #expect(holds > 20 && (together > 0 || !guarantees.contains(.monotonicWrites)))
  }

  @Test func `A reply without its question is seen by one whose reads do not go back`() throws {
    let lines = [
      ("p", "write", "x", "1", "1"), ("q", "read", "x", "null", "1"),
      ("q", "write", "y", "2", "2"), ("r", "read", "y", "null", "2"),
      ("r", "read", "x", "null", "null"),
    ]
    var text = #"{"history": 1, "model": "register"}"# + "\n"
    for (time, line) in lines.enumerated() {
      for (type, value, moment) in [("invoke", line.3, 2 * time), ("ok", line.4, 2 * time + 1)] {
        text += #"{"process": "\#(line.0)", "type": "\#(type)", "f": "\#(line.1)", "#
        text += #""key": "\#(line.2)", "value": \#(value), "time": \#(moment)}"# + "\n"
      }
    }
    let history = try HistoryReader().read(text)
    let guarantees: [Guarantee] = [.monotonicReads, .writesFollowReads]
    for guarantee in guarantees { #expect(Self.holds(history, guarantee) == true) }
    guard case .refuted = history.judge(together: guarantees).verdict else {
      Issue.record("both hold together")
      return
    }
  }

  static let flaws: [(CheckerFlaw, Guarantee, ModelName)] = [
    (.memoWithoutObjects, .sequential, .register),
    (.causalityWithoutReadsFrom, .causalConsistency, .register),
    (.causalityWithoutInitial, .causalConsistency, .register),
    (.causalityWithoutOverwriting, .causalConsistency, .register),
    (.convergenceWithoutConflicts, .causalConvergence, .register),
    (.memoryWithoutConclusions, .causalMemory, .register),
    (.memoryWithoutConclusions, .pram, .register),
    (.pramWithoutOrder, .pram, .register),
    (.sessionsWithoutVisibility, .monotonicWrites, .set),
    (.sessionsWithoutOrder, .monotonicReads, .register),
    (.prefixWithoutSessions, .consistentPrefix, .set),
    (.prefixWithoutUnseen, .consistentPrefix, .set),
  ]

  @Test(arguments: flaws) func `The comparison catches a planted bug`(
    flaw: CheckerFlaw, guarantee: Guarantee, model: ModelName
  ) {
    let isCaught = (0..<20_000).contains { seed in
      var distinct = Distinct(seed: seed)
      let history = distinct.history(model == .set ? 7 : 8, model, keys: 1 + seed % 2)
      let verdict = Self.holds(history, guarantee)
      // Brute force takes long: it is asked where the flaw shows.
      return Self.holds(history, guarantee, flaw) != verdict && history.operations.count <= 7
        && Self.brute(guarantee, history) == verdict
    }
    #expect(isCaught)
  }

  @Test(arguments: [ModelName.register, .set]) func `What is stronger implies what is weaker`(
    model: ModelName
  ) {
    for seed in 0..<Self.count {
      var distinct = Distinct(seed: seed)
      let history = distinct.history(9, model, keys: 1 + seed % 2)
      for strong in Guarantee.allCases where Self.holds(history, strong) == true {
        for weak in strong.closure {
          #expect(Self.holds(history, weak) != false, "\(strong) \(weak) \(history.told)")
        }
      }
    }
  }
}

extension History {
  var told: String {
    operations.map { "\(name(of: $0)) \($0) [\($0.call)…\($0.end.map(String.init) ?? "")]" }
      .joined(separator: "; ")
  }
}
