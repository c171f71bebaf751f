public import ProtocolCore

/// A chapter in the laboratory: what is shown of it, as data.
///
/// - An `Experiment` for each rule and each flaw: what goes wrong, and where that is seen.
/// - A `PropertyCheck` for each property: where it is judged, and for which claims.
/// - `Demonstration`s: what is claimed and shown by other means than runs and properties.
///
/// Commands, tests, cases and Notes ask nothing else of it.
public protocol Laboratory: Sendable {
  /// The chapter.
  associatedtype Subject: Model

  /// The chapter in a few words.
  static var title: String { get }

  /// The folder of its runs below `Fixtures`.
  static var folder: String { get }

  /// What the chapter states, and its cases judge.
  static var claims: [Claim] { get }

  /// What goes wrong without each rule, and with each flaw.
  static var experiments: [Experiment<Subject>] { get }

  /// How each property is judged.
  static var checks: [PropertyCheck<Subject>] { get }

  /// What is claimed and shown by other means than runs and properties.
  static var demonstrations: [Demonstration] { get }

  /// The sizes in which a search for a counterexample simulates, in turn.
  static var sizes: [Int] { get }

  /// The topologies of this size: the usual one, and those of other forms of the protocol.
  static func topologies(_ size: Int) -> [[Member<Subject.Role>]]

  /// Whether a property could fail in a cluster at all: reports name no other.
  static func isAtStake(_ property: Subject.Property, in cluster: Cluster<Subject>) -> Bool

  /// Whether a message that was sent stays under way for ever.
  static var keepsMessages: Bool { get }

  /// Whether a message of which its receiver makes nothing stays under way; see
  /// ``Explorer/keepsIgnored``.
  static var keepsIgnored: Bool { get }

  /// The exploration that takes states for one that differ only in the names of nodes that are
  /// alike; nil when it cannot be done.
  static func byOrbits(_ explorer: Explorer<Subject>) -> Explorer<Subject>?

  /// What requests cost in each size, counted and by formula.
  static func costs(_ sizes: ClosedRange<Int>) throws -> [CostRow]

  /// A picture of something that is measured.
  static func plot() throws -> Plotted?

  /// What each form of the protocol keeps in each setting, as far as is surveyed; it takes minutes.
  ///
  /// - Parameter report: is told of each row.
  static func survey(_ report: (String) -> Void) throws -> [Surveyed]

  /// A table of something that is counted or judged, by its name; nil where there is none.
  static func table(_ name: String) throws -> Tabulated?
}

extension Laboratory {
  /// None of its own.
  public static var claims: [Claim] { [] }

  /// None.
  public static var demonstrations: [Demonstration] { [] }

  /// Small ones.
  public static var sizes: [Int] { [2, 1, 3] }

  /// The usual one.
  public static func topologies(_ size: Int) -> [[Member<Subject.Role>]] {
    [Subject.topology(size)]
  }

  /// Each could.
  public static func isAtStake(
    _ property: Subject.Property, in cluster: Cluster<Subject>
  ) -> Bool { true }

  /// Messages that arrive are gone.
  public static var keepsMessages: Bool { false }

  /// It arrives and is gone.
  public static var keepsIgnored: Bool { false }

  /// Which nodes are alike is not said.
  public static func byOrbits(_ explorer: Explorer<Subject>) -> Explorer<Subject>? { nil }

  /// Nothing is counted.
  public static func costs(_ sizes: ClosedRange<Int>) throws -> [CostRow] { [] }

  /// Nothing is measured.
  public static func plot() throws -> Plotted? { nil }

  /// Nothing is surveyed.
  public static func survey(_ report: (String) -> Void) throws -> [Surveyed] { [] }

  /// None.
  public static func table(_ name: String) throws -> Tabulated? { nil }
}

// MARK: What follows from the data

extension Laboratory {
  /// How the command names the chapter.
  public static var name: String { Subject.name }

  /// The bugs that can be planted in it.
  public static var flaws: [Flaw<Subject.Node>] { experiments.compactMap(\.change.flaw) }

  /// The experiment in which this is changed, if there is one.
  public static func experiment(_ change: Change<Subject>) -> Experiment<Subject>? {
    experiments.first { $0.change == change }
  }

  /// The experiment that leaves out the rule of this name.
  public static func experiment(without rule: String) -> Experiment<Subject>? {
    Subject.Rule(rawValue: rule).flatMap { experiment(.without($0)) }
  }

  /// The experiment that plants the flaw of this name.
  public static func experiment(flaw: String) -> Experiment<Subject>? {
    experiments.first { $0.change.flaw?.name == flaw }
  }

  /// The flaw of this name.
  public static func flaw(named name: String) -> Flaw<Subject.Node>? {
    experiment(flaw: name)?.change.flaw
  }

  /// The claims that an experiment refutes, each once.
  public static func claims(of experiment: Experiment<Subject>) -> [String] {
    guard experiment.claims.isEmpty else { return experiment.claims }
    var claims: [String] = []
    for property in experiment.violates {
      for claim in checks.first(where: { $0.property == property })?.claims ?? []
      where !claims.contains(claim) {
        claims.append(claim)
      }
    }
    return claims
  }

  /// The clusters in which a search simulates an experiment, in turn: so many crashes that each
  /// node can crash.
  ///
  /// - Throws: `TopologyError`, when a topology cannot be made.
  public static func clusters(
    for experiment: Experiment<Subject>
  ) throws(TopologyError) -> [Cluster<Subject>] {
    var clusters: [Cluster<Subject>] = []
    for size in sizes {
      let scenario = Scenario<Subject>(
        size, bounds: Bounds(crashes: max(3, size + 1)), workload: .anything)
      clusters += try scenario.clusters(with: experiment.change, asking: experiment.asks)
    }
    return clusters
  }

  /// A search for what goes wrong in an experiment.
  ///
  /// - Throws: `TopologyError`, when a topology cannot be made.
  public static func search(
    _ experiment: Experiment<Subject>
  ) throws(TopologyError) -> Search<Subject> {
    var search = Search(try clusters(for: experiment))
    search.judged = experiment.shown.map { [$0] } ?? []
    if !experiment.moments.isEmpty { search.clusters = [] }
    for scenario in experiment.moments {
      search.clusters += try scenario.clusters(with: experiment.change, asking: experiment.asks)
    }
    for scenario in experiment.scenarios {
      search.explorers += try scenario.explorers(with: experiment.change)
    }
    return search
  }
}
