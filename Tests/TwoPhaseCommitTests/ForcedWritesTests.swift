import AtomicCommitment
import Lab
import ProtocolCore
import Testing
import TwoPhaseCommit

/// Which forced writes of the protocol could be saved where it is played as it is here.
struct ForcedWritesTests {
  /// A process in the middle finds its yes after a crash and asks; the last never forgets.
  @Test func `In a line only the last must force its decision, which makes n + 1`() throws {
    let relaysAtOnce = Flaw<Node>(
      "relaysAtOnce", "a decision is passed on before it is on disk",
      editing: { _, event, effect in
        guard case .received(.decide, _) = event,
          case .send(.decide(let decision), let to, _) = effect
        else { return [effect] }
        return [.send(.decide(decision), to: to, .atOnce)]
      })
    for n in 1...4 {
      var system = SystemState(try cluster(all: .chained, beside: n, relaysAtOnce))
      let asks = system.cluster.nodes.map { ($0, Words.Request.work(.update)) } + [("c", .commit)]
      let cost = Cost(of: system.playFairly(asks))
      #expect((cost.messages, cost.forced) == (2 * n, n + 1))
    }
    for (n, crashes) in [(1, 2), (2, 2)] {
      var cluster = try cluster(all: .chained, beside: n, relaysAtOnce)
      cluster.bounds.crashes = crashes
      #expect(Explorer(cluster).explore().ending == .exhausted)
    }
  }

  /// A coordinator that finds a start, or nothing, aborts all the same.
  @Test func `No process need wait for the record of an abort, whatever is presumed`() throws {
    let abortsAtOnce = Flaw<Node>(
      "abortsAtOnce", "an abort is told before it is on the coordinator's disk",
      editing: { node, _, effect in
        guard case .coordinator = node else { return [effect] }
        switch effect {
        case .send(.decide(.abort), let to, _): return [.send(.decide(.abort), to: to, .atOnce)]
        case .reply(.decided(.abort), let client, _):
          return [.reply(.decided(.abort), to: client, .atOnce)]
        default: return [effect]
        }
      })
    for presumption in Presumption.allCases {
      for (n, crashes) in [(1, 2), (2, 1)] {
        let cluster = try Cluster<TwoPhaseCommitModel>(
          TwoPhaseCommitModel.topology(n), variant: presumption, flaw: abortsAtOnce,
          bounds: Bounds(crashes: crashes, losses: 0, duplicates: 0, expiries: 1))
        #expect(Explorer(cluster).explore().ending == .exhausted)
      }
    }
  }

  private func cluster(
    all role: TwoPhaseCommitModel.Role, beside count: Int, _ flaw: Flaw<Node>
  ) throws -> Cluster<TwoPhaseCommitModel> {
    try Cluster<TwoPhaseCommitModel>(
      TwoPhaseCommitModel.topology(count, all: role), flaw: flaw,
      bounds: Bounds(crashes: 0, losses: 0, duplicates: 0, expiries: 1))
  }
}
