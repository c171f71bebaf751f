/// The subject of a certificate as a name: who it is that shows the certificate.
///
/// It is written as RFC 2253 says and Java does, from the last part to the first:
/// `CN=bob,OU=Tests,O=Quorate`. So an ACL for the scheme `x509` that one server has taken means the
/// same person at the other.
///
/// Source: RFC 5280, section 4.1; RFC 2253; Java SE, `X500Principal.getName`.
package struct DistinguishedName: Hashable, Sendable {
  /// The name.
  package let text: String

  /// The subject of a certificate in DER; nil if these bytes are none.
  package init?(ofCertificate bytes: [UInt8]) {
    var whole = DERReader(bytes[...])
    guard var certificate = whole.next(.sequence), var signed = certificate.next(.sequence) else {
      return nil
    }
    // The version may be missing; then serial number, algorithm, issuer, validity.
    if signed.nextTag == .version { signed.skip() }
    for _ in 0..<4 { signed.skip() }
    guard var name = signed.next(.sequence) else { return nil }
    var parts: [String] = []
    while let part = name.next(.set) {
      guard let words = Self.text(of: part) else { return nil }
      parts.append(words)
    }
    guard name.isAtEnd else { return nil }
    text = parts.reversed().joined(separator: ",")
  }

  /// One part: usually one attribute.
  private static func text(of part: DERReader) -> String? {
    var part = part
    var attributes: [String] = []
    while var attribute = part.next(.sequence) {
      guard let type = attribute.next(.objectIdentifier), let value = attribute.nextWhole(),
        attribute.isAtEnd
      else { return nil }
      attributes.append(text(type.bytes, value))
    }
    return part.isAtEnd && !attributes.isEmpty ? attributes.joined(separator: "+") : nil
  }

  private static func text(_ type: ArraySlice<UInt8>, _ value: DERReader.Whole) -> String {
    let number = dotted(type)
    if let keyword = keywords[number], let text = value.text {
      return keyword + "=" + escaped(text)
    }
    let digits = value.bytes.map { byte in
      (byte < 16 ? "0" : "") + String(byte, radix: 16)
    }
    return (keywords[number] ?? number) + "=#" + digits.joined()
  }

  /// The attributes that RFC 2253 has a word for.
  static let keywords = [
    "2.5.4.3": "CN", "2.5.4.6": "C", "2.5.4.7": "L", "2.5.4.8": "ST", "2.5.4.9": "STREET",
    "2.5.4.10": "O", "2.5.4.11": "OU", "0.9.2342.19200300.100.1.1": "UID",
    "0.9.2342.19200300.100.1.25": "DC",
  ]

  private static func escaped(_ text: String) -> String {
    var result = ""
    let characters = Array(text.unicodeScalars)
    let start = characters.prefix { $0 == " " }.count
    let end = characters.count - characters.reversed().prefix { $0 == " " }.count
    for (place, character) in characters.enumerated() {
      let isOuterSpace = character == " " && (place < start || place >= end)
      if isOuterSpace || ",=+<>#;\"\\".unicodeScalars.contains(character) { result += "\\" }
      if character == "\0" { result += "\\00" } else { result.unicodeScalars.append(character) }
    }
    return result
  }

  /// An object identifier as numbers with dots between.
  private static func dotted(_ bytes: ArraySlice<UInt8>) -> String {
    var numbers: [UInt64] = []
    var number: UInt64 = 0
    for byte in bytes {
      number = number << 7 | UInt64(byte & 0x7f)
      guard byte & 0x80 == 0 else { continue }
      if numbers.isEmpty {
        let first = min(number / 40, 2)
        numbers = [first, number - first * 40]
      } else {
        numbers.append(number)
      }
      number = 0
    }
    return numbers.map(String.init).joined(separator: ".")
  }
}

/// Reads values of ASN.1's DER, one behind the other.
struct DERReader {
  /// What is left.
  private(set) var bytes: ArraySlice<UInt8>

  init(_ bytes: ArraySlice<UInt8>) { self.bytes = bytes }

  /// The kinds of values that are looked for.
  enum Tag: UInt8 {
    case objectIdentifier = 0x06
    case sequence = 0x30
    case set = 0x31
    /// A certificate's version, which is explicitly tagged.
    case version = 0xa0
  }

  /// A value with its tag and its length.
  struct Whole {
    let tag: UInt8
    let bytes: ArraySlice<UInt8>
    let content: ArraySlice<UInt8>

    /// Its characters, if it is one of the kinds of strings that names are made of.
    var text: String? {
      switch tag {
      // UTF-8, printable, IA5.
      case 0x0c, 0x13, 0x16: String(decoding: content, as: UTF8.self)
      // T61, which everybody takes for Latin-1.
      case 0x14: String(String.UnicodeScalarView(content.map { Unicode.Scalar($0) }))
      // BMP.
      case 0x1e:
        String(
          decoding: stride(from: content.startIndex, to: content.endIndex - 1, by: 2).map {
            UInt16(content[$0]) << 8 | UInt16(content[$0 + 1])
          }, as: UTF16.self)
      default: nil
      }
    }
  }

  var isAtEnd: Bool { bytes.isEmpty }
  var nextTag: Tag? { bytes.first.flatMap { Tag(rawValue: $0) } }

  /// The content of the next value, if it is of this kind.
  mutating func next(_ tag: Tag) -> DERReader? {
    guard nextTag == tag else { return nil }
    return nextWhole().map { DERReader($0.content) }
  }

  /// Passes over a value.
  mutating func skip() { _ = nextWhole() }

  /// The next value; nil if there is none that is whole.
  mutating func nextWhole() -> Whole? {
    var rest = bytes
    guard let tag = rest.popFirst(), var length = rest.popFirst().map(Int.init) else { return nil }
    if length >= 0x80 {
      let count = length - 0x80
      guard (1...4).contains(count), rest.count >= count else { return nil }
      length = rest.prefix(count).reduce(0) { $0 << 8 | Int($1) }
      rest = rest.dropFirst(count)
    }
    guard rest.count >= length else { return nil }
    let content = rest.prefix(length)
    defer { bytes = bytes[content.endIndex...] }
    return Whole(tag: tag, bytes: bytes[..<content.endIndex], content: content)
  }
}
