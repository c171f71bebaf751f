/// A value in a fixture or in a reply, in the fixture's terms.
package indirect enum Value: Hashable, Sendable {
  /// No bytes at all, which is not the same as zero bytes.
  case null
  case text(String)
  case number(Int64)
  case flag(Bool)
  case bytes([UInt8])
  /// A transaction id: only its order and its equality mean anything.
  case zxid(Int64)
  case session(Int64)
  case list([Value])
  /// A list whose order means nothing.
  case set([Value])
  case record([Member])
  /// What an earlier step kept.
  case reference(Reference)
  /// Not a value but a condition on one.
  case bound(Bound, Value)

  /// A field of a record.
  package struct Member: Hashable, Sendable {
    package var name: String
    package var value: Value

    package init(name: String, value: Value) {
      self.name = name
      self.value = value
    }
  }

  /// A name for what an earlier step kept, or for a property of a client.
  package struct Reference: Hashable, Sendable {
    package var name: String
    /// What is added to it: `$clock - 60000`.
    package var offset: Int64 = 0
    package var place: Place

    package init(name: String, offset: Int64 = 0, place: Place) {
      self.name = name
      self.offset = offset
      self.place = place
    }
  }

  /// The conditions on a number.
  package enum Bound: String, CaseIterable, Hashable, Sendable {
    case above, below, atLeast, atMost, not
    /// From the first of a list of two to the second, both included.
    case between
  }
}

extension Value {
  /// The record's field of this name.
  package subscript(name: String) -> Value? {
    guard case .record(let members) = self else { return nil }
    return members.first { $0.name == name }?.value
  }

  /// The value at a path such as `stat.pzxid` or `results.0.path`.
  package func at(_ path: some StringProtocol) -> Value? {
    path.split(separator: ".").reduce(Optional(self)) { value, part in
      if case .list(let items) = value {
        return Int(part).flatMap { items.indices.contains($0) ? items[$0] : nil }
      }
      return value?[String(part)]
    }
  }

  /// The 64 bits of a number, a zxid or a session.
  package var integer: Int64? {
    switch self {
    case .number(let value), .zxid(let value), .session(let value): value
    default: nil
    }
  }

  /// All names that this value refers to.
  package var references: [Reference] {
    switch self {
    case .reference(let reference): [reference]
    case .bound(_, let value): value.references
    case .list(let items), .set(let items): items.flatMap(\.references)
    case .record(let members): members.flatMap(\.value.references)
    default: []
    }
  }

  /// This value with its references replaced by what `lookUp` says.
  package func resolved<E: Error>(
    _ lookUp: (Reference) throws(E) -> Value
  ) throws(E) -> Value {
    switch self {
    case .reference(let reference): return try lookUp(reference)
    case .bound(let bound, let value): return .bound(bound, try value.resolved(lookUp))
    case .list(let items): return .list(try Self.resolved(items, lookUp))
    case .set(let items): return .set(try Self.resolved(items, lookUp))
    case .record(let members):
      var result: [Member] = []
      for member in members {
        result.append(Member(name: member.name, value: try member.value.resolved(lookUp)))
      }
      return .record(result)
    default: return self
    }
  }

  private static func resolved<E: Error>(
    _ items: [Value], _ lookUp: (Reference) throws(E) -> Value
  ) throws(E) -> [Value] {
    var result: [Value] = []
    for item in items { result.append(try item.resolved(lookUp)) }
    return result
  }
}

extension Value {
  /// This number, zxid or session, and so much more; anything else as it is.
  package func adding(_ offset: Int64) -> Value {
    switch self {
    case .number(let value): .number(value &+ offset)
    case .zxid(let value): .zxid(value &+ offset)
    case .session(let value): .session(value &+ offset)
    default: self
    }
  }
}

extension Value.Reference: CustomStringConvertible {
  /// As it stands in a fixture: `$one.mtime`, `$clock - 60000`.
  package var description: String {
    offset == 0 ? "$\(name)" : "$\(name) \(offset < 0 ? "-" : "+") \(offset.magnitude)"
  }
}

extension Value: CustomStringConvertible {
  /// As it would stand in a fixture, on one line.
  package var description: String {
    switch self {
    case .null: "null"
    case .text(let text): text
    case .number(let number): "\(number)"
    case .flag(let flag): "\(flag)"
    case .bytes(let bytes): Self.printed(bytes)
    case .zxid(let zxid), .session(let zxid):
      "0x" + String(UInt64(bitPattern: zxid), radix: 16)
    case .list(let items), .set(let items):
      "[" + items.map(\.description).joined(separator: ", ") + "]"
    case .record(let members):
      members.isEmpty
        ? "{}" : "{ " + members.map { "\($0.name): \($0.value)" }.joined(separator: ", ") + " }"
    case .reference(let reference): reference.description
    case .bound(let bound, let value): "\(bound.rawValue) \(value)"
    }
  }

  /// Printable ASCII between quotation marks, other bytes as hexadecimal; long data is cut.
  private static func printed(_ bytes: [UInt8]) -> String {
    if bytes.allSatisfy({ 0x20...0x7e ~= $0 && $0 != 0x22 }) {
      let text = String(decoding: bytes.prefix(64), as: UTF8.self)
      return "\"\(text)\"" + (bytes.count > 64 ? "… \(bytes.count) bytes" : "")
    }
    return "0x" + hexadecimal(bytes.prefix(32))
      + (bytes.count > 32 ? "… \(bytes.count) bytes" : "")
  }
}

/// The bytes in hexadecimal, two digits each.
package func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
  let digits = Array("0123456789abcdef".utf8)
  var text: [UInt8] = []
  text.reserveCapacity(2 * bytes.underestimatedCount)
  for byte in bytes {
    text.append(digits[Int(byte >> 4)])
    text.append(digits[Int(byte & 15)])
  }
  return String(decoding: text, as: UTF8.self)
}

/// The bytes that these hexadecimal digits say; spaces between them mean nothing.
package func bytes(hexadecimal text: String) -> [UInt8]? {
  let digits = text.filter { !$0.isWhitespace }
  guard digits.count.isMultiple(of: 2), digits.allSatisfy(\.isHexDigit) else { return nil }
  var result: [UInt8] = []
  var rest = digits[...]
  while !rest.isEmpty {
    guard let byte = UInt8(rest.prefix(2), radix: 16) else { return nil }
    result.append(byte)
    rest = rest.dropFirst(2)
  }
  return result
}
