import ProtocolCore

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
        "\(deeper)\(name.quotedAsJSON): \(value.printed(indent: deeper))"
      }
      return "{\n" + lines.joined(separator: ",\n") + "\n\(indent)}"
    default: return line
    }
  }

  private var onOneLine: String {
    switch self {
    case .text(let text): text.quotedAsJSON
    case .number(let number): "\(number)"
    case .flag(let flag): "\(flag)"
    case .list(let items): "[" + items.map(\.onOneLine).joined(separator: ", ") + "]"
    case .object(let fields):
      fields.isEmpty
        ? "{}"
        : "{ " + fields.map { "\($0.quotedAsJSON): \($1.onOneLine)" }.joined(separator: ", ") + " }"
    }
  }
}
