import ProtocolCore

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
    func line(_ name: String, _ cells: [String]) -> String {
      name.padded(to: first)
        + zip(columns, cells).map { "  " + $1.leftPadded(to: max(6, $0.count)) }.joined()
    }
    let head = line("", columns)
    return
      ([head]
      + rows.map { row in
        line(row, columns.map { counts[row]?[$0].map(String.init) ?? "" })
      }).joined(separator: "\n")
  }
}
