import Foundation
import Testing
import ZooKeeperPersistence

@Suite struct `A loss of power` {
  /// How many rounds there are; `QUORATE_ROUNDS` says otherwise.
  static let rounds =
    ProcessInfo.processInfo.environment["QUORATE_ROUNDS"].flatMap { UInt64($0) } ?? 600

  @Test func `Loses nothing that was told, and leaves nothing half done`() throws {
    var sum = PowerLoss.Count()
    for seed in 1...Self.rounds {
      let count = try PowerLoss.play(seed: seed)
      sum.ends += count.ends
      sum.cuts += count.cuts
      sum.refusals += count.refusals
      sum.told += count.told
    }
    // They are worth their while.
    let rounds = Int(Self.rounds)
    #expect(sum.ends > rounds * 2 && sum.cuts > rounds / 40 && sum.told > rounds * 20, "\(sum)")
    // A byte that has changed, a log that is missing, sectors that were written out of order.
    #expect(sum.refusals > rounds / 10, "\(sum)")
    print("\(rounds) rounds: \(sum)")
  }

  @Test(arguments: Rule.allCases)
  func `Shows what each rule is for`(rule: Rule) {
    let rules = Set(Rule.allCases).subtracting([rule])
    #expect(
      (1...2000).contains { seed in (try? PowerLoss.play(seed: seed, rules: rules)) == nil },
      "nothing goes wrong without \(rule)")
  }
}
