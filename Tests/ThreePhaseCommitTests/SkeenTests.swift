import AtomicCommitmentLab
import Lab
import ProtocolCore
import Testing
import ThreePhaseCommit
import ThreePhaseCommitLab
import TwoPhaseCommit
import TwoPhaseCommitLab

/// The fundamental nonblocking theorem, on the reachable states of both chapters' machines.
struct SkeenTests {
  typealias Two = TwoPhaseCommitModel
  typealias Three = ThreePhaseCommitModel

  static let waiting = LocalState("participant", .waiting)

  static func three(
    _ size: Int = 2, without: Set<ThreePhaseCommit.Rule> = [], flaw: String? = nil
  ) throws -> ConcurrencySets {
    let cluster = try Cluster<Three>(
      Three.topology(size), without: without,
      flaw: flaw.flatMap { ThreePhaseCommitLaboratory.flaw(named: $0) })
    return ConcurrencySets(ThreePhaseCommitLaboratory.self, in: cluster)
  }

  @Test(arguments: 1...3)
  func `Three phases are nonblocking`(size: Int) throws {
    #expect(try Self.three(size).violations == [])
  }

  /// Skeen 1981, figure 6, and Bernstein, Hadzilacos, Goodman 1987, figure 7-6: who waits stands
  /// beside no commit, and who is prepared beside no abort.
  @Test(arguments: 2...3)
  func `The concurrency sets of three phases are those of the literature`(size: Int) throws {
    #expect(
      try Self.three(size).rows.map { $0.prefix(3).joined(separator: " | ") } == [
        "coordinator w | participant q w a | no",
        "coordinator p | participant w p | yes",
        "coordinator a | participant q w a | no",
        "coordinator c | participant p c | yes",
        "participant q | coordinator w a, participant q w a | no",
        "participant w | coordinator w p a, participant q w p a | no",
        "participant p | coordinator p c, participant w p c | yes",
        "participant a | coordinator w a, participant q w a | no",
        "participant c | coordinator c, participant p c | yes",
      ])
  }

  @Test(arguments: Presumption.allCases)
  func `In two phases a participant that waits stands beside both outcomes`(
    presumption: Presumption
  ) throws {
    for size in 2...3 {
      let cluster = try Cluster<Two>(Two.topology(size), variant: presumption)
      let sets = ConcurrencySets(TwoPhaseCommitLaboratory.self, in: cluster)
      #expect(
        sets.violations == [
          .bothOutcomes(Self.waiting), .commitBesideUncommittable(Self.waiting),
        ])
    }
  }

  @Test(arguments: [Two.Role.chained, .peer])
  func `Two phases without a coordinator block as well`(role: Two.Role) throws {
    let cluster = try Cluster<Two>(Two.topology(2, all: role))
    let sets = ConcurrencySets(TwoPhaseCommitLaboratory.self, in: cluster)
    #expect(sets.violations.contains(.bothOutcomes(LocalState(role.rawValue, .waiting))))
  }

  @Test func `Without acknowledgements three phases are two`() throws {
    let found = [
      ConcurrencySets.Violation.bothOutcomes(Self.waiting),
      .commitBesideUncommittable(Self.waiting),
    ]
    #expect(try Self.three(without: [.acksAwaited]).violations == found)
    #expect(try Self.three(flaw: "firstAckIsEnough").violations == found)
  }

  @Test func `Without unanimity somebody commits beside a no`() throws {
    let sets = try Self.three(flaw: "noTakenForYes")
    let prepared = LocalState("participant", .prepared)
    #expect(
      sets.violations == [.bothOutcomes(prepared), .commitBesideUncommittable(prepared)])
  }
}
