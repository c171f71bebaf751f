public import Conformance
public import Foundation
import Lab
import ProtocolCore
import Studies

/// The cases of the chapters that are played in the laboratory: their runs, what goes wrong without
/// each rule and with each flaw, their properties, and what else is examined.
public enum ChapterCases {
  /// All of them, in the chapters' order.
  ///
  /// - Parameters:
  ///   - folder: the folder `Fixtures`.
  ///   - name: what stands before the path in reports.
  /// - Throws: `RunFileError`, when a run cannot be read or its id stands twice; `TopologyError`, when a
  ///   laboratory topologies a part that nobody can play.
  public static func all(in folder: URL, name: String = "Fixtures") throws -> [Case] {
    try Studies.all.flatMap { try cases(ofAny: $0, folder, name) }
  }

  /// A laboratory by its name, so that a build across modules makes code for its chapter alone, which is
  /// several times as fast as code for any chapter.
  private static func cases(
    ofAny laboratory: any Laboratory.Type, _ folder: URL, _ name: String
  ) throws -> [Case] {
    switch laboratory {
    case is TwoPhaseCommitLaboratory.Type:
      try cases(of: TwoPhaseCommitLaboratory.self, folder, name)
    case is LocksLaboratory.Type: try cases(of: LocksLaboratory.self, folder, name)
    case is ThreePhaseCommitLaboratory.Type:
      try cases(of: ThreePhaseCommitLaboratory.self, folder, name)
    case is QuorumCommitLaboratory.Type: try cases(of: QuorumCommitLaboratory.self, folder, name)
    default: try cases(of: laboratory, folder, name)
    }
  }

  private static func cases<S: Laboratory>(
    of laboratory: S.Type, _ folder: URL, _ name: String
  ) throws -> [Case] {
    let library = try RunLibrary<S>(folder.appending(path: S.folder), name: "\(name)/\(S.folder)")
    return try library.cases + properties(of: laboratory) + examinations(of: laboratory)
  }

  // MARK: Properties

  private static func properties<S: Laboratory>(of laboratory: S.Type) throws -> [Case] {
    let shared = try SharedExplorations<S>()
    return S.Subject.Property.allCases.map { property in
      let check = PropertyCheck<S>(property, sharing: shared)
      let label = label(
        of: laboratory, id: property.rawValue, topic: "property", title: check.title,
        claims: S.claims(about: property), file: "Sources/Chapters/\(S.folder)/Properties.swift")
      return Case(
        label,
        .model { seed in
          do { return try check.result(seed: seed).outcome(of: check) } catch {
            return Outcome(.error, "\(error)")
          }
        })
    }
  }

  // MARK: Examinations

  private static func examinations<S: Laboratory>(of laboratory: S.Type) -> [Case] {
    S.examinations.map { examination in
      let topic = examination.id.prefix { $0.isLetter }.lowercased()
      let label = label(
        of: laboratory, id: examination.id, topic: topic, title: examination.title,
        claims: examination.claims, file: "Sources/Studies")
      return Case(label, .model { _ in outcome(of: examination) })
    }
  }

  private static func outcome(of examination: Examination) -> Outcome {
    do {
      let discrepancies = try examination.discrepancies()
      guard !discrepancies.isEmpty else { return Outcome(.pass) }
      let names = discrepancies.map(\.what).joined(separator: ", ")
      var outcome = Outcome(.fail, "otherwise than it should be: \(names)")
      outcome.narrative = [Outcome.Line(1, examination.title)]
      outcome.differences = discrepancies.map {
        Outcome.Difference($0.what, expected: $0.expected, got: $0.got)
      }
      return outcome
    } catch {
      return Outcome(.error, "\(error)")
    }
  }

  /// The label of something that no fixture writes.
  static func label<S: Laboratory>(
    of laboratory: S.Type, id: String, topic: String, title: String, claims: [String], file: String
  ) -> CaseLabel {
    let chapter = S.Subject.name
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
    case .recovers(let condition, repaired: true):
      "\(property): once everything is repaired, everybody becomes '\(condition.rawValue)'"
    case .recovers(let condition, repaired: false):
      "\(property): once nothing more fails, all who are up become '\(condition.rawValue)'"
    }
  }
}

extension PropertyCheck.Result {
  /// What it amounts to.
  func outcome(of check: PropertyCheck) -> Outcome {
    var outcome = Outcome(.pass)
    if let refutation {
      outcome = Outcome(.fail, "\(check.property) is violated")
      outcome.narrative = refutation.narrative
    } else if !isWitnessed {
      outcome = Outcome(.fail, "\(check.property) never happens")
    } else if isUnfinished {
      outcome = Outcome(.inconclusive, "not exhausted")
    }
    outcome.measured = ["\(states) states seen, \(runs) runs simulated"]
    return outcome
  }
}

extension Counterexample {
  /// Its acts and what followed.
  var narrative: [Outcome.Line] {
    var system = SystemState(cluster)
    let trace = Trace(of: acts, on: &system)
    return trace.entries.enumerated().map { number, entry in
      Outcome.Line(number + 1, entry.act, entry.lines.joined(separator: "   "))
    }
  }
}
