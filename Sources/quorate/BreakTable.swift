import ArgumentParser
import Catalogue
import Lab
import ProtocolCore

/// Searches for every rule and every flaw of the chapters, and holds what is found first, and what
/// that takes, against a table that is kept.
struct BreakTable {
  let path: String
  /// The only chapter that is looked at; all without one.
  let chapter: String?

  /// Compares what is found with the table.
  ///
  /// - Throws: exit code 64 when the table cannot be read, 1 when something else is found.
  func check() throws {
    let listed = try listed().filter(isLookedAt)
    let searching = try search()
    let differing = Set(searching.found).symmetricDifference(listed)
    for record in listed where differing.contains(record) { print("listed  \(record.line)") }
    for record in searching.found where differing.contains(record) {
      print("found   \(record.line)")
    }
    guard differing.isEmpty, searching.missed == 0 else { throw ExitCode(1) }
    print("\(searching.found.count) searches, each finds what is listed")
  }

  /// Writes what is found to the table; lines of chapters that are not looked at stay.
  ///
  /// - Throws: exit code 64 when it cannot be written, 1 when a search finds nothing.
  func write() throws {
    let kept = chapter == nil ? [] : try listed().filter { !isLookedAt($0) }
    let outlet = try Outlet("--table", path)
    let searching = try search()
    guard searching.missed == 0 else { throw ExitCode(1) }
    let all = kept + searching.found
    try outlet.write(
      SearchRecord.table(
        of: Catalogue.names.flatMap { name in all.filter { $0.chapter == name } }))
  }

  private func listed() throws -> [SearchRecord] {
    do {
      return try SearchRecord.all(in: try LaboratoryOptions.read(path))
    } catch let flaw as SearchRecord.Flaw {
      throw ValidationError("\(path): \(flaw)")
    }
  }

  private func isLookedAt(_ record: SearchRecord) -> Bool {
    chapter == nil || record.chapter == chapter
  }

  private func search() throws -> Searching {
    var searching = Searching()
    guard let chapter else {
      try Catalogue.visitChapters(&searching)
      return searching
    }
    guard try Catalogue.visit(chapter, &searching) else {
      throw LaboratoryOptions.unknown("chapter", chapter, Catalogue.names)
    }
    return searching
  }

  /// Searches in one chapter after the other.
  private struct Searching: LaboratoryVisitor {
    var found: [SearchRecord] = []
    /// How many searches found nothing.
    var missed = 0

    mutating func visit<L: Laboratory>(_ laboratory: L.Type) throws {
      let stopwatch = Stopwatch()
      for experiment in L.experiments where !experiment.violates.isEmpty {
        var search = try L.search(experiment)
        search.keep = 1
        search.minimizes = false
        if let first = search.run() {
          found.append(SearchRecord(first, of: experiment, in: laboratory))
        } else {
          missed += 1
          print("nothing  \(L.name)\t\(experiment.change.stem)")
        }
      }
      Terminal.complain("\(L.name): \(stopwatch.seconds.fixed(1)) s")
    }
  }
}
