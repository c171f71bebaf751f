public import Foundation
public import Lab

/// What the search of each experiment finds first, as it is kept in `Fixtures/searches.tsv`.
public struct Searches {
  /// The lines of the table.
  public let all: [SearchRecord]

  /// The table below the folder `Fixtures`.
  ///
  /// - Throws: ``NotesError``, when there is none, or a line is wrong.
  public init(in fixtures: URL) throws {
    let path = "Fixtures/searches.tsv"
    guard
      let text = try? String(
        contentsOf: fixtures.appending(path: "searches.tsv"), encoding: .utf8)
    else { throw NotesError("there is no \(path)") }
    do {
      all = try SearchRecord.all(in: text)
    } catch {
      throw NotesError("\(error)", at: path)
    }
  }

  /// What is found of what was planted in a chapter.
  ///
  /// - Throws: ``NotesError``, when the table does not tell.
  public func of(_ planted: String, in chapter: String) throws -> SearchRecord {
    guard let record = all.first(where: { $0.isOf(chapter, planted) }) else {
      throw NotesError("Fixtures/searches.tsv does not tell of \(planted) in \(chapter)")
    }
    return record
  }
}
