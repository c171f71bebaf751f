/// What stands in a file of JSON or EDN.
indirect enum Datum {
  case null
  case flag(Bool)
  case int(Int)
  /// Also numbers that are no whole numbers of 64 bits, as they are written.
  case text(String)
  /// EDN's keywords and symbols, without the colon.
  case word(String)
  case list([Datum])
  case map([Field])

  /// A field of a map, and its place.
  struct Field {
    let name: String
    let value: Datum
    let line: Int
    let column: Int
  }

  /// As a value of a history; a map as the list of its fields by name.
  var value: Value {
    switch self {
    case .null: .null
    case .flag(let flag): .flag(flag)
    case .int(let number): .int(number)
    case .text(let text), .word(let text): .text(text)
    case .list(let members): .list(members.map(\.value))
    case .map(let fields):
      .list(fields.sorted { $0.name < $1.name }.map { [.text($0.name), $0.value.value] })
    }
  }

  /// A name: a text, a word or a number.
  var name: String? {
    switch self {
    case .text(let text), .word(let text): text
    case .int(let number): "\(number)"
    default: nil
    }
  }
}

/// What readers of JSON and EDN share.
protocol DatumReader {
  var source: ByteSource { get set }
}

enum DatumLimits {
  static let depth = 64
}

extension DatumReader {
  static var depth: Int { DatumLimits.depth }

  /// Digits and all else that a number is written with.
  mutating func number() throws -> Datum {
    var bytes: [UInt8] = []
    while let byte = try source.peek(), isNumeric(byte) {
      bytes.append(byte)
      _ = try source.next()
    }
    let text = String(decoding: bytes, as: UTF8.self)
    if let number = Int(text) { return .int(number) }
    // EDN writes N behind whole numbers of any size, and M behind decimals.
    if text.last == "N", let number = Int(text.dropLast()) { return .int(number) }
    guard Self.isNumber(text) else {
      throw source.error(.expected("a number", found: "'\(text.prefix(40))'"))
    }
    return .text(text)
  }

  /// A whole number of any size, a decimal, or a ratio.
  private static func isNumber(_ text: String) -> Bool {
    let bare = text.last == "N" || text.last == "M" ? text.dropLast() : text[...]
    let parts = bare.split(separator: "/", omittingEmptySubsequences: false)
    let isRatio = parts.count == 2 && parts.allSatisfy { $0.contains(where: \.isNumber) }
    return parts.count <= 2 && (parts.count == 1 || isRatio)
      && parts.allSatisfy { Double($0) != nil }
  }

  private func isNumeric(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "-"),
      UInt8(ascii: "."), UInt8(ascii: "e"), UInt8(ascii: "E"), UInt8(ascii: "N"),
      UInt8(ascii: "M"), UInt8(ascii: "/"):
      true
    default: false
    }
  }

  /// A quoted text, its first quote taken.
  mutating func quoted() throws -> String {
    var bytes: [UInt8] = []
    while let byte = try source.next() {
      switch byte {
      case UInt8(ascii: "\""):
        guard let text = String(validating: bytes, as: UTF8.self) else {
          throw source.error(.notUTF8)
        }
        return text
      case UInt8(ascii: "\\"): bytes += try escaped()
      default: bytes.append(byte)
      }
    }
    throw source.error(.unexpectedEnd("a text"))
  }

  private mutating func escaped() throws -> [UInt8] {
    let place = source
    switch try source.next() {
    case UInt8(ascii: "n"): return [10]
    case UInt8(ascii: "t"): return [9]
    case UInt8(ascii: "r"): return [13]
    case UInt8(ascii: "b"): return [8]
    case UInt8(ascii: "f"): return [12]
    case UInt8(ascii: "\""): return [UInt8(ascii: "\"")]
    case UInt8(ascii: "\\"): return [UInt8(ascii: "\\")]
    case UInt8(ascii: "/"): return [UInt8(ascii: "/")]
    case UInt8(ascii: "u"): return try unicode()
    default: throw place.error(.expected("an escape: n t r b f u \" \\ /", found: "another"))
    }
  }

  /// The digits of \u, two of them where the first is half a character.
  private mutating func unicode() throws -> [UInt8] {
    let first = try hex()
    var units = [first]
    if (0xD800..<0xDC00).contains(first) {
      guard try source.next() == UInt8(ascii: "\\"), try source.next() == UInt8(ascii: "u") else {
        throw source.error(.notUTF8)
      }
      units.append(try hex())
    }
    guard let text = String(validating: units, as: UTF16.self) else {
      throw source.error(.notUTF8)
    }
    return Array(text.utf8)
  }

  private mutating func hex() throws -> UInt16 {
    var unit: UInt16 = 0
    for _ in 0..<4 {
      guard let byte = try source.peek(),
        let digit = Character(UnicodeScalar(byte)).hexDigitValue
      else { throw source.expected("four hexadecimal digits") }
      _ = try source.next()
      unit = unit << 4 | UInt16(digit)
    }
    return unit
  }
}
