import Histories
import Lab
import Paxos
import PaxosLab
import ProtocolCore
import Testing

/// The observer of the replicated log and the checker of histories agree on what clients saw.
struct HistoryTests {
  private func verdict(_ run: SimulatedRun<MultiPaxos.Model>) throws -> Histories.Verdict {
    let text = ClientHistory<MultiPaxos.Model>(
      of: run.acts, in: run.system.cluster, at: run.times
    ).text
    let history = try HistoryReader(format: .ndjson, model: .keyValue).read(text)
    return history.judge(.linearizable, budget: Histories.Budget()).verdict
  }

  @Test func `What clients of a correct log saw is linearizable for both`() throws {
    for variant in MultiPaxos.Variant.allCases {
      let cluster = try Cluster<MultiPaxos.Model>(
        MultiPaxos.Model.topology(3), variant: variant)
      for seed: UInt64 in 0..<150 {
        let run = Simulator(cluster).run(seed: seed)
        #expect(run.violated == nil)
        guard case .holds = try verdict(run) else {
          Issue.record("seed \(seed)")
          return
        }
      }
    }
  }
}
