import Catalogue
public import Conformance
public import Foundation
import Lab
import ProtocolCore

/// The cases of the chapters that are played in the laboratory: their runs, what goes wrong without
/// each rule and with each flaw, their properties, and what else is demonstrated.
public enum ChapterCases {
  /// All of them, in the chapters' order.
  ///
  /// - Parameters:
  ///   - folder: the folder `Fixtures`.
  ///   - name: what stands before the path in reports.
  /// - Throws: `RunFileError`, when a run cannot be read or its id stands twice; `TopologyError`,
  ///   when a laboratory's topology is none of its protocol's.
  public static func all(in folder: URL, name: String = "Fixtures") throws -> [Case] {
    var collector = Collector(folder: folder, name: name)
    try Catalogue.visitChapters(&collector)
    return collector.cases
  }

  /// Makes the cases of each laboratory.
  private struct Collector: LaboratoryVisitor {
    let folder: URL
    let name: String
    var cases: [Case] = []

    mutating func visit<L: Laboratory>(_ laboratory: L.Type) throws {
      let runs = try RunLibrary<L>(folder.appending(path: L.folder), name: "\(name)/\(L.folder)")
      cases += try runs.cases + properties(of: laboratory) + demonstrations(of: laboratory)
    }
  }

  // MARK: Properties

  private static func properties<L: Laboratory>(of laboratory: L.Type) throws -> [Case] {
    let checks = L.checks
    let shared = try SharedEvidence(checks)
    return checks.map { check in
      let label = label(
        of: laboratory, id: check.property.rawValue, topic: "property", title: check.title,
        claims: check.claims, file: "Sources/Chapters/\(L.folder)/Properties.swift")
      return Case(
        label,
        .model { seed in
          do { return try check.result(seed: seed, sharing: shared).outcome(of: check) } catch {
            return CaseResult(.error, "\(error)")
          }
        })
    }
  }

  // MARK: Measurements

  private static func demonstrations<L: Laboratory>(of laboratory: L.Type) -> [Case] {
    L.demonstrations.map { demonstration in
      let topic = demonstration.id.prefix { $0.isLetter }.lowercased()
      let label = label(
        of: laboratory, id: demonstration.id, topic: topic, title: demonstration.title,
        claims: demonstration.claims, file: "Sources/Laboratories/\(L.folder)")
      return Case(label, .model { _ in outcome(of: demonstration) })
    }
  }

  private static func outcome(of demonstration: Demonstration) -> CaseResult {
    do {
      let discrepancies = try demonstration.discrepancies()
      guard !discrepancies.isEmpty else {
        return CaseResult(demonstration.isArgued ? .argued : .pass)
      }
      let names = discrepancies.map(\.what).joined(separator: ", ")
      var outcome = CaseResult(.fail, "otherwise than it should be: \(names)")
      outcome.narrative = [CaseResult.Line(1, demonstration.title)]
      outcome.differences = discrepancies.map {
        CaseResult.Difference($0.what, expected: $0.expected, got: $0.got)
      }
      return outcome
    } catch {
      return CaseResult(.error, "\(error)")
    }
  }

  /// The label of something that no fixture writes.
  static func label<L: Laboratory>(
    of laboratory: L.Type, id: String, topic: String, title: String, claims: [String], file: String
  ) -> CaseLabel {
    let chapter = L.name
    return CaseLabel(
      id: "\(chapter.uppercased())-\(id)", slug: "", title: title, level: .must, claims: claims,
      chapter: chapter, topic: topic, place: Place(file: file))
  }
}

extension PropertyCheck {
  /// What it judges, in a sentence.
  var title: String {
    switch property.form {
    case .always: "\(property) holds always"
    case .sometimes(let condition): "\(property) happens: somebody is '\(condition.rawValue)'"
    case .recovers(let condition, repaired: true, _):
      "\(property): once everything is repaired, everybody becomes '\(condition.rawValue)'"
    case .recovers(let condition, repaired: false, healed: true):
      "\(property): once nothing more fails, all who are up become '\(condition.rawValue)'"
    case .recovers(let condition, repaired: false, healed: false):
      "\(property): once nothing more fails, all who are up become '\(condition.rawValue)', "
        + "whatever is cut"
    }
  }
}

extension PropertyCheck.Result {
  /// What it amounts to.
  func outcome(of check: PropertyCheck) -> CaseResult {
    var outcome = CaseResult(.pass)
    if let refutation, refutation.replayed == .holds {
      outcome = CaseResult(
        .error,
        "a fault of quorate: a run was said to violate \(check.property), and played it does not")
      outcome.narrative = refutation.narrative
    } else if let refutation {
      outcome = CaseResult(.fail, "\(check.property) is violated")
      outcome.narrative = refutation.narrative
    } else if !isWitnessed {
      outcome = CaseResult(.fail, "\(check.property) never happens")
    } else if isUnfinished {
      outcome = CaseResult(.inconclusive, "not exhausted")
    }
    outcome.measured = ["\(states) states seen, \(runs) runs simulated"]
    return outcome
  }
}

extension Counterexample {
  /// Its acts and what followed.
  var narrative: [CaseResult.Line] {
    var system = SystemState(cluster)
    let trace = Trace(of: acts, on: &system)
    return trace.entries.enumerated().map { number, entry in
      CaseResult.Line(number + 1, entry.act, entry.lines.joined(separator: "   "))
    }
  }
}
