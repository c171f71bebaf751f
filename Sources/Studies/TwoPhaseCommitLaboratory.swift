import AtomicCommitment
public import Lab
public import ProtocolCore
public import TwoPhaseCommit

/// Two-phase commit in the laboratory.
public enum TwoPhaseCommitLaboratory: Laboratory {
  /// The chapter.
  public typealias Subject = TwoPhaseCommitModel

  /// The chapter in a few words.
  public static let title = "two-phase commit"

  /// The folder of its runs.
  public static let folder = "TwoPhaseCommit"

  /// Bugs that are not the absence of a rule: what goes wrong between a protocol and its code.
  public static let flaws: [Flaw<Node>] = journalFlaws + coordinatorFlaws + participantFlaws

  /// All in a line, and all peers of each other.
  public static func relatives(_ size: Int) -> [[Member<Subject.Role>]] {
    CommitCost.Form.allCases.map { TwoPhaseCommitModel.topology(size - 1, all: $0.role) }
  }
}

// MARK: Flaws of the journal

extension TwoPhaseCommitLaboratory {
  private static let journalFlaws: [Flaw<Node>] = [
    Flaw("writesAfterSending", "the messages of a step go out before its records are written") {
      node, event in
      let effects = node.step(event)
      return effects.filter { !$0.isPersist } + effects.filter(\.isPersist)
    },
    Flaw(
      "voteForgotten", "a yes is voted and never written down",
      editing: { _, _, effect in
        effect == .persist(.yes) ? [] : [effect]
      }),
    Flaw(
      "endWithDecision", "the end is written with the decision, as if all had acknowledged",
      editing: { _, _, effect in
        if case .persist(.decided) = effect { return [effect, .persist(.end)] }
        return [effect]
      }),
    Flaw("readsFirstRecordOnly", "the journal is read up to its first record after a crash") {
      node, event in
      if case .started(let log) = event { return node.step(.started(Array(log.prefix(1)))) }
      return node.step(event)
    },
    Flaw(
      "tellsClientEarly", "the client is told before the decision is on disk",
      editing: { _, _, effect in
        if case .reply(let reply, let id, _) = effect { return [.reply(reply, to: id, .atOnce)] }
        return [effect]
      }),
  ]
}

// MARK: Flaws of the coordinator

extension TwoPhaseCommitLaboratory {
  private static let coordinatorFlaws: [Flaw<Node>] = [
    Flaw("votesNotVoters", "votes are counted, and not who voted") { node, event in
      if case .coordinator(let coordinator) = node,
        case .collecting(let ballot) = coordinator.state,
        case .received(.vote(.yes), let voter) = event, !ballot.missing.contains(voter),
        let another = ballot.missing.first
      {
        return node.step(.received(.vote(.yes), from: another))
      }
      return node.step(event)
    },
    Flaw("noTakenForRead", "a no is taken for a read-only vote") { node, event in
      if case .coordinator = node, case .received(.vote(.no), let voter) = event {
        return node.step(.received(.vote(.readOnly), from: voter))
      }
      return node.step(event)
    },
    Flaw("silenceIsConsent", "a vote that does not come is taken for a yes") { node, event in
      if case .coordinator(let coordinator) = node,
        case .collecting(let ballot) = coordinator.state, event == .expired(.votes)
      {
        return ballot.missing.flatMap { node.step(.received(.vote(.yes), from: $0)) }
      }
      return node.step(event)
    },
    Flaw("forgetsOnFirstAck", "one acknowledgement is taken for all") { node, event in
      if case .coordinator(let coordinator) = node,
        case .telling(_, let waiting) = coordinator.state, case .received(.ack, _) = event
      {
        return waiting.flatMap { node.step(.received(.ack, from: $0)) }
      }
      return node.step(event)
    },
    Flaw(
      "decidesAnew", "who tells a decision again decides again, and has no votes any more",
      editing: { _, event, effect in
        guard event == .expired(.acks), case .send(.decide, let to, let release) = effect
        else { return [effect] }
        return [.send(.decide(.abort), to: to, release)]
      }),
    Flaw(
      "wrongPresumption", "who has forgotten answers the opposite of what is presumed",
      editing: { node, event, effect in
        guard case .coordinator(let coordinator) = node, coordinator.state == .idle,
          case .received(.inquire, _) = event,
          case .send(.decide(let outcome), let to, let release) = effect
        else { return [effect] }
        return [.send(.decide(outcome == .commit ? .abort : .commit), to: to, release)]
      }),
  ]
}

// MARK: Flaws of participants

extension TwoPhaseCommitLaboratory {
  private static let participantFlaws: [Flaw<Node>] = [
    Flaw(
      "voteTwice", "every vote is sent twice",
      editing: { _, _, effect in
        if case .send(.vote, _, _) = effect { return [effect, effect] }
        return [effect]
      }),
    Flaw("uncertainTakenForAbort", "who does not know is taken for one who knows of an abort") {
      node, event in
      if case .received(.uncertain, let peer) = event {
        return node.step(.received(.decide(.abort), from: peer))
      }
      return node.step(event)
    },
    Flaw(
      "uncertainSaysAbort", "who is in doubt tells a peer that asks to abort",
      editing: { node, _, effect in
        guard case .participant(let participant) = node, participant.state == .prepared,
          case .send(.uncertain, let peer, let release) = effect
        else { return [effect] }
        return [.send(.decide(.abort), to: peer, release)]
      }),
    Flaw(
      "operatorSpreads", "what an operator decided is told to peers as the decision",
      editing: { node, _, effect in
        guard case .participant(let participant) = node,
          case .heuristic(let outcome) = participant.state,
          case .send(.uncertain, let peer, let release) = effect
        else { return [effect] }
        return [.send(.decide(outcome), to: peer, release)]
      }),
    Flaw(
      "damageHidden", "who was decided for otherwise acknowledges as if nothing had happened",
      editing: { _, _, effect in
        if case .send(.damage, let to, let release) = effect {
          return [.send(.ack, to: to, release)]
        }
        return [effect]
      }),
    Flaw(
      "recoveredVotesAgain", "who finds its yes after a crash votes anew, and votes no",
      editing: { _, event, effect in
        guard case .started(let log) = event, log.contains(.yes),
          case .send(.inquire, let to, let release) = effect
        else { return [effect] }
        return [effect, .send(.vote(.no), to: to, release)]
      }),
  ]
}

extension Effect {
  /// Whether it writes a record.
  fileprivate var isPersist: Bool {
    if case .persist = self { return true }
    return false
  }
}

// MARK: Searches

extension TwoPhaseCommitLaboratory {
  /// Agreement, unless the rule is there for something else.
  public static func properties(protectedBy rule: Rule) -> [Property] {
    switch rule {
    case .unanimity: [.AC3]
    case .lateRequestRefused: [.AC2]
    case .peersAreAsked, .decidedAnswers: [.termination]
    case _ where rule.kind == .progress: [.AC5]
    default: [.AC1]
    }
  }

  /// What an operator may break is no proof of a flaw.
  public static func properties(endangeredBy flaw: Flaw<Node>) -> [Property] {
    switch flaw.name {
    case "operatorSpreads": [.contained]
    case "damageHidden": [.reported]
    default: Property.judged
    }
  }

  /// Whether a commit costs other than the formula says.
  public static func isCaughtByCounting(_ flaw: Flaw<Node>) throws -> Bool {
    let cost = CommitCost(.nothing, updaters: 3)
    let counted = try cost.counted(flaw: flaw)
    return (counted.messages, counted.forced) != cost.formula
  }

  /// All that two crashes and a time-out can do to a commit by one participant, in each variant;
  /// where a rule or a flaw is about several participants, what one crash can do to two.
  ///
  /// What *recovers* is left to simulation: it needs time-outs without bound, and each sends more.
  public static func explorers(
    without rules: Set<Rule>, flaw: Flaw<Node>?
  ) throws(TopologyError) -> [Explorer<Subject>] {
    let isAboutProgress =
      rules.contains { $0.kind == .progress }
      || flaw.map { properties(endangeredBy: $0) == [.reported] } ?? false
    if isAboutProgress { return [] }
    let setting = setting(without: rules, flaw: flaw)
    var explorers: [Explorer<Subject>] = []
    for variant in Presumption.allCases {
      let bounds = Bounds(
        crashes: setting.crashes, losses: 0, duplicates: setting.duplicates, expiries: 1)
      var cluster = try Cluster<Subject>(
        Subject.topology(setting.work.count), variant: variant, without: rules, flaw: flaw,
        bounds: bounds)
      let workers = cluster.nodes.dropFirst()
      cluster.asks = cluster.asks.suffix(1)
      if let flaw { cluster.asks += asks(toCatch: flaw).prefix(workers.count) }
      var explorer = Explorer(cluster)
      explorer.prelude = zip(workers, setting.work).map { .ask($0, .work($1)) }
      explorers.append(explorer)
    }
    return explorers
  }

  /// What is explored: how the participants' parts go, and what goes wrong.
  private struct Setting {
    var work: [Words.Work]
    var crashes = 1
    var duplicates = 0
  }

  private static func setting(without rules: Set<Rule>, flaw: Flaw<Node>?) -> Setting {
    if rules.contains(.ignoranceIsNotAbort) { return Setting(work: [.update, .read]) }
    if rules.contains(.unanimity) { return Setting(work: [.update, .update]) }
    switch flaw?.name {
    case "votesNotVoters":
      return Setting(work: [.update, .update], crashes: 0, duplicates: 1)
    case "forgetsOnFirstAck", "uncertainTakenForAbort", "uncertainSaysAbort", "operatorSpreads":
      return Setting(work: [.update, .update])
    default: return Setting(work: [.update], crashes: 2)
    }
  }

  /// Operators who decide for participants in doubt, where the flaw is about them.
  public static func asks(toCatch flaw: Flaw<Node>) -> [Ask<Words>] {
    guard ["operatorSpreads", "damageHidden"].contains(flaw.name) else { return [] }
    return operators
  }
}
