/// Counts by operation and result, as a table of text.
public struct CountTable: Sendable {
  private let counts: [String: [String: Int]]

  /// The table of these counts: by operation, by result.
  public init(_ counts: [String: [String: Int]]) { self.counts = counts }

  /// A row an operation, a column a result, `Ok` first; empty where nothing was counted.
  public var text: String {
    let columns = Set(counts.values.flatMap(\.keys)).sorted { a, b in
      a == "Ok" || (b != "Ok" && a < b)
    }
    let rows = counts.keys.sorted()
    let first = rows.map(\.count).max() ?? 0
    func cell(_ text: String, _ width: Int) -> String {
      String(repeating: " ", count: max(0, width - text.count)) + text
    }
    func line(_ name: String, _ cells: [String]) -> String {
      name + String(repeating: " ", count: max(0, first - name.count))
        + zip(columns, cells).map { "  " + cell($1, max(6, $0.count)) }.joined()
    }
    let head = line("", columns)
    return
      ([head]
      + rows.map { row in
        line(row, columns.map { counts[row]?[$0].map(String.init) ?? "" })
      }).joined(separator: "\n")
  }
}
