/// Cases by targets: a verdict in each cell, as a file that is kept under version control.
///
/// Columns are separated by tabs, a case stands in a line of its own, and lines are in the order of
/// ids: so a difference between two versions of the file reads as a sentence.
///
///     case          reference  3.4.14       …
///     ZK-ACL-001    pass       pass         …
public struct VerdictTable: Hashable, Sendable {
  /// The column of the embedded reference.
  public static let reference = "reference"

  /// The names of the columns: the reference, then editions from old to new.
  public private(set) var columns: [String] = []
  private var rows: [String: [String: Verdict]] = [:]

  /// A table without columns.
  public init() {}

  /// The table that `text` writes.
  ///
  /// - Throws: ``FixtureError`` for a line that has not as many cells as the first, a word that is
  ///   no verdict, or a case that stands twice.
  public init(_ text: String, file: String) throws(FixtureError) {
    for (offset, line) in text.split(whereSeparator: \.isNewline).enumerated() {
      let cells = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
      let place = Place(file: file, line: offset + 1, column: 1)
      if offset == 0 {
        columns = Array(cells.dropFirst())
        continue
      }
      guard cells.count == columns.count + 1 else {
        throw FixtureError(place, .malformed(cells[0], expected: "\(columns.count) verdicts"))
      }
      guard rows[cells[0]] == nil else {
        throw FixtureError(place, .duplicateCase(cells[0], other: file))
      }
      var row: [String: Verdict] = [:]
      for (column, word) in zip(columns, cells.dropFirst()) where word != Self.nothing {
        guard let verdict = Verdict(rawValue: word) else {
          throw FixtureError(place, .malformed(word, expected: "a verdict"))
        }
        row[column] = verdict
      }
      rows[cells[0]] = row
    }
  }

  private static let nothing = "-"

  /// The ids of the cases, in order.
  public var ids: [String] { rows.keys.sorted() }

  /// The verdict on a case; nil if none is known.
  public subscript(id: String, column: String) -> Verdict? { rows[id]?[column] }

  /// The columns of real servers on which a case was played.
  public func seen(_ id: String) -> [String] {
    columns.filter { column in
      column != Self.reference && ![nil, .unsupported].contains(rows[id]?[column])
    }
  }

  /// How often each verdict stands in a column.
  public func counts(_ column: String) -> [Verdict: Int] {
    rows.values.reduce(into: [:]) { counts, row in
      if let verdict = row[column] { counts[verdict, default: 0] += 1 }
    }
  }

  /// Writes verdicts into a column.
  ///
  /// - Parameter cases: The ids of all cases that there are; rows of others go.
  public mutating func record(
    _ judgements: [CaseReport], as column: String, among cases: some Sequence<String>
  ) {
    if !columns.contains(column) {
      columns = (columns + [column]).sorted {
        Self.order($0).lexicographicallyPrecedes(Self.order($1))
      }
    }
    let known = Set(cases)
    rows = rows.filter { known.contains($0.key) }
    for id in known where rows[id] == nil { rows[id] = [:] }
    for each in judgements { rows[each.label.id]?[column] = each.verdict }
  }

  /// The reference has no number, and comes first.
  private static func order(_ column: String) -> [Int] {
    column.split(separator: ".").compactMap { Int($0) }
  }

  /// The table as a file.
  public var text: String {
    let head = (["case"] + columns).joined(separator: "\t")
    let lines = ids.map { id in
      ([id] + columns.map { rows[id]?[$0]?.rawValue ?? Self.nothing }).joined(separator: "\t")
    }
    return ([head] + lines).joined(separator: "\n") + "\n"
  }
}
