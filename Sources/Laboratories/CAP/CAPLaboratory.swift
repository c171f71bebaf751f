public import CAP
public import Lab
public import ProtocolCore
import SharedStorage

/// The stores of chapter 1 in the laboratory.
public enum CAPLaboratory: Laboratory {
  /// The chapter.
  public typealias Subject = CAPModel

  /// The chapter in a few words.
  public static let title = "CAP, and what stores promise"

  /// The folder of its runs.
  public static let folder = "CAP"

  /// What the chapter states.
  public static let claims = Claim.cap

  /// Nodes; with two a quorum is both.
  public static let sizes = [3, 2]

  /// Whether a store promises it.
  public static func isAtStake(_ property: Property, in cluster: Cluster<CAPModel>) -> Bool {
    CAPModel.promises(property, in: cluster.variant)
  }
}

// MARK: Scenarios

extension CAPLaboratory {
  /// What can happen to so many nodes of some stores.
  ///
  /// - Parameters:
  ///   - variants: the stores.
  ///   - size: how many nodes.
  ///   - crashes: how many.
  ///   - losses: how many messages are lost.
  ///   - duplicates: how many messages are doubled.
  ///   - attempts: how often an attempt takes too long.
  ///   - background: how often what goes on in the background is done.
  ///   - cuts: how often the network is parted.
  ///   - asks: what is asked.
  ///   - prelude: the acts with which it begins.
  static func scenario(
    _ variants: [Variant], _ size: Int, crashes: Int = 0, losses: Int = 0, duplicates: Int = 0,
    attempts: Int = 0, background: Int = 0, cuts: Int = 0, asking asks: [Ask<Words>],
    after prelude: [Act<Words>] = []
  ) -> Scenario<Subject> {
    var bounds = Bounds(crashes: crashes, losses: losses, duplicates: duplicates, expiries: 0)
    bounds.kinds = ["attempt": attempts, "background": background]
    bounds.cuts = cuts
    return Scenario(
      size, variants: variants, bounds: bounds, workload: .only(asks), after: prelude)
  }

  /// A client writes x, at a node.
  static func write(_ client: ClientID, _ value: Int, at node: NodeID) -> Ask<Words> {
    Ask(client, of: [node], oneOf: [.write("x", value)])
  }

  /// A client reads x, at a node.
  static func read(_ client: ClientID, at node: NodeID) -> Ask<Words> {
    Ask(client, of: [node], oneOf: [.read("x")])
  }

  /// An operator promotes a node.
  static func promote(_ node: NodeID) -> Ask<Words> { Ask(node, oneOf: [.promote]) }

  /// Copies that have heard each other say that nothing was missed.
  static func begun(_ nodes: [NodeID] = ["a", "b"]) -> [Act<Words>] {
    let links = nodes.flatMap { from in nodes.filter { $0 != from }.map { Link(from: from, to: $0) }
    }
    return nodes.map { .store($0, first: nil) } + (links + links).map { .deliver($0, 0) }
  }

  /// One writes, and another reads twice, of three nodes.
  static let observed = [write("x", 1, at: "a"), read("y", at: "b"), read("y", at: "c")]
}

// MARK: Properties

extension CAPLaboratory {
  /// What is gone through whole of each store; and simulated runs of each that promises it.
  public static let checks: [PropertyCheck<Subject>] = Property.allCases.map { property in
    let promising = Variant.allCases.filter { CAPModel.promises(property, in: $0) }
    let explored: [Scenario<Subject>]
    switch property.form {
    case .recovers: explored = []
    case .sometimes: explored = witnesses(of: property)
    case .always:
      explored = small.filter { scenario in scenario.variants.allSatisfy(promising.contains) }
    }
    return PropertyCheck(
      property, claims: claims(about: property), exploring: explored,
      simulating: [
        Scenario(3, variants: promising, bounds: Bounds(), workload: .anything),
        Scenario(3, variants: promising, bounds: Bounds(), workload: .only(twoKeys)),
      ] + succession(promising), asking: readers)
  }

  /// Where there is a primary, operators promote others.
  private static func succession(_ promising: [Variant]) -> [Scenario<Subject>] {
    let variants = promising.filter { $0 == .synchronous || $0 == .asynchronous }
    return variants.isEmpty
      ? []
      : [
        Scenario(
          3, variants: variants, bounds: Bounds(),
          workload: .only(twoKeys + [promote("b"), promote("c")]))
      ]
  }

  /// Two clients, each of which writes one key and reads the other, of any node.
  private static let twoKeys: [Ask<Words>] = {
    func ask(_ client: ClientID, _ request: Words.Request) -> Ask<Words> {
      Ask(client, of: client == "x" ? ["a", "b", "c"] : ["c", "b", "a"], oneOf: [request])
    }
    return [
      ask("x", .write("x", 1)), ask("x", .read("y")), ask("x", .read("x")),
      ask("y", .write("y", 2)), ask("y", .read("x")), ask("y", .read("y")),
    ]
  }()

  /// Another client, which reads twice, of any node.
  private static let readers: [Ask<Words>] = [
    Ask("z", of: ["a", "b", "c"], oneOf: [.read("x")]),
    Ask("z", of: ["c", "b", "a"], oneOf: [.read("x")]),
  ]

  /// A small setting of each store, in which what matters to it can happen.
  static let small: [Scenario<Subject>] =
    [Variant.writeBack, .minorityRefuses, .majority, .noOverlap].map {
      scenario([$0], 3, asking: observed)
    } + [
      scenario([.writeBack], 2, crashes: 1, asking: [write("x", 1, at: "a"), read("y", at: "b")]),
      scenario(
        [.writeBack], 4, duplicates: 1, asking: [read("x", at: "d")], after: Moments.halfStored),
      scenario([.writeBack], 3, asking: [read("x", at: "b")], after: Moments.beside),
      scenario(
        [.availableCopies], 3, background: 1, asking: [read("y", at: "b")], after: Moments.outrun),
      scenario(
        [.synchronous], 2, crashes: 1,
        asking: [write("x", 1, at: "a"), promote("b"), read("y", at: "b")]),
      scenario(
        [.asynchronous], 2, crashes: 1,
        asking: [write("x", 1, at: "a"), promote("b"), read("y", at: "b")]),
      scenario(
        [.availableCopies], 2, crashes: 1, attempts: 2, background: 1,
        asking: [write("x", 1, at: "a"), read("y", at: "b"), write("y", 2, at: "b")], after: begun()
      ),
      scenario(
        [.bothAnswer], 3, losses: 1, background: 1,
        asking: [write("x", 1, at: "a"), write("y", 2, at: "b"), read("y", at: "a")]),
      scenario(
        [.connected], 3, losses: 1, attempts: 1, background: 1,
        asking: [write("x", 1, at: "b"), read("x", at: "b"), read("y", at: "c")]),
    ]

  private static func witnesses(of property: Property) -> [Scenario<Subject>] {
    property == .refuses
      ? [scenario([.minorityRefuses], 2, attempts: 1, asking: [read("x", at: "a")])]
      : [scenario([.bothAnswer], 2, asking: [write("x", 1, at: "a"), write("y", 2, at: "b")])]
  }

  private static func claims(about property: Property) -> [String] {
    switch property {
    case .linearizable: ["CAP-1", "CAP-3", "CAP-7"]
    case .convergence: ["CAP-2"]
    case .validity, .sequential, .causalConvergence, .causalMemory, .causalConsistency, .pram,
      .monotonicReads, .monotonicWrites, .readYourWrites, .writesFollowReads, .boundedVersions:
      ["CAP-3"]
    case .available: ["CAP-4"]
    case .availableWithOneCrash: ["CAP-4", "CAP-5"]
    case .atomicUntilLost, .nodeOrder: ["CAP-6"]
    case .progress: ["CAP-7", "CAP-9"]
    case .responds, .termination, .refuses, .conflicts: ["CAP-9"]
    }
  }
}
