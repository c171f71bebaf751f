import AtomicCommitment
public import Lab
public import ProtocolCore
public import QuorumCommit

extension QuorumCommitLaboratory {
  /// Agreement, unless the rule is there for something else.
  public static func properties(protectedBy rule: Rule) -> [Property] {
    switch rule {
    case .unanimity: [.AC3]
    case _ where rule.kind == .progress: [.AC5, .quorate]
    default: [.AC1]
    }
  }

  /// Agreement and validity.
  public static func properties(endangeredBy flaw: Flaw<Process>) -> [Property] {
    [.AC1, .AC2, .AC3]
  }

  /// What can happen, with a crash or a time-out or two, from the beginning on; from the moment on at
  /// which the coordinator has told preCommit and nobody has heard it; and from that at which another
  /// has gone for abort meanwhile.
  ///
  /// What *recovers* is left to simulation: it needs time-outs without bound, and each sends more.
  public static func explorers(
    without rules: Set<Rule>, flaw: Flaw<Process>?
  ) throws(TopologyError) -> [Explorer<QuorumCommitModel>] {
    if rules.contains(where: { $0.kind == .progress }) { return [] }
    var explorers: [Explorer<QuorumCommitModel>] = []
    for setting in settings(without: rules, flaw: flaw) {
      for variant in variants(rules, flaw) {
        explorers.append(try explorer(setting, variant, without: rules, flaw: flaw))
      }
    }
    return explorers
  }

  /// What can follow, with a crash, when one has gone for abort and another for commit.
  public static func explorers(
    judging property: Property, without rules: Set<Rule>
  ) throws(TopologyError) -> [Explorer<QuorumCommitModel>] {
    switch property {
    case .AC5, .quorate: []
    case .window, .stuck:
      [try explorer(Setting(crashes: 1, expiries: 0, prelude: parted), .quorum, without: rules)]
    case .AC1, .AC2, .AC3, .AC4, .told, .succession, .commits, .aborts:
      try Variant.allCases.map { variant throws(TopologyError) in
        try explorer(Setting(crashes: 1, expiries: 0, prelude: parted), variant, without: rules)
      }
    }
  }

  /// Three processes, in each variant; for what is not judged by its future four as well.
  public static func clusters(
    judging property: Property, without rules: Set<Rule>
  ) throws(TopologyError) -> [Cluster<QuorumCommitModel>] {
    var clusters: [Cluster<QuorumCommitModel>] = []
    for variant in Variant.allCases {
      for size in property.form.isOfTheFuture ? 2...2 : 2...3 {
        clusters.append(
          try Cluster(QuorumCommitModel.topology(size), variant: variant, without: rules))
      }
    }
    return clusters
  }

  static func explorer(
    _ setting: Setting, _ variant: Variant, without rules: Set<Rule>,
    flaw: Flaw<Process>? = nil
  ) throws(TopologyError) -> Explorer<QuorumCommitModel> {
    let bounds = Bounds(
      crashes: setting.crashes, losses: 0, duplicates: setting.duplicates,
      expiries: setting.expiries)
    var cluster = try Cluster<QuorumCommitModel>(
      QuorumCommitModel.topology(setting.participants), variant: variant, without: rules,
      flaw: flaw,
      bounds: bounds)
    let isFresh = setting.prelude.isEmpty
    cluster.asks = isFresh ? cluster.asks.map { Ask($0.node, oneOf: [$0.requests[0]]) } : []
    var explorer = Explorer(cluster)
    explorer.prelude = setting.prelude
    return explorer
  }

  /// What is explored.
  struct Setting {
    var participants = 2
    var crashes = 0
    var duplicates = 0
    var expiries = 1
    var prelude: [Act<Words>] = []
  }

  private static func variants(_ rules: Set<Rule>, _ flaw: Flaw<Process>?) -> [Variant] {
    switch flaw?.name {
    case "electionForgotten", "silentCounted": return [.enhanced]
    case "blockedAborts": return [.quorum]
    default: break
    }
    return rules.first?.variant.map { [$0] } ?? Variant.allCases
  }

  private static func settings(without rules: Set<Rule>, flaw: Flaw<Process>?) -> [Setting] {
    switch (rules.first, flaw?.name) {
    case (.unanimity, _): return [Setting(expiries: 0)]
    case (_, "votesNotVoters"): return [Setting(duplicates: 1, expiries: 0)]
    case (.oneIsCommittable, _): return [Setting(crashes: 1, expiries: 2, prelude: voted)]
    case (.electionStoredFirst, _), (_, "electionForgotten"):
      let polled: [Act<Words>] = [
        .expire("a", .leader), .deliver(Link(from: "a", to: "b"), 0),
        .deliver(Link(from: "b", to: "a"), 0), .store("a", first: nil),
      ]
      return [Setting(crashes: 1, prelude: ready + polled)]
    case (.majorityElects, _), (_, "silentCounted"):
      let alone: [Act<Words>] = [
        .deliver(Link(from: "c", to: "a"), 0), .expire("b", .leader), .expire("b", .states),
      ]
      return [Setting(prelude: ready + alone)]
    case (.laterElectionsOnly, _):
      let back: [Act<Words>] = [
        .crash("c", losing: 0, unsent: 0), .restart("c"), .expire("c", .leader),
        .store("c", first: nil), .deliver(Link(from: "c", to: "a"), 1),
      ]
      return [Setting(prelude: ready + back)]
    case (_, "blockedAborts"):
      return [Setting(expiries: 2, prelude: ready + [.deliver(Link(from: "c", to: "a"), 0)])]
    default:
      return [
        Setting(participants: 1, crashes: 1, expiries: 2), Setting(crashes: 1, expiries: 0),
        Setting(expiries: 0, prelude: parted),
        Setting(crashes: 1, expiries: 0, prelude: parted), Setting(prelude: ready),
        Setting(prelude: parted), Setting(crashes: 1, prelude: ready),
        Setting(crashes: 1, prelude: parted), Setting(expiries: 2, prelude: ready),
        Setting(expiries: 2, prelude: parted),
      ]
    }
  }

  /// a and b vote yes, and the coordinator has not heard of it.
  static let voted: [Act<Words>] =
    [.ask("a", .work(.update)), .ask("b", .work(.update)), .ask("c", .commit)]
    + ["a", "b"].flatMap { participant -> [Act<Words>] in
      [.deliver(Link(from: "c", to: participant), 0), .store(participant, first: nil)]
    }

  /// The coordinator hears of both, and tells them preCommit.
  static let ready: [Act<Words>] =
    voted + [
      .deliver(Link(from: "a", to: "c"), 0), .deliver(Link(from: "b", to: "c"), 0),
      .store("c", first: nil),
    ]

  /// a does not hear of it, leads, and goes for abort.
  static let parted: [Act<Words>] =
    ready + [
      .expire("a", .leader), .store("a", first: nil), .deliver(Link(from: "a", to: "b"), 0),
      .store("b", first: nil), .deliver(Link(from: "b", to: "a"), 0), .expire("a", .states),
      .store("a", first: nil),
    ]
}

extension PropertyForm {
  /// Whether it speaks of what comes when nothing fails any more.
  fileprivate var isOfTheFuture: Bool {
    if case .recovers = self { return true }
    return false
  }
}
