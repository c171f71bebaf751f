import Lab
import ProtocolCore
import Studies
import Testing
import ThreePhaseCommit

/// Three-phase commit that commits as soon as one has voted yes.
private enum Hasty: Study {
  typealias Subject = ThreePhaseCommit.Play
  static let title = "hasty commit"
  static let folder = "nowhere"
  static let flaws: [Flaw<Process>] = []

  static func claims(about property: Property) -> [String] { [] }

  static func explorers(
    judging property: Property, without rules: Set<Rule>
  ) throws(Miscast) -> [Explorer<Play>] {
    let bounds = Bounds(crashes: 0, losses: 0, duplicates: 0, expiries: .max)
    return [
      Explorer(try Cluster<Play>(Play.cast(2), without: [.unanimity], bounds: bounds))
    ]
  }

  static func clusters(
    judging property: Property, without rules: Set<Rule>
  ) throws(Miscast) -> [Cluster<Play>] { [] }
}

struct SharingTests {
  private func results<S: Study>(
    _ study: S.Type, sharing shared: SharedExplorations<S>?
  ) throws -> [String] {
    try S.Subject.Property.allCases.map { property in
      let result = try PropertyCheck<S>(property, sharing: shared).result(seed: 1)
      let refuted = result.refutation.map { "\($0.violated) by \($0.acts)" } ?? "nothing refuted"
      return "\(property): \(refuted), witnessed \(result.isWitnessed)"
    }
  }

  @Test func `Together the properties of a chapter are judged as each by itself`() throws {
    let alone = try results(ThreePhaseCommitStudy.self, sharing: nil)
    let together = try results(ThreePhaseCommitStudy.self, sharing: SharedExplorations())
    #expect(together == alone)
    #expect(together.allSatisfy { $0.contains("nothing refuted, witnessed true") })
  }

  @Test func `What violates one property is not hidden from the others, nor hides them`() throws {
    let alone = try results(Hasty.self, sharing: nil)
    let together = try results(Hasty.self, sharing: SharedExplorations())
    #expect(together == alone)
    #expect(Set(together.map { $0.contains("nothing refuted") }) == [true, false])
    #expect(together.contains { $0.hasPrefix("AC3: AC3 by") })
  }
}
