import AtomicCommitment
import Catalogue
import Lab
import ProtocolCore
import QuorumCommit
import QuorumCommitLab
import Testing
import ThreePhaseCommit
import ThreePhaseCommitLab
import TwoPhaseCommit
import TwoPhaseCommitLab

/// A commit protocol, in which a process can be made to decide the opposite.
private protocol Contrary: Laboratory {
  /// The record of the opposite decision, if this one is of a decision.
  static func opposite(of record: Subject.Words.Record) -> Subject.Words.Record?
  /// The note of the opposite decision, if this one is of a decision.
  static func opposite(of note: Subject.Words.Note) -> Subject.Words.Note?
}

extension Contrary {
  /// A process that writes down and says the opposite of what was decided.
  static var opposite: Flaw<Subject.Node> {
    Flaw(
      "opposite", "the decision is written down as its opposite",
      editing: { _, event, effect in
        switch (effect, event) {
        case (.persist(let record), _): [.persist(opposite(of: record) ?? record)]
        case (.note, .stored): [effect]  // as it was written
        case (.note, .started(let log)) where log.contains { opposite(of: $0) != nil }: [effect]
        case (.note(let note), _): [.note(opposite(of: note) ?? note)]
        default: [effect]
        }
      })
  }

  /// Whether the process says what it decides, in some step of the run.
  static func isDecisionTold(of id: NodeID, in run: Playback<Subject>) -> Bool {
    run.frames.contains { frame in
      frame.step?.incidents.contains { incident in
        guard case .noted(let note) = incident.happening else { return false }
        return incident.node == id && opposite(of: note) != nil
      } ?? false
    }
  }

  /// The processes whose opposite decision nobody notices in a run that keeps all promises; and
  /// how many were tried.
  static func unnoticed(in run: Playback<Subject>) -> (unnoticed: [NodeID], tried: Int) {
    guard run.system.violatedAlways() == nil else { return ([], 0) }
    // Who forgot its work has decided, but not said so.
    let tried = run.cluster.nodes.filter { isDecisionTold(of: $0, in: run) }
    let unnoticed = tried.filter { id in
      var cluster = run.cluster
      cluster.flaw = opposite
      cluster.flawed = id
      var system = SystemState(cluster)
      for act in run.acts { _ = try? system.perform(act) }
      return system.violatedAlways() == nil
    }
    return (unnoticed, tried.count)
  }
}

extension TwoPhaseCommitLaboratory: Contrary {
  static func opposite(of record: TwoPhaseCommit.Words.Record) -> TwoPhaseCommit.Words.Record? {
    if case .decided(let decision) = record { return .decided(decision.opposite) }
    return nil
  }

  static func opposite(of note: TwoPhaseCommit.Words.Note) -> TwoPhaseCommit.Words.Note? {
    if case .decided(let decision) = note { return .decided(decision.opposite) }
    return nil
  }
}

extension LocksLaboratory: Contrary {
  static func opposite(of record: Locks.Words.Record) -> Locks.Words.Record? {
    TwoPhaseCommitLaboratory.opposite(of: record.word).map { Locks.Of(record.transaction, $0) }
  }

  static func opposite(of note: Locks.Words.Note) -> Locks.Words.Note? {
    TwoPhaseCommitLaboratory.opposite(of: note.word).map { Locks.Of(note.transaction, $0) }
  }
}

extension ThreePhaseCommitLaboratory: Contrary {
  static func opposite(
    of record: ThreePhaseCommit.Words.Record
  ) -> ThreePhaseCommit.Words.Record? {
    if case .decided(let decision) = record { return .decided(decision.opposite) }
    return nil
  }

  static func opposite(of note: ThreePhaseCommit.Words.Note) -> ThreePhaseCommit.Words.Note? {
    if case .decided(let decision) = note { return .decided(decision.opposite) }
    return nil
  }
}

extension QuorumCommitLaboratory: Contrary {
  static func opposite(of record: QuorumCommit.Words.Record) -> QuorumCommit.Words.Record? {
    if case .decided(let decision) = record { return .decided(decision.opposite) }
    return nil
  }

  static func opposite(of note: QuorumCommit.Words.Note) -> QuorumCommit.Words.Note? {
    if case .decided(let decision) = note { return .decided(decision.opposite) }
    return nil
  }
}

extension Decision {
  fileprivate var opposite: Self { self == .commit ? .abort : .commit }
}

struct OppositeTests {
  static let chapters = Catalogue.names(of: Catalogue.all.filter { $0 is any Contrary.Type })
  static let runs = Recorded.scenarios.filter { chapters.contains($0.chapter) }

  @Test(arguments: OppositeTests.runs)
  func `One opposite decision refutes a run`(run: Recorded) throws {
    let laboratory = try #require(try laboratory(of: run.chapter) as? any Contrary.Type)
    #expect(try unnoticed(run, laboratory) == [])
  }

  private func unnoticed<S: Contrary>(_ run: Recorded, _ laboratory: S.Type) throws -> [NodeID] {
    S.unnoticed(in: try run.playback(laboratory)).unnoticed
  }

  @Test(arguments: OppositeTests.chapters)
  func `There are decisions to turn round`(chapter: String) throws {
    let laboratory = try #require(try laboratory(of: chapter) as? any Contrary.Type)
    let runs = Recorded.scenarios.filter { $0.chapter == chapter }
    #expect(try runs.reduce(0) { try $0 + tried($1, laboratory) } >= runs.count)
  }

  private func tried<S: Contrary>(_ run: Recorded, _ laboratory: S.Type) throws -> Int {
    S.unnoticed(in: try run.playback(laboratory)).tried
  }
}
