/// Reads JSON values one after the other (RFC 8259), each wherever it begins.
struct JSONReader: DatumReader {
  var source: ByteSource

  init(_ source: ByteSource) { self.source = source }

  /// The next value; nil at the end.
  mutating func next() throws -> Datum? {
    try skipSpace()
    return try source.peek() == nil ? nil : try value(0)
  }

  private mutating func skipSpace() throws {
    while let byte = try source.peek(), byte == 32 || byte == 10 || byte == 13 || byte == 9 {
      _ = try source.next()
    }
  }

  private mutating func value(_ depth: Int) throws -> Datum {
    guard depth < DatumLimits.depth else { throw source.error(.tooDeep) }
    guard let byte = try source.peek() else { throw source.expected("a JSON value") }
    switch byte {
    case UInt8(ascii: "{"): return .map(try object(depth))
    case UInt8(ascii: "["): return .list(try array(depth))
    case UInt8(ascii: "\""):
      _ = try source.next()
      return .text(try quoted())
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"): return try number()
    case UInt8(ascii: "a")...UInt8(ascii: "z"): return try word()
    default: throw source.expected("a JSON value")
    }
  }

  private mutating func word() throws -> Datum {
    let place = source
    var text = ""
    while let byte = try source.peek(), (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) {
      text.unicodeScalars.append(UnicodeScalar(byte))
      _ = try source.next()
      if text.utf8.count > 5 { break }
    }
    switch text {
    case "null": return .null
    case "true": return .flag(true)
    case "false": return .flag(false)
    default: throw place.error(.expected("a JSON value", found: text))
    }
  }

  /// Members until the closing byte, with commas between them.
  private mutating func members(
    until closing: UInt8, _ what: String, _ member: (inout JSONReader) throws -> Void
  ) throws {
    _ = try source.next()
    try skipSpace()
    if try source.peek() == closing {
      _ = try source.next()
      return
    }
    while true {
      try skipSpace()
      try member(&self)
      try skipSpace()
      switch try source.peek() {
      case UInt8(ascii: ","): _ = try source.next()
      case closing:
        _ = try source.next()
        return
      default: throw source.expected("a comma or the end of \(what)")
      }
    }
  }

  private mutating func array(_ depth: Int) throws -> [Datum] {
    var list: [Datum] = []
    try members(until: UInt8(ascii: "]"), "the list") { list.append(try $0.value(depth + 1)) }
    return list
  }

  private mutating func object(_ depth: Int) throws -> [Datum.Field] {
    var fields: [Datum.Field] = []
    try members(until: UInt8(ascii: "}"), "the object") { reader in
      let (line, column) = (reader.source.line, reader.source.column)
      guard try reader.source.peek() == UInt8(ascii: "\"") else {
        throw reader.source.expected("a field's name in quotes")
      }
      _ = try reader.source.next()
      let name = try reader.quoted()
      try reader.skipSpace()
      guard try reader.source.peek() == UInt8(ascii: ":") else {
        throw reader.source.expected("a colon")
      }
      _ = try reader.source.next()
      try reader.skipSpace()
      let value = try reader.value(depth + 1)
      fields.append(Datum.Field(name: name, value: value, line: line, column: column))
    }
    return fields
  }
}
