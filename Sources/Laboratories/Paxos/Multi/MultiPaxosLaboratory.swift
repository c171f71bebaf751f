public import Lab
public import Paxos
import ProtocolCore
import ReplicatedLog

/// Multi-Paxos in the laboratory.
public enum MultiPaxosLaboratory: Laboratory {
  /// The chapter.
  public typealias Subject = MultiPaxos.Model

  /// The chapter in a few words.
  public static let title = "Multi-Paxos, a replicated log"

  /// The folder of its runs.
  public static let folder = "Paxos/Multi"

  /// Servers; with two every crash leaves no majority.
  public static let sizes = [3]
}

// MARK: Scenarios

extension MultiPaxosLaboratory {
  /// What can happen to some servers, from a moment on.
  ///
  /// - Parameters:
  ///   - variant: the form.
  ///   - crashes: how many.
  ///   - duplicates: how many messages are doubled.
  ///   - elections: how often a server would lead.
  ///   - beats: how often a leader tells that it leads.
  ///   - leases: how often a lease or a grant runs out.
  ///   - servers: how many there are.
  ///   - asks: what is asked.
  ///   - prelude: the acts with which it begins.
  static func scenario(
    _ variant: MultiPaxos.Variant = .log, crashes: Int = 0, duplicates: Int = 0,
    elections: Int = 0, beats: Int = 0, leases: Int = 0, servers: Int = 3,
    asking asks: [Ask<MultiPaxos.Words>],
    after prelude: [Act<MultiPaxos.Words>] = []
  ) -> Scenario<Subject> {
    var bounds = Bounds(crashes: crashes, losses: 0, duplicates: duplicates, expiries: 0)
    bounds.kinds = ["election": elections, "beat": beats, "lease": leases]
    return Scenario(
      servers, variants: [variant], bounds: bounds,
      workload: .only(begun(in: prelude, beside: asks) + asks),
      after: prelude)
  }

  /// What a prelude asks for clients that ask nothing later.
  ///
  /// They ask one server, and give up when it has crashed. A client that goes round them all has
  /// commands proposed without end.
  private static func begun(
    in prelude: [Act<MultiPaxos.Words>], beside later: [Ask<MultiPaxos.Words>]
  ) -> [Ask<MultiPaxos.Words>] {
    prelude.compactMap { act in
      guard case .ask(let server, let request, let client?) = act,
        !later.contains(where: { $0.client == client })
      else { return nil }
      return Ask(client, of: [server], oneOf: [request])
    }
  }
}

// MARK: Properties

extension MultiPaxosLaboratory {
  /// Another would lead while a command is half chosen, or while a leader has a lease; a leader
  /// that finds a gap; and simulated runs.
  public static let checks: [PropertyCheck<Subject>] = MultiPaxos.Property.allCases.map {
    property in
    let explored: [Scenario<Subject>] =
      switch property {
      case .termination, .progress, .convergence: []
      case .operatorTold:
        [
          scenario(
            asking: [Ask("o", of: ["a"], oneOf: [.members(["a", "b"])])], after: Moments.led),
          scenario(asking: [Moments.again], after: Moments.undone),
        ]
      case .fills, .gaps: [scenario(asking: [], after: Moments.gap)]
      case .stateMachineSafety, .validity, .inOrder, .exactlyOnce, .linearizable, .applies,
        .stateConsistency, .rivals:
        [
          scenario(asking: y, after: Moments.contested(Moments.half)),
          scenario(.lease, elections: 1, asking: y + z, after: Moments.leased),
          scenario(asking: [], after: Moments.contestedAgain),
        ]
      }
    let claims = property == .linearizable ? ["PAXOS-7", "PAXOS-11"] : ["PAXOS-7"]
    return PropertyCheck(
      property, claims: claims, exploring: explored,
      simulating: [
        Scenario(3, bounds: Bounds(), workload: .anything),
        Scenario(5, bounds: Bounds(), workload: .anything),
        Scenario(3, variants: [.log], bounds: Bounds(), workload: .only(changing)),
      ])
  }

  /// Two clients, and an operator who would do without c, and then with c alone.
  private static let changing: [Ask<MultiPaxos.Words>] = {
    let servers: [NodeID] = ["a", "b", "c"]
    return ReplicatedLog.asks(of: servers) + [
      Ask("o", of: servers, oneOf: [.members(["a", "b"])], insists: true),
      Ask("o", of: servers, oneOf: [.members(["c"])], insists: true),
    ]
  }()
}
