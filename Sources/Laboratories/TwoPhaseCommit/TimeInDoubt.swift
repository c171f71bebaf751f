import AtomicCommitment
import Lab
import ProtocolCore
public import TwoPhaseCommit

/// How long participants are in doubt when the coordinator crashes before its decision is stable.
public struct TimeInDoubt: Hashable, Sendable {
  /// How long the coordinator was down.
  public let downtime: Int
  /// How long each participant was in doubt, on average over participants and runs, in ticks.
  public let inDoubt: Double
  /// How long it was blocked.
  public let blocked: Double

  /// The time in doubt in units of the coordinator's downtime.
  public var ratio: Double { inDoubt / Double(downtime) }

  /// Measures it in so many simulated runs.
  public init(
    downtime: Int, participants: Int = 2, presumption: Presumption = .nothing, runs: Int = 20
  ) throws {
    let cluster = try Cluster<TwoPhaseCommitModel>(
      TwoPhaseCommitModel.topology(participants), variant: presumption)
    var simulator = Simulator(cluster, length: 4_000...4_000)
    simulator.injectedCrashes = [
      InjectedCrash(node: "c", losing: .max, downtime: downtime) { system in
        system.hosts[0].unstable.contains { if case .decided = $0 { true } else { false } }
      }
    ]
    var profile = FaultProfile()
    profile.storing = 1...2
    profile.asksFirst = true
    var total = (inDoubt: 0, blocked: 0)
    for seed in 0..<UInt64(runs) {
      let run = simulator.run(seed: seed, profile: profile)
      total.inDoubt += run.time(in: .uncertain)
      total.blocked += run.time(in: .blocked)
    }
    self.downtime = downtime
    inDoubt = Double(total.inDoubt) / Double(runs * participants)
    blocked = Double(total.blocked) / Double(runs * participants)
  }
}
