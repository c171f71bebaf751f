import Lab
import ProtocolCore
public import Raft

/// How many elections it takes until there is a leader, from the start of all servers on, when
/// nothing fails.
public struct Elections: Hashable, Sendable {
  /// Of each run the term of the first leader; nil where none was elected within 120 acts.
  public let terms: [Int?]

  /// Measures it.
  ///
  /// - Parameters:
  ///   - spread: by how much the longest election time-out is longer than the shortest, in ticks;
  ///     a message takes one to three.
  ///   - variant: the form.
  ///   - runs: how many seeds.
  public init(spread: Int, _ variant: Raft.Variant = .paper, runs: Int = 50) throws {
    var cluster = try Cluster<RaftModel>(RaftModel.topology(3), variant: variant)
    cluster.asks = []
    cluster.flaw = Flaw<Raft.Server>(
      "otherSpread", "election time-outs come from another range",
      editing: { _, _, effect in
        guard case .set(.election, _) = effect else { return [effect] }
        return [.set(.election, after: 70...Ticks(70 + spread))]
      })
    var simulator = Simulator(cluster, length: 60...60)
    simulator.judged = []
    var profile = FaultProfile()
    profile.delay = 1...3
    profile.storing = 0...2
    terms = (0..<UInt64(runs)).map { seed in
      Self.firstTerm(of: simulator.run(seed: seed, profile: profile))
    }
  }

  private static func firstTerm(of run: SimulatedRun<RaftModel>) -> Int? {
    var system = SystemState(run.system.cluster)
    for act in run.acts {
      guard let step = try? system.perform(act) else { continue }
      for incident in step.incidents {
        if case .noted(.leads(let term)) = incident.happening { return term }
      }
    }
    return nil
  }

  /// How many of a hundred runs had a leader after so many elections.
  public func percent(within elections: Int) -> Double {
    Double(terms.count { $0.map { $0 <= elections } ?? false } * 100) / Double(terms.count)
  }
}
