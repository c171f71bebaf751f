/// Where something stands in a text that somebody wrote: lines and columns count from 1.
public struct Place: Hashable, Sendable, Codable {
  /// The file's path as it was given, or a name for a text that is no file.
  public var file: String
  /// The line, 0 when the whole file is meant.
  public var line: Int
  /// The column.
  public var column: Int

  /// The place at this line and column.
  public init(file: String, line: Int = 0, column: Int = 0) {
    self.file = file
    self.line = line
    self.column = column
  }
}

extension Place: CustomStringConvertible {
  /// As compilers print it, so that editors find it: `mine.yaml:12:5`.
  public var description: String { line == 0 ? file : "\(file):\(line):\(column)" }
}
