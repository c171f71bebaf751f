import Histories
import Testing

/// Histories of the size of those that others publish, whose verdicts are known beforehand.
@Suite struct MadeTests {
  static func isRight(_ history: History, isBroken: Bool) -> Bool {
    switch history.linearizable(budget: Budget(steps: 2_000_000), explains: false).verdict {
    case .holds: !isBroken
    case .refuted: isBroken
    default: false
    }
  }

  @Test func `Registers as etcd's were tested are decided`() {
    for seed in 0..<102 {
      var maker = HistoryMaker(.casRegister, clients: 5, unanswered: 12, seed: seed)
      let isBroken = seed % 4 != 0
      let history = maker.history(60 + seed, isBroken: isBroken)
      #expect(Self.isRight(history, isBroken: isBroken), "\(seed)")
    }
  }

  @Test(arguments: [(10, 400), (50, 2_000)]) func `Key-value stores are decided`(
    clients: Int, count: Int
  ) {
    for seed in 0..<4 {
      var maker = HistoryMaker(.keyValue, clients: clients, unanswered: 0, seed: seed)
      let isBroken = seed % 2 == 1
      let history = maker.history(count, isBroken: isBroken)
      #expect(Self.isRight(history, isBroken: isBroken), "\(seed)")
    }
  }

  @Test func `Nothing takes more than its budget`() {
    var maker = HistoryMaker(.casRegister, clients: 40, unanswered: 3, seed: 1)
    let history = maker.history(2_000, isBroken: true)
    for bytes in [1 << 16, 1 << 20] {
      let judgement = history.linearizable(budget: Budget(bytes: bytes, steps: 100_000))
      #expect(judgement.peak <= 4 * bytes && judgement.steps <= 100_000)
    }
    for guarantee in Guarantee.all(for: history) {
      let judgement = history.judge(guarantee, budget: Budget(bytes: 1 << 20, steps: 50_000))
      #expect(judgement.steps <= 250_000)
    }
  }

  @Test func `What is written in our own format is read as it was`() throws {
    for model in ModelName.allCases where !model.isTransactional {
      for seed in 0..<100 {
        var small = Small(model, seed: seed)
        var history = small.history(8)
        history.operations[0].key = .text("quote \" slash \\ tab \t line \n bell \u{7} é 😀")
        history.operations[0].delivered = [1, "x", .null, true]
        let read = try HistoryReader().read(NDJSON.text(of: history))
        #expect(read.model == model && read.operations.count == history.operations.count)
        for (one, other) in zip(read.operations, history.operations) {
          #expect(one.description == other.description && one.call == other.call)
          #expect(one.end == other.end && one.key == other.key && one.delivered == other.delivered)
          #expect(read.name(of: one) == history.name(of: other))
        }
      }
    }
  }
}
