import Lab
import ProtocolCore
import Studies
import Testing
import ThreePhaseCommit

/// Three-phase commit, judged by what can happen to two participants that say yes.
private protocol Small: Laboratory where Subject == ThreePhaseCommitModel {
  /// The rules that are always left out.
  static var omitted: Set<Rule> { get }
}

extension Small {
  static var title: String { "three-phase commit in the small" }
  static var folder: String { "nowhere" }
  static var flaws: [Flaw<Process>] { [] }

  static func claims(about property: Property) -> [String] { [] }

  static func explorers(
    judging property: Property, without rules: Set<Rule>
  ) throws(TopologyError) -> [Explorer<ThreePhaseCommitModel>] {
    let bounds = Bounds(crashes: 0, losses: 0, duplicates: 0, expiries: .max)
    var cluster = try Cluster<ThreePhaseCommitModel>(
      ThreePhaseCommitModel.topology(2), without: omitted, bounds: bounds)
    cluster.asks = cluster.asks.map { Ask($0.node, oneOf: [$0.requests[0]]) }
    return [Explorer(cluster)]
  }

  static func clusters(
    judging property: Property, without rules: Set<Rule>
  ) throws(TopologyError) -> [Cluster<ThreePhaseCommitModel>] { [] }
}

/// All rules are obeyed.
private enum Sound: Small {
  typealias Subject = ThreePhaseCommitModel
  static let omitted: Set<Rule> = []
}

/// It commits as soon as one has voted yes.
private enum Hasty: Small {
  typealias Subject = ThreePhaseCommitModel
  static let omitted: Set<Rule> = [.unanimity]
}

struct SharingTests {
  private func results<S: Laboratory>(
    _ laboratory: S.Type, sharing shared: SharedExplorations<S>?
  ) throws -> [String] {
    try S.Subject.Property.allCases.map { property in
      let result = try PropertyCheck<S>(property, sharing: shared).result(seed: 1)
      let refuted = result.refutation.map { "\($0.violated) by \($0.acts)" } ?? "nothing refuted"
      return "\(property): \(refuted), witnessed \(result.isWitnessed)"
    }
  }

  @Test func `Together the properties of a chapter are judged as each by itself`() throws {
    let alone = try results(Sound.self, sharing: nil)
    let together = try results(Sound.self, sharing: SharedExplorations())
    #expect(together == alone)
    #expect(together.allSatisfy { $0.contains("nothing refuted") })
    // Where nobody crashes nobody takes over, and nobody is blocked.
    #expect(Set(together.map { $0.hasSuffix("witnessed true") }) == [true, false])
  }

  @Test func `What violates one property is not hidden from the others, nor hides them`() throws {
    let alone = try results(Hasty.self, sharing: nil)
    let together = try results(Hasty.self, sharing: SharedExplorations())
    #expect(together == alone)
    #expect(Set(together.map { $0.contains("nothing refuted") }) == [true, false])
    #expect(together.contains { $0.hasPrefix("AC3: AC3 by") })
  }
}
