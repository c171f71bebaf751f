public import Lab
public import ProtocolCore
public import TwoPhaseCommit

/// Transactions that lock, in the laboratory.
public enum LocksLaboratory: Laboratory {
  /// The chapter.
  public typealias Subject = Locks.Model

  /// The chapter in a few words.
  public static let title = "two-phase commit with locks"

  /// The folder of its runs.
  public static let folder = "TwoPhaseCommit/Locks"

  /// Bugs that are not the absence of a rule: what goes wrong between a table of locks and its code.
  public static let flaws: [Flaw<Locks.Node>] = [
    Flaw("impatientLetsGo", "who is in doubt for too long lets go of its lock") { node, event in
      guard case .expired(let timer) = event, timer.word == .decision else {
        return node.step(event)
      }
      node.without.insert(.heldUntilDecided)
      defer { node.without.remove(.heldUntilDecided) }
      return node.step(event)
    },
    Flaw("waitIsYes", "who waits for a lock votes yes all the same") { node, event in
      let effects = node.step(event)
      guard case .site(let site) = node, case .received(let message, let lead) = event,
        message.word == .prepare,
        site.waiting.contains(where: { $0.transaction == message.transaction })
      else { return effects }
      return effects + [.send(Locks.Of(message.transaction, .vote(.yes)), to: lead)]
    },
    Flaw(
      "recordsMixedUp", "who starts again reads the records of all transactions as those of each"
    ) { node, event in
      guard case .site(let site) = node, case .started(let log) = event else {
        return node.step(event)
      }
      let mixed = site.branches.flatMap { branch in
        log.map { Locks.Of(branch.transaction, $0.word) }
      }
      return node.step(.started(mixed))
    },
  ]

  /// What is endangered when a rule is left out.
  public static func properties(protectedBy rule: Locks.Rule) -> [Locks.Property] {
    switch rule {
    case .lockedFirst, .heldUntilDecided, .lockOutlivesCrash: [.exclusion]
    case .votesTimeOut: [.AC5]
    }
  }

  /// What is endangered by a flaw.
  public static func properties(endangeredBy flaw: Flaw<Locks.Node>) -> [Locks.Property] {
    switch flaw.name {
    case "waitIsYes": [.AC3]
    default: [.exclusion]
    }
  }

  /// The claims that a property is about.
  public static func claims(about property: Locks.Property) -> [String] { ["2PC-14"] }

  /// Two transactions that want the same two items while nothing fails; or the same one, and a
  /// crash.
  public static func explorers(
    without rules: Set<Locks.Rule>, flaw: Flaw<Locks.Node>?
  ) throws(TopologyError) -> [Explorer<Locks.Model>] {
    let one = try explorer(1, crashes: 1, without: rules, flaw: flaw)
    let two = try explorer(2, crashes: 0, without: rules, flaw: flaw)
    // Where nothing fails votes are missing for one reason only.
    return rules.contains(.votesTimeOut) ? [two] : [one, two]
  }

  private static func explorer(
    _ sites: Int, crashes: Int, without rules: Set<Locks.Rule>, flaw: Flaw<Locks.Node>?
  ) throws(TopologyError) -> Explorer<Locks.Model> {
    let bounds = Bounds(crashes: crashes, losses: 0, duplicates: 0, expiries: .max)
    return Explorer(
      try Cluster<Locks.Model>(
        Locks.Model.topology(sites), without: rules, flaw: flaw, bounds: bounds))
  }

  /// The same item and a crash; where transactions must meet, two items.
  public static func explorers(
    judging property: Locks.Property, without rules: Set<Locks.Rule>
  ) throws(TopologyError) -> [Explorer<Locks.Model>] {
    switch property {
    case .deadlock: [try explorer(2, crashes: 0, without: rules, flaw: nil)]
    case .AC1, .AC2, .AC3, .AC4, .exclusion, .commits, .aborts:
      [try explorer(1, crashes: 1, without: rules, flaw: nil)]
    case .AC5: try explorers(without: rules, flaw: nil)
    }
  }

  /// Two transactions that want the same two items, in every variant.
  public static func clusters(
    judging property: Locks.Property, without rules: Set<Locks.Rule>
  ) throws(TopologyError) -> [Cluster<Locks.Model>] {
    var clusters: [Cluster<Locks.Model>] = []
    for variant in Presumption.allCases {
      clusters.append(try Cluster(Locks.Model.topology(2), variant: variant, without: rules))
    }
    return clusters
  }
}
