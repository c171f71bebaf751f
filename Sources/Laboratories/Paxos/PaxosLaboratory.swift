import Consensus
public import Lab
public import Paxos
public import ProtocolCore

/// The Synod in the laboratory.
public enum PaxosLaboratory: Laboratory {
  /// The chapter.
  public typealias Subject = PaxosModel

  /// The chapter in a few words.
  public static let title = "Paxos for a single value"

  /// The folder of its runs.
  public static let folder = "Paxos"

  /// What the chapter states.
  public static let claims = Claim.paxos

  /// Acceptors; with two every crash leaves no quorum.
  public static let sizes = [3, 1]
}

// MARK: Scenarios

extension PaxosLaboratory {
  /// What can happen to so many acceptors and two proposers that are asked for a value each.
  ///
  /// - Parameters:
  ///   - acceptors: how many.
  ///   - crashes: how many.
  ///   - duplicates: how many messages are doubled.
  ///   - ballots: how often a proposer begins another, because it waited long enough.
  ///   - asks: what is asked; each proposer for its value, where nothing is said.
  ///   - prelude: the acts with which it begins.
  static func scenario(
    _ acceptors: Int, crashes: Int = 0, duplicates: Int = 0, ballots: Int = 0,
    asking asks: [Ask<Words>]? = nil, after prelude: [Act<Words>] = []
  ) -> Scenario<Subject> {
    var bounds = Bounds(crashes: crashes, losses: 0, duplicates: duplicates, expiries: 0)
    bounds.kinds = ["ballot": ballots, "inquiry": 0]
    return Scenario(
      acceptors, bounds: bounds, workload: asks.map { .only($0) } ?? .usual, after: prelude)
  }

  /// One acceptor and what a crash and another ballot can do; then three, where quorums matter.
  static let anything = [
    scenario(1), scenario(1, crashes: 1), scenario(1, ballots: 1),
    scenario(1, crashes: 1, ballots: 1), scenario(3).only(.majority),
  ]
}

// MARK: Moments

extension PaxosLaboratory {
  /// A message arrives, and what its receiver writes down about it is stable.
  private static func deliver(_ from: NodeID, _ to: NodeID, _ place: Int = 0) -> [Act<Words>] {
    [.deliver(Link(from: from, to: to), place), .store(to, first: nil)]
  }

  /// A proposer is asked, and two acceptors have promised it its first ballot.
  private static func prepared(
    _ proposer: NodeID, _ value: Value, by acceptors: NodeID...
  ) -> [Act<Words>] {
    [.ask(proposer, .propose(value)), .store(proposer, first: nil)]
      + acceptors.flatMap { deliver(proposer, $0) + deliver($0, proposer).prefix(1) }
  }

  /// p proposes v in 1.p, and of a, b and c only a has accepted it.
  static let minority = prepared("p", "v", by: "a", "b") + deliver("p", "a")

  /// b has accepted it as well: v is chosen and learnt, and c has heard of nothing.
  static let chosen =
    minority + deliver("p", "b") + deliver("a", "l").prefix(1) + deliver("b", "l").prefix(1)

  /// While only a has accepted v, q has w accepted by b and c in 1.q: w is chosen and learnt.
  static let outvoted =
    minority + prepared("q", "w", by: "b", "c") + deliver("q", "b") + deliver("q", "c")
    + deliver("b", "l").prefix(1) + deliver("c", "l").prefix(1)

  /// q has w accepted by a and c, of which a has promised 1.p only, and only p's acceptance is
  /// under way, to a: w is chosen and learnt.
  static let overtaken =
    prepared("p", "v", by: "a", "b") + prepared("q", "w", by: "b", "c") + deliver("q", "a", 1)
    + deliver("q", "c") + deliver("a", "l").prefix(1) + deliver("c", "l").prefix(1)
    + [("p", "b"), ("p", "c"), ("p", "c"), ("q", "a"), ("q", "b"), ("l", "p"), ("l", "q")]
    .map { .lose(Link(from: $0, to: $1), 0) }

  /// While only a has accepted v, q proposes w in 1.q, promised by b and c; p has gone on to 2.p,
  /// promised by a and b, and proposes v again.
  static let crossed =
    minority + prepared("q", "w", by: "b", "c")
    + [.expire("p", .ballot), .store("p", first: nil)] + deliver("p", "a") + deliver("p", "b", 1)
    + deliver("a", "p").prefix(1) + deliver("b", "p").prefix(1)

  /// The same, and a has restarted.
  static let recovered = crossed + [.crash("a", losing: 0, unsent: 0), .restart("a")]
}

// MARK: Properties

extension PaxosLaboratory {
  /// Two proposers and one acceptor with a crash and another ballot; two and three, where nothing
  /// fails; and simulated runs.
  public static let checks: [PropertyCheck<Subject>] = Property.allCases.map { property in
    let explored: [Scenario<Subject>] =
      switch property {
      case .termination, .progress: []
      case .vanishes: [scenario(3).only(.majority)]
      case .validity, .agreement, .stability, .told, .chooses, .adopts, .duels:
        [
          scenario(1, crashes: 1, ballots: 1), scenario(3).only(.majority),
          scenario(3, ballots: 1, asking: [], after: overtaken).only(.majority),
        ]
      }
    return PropertyCheck(
      property, claims: claims(about: property), exploring: explored,
      simulating: [Scenario(3, bounds: Bounds(), workload: .anything)], asking: askedAgain)
  }

  /// A proposer that has restarted may be asked again.
  private static let askedAgain: [Ask<Words>] = ["p", "q"].map {
    Ask($0, oneOf: [.propose("w"), .propose("v")])
  }

  private static func claims(about property: Property) -> [String] {
    switch property {
    case .validity: ["PAXOS-1", "PAXOS-8"]
    case .agreement: ["PAXOS-2", "PAXOS-3", "PAXOS-4", "PAXOS-5", "PAXOS-8", "PAXOS-9"]
    case .stability: ["PAXOS-2"]
    case .told: ["PAXOS-8"]
    case .termination, .progress, .duels, .chooses: ["PAXOS-6"]
    case .adopts: ["PAXOS-4"]
    case .vanishes: ["PAXOS-8"]
    }
  }
}
