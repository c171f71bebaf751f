/// Text that came from a server or a file, made fit for XML 1.0 and for a terminal.
///
/// What a terminal would obey is taken out (ANSI sequences) or shown (control characters, as the
/// pictures that Unicode has for them); what XML forbids is shown as `⟨U+FFFF⟩`. Nothing is lost
/// silently: long text says how much more there was.
public enum VisibleText {
  /// No text in a report is longer; parsers refuse more than ten million bytes.
  static let limit = 1 << 20

  /// `text` made fit.
  public static func of(_ text: String) -> String {
    var result = String.UnicodeScalarView()
    var rest = text.unicodeScalars[...]
    var room = limit
    while let scalar = rest.first, room > 0 {
      rest.removeFirst()
      if scalar == "\u{1b}", let after = endOfSequence(rest) {
        rest = rest[after...]
        continue
      }
      append(scalar, to: &result)
      room -= 1
    }
    if !rest.isEmpty { result.append(contentsOf: "… \(rest.count) characters more".unicodeScalars) }
    return String(result)
  }

  private static func append(_ scalar: Unicode.Scalar, to result: inout String.UnicodeScalarView) {
    switch scalar.value {
    case 0x09, 0x0a: result.append(scalar)
    case 0x00...0x1f: result.append(Unicode.Scalar(0x2400 + scalar.value) ?? "\u{fffd}")
    case 0x7f: result.append("\u{2421}")
    case 0x80...0x9f, 0xfffe, 0xffff, 0xfdd0...0xfdef:
      result.append(contentsOf: "⟨U+\(hexadecimal(scalar.value))⟩".unicodeScalars)
    default:
      if scalar.value & 0xfffe == 0xfffe {
        result.append(contentsOf: "⟨U+\(hexadecimal(scalar.value))⟩".unicodeScalars)
      } else {
        result.append(scalar)
      }
    }
  }

  private static func hexadecimal(_ value: UInt32) -> String {
    let digits = String(value, radix: 16, uppercase: true)
    return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
  }

  /// Where an ANSI control sequence ends whose escape was just read; nil if it is none.
  private static func endOfSequence(
    _ rest: Substring.UnicodeScalarView
  ) -> Substring.UnicodeScalarView.Index? {
    guard rest.first == "[" else { return nil }
    let parameters = rest.dropFirst().prefix { 0x20...0x3f ~= $0.value }
    guard let final = rest[parameters.endIndex...].first, 0x40...0x7e ~= final.value else {
      return nil
    }
    return rest.index(after: parameters.endIndex)
  }
}

/// Words as somebody types them into a shell.
public enum Typed {
  /// A word, in quotation marks if a shell would not take it as it stands.
  public static func word(_ text: String) -> String {
    let plain = text.allSatisfy { character in
      character.isASCII && (character.isLetter || character.isNumber)
        || "-_./:@,+=%".contains(character)
    }
    return plain && !text.isEmpty ? text : "'" + text.replacing("'", with: "'\\''") + "'"
  }
}
