/// Something that is counted or judged, as a table for the reader.
public struct Tabulated: Hashable, Sendable {
  /// What each column tells.
  public let head: [String]
  /// The cells, row by row.
  public let rows: [[String]]

  /// A table.
  public init(_ head: [String], _ rows: [[String]]) {
    self.head = head
    self.rows = rows
  }
}
