import AtomicCommitment
public import Lab
import ProtocolCore
import ThreePhaseCommit

/// What it costs that the first participant takes over from a coordinator that crashed, when
/// nothing else fails and nobody else is impatient.
///
/// Source: Bernstein, Hadzilacos, Goodman 1987, 7.5.
public struct TerminationCost: Hashable, Sendable {
  /// What the new leader finds.
  public let finding: Finding
  /// How many participants there are beside the leader; at least one.
  public let followers: Int

  /// What a new leader finds.
  public enum Finding: String, CaseIterable, Sendable {
    /// Nobody knows that all voted yes.
    case uncertain = "TR3: all are uncertain"
    /// It knows that all voted yes, and nobody else does.
    case committable = "TR4: only the leader is committable"
  }

  /// Such a termination.
  public init(_ finding: Finding, followers: Int) {
    self.finding = finding
    self.followers = followers
  }

  /// The cost by formula.
  ///
  /// The leader asks the coordinator in vain, then all others for their states, and tells the
  /// decision; in between, by TR4, it tells them preCommit and hears that they know. Everybody has
  /// written down that the coordinator is gone before it says anything about it, and the leader its
  /// decision.
  public var formula: (messages: Int, forced: Int) {
    let n = followers
    switch finding {
    case .uncertain: return (1 + 3 * n, n + 2)
    case .committable: return (1 + 5 * n, n + 2)
    }
  }

  /// The cost from the moment at which the leader becomes impatient.
  public func counted() throws -> Cost {
    var system = SystemState(
      try Cluster<ThreePhaseCommitModel>(ThreePhaseCommitModel.topology(followers + 1)))
    let names = system.cluster.nodes.dropFirst()
    var acts: [Act<Words>] = names.map { .ask($0, .work(.update)) } + [.ask("c", .commit)]
    for name in names {
      acts += [
        .deliver(Link(from: "c", to: name), 0), .store(name, first: nil),
        .deliver(Link(from: name, to: "c"), 0),
      ]
    }
    switch finding {
    case .uncertain: acts += [.crash("c", losing: 1, unsent: 0)]
    case .committable:
      acts += [
        .store("c", first: nil), .crash("c", losing: 0, unsent: followers),
        .deliver(Link(from: "c", to: "a"), 0), .store("a", first: nil),
        .deliver(Link(from: "a", to: "c"), 0),
      ]
    }
    for act in acts { try system.perform(act) }
    var steps: [Step<Words>] = []
    for timer in [Words.Timer.leader, .answers] {
      steps.append(try system.perform(.expire("a", timer)))
      steps += system.playFairly([])
    }
    return Cost(of: steps)
  }
}
