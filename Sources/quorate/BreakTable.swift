import ArgumentParser
import Catalogue
import Lab
import ProtocolCore

/// Searches for every rule and every flaw of all chapters, and holds what is found first, and what
/// that takes, against a table that is kept.
struct BreakTable {
  let path: String

  /// Compares what is found with the table.
  ///
  /// - Throws: exit code 64 when the table cannot be read, 1 when something else is found.
  func check() throws {
    let listed: [SearchRecord]
    do {
      listed = try SearchRecord.all(in: try LaboratoryOptions.read(path))
    } catch let flaw as SearchRecord.Flaw {
      throw ValidationError("\(path): \(flaw)")
    }
    let found = try search()
    let differing = Set(found).symmetricDifference(listed)
    for record in listed where differing.contains(record) { print("listed  \(record.line)") }
    for record in found where differing.contains(record) { print("found   \(record.line)") }
    guard differing.isEmpty else { throw ExitCode(1) }
    print("\(found.count) searches, each finds what is listed")
  }

  /// Writes what is found to the table.
  ///
  /// - Throws: exit code 64 when it cannot be written.
  func write() throws {
    let outlet = try Outlet("--table", path)
    try outlet.write(SearchRecord.table(of: try search()))
  }

  private func search() throws -> [SearchRecord] {
    var searching = Searching()
    try Catalogue.visitChapters(&searching)
    return searching.found
  }

  /// Searches in one chapter after the other.
  private struct Searching: LaboratoryVisitor {
    var found: [SearchRecord] = []

    mutating func visit<L: Laboratory>(_ laboratory: L.Type) throws {
      let stopwatch = Stopwatch()
      for experiment in L.experiments where !experiment.violates.isEmpty {
        var search = try L.search(experiment)
        search.keep = 1
        search.minimizes = false
        guard let first = search.run() else { continue }
        found.append(SearchRecord(first, of: experiment, in: laboratory))
      }
      Terminal.complain("\(L.name): \(stopwatch.seconds.fixed(1)) s")
    }
  }
}
