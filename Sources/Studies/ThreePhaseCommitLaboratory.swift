import AtomicCommitment
public import Lab
public import ProtocolCore
public import ThreePhaseCommit

/// Three-phase commit in the laboratory.
public enum ThreePhaseCommitLaboratory: Laboratory {
  /// The chapter.
  public typealias Subject = ThreePhaseCommitModel

  /// The chapter in a few words.
  public static let title = "three-phase commit"

  /// The folder of its runs.
  public static let folder = "ThreePhaseCommit"

  /// Bugs that are not the absence of a rule: what goes wrong between a protocol and its code.
  public static let flaws: [Flaw<Process>] =
    journalFlaws + countingFlaws + clientFlaws + terminationFlaws + participantFlaws
}

// MARK: Searches

extension ThreePhaseCommitLaboratory {
  /// Agreement, unless the rule is there for something else.
  public static func properties(protectedBy rule: Rule) -> [Property] {
    switch rule {
    case .unanimity: [.AC3]
    case .statesTimeOut, .acksTimeOut, .silentAreGone, .leaderTimesOut, .decisionOutlivesCrash,
      .lastToFailSuffices:
      [.nonblocking]
    case _ where rule.kind == .progress: [.AC5]
    default: [.AC1]
    }
  }

  /// Agreement and validity; where no message is lost a commit too early endangers only what makes
  /// the protocol nonblocking.
  public static func properties(endangeredBy flaw: Flaw<Process>) -> [Property] {
    switch flaw.name {
    case "firstAckIsEnough", "acksNotAckers": [.NB]
    case "clientGivenUp": [.told]
    case "saysNoToBeSafe": [.AC4]
    default: [.AC1, .AC2, .AC3]
    }
  }

  /// Whether a commit costs other than the formula says.
  public static func isCaughtByCounting(_ flaw: Flaw<Process>) throws -> Bool {
    let cost = ThreePhaseCommitCost(updaters: 3)
    let counted = try cost.counted(flaw: flaw)
    let formula = cost.formula
    return (counted.messages, counted.forced) != (formula.messages, formula.forced)
  }

  /// Everything that one crash can do to two and three processes, and two crashes to two; where a
  /// rule or a flaw is about more than that, what can happen from a scene on.
  ///
  /// Time is not bounded: timers that run out again and again lead to few states.
  public static func explorers(
    without rules: Set<Rule>, flaw: Flaw<Process>?
  ) throws(TopologyError) -> [Explorer<ThreePhaseCommitModel>] {
    try explorers(of: settings(without: rules, flaw: flaw), without: rules, flaw: flaw)
  }

  /// Everything that one crash can do to two and three processes, and two crashes to two.
  public static func explorers(
    judging property: Property, without rules: Set<Rule>
  ) throws(TopologyError) -> [Explorer<ThreePhaseCommitModel>] {
    let settings = [Setting(participants: 1, crashes: 2), Setting()]
    return try explorers(of: settings, without: rules, flaw: nil)
  }

  private static func explorers(
    of settings: [Setting], without rules: Set<Rule>, flaw: Flaw<Process>?
  ) throws(TopologyError) -> [Explorer<ThreePhaseCommitModel>] {
    var explorers: [Explorer<ThreePhaseCommitModel>] = []
    for setting in settings {
      let bounds = Bounds(
        crashes: setting.crashes, losses: 0, duplicates: setting.duplicates, expiries: .max)
      var cluster = try Cluster<ThreePhaseCommitModel>(
        ThreePhaseCommitModel.topology(setting.participants), without: rules, flaw: flaw,
        bounds: bounds)
      let isFresh = setting.prelude.isEmpty
      cluster.asks = isFresh ? cluster.asks.map { Ask($0.node, oneOf: [$0.requests[0]]) } : []
      var explorer = Explorer(cluster)
      explorer.prelude = setting.prelude
      explorers.append(explorer)
    }
    return explorers
  }

  /// What is explored.
  private struct Setting {
    var participants = 2
    var crashes = 1
    var duplicates = 0
    var prelude: [Act<Words>] = []
  }

  private static func settings(without rules: Set<Rule>, flaw: Flaw<Process>?) -> [Setting] {
    switch (rules.first, flaw?.name) {
    case (.differingAwaitAll, _), (_, "recoveredAnswersPolls"):
      return [Setting(participants: 3, prelude: lastInLine)]
    case (.statesTimeOut, _):
      let scene = toldOnly("a", beside: "b") + [.crash("b", losing: 0, unsent: 0)]
      return [Setting(crashes: 0, prelude: scene)]
    case (.uncertainReadiedFirst, _):
      return [Setting(prelude: toldOnly("a", beside: "b"))]
    case (.statesAwaited, _), (_, "committableOutvoted"), (_, "takesOverUnasked"):
      return [Setting(prelude: toldOnly("b", beside: "a"))]
    case (_, "missingAckIsNo"):
      let scene = [.store("c", first: nil), Act<Words>.crash("a", losing: 0, unsent: 0)]
      return [Setting(prelude: votes("a", "b") + scene)]
    case (_, "votesNotVoters"), (_, "acksNotAckers"):
      return [Setting(crashes: 0, duplicates: 1)]
    case (_, "noTakenForYes"):
      return [
        Setting(
          crashes: 0,
          prelude: [.ask("a", .work(.update)), .ask("b", .work(.doomed)), .ask("c", .commit)])
      ]
    default:
      return [
        Setting(participants: 1), Setting(participants: 1, crashes: 2), Setting(),
        Setting(crashes: 2, prelude: votes("a", "b")),
      ]
    }
  }

  /// All these vote yes, and the coordinator writes preCommit down.
  private static func votes(_ participants: NodeID...) -> [Act<Words>] {
    participants.map { .ask($0, .work(.update)) } + [.ask("c", .commit)]
      + participants.flatMap { participant -> [Act<Words>] in
        [
          .deliver(Link(from: "c", to: participant), 0), .store(participant, first: nil),
          .deliver(Link(from: participant, to: "c"), 0),
        ]
      }
  }

  /// The coordinator crashes when it has told preCommit to one of two.
  private static func toldOnly(_ first: NodeID, beside second: NodeID) -> [Act<Words>] {
    votes(first, second) + [.store("c", first: nil), .crash("c", losing: 0, unsent: 1)]
  }

  /// The coordinator crashes when it has told preCommit to the last in line only, who crashes too;
  /// the next leads, does not hear of it, aborts, and crashes before it has told anybody.
  private static let lastInLine: [Act<Words>] =
    votes("d", "a", "b") + [
      .store("c", first: nil), .crash("c", losing: 0, unsent: 2),
      .deliver(Link(from: "c", to: "d"), 0), .crash("d", losing: 0, unsent: 0),
      .deliver(Link(from: "d", to: "c"), 0),
      .expire("a", .leader), .deliver(Link(from: "a", to: "c"), 0), .expire("a", .answers),
      .store("a", first: nil),
      .deliver(Link(from: "a", to: "b"), 0), .store("b", first: nil),
      .deliver(Link(from: "b", to: "a"), 0), .deliver(Link(from: "a", to: "d"), 0),
      .expire("a", .states), .store("a", first: nil), .crash("a", losing: 0, unsent: 1),
    ]
}
