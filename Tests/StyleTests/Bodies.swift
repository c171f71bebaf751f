/// The bodies of a file, found by their keywords, parentheses and braces.
struct Bodies {
  private(set) var found: [(start: Int, length: Int)] = []
  private var open: [(start: Int, depth: Int)] = []
  /// A declaration whose body has not begun, and how many parentheses were open before it.
  private var pending: (start: Int, depth: Int, mayHaveValue: Bool)?
  private var braces = 0
  private var parentheses = 0

  private static let variable = "var "
  private static let keywords = [
    "func ", "init(", "init?(", "init<", "subscript(", "subscript<", "deinit ", variable,
  ]

  /// How a signature goes on in its next line.
  private static let continuations = ["{", "->", "async", "throws", "rethrows", "where"]

  mutating func read(_ text: String, _ number: Int) {
    let begin = Self.declaration(in: text)
    for (place, byte) in text.utf8.enumerated() {
      if let begin, place == begin.place, pending == nil {
        pending = (number, parentheses, begin.mayHaveValue)
      }
      switch byte {
      case UInt8(ascii: "("), UInt8(ascii: "["): parentheses += 1
      case UInt8(ascii: ")"), UInt8(ascii: "]"): parentheses -= 1
      // What has a value has no body.
      case UInt8(ascii: "=") where pending?.mayHaveValue == true && pending?.depth == parentheses:
        pending = nil
      case UInt8(ascii: "{"):
        braces += 1
        guard let declared = pending, declared.depth == parentheses else { continue }
        open.append((declared.start, braces))
        pending = nil
      case UInt8(ascii: "}"):
        if let last = open.last, last.depth == braces {
          open.removeLast()
          found.append((last.start, number - last.start + 1))
        }
        braces -= 1
      default: break
      }
    }
  }

  /// A requirement of a protocol has no body: its signature ends with its line.
  mutating func endLine(before next: String) {
    guard let declared = pending, declared.depth == parentheses else { return }
    let rest = next.drop { $0 == " " }
    if !Self.continuations.contains(where: rest.hasPrefix) { pending = nil }
  }

  /// Where in a line a declaration's keyword stands.
  private static func declaration(in text: String) -> (place: Int, mayHaveValue: Bool)? {
    let utf8 = text.utf8
    guard utf8.count > 4 else { return nil }
    for word in keywords where utf8.contains(word.utf8) {
      guard let range = text.firstRange(of: word) else { continue }
      let before = text[..<range.lowerBound].last
      guard before == nil || before == " " || before == ")" else { continue }
      return (utf8.distance(from: utf8.startIndex, to: range.lowerBound), word == variable)
    }
    return nil
  }
}
