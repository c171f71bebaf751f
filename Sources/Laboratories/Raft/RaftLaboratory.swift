public import Lab
public import ProtocolCore
public import Raft
import ReplicatedLog

/// Raft in the laboratory.
public enum RaftLaboratory: Laboratory {
  /// The chapter.
  public typealias Subject = RaftModel

  /// The chapter in a few words.
  public static let title = "Raft"

  /// The folder of its runs.
  public static let folder = "Raft"

  /// What the chapter states.
  public static let claims = Claim.raft

  /// Servers; with two every crash leaves no majority.
  public static let sizes = [3]
}

// MARK: Scenarios

extension RaftLaboratory {
  /// How often a timer of each kind runs out in a scenario.
  struct TimeOuts {
    var election = 0
    var beat = 0
    var heard = 0
    var quorum = 0
    var transfer = 0
    var lease = 0
  }

  /// What can happen to some servers, from a moment on.
  ///
  /// - Parameters:
  ///   - variant: the form.
  ///   - size: how many servers there are.
  ///   - crashes: how many.
  ///   - duplicates: how many messages are doubled.
  ///   - timeouts: how often a timer runs out.
  ///   - asks: what is asked.
  ///   - prelude: the acts with which it begins.
  static func scenario(
    _ variant: Raft.Variant = .paper, size: Int = 3, crashes: Int = 0, duplicates: Int = 0,
    within timeouts: TimeOuts = TimeOuts(), asking asks: [Ask<Raft.Words>] = [],
    after prelude: [Act<Raft.Words>] = []
  ) -> Scenario<Subject> {
    var bounds = Bounds(crashes: crashes, losses: 0, duplicates: duplicates, expiries: 0)
    bounds.kinds = [
      "election": timeouts.election, "beat": timeouts.beat, "heard": timeouts.heard,
      "quorum": timeouts.quorum, "transfer": timeouts.transfer, "lease": timeouts.lease,
    ]
    return Scenario(
      size, variants: [variant], bounds: bounds, workload: .only(asks), after: prelude)
  }
}

// MARK: Properties

extension RaftLaboratory {
  /// How each property is judged.
  public static let checks: [PropertyCheck<Subject>] = Raft.Property.allCases.map { property in
    PropertyCheck(
      property, claims: claims(of: property), exploring: explored(property),
      simulating: [Scenario(3, bounds: Bounds(), workload: .anything)])
  }

  private static func explored(_ property: Raft.Property) -> [Scenario<Subject>] {
    switch property {
    case .termination, .progress, .convergence, .abdication: []
    case .installs, .snapshotsAgree, .stateConsistency:
      [scenario(crashes: 1, after: Moments.installing)]
    case .operatorTold:
      [
        scenario(
          asking: [Ask("o", of: ["a"], oneOf: [.members(["a", "b"])])], after: Moments.begun),
        scenario(
          .thesis, asking: [Ask("o", of: ["a"], oneOf: [.transfer("b")])],
          after: Moments.begunAsked),
        scenario(
          .thesis, asking: [Ask("o", of: ["a"], oneOf: [.transfer("a")])],
          after: Moments.contestedAsked),
        scenario(.thesis, size: 4, asking: [Moments.again], after: Moments.superseded),
      ]
    case .splits: [scenario(within: TimeOuts(election: 1), after: Moments.stand("a"))]
    case .stateMachineSafety, .validity, .inOrder, .exactlyOnce, .linearizable, .electionSafety,
      .leaderAppendOnly, .logMatching, .leaderCompleteness, .monotonic, .applies, .rivals:
      [
        scenario(crashes: 1, within: TimeOuts(election: 1)),
        scenario(after: Moments.contested(Moments.half)),
        scenario(.lease, asking: [Moments.z], after: Moments.challenged(Moments.leased)),
      ]
    }
  }

  private static func claims(of property: Raft.Property) -> [String] {
    switch property {
    case .electionSafety: ["RAFT-1", "RAFT-6"]
    case .leaderAppendOnly: ["RAFT-2"]
    case .logMatching: ["RAFT-3"]
    case .leaderCompleteness: ["RAFT-4"]
    case .stateMachineSafety: ["RAFT-5"]
    case .validity, .inOrder: ["RAFT-5", "RAFT-10"]
    case .exactlyOnce: ["RAFT-11"]
    case .linearizable: ["RAFT-11", "RAFT-13"]
    case .monotonic: ["RAFT-12"]
    case .snapshotsAgree, .stateConsistency: ["RAFT-10", "RAFT-13"]
    case .termination, .progress, .rivals, .splits: ["RAFT-8"]
    case .abdication: ["RAFT-9"]
    case .operatorTold: ["RAFT-9", "RAFT-11"]
    case .convergence, .installs: ["RAFT-10"]
    case .applies: ["RAFT-5"]
    }
  }
}
