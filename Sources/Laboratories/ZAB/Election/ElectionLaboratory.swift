public import Lab
import ProtocolCore
public import ZAB

/// Fast Leader Election in the laboratory.
public enum ElectionLaboratory: Laboratory {
  /// The chapter.
  public typealias Subject = FastLeaderElection.Model

  /// The chapter in a few words.
  public static let title = "Fast Leader Election"

  /// The folder of its runs.
  public static let folder = "ZAB/Election"

  /// Servers; with two every crash leaves no quorum.
  public static let sizes = [3]

  private typealias Server = FastLeaderElection.Node

  /// So many servers, votes that come in time.
  private static func timely(_ size: Int) -> Scenario<Subject> {
    Scenario(
      size, variants: [.timely],
      bounds: Bounds(crashes: 0, losses: 0, duplicates: 0, expiries: size))
  }

  /// So many servers, so many time-outs, and losses.
  private static func lossy(
    _ size: Int, timeouts: Int, losses: Int, after prelude: [Act<Subject.Words>] = []
  ) -> Scenario<Subject> {
    Scenario(
      size, variants: [.lossy],
      bounds: Bounds(crashes: 0, losses: losses, duplicates: 0, expiries: timeouts),
      after: prelude)
  }

  /// What goes wrong without each rule, and with each flaw.
  public static let experiments: [Experiment<Subject>] = [
    Experiment(.without(.epochBeforeZxid), violates: [.bestElected], in: [timely(3)]),
    Experiment(.without(.zxidVoted), violates: [.bestElected], in: [timely(3)]),
    Experiment(.without(.votesRepeated), violates: [.termination]),
    Experiment(
      .flaw(votesNotVoters), violates: [.quorumVoted],
      in: [lossy(5, timeouts: 1, losses: 0, after: heard)]),
    Experiment(.flaw(roundsIgnored), violates: [.quorumVoted]),
  ]

  private static let roundsIgnored = Flaw<Server>(
    "roundsIgnored", "a server takes votes of all rounds for votes of its own"
  ) { server, event in
    guard case .received(.notification(let told), let sender) = event,
      told.state == .looking
    else { return server.step(event) }
    let now = ZAB.Notification(
      .looking, ZAB.Vote(told.leader, told.zxid, told.peerEpoch), round: server.voter.round)
    return server.step(.received(.notification(now), from: sender))
  }

  /// Two votes of the best are heard by a server that has not told its own.
  private static let heard: [Act<Subject.Words>] = [
    .deliver(Link(from: "a", to: "b"), 0)
  ]

  private static let votesNotVoters = Flaw<Server>(
    "votesNotVoters", "a server counts votes, and one that comes is two"
  ) { server, event in
    let effects = server.step(event)
    guard case .received(let message, let sender) = event,
      let other = (["c", "d", "e"] as [NodeID]).first(where: { $0 != sender })
    else { return effects }
    return effects + server.step(.received(message, from: other))
  }

  /// How each property is judged.
  public static let checks: [PropertyCheck<Subject>] =
    FastLeaderElection.Property.allCases.map { property in
      let explored: [Scenario<Subject>] =
        switch property {
        case .termination: []
        case .bestElected: [timely(3)]
        case .quorumVoted, .elects, .rivals: [lossy(3, timeouts: 2, losses: 0)]
        }
      let simulated: Scenario<Subject> =
        property == .bestElected
        ? Scenario(4, variants: [.timely], bounds: Bounds(), workload: .anything)
        : Scenario(3, bounds: Bounds(), workload: .anything)
      return PropertyCheck(
        property, claims: claims(of: property), exploring: explored, simulating: [simulated])
    }

  private static func claims(of property: FastLeaderElection.Property) -> [String] {
    switch property {
    case .quorumVoted: ["ELECT-3", "ELECT-1"]
    case .bestElected: ["ELECT-2", "ELECT-3"]
    case .termination: ["ELECT-4"]
    case .elects: ["ELECT-1"]
    case .rivals: ["ELECT-3"]
    }
  }
}
