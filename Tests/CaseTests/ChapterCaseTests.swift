import Catalogue
import Conformance
import Foundation
import Lab
import ProtocolCore
import Targets
import Testing
import TwoPhaseCommit
import TwoPhaseCommitLab

/// Whether the cases of chapters see what is wrong.
@Suite struct ChapterCaseTests {
  /// A chapter's only run, with a line changed.
  private func judged(_ run: String, _ old: String, _ new: String) async throws
    -> Conformance.CaseResult
  {
    let source = Session.folder.appending(path: "TwoPhaseCommit/\(run).run")
    let text = try String(contentsOf: source, encoding: .utf8)
    #expect(text.contains(old))
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    defer { try? FileManager.default.removeItem(at: folder) }
    let runs = folder.appending(path: "TwoPhaseCommit")
    try FileManager.default.createDirectory(at: runs, withIntermediateDirectories: true)
    try text.replacing(old, with: new).write(
      to: runs.appending(path: "\(run).run"), atomically: true, encoding: .utf8)
    // What it may begin with.
    let known = source.deletingLastPathComponent()
    for name in try FileManager.default.contentsOfDirectory(atPath: known.path)
    where name.contains("-S00-") {
      try FileManager.default.copyItem(
        at: known.appending(path: name), to: runs.appending(path: name))
    }
    let id = run.split(separator: "-").prefix(2).joined(separator: "-")
    let each = try #require(
      try ChapterCases.all(in: folder).first { $0.label.id == id || $0.label.id == "2PC-\(run)" })
    guard case .model(let judge) = each.judge else { throw CancellationError() }
    return await judge(1)
  }

  private let window = "2PC-S06-coordinator-crash-before-decision-is-stored"

  @Test func `A check that fails is told with its line and why`() async throws {
    let outcome = try await judged(window, "= blocked a b\n=", "= decided a b commit\n=")
    #expect(outcome.verdict == .fail)
    #expect(outcome.message == "line 12: 'decided a b commit' fails")
    #expect(outcome.narrative.last?.number == 12)
    #expect(outcome.differences.first?.field == "check")
  }

  @Test func `Something else that follows fails a run`() async throws {
    let outcome = try await judged(window, "c ✗ commit", "c ✗ abort")
    #expect(outcome.verdict == .fail)
    #expect(outcome.message?.hasSuffix("something else followed") == true)
  }

  @Test func `An act that cannot happen fails a run`() async throws {
    let outcome = try await judged(window, "> restart c ;", "> restart a ;")
    #expect(outcome.verdict == .fail)
    #expect(outcome.message?.contains("'restart a' cannot happen here") == true)
  }

  @Test func `A run without a rule does not violate anything when the rule is obeyed`() async throws
  {
    let outcome = try await judged(
      "without-voteStoredFirst", "\nwithout voteStoredFirst\n", "\n")
    #expect(outcome.verdict == .fail)
  }

  @Test func `A run that plants something else than it is called after fails`() async throws {
    let outcome = try await judged(
      "without-voteStoredFirst", "\nwithout voteStoredFirst\n",
      "\nwithout ackStoredFirst voteStoredFirst\n")
    #expect(outcome.verdict == .fail)
    #expect(outcome.message == "it does not plant what its name says")
  }

  @Test func `A rule fails whose absence no property sees`() async throws {
    let folder = Session.folder.appending(path: "TwoPhaseCommit")
    let ids = ["2PC-without-voteStoredFirst", "2PC-flaw-votesNotVoters"]
    let seeing = try RunLibrary<TwoPhaseCommitLaboratory>(folder, name: "TwoPhaseCommit").cases
    let blind = try RunLibrary<BlindLaboratory>(folder, name: "TwoPhaseCommit").cases
    for id in ids {
      for (cases, message) in [
        (seeing, nil), (blind, "the chapter says of nothing that it goes wrong"),
      ] {
        let each = try #require(cases.first { $0.label.id == id })
        guard case .model(let judge) = each.judge else { throw CancellationError() }
        let outcome = await judge(1)
        #expect(outcome.message == message, "\(id)")
        #expect(outcome.verdict == (message == nil ? .pass : .fail), "\(id)")
      }
    }
  }

  @Test func `A file that is not named after its run is refused`() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    defer { try? FileManager.default.removeItem(at: folder) }
    let runs = folder.appending(path: "TwoPhaseCommit")
    try FileManager.default.createDirectory(at: runs, withIntermediateDirectories: true)
    let source = Session.folder.appending(path: "TwoPhaseCommit/\(window).run")
    try FileManager.default.copyItem(at: source, to: runs.appending(path: "2PC-S07-window.run"))
    #expect(throws: FixtureError.self) { try ChapterCases.all(in: folder) }
  }

  /// Each property is violated without some rule, and the check of the property sees it.
  @Test(arguments: [
    (Property.AC1, Rule.decisionStoredFirst), (.AC1, .ignoranceIsNotAbort),
    (.AC2, .lateRequestRefused), (.AC3, .unanimity),
    (.AC5, .decisionIsRepeated), (.termination, .peersAreAsked),
  ])
  func `The check of a property sees what happens without a rule`(
    property: Property, rule: Rule
  ) throws {
    var check = try #require(TwoPhaseCommitLaboratory.checks.first { $0.property == property })
    check.change = .without(rule)
    let found = try #require(try check.result(seed: 1).refutation)
    #expect(found.violated == property)
    #expect(found.fails(found.acts))
  }
}

/// Two-phase commit, judged by nobody: no property is looked at, whatever is planted.
private enum BlindLaboratory: Laboratory {
  typealias Subject = TwoPhaseCommitModel

  static let title = "two-phase commit, unseen"
  static let folder = "TwoPhaseCommit"
  static let checks: [PropertyCheck<Subject>] = []
  static let experiments = TwoPhaseCommitLaboratory.experiments.map {
    Experiment<Subject>($0.change, violates: [])
  }
}
