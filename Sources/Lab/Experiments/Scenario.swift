public import ProtocolCore

/// A setting in which something is shown: how many nodes there are, what may go wrong, what is
/// asked, and how it begins.
///
/// An explorer goes through all that can happen in it; a simulator plays random runs of it.
public struct Scenario<M: Model>: Sendable {
  /// How many participants, servers, acceptors…, as `Model.topology(_:)` counts them.
  public var size: Int
  /// The forms of the protocol, in turn.
  public var variants: [M.Variant]
  /// How much may go wrong.
  public var bounds: Bounds
  /// What is asked after the prelude.
  public var workload: Workload<M.Words>
  /// The acts with which it begins.
  public var prelude: [Act<M.Words>]

  /// A scenario; where nothing is said all nodes are asked the usual, or nothing after a prelude.
  public init(
    _ size: Int, variants: [M.Variant] = Array(M.Variant.allCases),
    bounds: Bounds, workload: Workload<M.Words>? = nil, after prelude: [Act<M.Words>] = []
  ) {
    self.size = size
    self.variants = variants
    self.bounds = bounds
    self.workload = workload ?? (prelude.isEmpty ? .usual : .nothing)
    self.prelude = prelude
  }

  /// Its clusters, one a variant.
  ///
  /// - Throws: `TopologyError`, when a topology cannot be made.
  public func clusters(
    with change: Change<M>? = nil, asking more: [Ask<M.Words>] = []
  ) throws(TopologyError) -> [Cluster<M>] {
    try variants.map { variant throws(TopologyError) in
      var cluster = try Cluster<M>(
        M.topology(size), variant: variant, without: change?.rules ?? [], flaw: change?.flaw,
        bounds: bounds)
      cluster.asks = workload.asks(among: cluster.asks) + more
      cluster.prelude = prelude
      return cluster
    }
  }

  /// Its explorers, one a variant.
  ///
  /// - Throws: `TopologyError`, when a topology cannot be made.
  public func explorers(with change: Change<M>? = nil) throws(TopologyError) -> [Explorer<M>] {
    try clusters(with: change).map { Explorer($0) }
  }

  /// The same with these variants only.
  public func only(_ variants: M.Variant...) -> Scenario {
    var scenario = self
    scenario.variants = variants
    return scenario
  }
}

/// What is asked in a scenario.
public enum Workload<Words: Vocabulary>: Sendable {
  /// Whatever may be asked.
  case anything
  /// Of each node the usual.
  case usual
  /// This, and nothing else.
  case only([Ask<Words>])
  /// Nothing.
  case nothing

  /// Of what a model may be asked, what is asked.
  func asks(among all: [Ask<Words>]) -> [Ask<Words>] {
    switch self {
    case .anything: all
    case .usual: all.map { $0.usual }
    case .only(let asks): asks
    case .nothing: []
    }
  }
}

/// What is changed in a protocol to see what goes wrong.
public enum Change<M: Model>: Hashable, Sendable {
  /// A rule is left out.
  case without(M.Rule)
  /// A bug is planted.
  case flaw(Flaw<M.Node>)

  /// The rules that are left out.
  public var rules: Set<M.Rule> {
    if case .without(let rule) = self { [rule] } else { [] }
  }

  /// The bug that is planted.
  public var flaw: Flaw<M.Node>? {
    if case .flaw(let flaw) = self { flaw } else { nil }
  }

  /// The name of the rule or of the flaw.
  public var name: String {
    switch self {
    case .without(let rule): rule.rawValue
    case .flaw(let flaw): flaw.name
    }
  }

  /// How the file of its recorded run is called, without `.run`: `without-unanimity`.
  public var stem: String {
    switch self {
    case .without(let rule): "without-\(rule.rawValue)"
    case .flaw(let flaw): "flaw-\(flaw.name)"
    }
  }

  /// What is otherwise, in a sentence.
  public var sentence: String {
    switch self {
    case .without(let rule): "without the rule: \(rule.sentence)"
    case .flaw(let flaw): flaw.sentence
    }
  }
}

extension Change: CustomStringConvertible {
  /// As reports begin: `without unanimity`, `with the flaw voteTwice`.
  public var description: String {
    switch self {
    case .without(let rule): "without \(rule.rawValue)"
    case .flaw(let flaw): "with the flaw \(flaw.name)"
    }
  }
}

extension Cluster {
  /// What is changed in it: one rule that is left out, or a flaw; nil if nothing is, or more.
  var change: Change<C>? {
    let changes = without.map { Change<C>.without($0) } + (flaw.map { [.flaw($0)] } ?? [])
    return changes.count == 1 ? changes.first : nil
  }
}
