import AtomicCommitmentLab
import Catalogue
import Foundation
import Lab
import ProtocolCore

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

  private static func rows<S: Phased>(of laboratory: S.Type) throws -> [[String]] {
    let cluster = try Cluster<S.Subject>(S.Subject.topology(2))
    return ConcurrencySets(laboratory, in: cluster).rows
  }
}
