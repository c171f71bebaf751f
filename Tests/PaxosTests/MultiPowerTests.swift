import Lab
import Paxos
import PaxosLab
import Testing

/// What Multi-Paxos's properties are explored in is large enough to see what it is for.
struct MultiPowerTests {
  /// c has promised nothing and accepts, which must count for a promise.
  @Test func `A server whose acceptance promises nothing is caught where safety is explored`()
    throws
  {
    let check = try #require(
      MultiPaxosLaboratory.checks.first { $0.property == .stateMachineSafety })
    var endings: [Exploration<MultiPaxos.Model>.Ending] = []
    for scenario in check.explored {
      for var explorer in try scenario.explorers(with: .without(.acceptancePromises)) {
        explorer.judged = [.stateMachineSafety]
        endings.append(explorer.explore().ending)
      }
    }
    #expect(
      endings.contains { if case .violated(.stateMachineSafety, _) = $0 { true } else { false } })
  }
}
