public import Lab
public import ProtocolCore

/// A chapter in the laboratory: what can be planted in it, and what it costs.
public protocol Laboratory: Sendable {
  /// The chapter.
  associatedtype Subject: Model

  /// The chapter in a few words.
  static var title: String { get }

  /// The folder of its runs below `Fixtures`.
  static var folder: String { get }

  /// The bugs that can be planted in it.
  static var flaws: [Flaw<Subject.Node>] { get }

  /// What is endangered when a rule is left out, the worst first.
  static func properties(protectedBy rule: Subject.Rule) -> [Subject.Property]

  /// What a search goes through whole before it simulates anything, the smallest first.
  static func explorers(
    without rules: Set<Subject.Rule>, flaw: Flaw<Subject.Node>?
  ) throws(TopologyError) -> [Explorer<Subject>]

  /// What is endangered by a flaw.
  static func properties(endangeredBy flaw: Flaw<Subject.Node>) -> [Subject.Property]

  /// Whether counting what a run costs catches the flaw.
  static func isCaughtByCounting(_ flaw: Flaw<Subject.Node>) throws -> Bool

  /// Whether a message that was sent stays under way for ever.
  static var keepsMessages: Bool { get }

  /// The exploration that takes states for one that differ only in the names of nodes that are
  /// alike; nil when it cannot be done.
  static func byOrbits(_ explorer: Explorer<Subject>) -> Explorer<Subject>?

  /// What transactions cost with so many participants, counted and by formula.
  static func costs(_ sizes: ClosedRange<Int>) throws -> [CostRow]

  /// A picture of something that is measured.
  static func plot() throws -> Plotted?

  /// Casts of other forms of the protocol, with so many participants.
  static func relatives(_ size: Int) -> [[Member<Subject.Role>]]

  /// What the usual topology of so many is asked beside the usual, to catch a flaw.
  static func asks(toCatch flaw: Flaw<Subject.Node>) -> [Ask<Subject.Words>]

  /// The claims that a property is about.
  static func claims(about property: Subject.Property) -> [String]

  /// The claims that a rule is there for; none, and they are those of the properties that it
  /// protects.
  static func claims(behind rule: Subject.Rule) -> [String]

  /// The claims that a flaw makes untrue; none, and they are those of the properties that it
  /// endangers.
  static func claims(refutedBy flaw: Flaw<Subject.Node>) -> [String]

  /// The small clusters that are gone through whole to judge a property.
  static func explorers(
    judging property: Subject.Property, without rules: Set<Subject.Rule>
  ) throws(TopologyError) -> [Explorer<Subject>]

  /// The clusters that are simulated to judge a property.
  static func clusters(
    judging property: Subject.Property, without rules: Set<Subject.Rule>
  ) throws(TopologyError) -> [Cluster<Subject>]

  /// What is claimed and shown by other means than runs and properties.
  static var examinations: [Examination] { get }
}

extension Laboratory {
  /// Every property of the rule's kind.
  public static func properties(protectedBy rule: Subject.Rule) -> [Subject.Property] {
    Subject.Property.judged.filter { ($0.form == .always) == (rule.kind == .safety) }
  }

  /// Every property.
  public static func properties(endangeredBy flaw: Flaw<Subject.Node>) -> [Subject.Property] {
    Subject.Property.judged
  }

  /// None.
  public static func claims(behind rule: Subject.Rule) -> [String] { [] }

  /// None.
  public static func claims(refutedBy flaw: Flaw<Subject.Node>) -> [String] { [] }

  /// Nothing is counted.
  public static func isCaughtByCounting(_ flaw: Flaw<Subject.Node>) throws -> Bool { false }

  /// Nothing.
  public static func explorers(
    without rules: Set<Subject.Rule>, flaw: Flaw<Subject.Node>?
  ) throws(TopologyError) -> [Explorer<Subject>] { [] }

  /// Nothing.
  public static func asks(toCatch flaw: Flaw<Subject.Node>) -> [Ask<Subject.Words>] { [] }

  /// What a search explores, if the property speaks of every state, or of one.
  public static func explorers(
    judging property: Subject.Property, without rules: Set<Subject.Rule>
  ) throws(TopologyError) -> [Explorer<Subject>] {
    if case .recovers = property.form { return [] }
    return try explorers(without: rules, flaw: nil)
  }

  /// The usual topologies with two and with three beside the first, in every variant.
  public static func clusters(
    judging property: Subject.Property, without rules: Set<Subject.Rule>
  ) throws(TopologyError) -> [Cluster<Subject>] {
    var clusters: [Cluster<Subject>] = []
    for variant in Subject.Variant.allCases {
      for size in 2...3 {
        clusters.append(try Cluster(Subject.topology(size), variant: variant, without: rules))
      }
    }
    return clusters
  }

  /// None.
  public static var examinations: [Examination] { [] }

  /// A search for what goes wrong without a rule.
  public static func search(without rule: Subject.Rule) throws(TopologyError) -> Search<Subject> {
    var search = try Search<Subject>(without: rule)
    search.judged = properties(protectedBy: rule)
    search.explorers = try explorers(without: [rule], flaw: nil)
    return search
  }

  /// A search for what goes wrong with a flaw.
  public static func search(with flaw: Flaw<Subject.Node>) throws(TopologyError) -> Search<Subject>
  {
    var search = try Search<Subject>(with: flaw)
    search.explorers = try explorers(without: [], flaw: flaw)
    search.judged = properties(endangeredBy: flaw)
    let more = asks(toCatch: flaw)
    for index in search.clusters.indices { search.clusters[index].asks += more }
    return search
  }
}

extension Laboratory {
  /// The flaw with this name.
  public static func flaw(named name: String) -> Flaw<Subject.Node>? {
    flaws.first { $0.name == name }
  }

  /// The rule with this name.
  public static func rule(named name: String) -> Subject.Rule? { Subject.Rule(rawValue: name) }
}

/// The chapters that can be played.
public enum Studies {
  /// All of them, in the order of the Notes.
  public static let all: [any Laboratory.Type] = [
    TwoPhaseCommitLaboratory.self, LocksLaboratory.self, ThreePhaseCommitLaboratory.self,
    QuorumCommitLaboratory.self,
  ]

  /// What can be explored: the chapters, and protocols whose states others have counted.
  public static let explorable: [any Laboratory.Type] = all + [LamportLaboratory.self]

  /// How the command names the chapters.
  public static var names: [String] { names(of: all) }

  /// How the command names these.
  public static func names(of laboratories: [any Laboratory.Type]) -> [String] {
    laboratories.map { chapterName(of: $0) }
  }

  /// The laboratory of a chapter, as the command names it.
  public static func named(
    _ name: String, among laboratories: [any Laboratory.Type] = all
  ) -> (any Laboratory.Type)? {
    laboratories.first { chapterName(of: $0) == name }
  }

  /// How the command names the chapter of a laboratory.
  public static func chapterName(of laboratory: any Laboratory.Type) -> String { name(laboratory) }

  private static func name<S: Laboratory>(_ laboratory: S.Type) -> String { S.Subject.name }
}
