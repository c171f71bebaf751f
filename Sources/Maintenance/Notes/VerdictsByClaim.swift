import Conformance
import Foundation
import ProtocolCore
import Targets
import ZooKeeperConformance

/// What a chapter claims of servers and clients, the cases that judge it, and what came of them on
/// the reference and on each real edition: from the table that `make matrix` has written.
enum VerdictsByClaim {

  /// A row for each claim of servers and clients whose id begins with one of these words.
  static func table(of topics: [String], below folder: URL) throws -> String {
    let fixtures = folder.appending(path: "Fixtures")
    let verdicts = try VerdictTable(
      String(contentsOf: fixtures.appending(path: "ZooKeeper/verdicts.tsv"), encoding: .utf8),
      file: "verdicts.tsv")
    let labels = (try CaseLibrary(folder: fixtures).cases + Grid.cases + ClientCases.all).map(
      \.label)
    // What is claimed of ensembles a chapter's own table tells.
    let claims = Claims.suite.all.filter { claim in
      claim.subject != .ensemble && topics.contains { claim.id.hasPrefix("\($0)-") }
    }
    guard !claims.isEmpty else {
      throw NotesError("nothing is claimed of \(topics.joined(separator: " "))")
    }
    let rows = try claims.map { claim -> [String] in
      let cases = labels.filter { $0.claims.contains(claim.id) }
      guard !cases.isEmpty else { throw NotesError("no case judges \(claim.id)") }
      let asked = cases.map(\.id).filter(verdicts.ids.contains)
      return [claim.id, claim.sentence, counted(cases)]
        + verdicts.columns.map { column in
          cell(asked.compactMap { verdicts[$0, column] })
        }
    }
    return Measured.table(["claim", "what it says", "cases"] + verdicts.columns, rows)
  }

  /// How many cases there are of each part of the suite, the largest first.
  private static func counted(_ cases: [CaseLabel]) -> String {
    let topics = Dictionary(grouping: cases, by: \.topic).mapValues(\.count)
    return topics.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
      .map { "\($0.value) × \($0.key)" }.joined(separator: ", ")
  }

  /// How many hold; what else there is, by its name.
  private static func cell(_ verdicts: [Verdict]) -> String {
    guard !verdicts.isEmpty else { return "–" }
    let good = verdicts.count { $0 == .pass || $0 == .passNonStrict }
    let others = Verdict.allCases.filter { ![.pass, .passNonStrict].contains($0) }
      .compactMap { verdict -> String? in
        let count = verdicts.count { $0 == verdict }
        return count == 0 ? nil : "\(count) \(verdict)"
      }
    return (["\(good)"] + others).joined(separator: ", ")
  }
}
