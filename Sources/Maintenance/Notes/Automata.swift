import AtomicCommitmentLab
import Catalogue
import Foundation
import Lab
import ProtocolCore
import Reports

/// What the theory of nonblocking protocols says of a chapter's automata.
enum Automata {

  /// A chapter's local states with two participants, and what can stand beside each.
  static func table(of chapter: String) throws -> String {
    guard let laboratory = try Runs.laboratory(chapter) as? any Phased.Type else {
      throw NotesError("\(chapter) has no automata to draw")
    }
    return Measured.table(
      ["state", "may stand beside", "all have voted yes", "blocks"], try rows(of: laboratory))
  }

  /// The automata of a chapter's coordinator and participants, drawn.
  static func drawing(of chapter: String) throws -> (markdown: String, picture: String, svg: String)
  {
    guard let laboratory = try Runs.laboratory(chapter) as? any Phased.Type else {
      throw NotesError("\(chapter) has no automata to draw")
    }
    return try drawing(of: laboratory)
  }

  private static func drawing<S: Phased>(
    of laboratory: S.Type
  ) throws -> (markdown: String, picture: String, svg: String) {
    let cluster = try Cluster<S.Subject>(S.Subject.topology(2))
    let sets = ConcurrencySets(laboratory, in: cluster)
    let blocking = Set(sets.violations.map(\.local))
    let automata = sets.transitions.keys.sorted().map { role in
      let steps = sets.transitions[role, default: []]
      let phases = Phase.allCases.filter { phase in
        steps.contains { $0.from == phase || $0.to == phase }
      }
      let ways = phases.flatMap { from in
        phases.compactMap { to -> (from: String, to: String, causes: [String])? in
          let causes = steps.filter { $0.from == from && $0.to == to }.map(\.cause).sorted()
          return causes.isEmpty ? nil : (from.rawValue, to.rawValue, causes)
        }
      }
      return AutomatonDrawing.Automaton(
        title: role,
        states: phases.map { ($0.rawValue, blocking.contains(LocalState(role, $0))) },
        steps: ways)
    }
    let title = "The automata of \(S.title)"
    let name = "pictures/\(S.name)-automata.svg"
    return ("![\(title)](\(name))", name, AutomatonDrawing(automata, title: title).svg)
  }

  private static func rows<S: Phased>(of laboratory: S.Type) throws -> [[String]] {
    let cluster = try Cluster<S.Subject>(S.Subject.topology(2))
    return ConcurrencySets(laboratory, in: cluster).rows
  }
}
