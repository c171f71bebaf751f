/// A file of keys and values, as Java's `Properties` reads it.
///
/// A line is a key, then `=`, `:` or white space, then a value. Lines that begin with `#` or `!`
/// are comments; a backslash at the end of a line joins it with the next, before another character
/// it takes away that one's meaning.
///
/// Source: Java SE, `java.util.Properties.load`.
struct Properties {
  /// A key and its value, and where the key stands.
  struct Entry: Hashable {
    let place: Configuration.Place
    let key: String
    let value: String
  }

  /// All entries, in order; of a key that comes twice the last one counts.
  private(set) var entries: [Entry] = []

  init(_ text: String) {
    // What some editors put at the beginning of a file of UTF-8.
    let mark = "\u{feff}"
    let text =
      text.unicodeScalars.first == mark.unicodeScalars.first
      ? String(text.unicodeScalars.dropFirst()) : text
    var joined = ""
    var start = 0
    for (offset, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
      .enumerated()
    {
      let rest = line.drop { $0 == " " || $0 == "\t" || $0 == "\u{c}" }
      if joined.isEmpty {
        if rest.isEmpty || rest.hasPrefix("#") || rest.hasPrefix("!") { continue }
        start = offset + 1
      }
      joined += rest
      if joined.reversed().prefix(while: { $0 == "\\" }).count % 2 == 1 {
        joined.removeLast()
        continue
      }
      entries.append(Properties.entry(joined, start))
      joined = ""
    }
    if !joined.isEmpty { entries.append(Properties.entry(joined, start)) }
  }

  private static func entry(_ text: String, _ line: Int) -> Entry {
    var rest = text[...]
    let key = take(&rest) { $0 == "=" || $0 == ":" || $0 == " " || $0 == "\t" }
    rest = rest.drop { $0 == " " || $0 == "\t" }
    if rest.first == "=" || rest.first == ":" { rest = rest.dropFirst() }
    rest = rest.drop { $0 == " " || $0 == "\t" }
    let value = take(&rest) { _ in false }
    return Entry(place: .line(line), key: trimmed(key), value: trimmed(value))
  }

  /// Takes characters up to one that ends them, without the backslashes.
  private static func take(_ rest: inout Substring, until ends: (Character) -> Bool) -> String {
    var taken = ""
    while let character = rest.first, !ends(character) {
      rest = rest.dropFirst()
      guard character == "\\", let next = rest.popFirst() else {
        taken.append(character)
        continue
      }
      switch next {
      case "t": taken.append("\t")
      case "n": taken.append("\n")
      case "r": taken.append("\r")
      case "f": taken.append("\u{c}")
      case "u":
        let digits = rest.prefix(4)
        rest = rest.dropFirst(4)
        let scalar = UInt32(digits, radix: 16).flatMap(Unicode.Scalar.init)
        taken.unicodeScalars.append(scalar ?? "\u{fffd}")
      default: taken.append(next)
      }
    }
    return taken
  }

  private static func trimmed(_ text: String) -> String {
    let start = text.drop(while: \.isWhitespace)
    return String(start.reversed().drop(while: \.isWhitespace).reversed())
  }
}
