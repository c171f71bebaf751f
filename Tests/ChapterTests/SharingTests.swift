import Catalogue
import Lab
import ProtocolCore
import Testing
import ThreePhaseCommit

struct SharingTests {
  typealias Model = ThreePhaseCommitModel

  /// Three-phase commit, judged by what can happen to two participants that say yes.
  private func checks(without rule: Rule?) -> [PropertyCheck<Model>] {
    let scenario = Scenario<Model>(
      2, bounds: Bounds(crashes: 0, losses: 0, duplicates: 0, expiries: .max))
    return Property.allCases.map {
      var check = PropertyCheck<Model>($0, claims: [], exploring: [scenario], simulating: [])
      check.change = rule.map { .without($0) }
      return check
    }
  }

  private func results(
    _ checks: [PropertyCheck<Model>], sharing shared: SharedEvidence<Model>? = nil
  ) throws -> [String] {
    try checks.map { check in
      let result = try check.result(seed: 1, sharing: shared)
      let refuted = result.refutation.map { "\($0.violated) by \($0.acts)" } ?? "nothing refuted"
      return "\(check.property): \(refuted), witnessed \(result.isWitnessed)"
    }
  }

  @Test func `Together the properties of a chapter are judged as each by itself`() throws {
    let checks = checks(without: nil)
    let together = try results(checks, sharing: SharedEvidence(checks))
    #expect(try results(checks) == together)
    #expect(together.allSatisfy { $0.contains("nothing refuted") })
    // Where nobody crashes nobody takes over, and nobody is blocked.
    #expect(Set(together.map { $0.hasSuffix("witnessed true") }) == [true, false])
  }

  /// It commits as soon as one has voted yes.
  @Test func `What violates one property is not hidden from the others, nor hides them`() throws {
    let checks = checks(without: .unanimity)
    let together = try results(checks, sharing: SharedEvidence(checks))
    #expect(try results(checks) == together)
    #expect(Set(together.map { $0.contains("nothing refuted") }) == [true, false])
    #expect(together.contains { $0.hasPrefix("AC3: AC3 by") })
  }
}
