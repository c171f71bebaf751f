/// A value that is told over HTTP, its members in the order in which they were put there.
enum JSON: Hashable, Sendable {
  case null
  case bool(Bool)
  case integer(Int64)
  case decimal(Double)
  case text(String)
  case array([JSON])
  case object([Member])

  /// A member of an object.
  struct Member: Hashable, Sendable {
    let name: String
    let value: JSON

    init(_ name: String, _ value: JSON) {
      self.name = name
      self.value = value
    }
  }

  /// An object of these members.
  static func object(_ members: KeyValuePairs<String, JSON>) -> JSON {
    .object(members.map { Member($0, $1) })
  }

  /// Members in this order.
  static func members(_ members: KeyValuePairs<String, JSON>) -> [Member] {
    members.map { Member($0, $1) }
  }

  /// A whole number.
  static func number(_ number: some BinaryInteger) -> JSON {
    .integer(Int64(truncatingIfNeeded: number))
  }

  /// As Jackson prints it with its default indentation: members on lines of their own, elements in
  /// one line.
  var text: String {
    var text = ""
    write(to: &text, depth: 0)
    return text
  }

  /// A number or a text as it is.
  var plain: String { if case .text(let value) = self { value } else { text } }

  private func write(to text: inout String, depth: Int) {
    switch self {
    case .null: text += "null"
    case .bool(let value): text += "\(value)"
    case .integer(let value): text += "\(value)"
    case .decimal(let value): text += "\(value)"
    case .text(let value): Self.write(value, to: &text)
    case .array(let elements):
      text += "[ "
      for (place, element) in elements.enumerated() {
        if place > 0 { text += ", " }
        element.write(to: &text, depth: depth)
      }
      text += elements.isEmpty ? "]" : " ]"
    case .object(let members):
      guard !members.isEmpty else {
        text += "{ }"
        return
      }
      text += "{"
      for (place, member) in members.enumerated() {
        text += (place > 0 ? ",\n" : "\n") + String(repeating: "  ", count: depth + 1)
        Self.write(member.name, to: &text)
        text += " : "
        member.value.write(to: &text, depth: depth + 1)
      }
      text += "\n" + String(repeating: "  ", count: depth) + "}"
    }
  }

  private static func write(_ value: String, to text: inout String) {
    text += "\""
    for scalar in value.unicodeScalars {
      switch scalar {
      case "\"": text += "\\\""
      case "\\": text += "\\\\"
      case "\n": text += "\\n"
      case "\r": text += "\\r"
      case "\t": text += "\\t"
      case "\u{0}"..<" ":
        let digits = String(scalar.value, radix: 16, uppercase: true)
        text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: text.unicodeScalars.append(scalar)
      }
    }
    text += "\""
  }
}
