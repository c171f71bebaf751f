import Histories
import Testing

/// Strong eventual convergence of stores whose answers are no list of their updates (Shapiro and
/// others 2011): equal deliveries are answered equally, whatever the answer is made of.
@Suite struct ConvergenceTests {
  private static func verdict(_ model: ModelName, _ lines: [String]) throws -> Verdict {
    let head = #"{"history": 1, "model": "\#(model.rawValue)"}"#
    let text = ([head] + lines).joined(separator: "\n") + "\n"
    return try HistoryReader(format: .ndjson).read(text).judge(.strongEventual).verdict
  }

  private static let counter = [
    #"{"process": "p", "f": "add", "input": 1, "call": 0, "return": 1}"#,
    #"{"process": "q", "f": "add", "input": 2, "call": 0, "return": 1}"#,
    #"{"process": "r", "f": "read", "output": 3, "call": 2, "return": 3, "saw": [1, 2]}"#,
  ]
  private static let text = [
    #"{"process": "p", "f": "append", "key": "x", "input": "a", "call": 0, "return": 1}"#,
    #"{"process": "q", "f": "append", "key": "x", "input": "b", "call": 2, "return": 3}"#,
    #"{"process": "r", "f": "get", "key": "x", "output": "ab", "call": 4, "return": 5, "#
      + #""saw": ["a", "b"]}"#,
  ]
  private static let list = [
    #"{"process": "p", "f": "write", "input": [1, 2], "call": 0, "return": 1}"#,
    #"{"process": "q", "f": "write", "input": [2, 1], "call": 0, "return": 1}"#,
    #"{"process": "r", "f": "read", "output": [1, 2], "call": 4, "return": 5, "#
      + #""saw": [[1, 2], [2, 1]]}"#,
  ]

  /// Another replica, to which the same was delivered, and what it answers.
  @Test(arguments: [
    (ModelName.counter, counter, #"3, "call": 6, "return": 7, "saw": [2, 1]"#, true),
    (.counter, counter, #"4, "call": 6, "return": 7, "saw": [2, 1]"#, false),
    (.keyValue, text, #""ab", "call": 6, "return": 7, "saw": ["b", "a"]"#, true),
    (.keyValue, text, #""ba", "call": 6, "return": 7, "saw": ["b", "a"]"#, false),
    (.register, list, #"[1, 2], "call": 6, "return": 7, "saw": [[2, 1], [1, 2]]"#, true),
    (.register, list, #"[2, 1], "call": 6, "return": 7, "saw": [[2, 1], [1, 2]]"#, false),
    (.register, list, #"[1], "call": 6, "return": 7, "saw": [[2, 1]]"#, false),
  ])
  func `What was delivered alike is answered alike`(
    model: ModelName, lines: [String], answer: String, holds: Bool
  ) throws {
    let key = model == .keyValue ? #""key": "x", "# : ""
    let function = model == .keyValue ? "get" : "read"
    let second = #"{"process": "s", "f": "\#(function)", \#(key)"output": \#(answer)}"#
    switch try Self.verdict(model, lines + [second]) {
    case .holds: #expect(holds)
    case .refuted: #expect(!holds)
    case .undecided, .unsuited: Issue.record("not judged")
    }
  }
}
