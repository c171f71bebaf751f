/// Writes histories in our own format.
public enum NDJSON {
  /// A history, a whole operation a line.
  ///
  /// - Complexity: O(length).
  public static func text(of history: History) -> String {
    var text = "{\"history\": 1"
    if let model = history.model { text += ", \"model\": \(quoted(model.rawValue))" }
    text += "}\n"
    for operation in history.operations {
      write(operation, history, isFailed: false, to: &text)
    }
    for operation in history.failed { write(operation, history, isFailed: true, to: &text) }
    return text
  }

  private static func write(
    _ operation: Operation, _ history: History, isFailed: Bool, to text: inout String
  ) {
    text += "{\"process\": \(quoted(history.name(of: operation)))"
    if isFailed { text += ", \"type\": \"fail\"" }
    text += ", \"f\": \(quoted(operation.function))"
    if let key = operation.key { text += ", \"key\": \(json(key))" }
    if operation.input != .null { text += ", \"input\": \(json(operation.input))" }
    if operation.output != .null { text += ", \"output\": \(json(operation.output))" }
    text += ", \"call\": \(operation.call)"
    if let end = operation.end { text += ", \"return\": \(end)" }
    if let delivered = operation.delivered { text += ", \"saw\": \(json(.list(delivered)))" }
    text += "}\n"
  }

  private static func json(_ value: Value) -> String {
    switch value {
    case .null: "null"
    case .flag(let flag): "\(flag)"
    case .int(let number): "\(number)"
    case .text(let text): quoted(text.string)
    case .list(let members): "[" + members.map(json).joined(separator: ", ") + "]"
    }
  }

  private static func quoted(_ text: String) -> String {
    var quoted = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": quoted += "\\\""
      case "\\": quoted += "\\\\"
      case "\n": quoted += "\\n"
      case "\r": quoted += "\\r"
      case "\t": quoted += "\\t"
      case "\u{0}"..."\u{1F}":
        let hex = String(scalar.value, radix: 16)
        quoted += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
      default: quoted.unicodeScalars.append(scalar)
      }
    }
    return quoted + "\""
  }
}
