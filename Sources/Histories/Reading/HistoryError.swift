/// Why a history cannot be read, and where: lines and columns from 1, columns in bytes.
public struct HistoryError: Error, Hashable, Sendable {
  /// The line, from 1.
  public var line: Int
  /// The column, in bytes, from 1.
  public var column: Int
  /// What is wrong.
  public var reason: Reason

  /// The kinds of wrong.
  public enum Reason: Hashable, Sendable {
    /// Something else stands here than what must.
    case expected(String, found: String)
    case unexpectedEnd(String)
    case notUTF8
    case tooDeep
    case unknownField(String)
    case missingField(String)
    case wrongField(String, expected: String)
    /// A process asks while its earlier operation, on that line, is open.
    case stillOpen(process: String, since: Int)
    /// An answer to nothing that was asked.
    case nothingOpen(process: String)
    /// Another function came back than was called.
    case otherFunction(called: String, returned: String)
    /// Operations of one process overlap, with one on that line.
    case overlaps(process: String, line: Int)
    case mixedLines
    /// No model is named, and the functions do not tell it.
    case noModel(functions: [String])
    /// An operation of which the model knows nothing.
    case unsuited(String)
    case empty
  }

  init(_ line: Int, _ column: Int, _ reason: Reason) {
    self.line = line
    self.column = column
    self.reason = reason
  }
}

extension HistoryError: CustomStringConvertible {
  /// As it is told.
  public var description: String { "\(line):\(column): \(reason)" }
}

extension HistoryError.Reason: CustomStringConvertible {
  /// As it is told.
  public var description: String {
    switch self {
    case .expected(let what, let found): "expected \(what), found \(found)"
    case .unexpectedEnd(let what): "ends inside \(what)"
    case .notUTF8: "a text that is not UTF-8"
    case .tooDeep: "nested more than \(DatumLimits.depth) deep"
    case .unknownField(let name): "unknown field \(name)"
    case .missingField(let name): "the field \(name) is missing"
    case .wrongField(let name, let expected): "the field \(name) must be \(expected)"
    case .stillOpen(let process, let line):
      "process \(process) calls while its operation of line \(line) is open"
    case .nothingOpen(let process): "process \(process) has nothing open that could return"
    case .otherFunction(let called, let returned): "\(called) was called, and \(returned) returns"
    case .overlaps(let process, let line):
      "process \(process) does two things at once, the other on line \(line)"
    case .mixedLines: "events and whole operations in one history"
    case .noModel(let functions):
      "the functions \(functions.joined(separator: ", ")) do not tell the model: name it"
    case .unsuited(let what): what
    case .empty: "no operations"
    }
  }
}
