/// A JSON value whose objects keep the order in which they were written, so that what is printed
/// can be kept in a file and compared.
package indirect enum JSON: Sendable {
  case text(String)
  case number(Int64)
  case flag(Bool)
  case list([JSON])
  case object([(String, JSON)])

  /// An object of these fields, those without a value left out.
  package static func fields(_ fields: [(String, JSON?)]) -> JSON {
    .object(fields.compactMap { name, value in value.map { (name, $0) } })
  }

  /// A list of texts.
  package static func texts(_ texts: [String]) -> JSON { .list(texts.map(JSON.text)) }
}

extension JSON: CustomStringConvertible {
  /// The text, indented by two spaces; short lists and objects stand on one line.
  package var description: String { printed(indent: "") }

  private func printed(indent: String) -> String {
    let line = onOneLine
    if line.count + indent.count <= 96 { return line }
    let deeper = indent + "  "
    switch self {
    case .list(let items):
      let lines = items.map { deeper + $0.printed(indent: deeper) }
      return "[\n" + lines.joined(separator: ",\n") + "\n\(indent)]"
    case .object(let fields):
      let lines = fields.map { name, value in
        "\(deeper)\(JSON.quoted(name)): \(value.printed(indent: deeper))"
      }
      return "{\n" + lines.joined(separator: ",\n") + "\n\(indent)}"
    default: return line
    }
  }

  private var onOneLine: String {
    switch self {
    case .text(let text): JSON.quoted(text)
    case .number(let number): "\(number)"
    case .flag(let flag): "\(flag)"
    case .list(let items): "[" + items.map(\.onOneLine).joined(separator: ", ") + "]"
    case .object(let fields):
      fields.isEmpty
        ? "{}"
        : "{ " + fields.map { "\(JSON.quoted($0)): \($1.onOneLine)" }.joined(separator: ", ") + " }"
    }
  }

  private static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case _ where scalar.value < 0x20:
        let digits = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}
