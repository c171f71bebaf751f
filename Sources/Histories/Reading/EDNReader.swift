/// Reads EDN forms one after the other, as Clojure prints them; of an outermost vector or list, its
/// members, so that a history of any length is never held whole.
///
/// Source: github.com/edn-format/edn.
struct EDNReader: DatumReader {
  var source: ByteSource
  /// What closes the outermost vector or list, while it is open.
  private var closing: UInt8?

  init(_ source: ByteSource) { self.source = source }

  /// The next form; nil at the end.
  mutating func next() throws -> Datum? {
    while true {
      try skipSpace()
      guard let byte = try source.peek() else {
        if closing != nil { throw source.error(.unexpectedEnd("a vector")) }
        return nil
      }
      if byte == closing {
        _ = try source.next()
        closing = nil
      } else if closing == nil, let close = EDNReader.closer(of: byte) {
        _ = try source.next()
        closing = close
      } else if let form = try form(0) {
        return form
      }
    }
  }

  /// The next form, whatever it is; nil at the end.
  mutating func member() throws -> Datum? {
    try skipSpace()
    return try source.peek() == nil ? nil : try form(0)
  }

  private static func closer(of byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "["): UInt8(ascii: "]")
    case UInt8(ascii: "("): UInt8(ascii: ")")
    default: nil
    }
  }

  /// Commas are space; a semicolon begins a comment.
  private mutating func skipSpace() throws {
    while let byte = try source.peek() {
      if byte == UInt8(ascii: ";") {
        while let other = try source.peek(), other != 10 { _ = try source.next() }
      } else if byte <= 32 || byte == UInt8(ascii: ",") {
        _ = try source.next()
      } else {
        return
      }
    }
  }

  /// A form; nil for one that is to be passed over.
  private mutating func form(_ depth: Int) throws -> Datum? {
    guard depth < DatumLimits.depth else { throw source.error(.tooDeep) }
    guard let byte = try source.peek() else { throw source.error(.unexpectedEnd("a form")) }
    switch byte {
    case UInt8(ascii: "{"):
      _ = try source.next()
      return .map(try fields(depth))
    case UInt8(ascii: "["), UInt8(ascii: "("):
      _ = try source.next()
      return .list(try forms(until: EDNReader.closer(of: byte) ?? 0, depth))
    case UInt8(ascii: "\""):
      _ = try source.next()
      return .text(try quoted())
    case UInt8(ascii: ":"):
      _ = try source.next()
      return .word(try token())
    case UInt8(ascii: "\\"):
      _ = try source.next()
      return .text(try token())
    case UInt8(ascii: "#"): return try dispatched(depth)
    case UInt8(ascii: "0")...UInt8(ascii: "9"): return try number()
    default: return try symbol()
    }
  }

  /// `#{…}` is a set, `#_ form` is passed over, of `#tag form` the form is taken.
  private mutating func dispatched(_ depth: Int) throws -> Datum? {
    _ = try source.next()
    switch try source.peek() {
    case UInt8(ascii: "{"):
      _ = try source.next()
      return .list(try forms(until: UInt8(ascii: "}"), depth))
    case UInt8(ascii: "_"):
      _ = try source.next()
      try skipSpace()
      _ = try form(depth + 1)
      return nil
    default:
      _ = try token()
      try skipSpace()
      return try form(depth + 1)
    }
  }

  private mutating func symbol() throws -> Datum {
    let place = source
    var text = try token()
    // A number with a sign.
    let sign = text.first == "-" || text.first == "+"
    if sign, text.dropFirst().first?.isNumber ?? false {
      if text.last == "N" { text.removeLast() }
      return Int(text).map(Datum.int) ?? .text(text)
    }
    switch text {
    case "nil": return .null
    case "true": return .flag(true)
    case "false": return .flag(false)
    case "":
      var at = place
      throw at.expected("an EDN form")
    default: return .word(text)
    }
  }

  private mutating func token() throws -> String {
    var bytes: [UInt8] = []
    while let byte = try source.peek(), !EDNReader.ends(byte) {
      bytes.append(byte)
      _ = try source.next()
    }
    guard let text = String(validating: bytes, as: UTF8.self) else { throw source.error(.notUTF8) }
    return text
  }

  private static func ends(_ byte: UInt8) -> Bool {
    byte <= 32
      || [
        UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "\""), UInt8(ascii: "["),
        UInt8(ascii: "]"), UInt8(ascii: "("), UInt8(ascii: ")"), UInt8(ascii: "{"),
        UInt8(ascii: "}"),
      ].contains(byte)
  }

  private mutating func forms(until closing: UInt8, _ depth: Int) throws -> [Datum] {
    var members: [Datum] = []
    while true {
      try skipSpace()
      guard let byte = try source.peek() else {
        throw source.error(.unexpectedEnd("a vector, a list or a set"))
      }
      if byte == closing {
        _ = try source.next()
        return members
      }
      if let member = try form(depth + 1) { members.append(member) }
    }
  }

  private mutating func fields(_ depth: Int) throws -> [Datum.Field] {
    var fields: [Datum.Field] = []
    var name: (text: String, line: Int, column: Int)?
    while true {
      try skipSpace()
      let (line, column) = (source.line, source.column)
      guard let byte = try source.peek() else { throw source.error(.unexpectedEnd("a map")) }
      if byte == UInt8(ascii: "}") {
        if name != nil { throw source.expected("a value of the map's last key") }
        _ = try source.next()
        return fields
      }
      guard let form = try form(depth + 1) else { continue }
      if let key = name {
        fields.append(
          Datum.Field(name: key.text, value: form, line: key.line, column: key.column))
        name = nil
      } else {
        name = (form.name ?? "\(form.value)", line, column)
      }
    }
  }
}
