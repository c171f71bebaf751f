import AtomicCommitment
import AtomicCommitmentLab
import Lab
import ProtocolCore
import ThreePhaseCommit
import TwoPhaseCommit
import TwoPhaseCommitLab

extension ThreePhaseCommitLaboratory {
  /// Skeen's theorem: three phases pass, and two fail where a participant waits for the outcome.
  static var automata: [Demonstration] {
    let waiting = LocalState("participant", .waiting)
    return (2...3).flatMap { size in
      [
        Demonstration(
          "FSM[3pc,\(size)]",
          "No local state of \(size) participants in three phases stands beside both outcomes",
          claims: ["3PC-6"]
        ) {
          let cluster = try Cluster<Subject>(Subject.topology(size))
          return Discrepancy.between(
            expected: [], got: ConcurrencySets(ThreePhaseCommitLaboratory.self, in: cluster))
        },
        Demonstration(
          "FSM[2pc,\(size)]",
          "In two phases a participant of \(size) that waits stands beside both outcomes",
          claims: ["3PC-6"]
        ) {
          let cluster = try Cluster<TwoPhaseCommitModel>(TwoPhaseCommitModel.topology(size))
          return Discrepancy.between(
            expected: [.bothOutcomes(waiting), .commitBesideUncommittable(waiting)],
            got: ConcurrencySets(TwoPhaseCommitLaboratory.self, in: cluster))
        },
      ]
    }
  }
}

extension Discrepancy {
  /// Whether the theorem forbids other states than it should.
  fileprivate static func between(
    expected: [ConcurrencySets.Violation], got sets: ConcurrencySets
  ) -> [Discrepancy] {
    func text(_ violations: [ConcurrencySets.Violation]) -> String {
      violations.isEmpty ? "none" : violations.map(\.description).joined(separator: ", ")
    }
    guard sets.violations != expected else { return [] }
    return [
      Discrepancy("blocking states", expected: text(expected), got: text(sets.violations))
    ]
  }
}
