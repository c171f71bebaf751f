/// An address of the scheme `ip`, or all that share its first bits: `10.0.0.0/8`, `2001:db8::/32`.
///
/// What parses here is what Apache's `IPAuthenticationProvider` parses.
struct AddressRange: Hashable, Sendable {
  /// Four bytes or sixteen.
  let bytes: [UInt8]
  /// How many leading bits count.
  let bits: Int

  init?(_ text: String) {
    let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
    guard let first = parts.first else { return nil }
    let address = first.contains(":") ? Self.version6(first) : Self.version4(first)
    guard let address else { return nil }
    bytes = address
    if parts.count == 2 {
      guard let bits = Int(parts[1]), (0...address.count * 8).contains(bits) else { return nil }
      self.bits = bits
    } else {
      bits = address.count * 8
    }
  }

  /// Whether an address lies in this range.
  func contains(_ address: AddressRange) -> Bool {
    guard bytes.count == address.bytes.count else { return false }
    let whole = bits / 8
    guard bytes[..<whole] == address.bytes[..<whole] else { return false }
    guard bits % 8 != 0 else { return true }
    let mask = UInt8(truncatingIfNeeded: 0xff00 >> (bits % 8))
    return bytes[whole] & mask == address.bytes[whole] & mask
  }

  private static func version4(_ text: Substring) -> [UInt8]? {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    let bytes = parts.compactMap { part in Int(part).flatMap(UInt8.init(exactly:)) }
    return parts.count == 4 && bytes.count == 4 ? bytes : nil
  }

  private static func version6(_ text: Substring) -> [UInt8]? {
    let halves = text.split(separator: "::", omittingEmptySubsequences: false)
    guard halves.count <= 2 else { return nil }
    let groups = halves.map { half in
      half.isEmpty && halves.count == 2
        ? [] : half.split(separator: ":", omittingEmptySubsequences: false)
    }
    let given = groups.joined().count
    guard halves.count == 1 ? given == 8 : given < 8 else { return nil }
    var values = groups.map { $0.map(group) }
    if values.count == 2 {
      values.insert(Array(repeating: 0, count: 8 - given), at: 1)
    }
    var bytes: [UInt8] = []
    for value in values.joined() {
      guard let value else { return nil }
      bytes += [UInt8(value >> 8), UInt8(value & 0xff)]
    }
    return bytes
  }

  private static func group(_ text: Substring) -> UInt16? {
    text.utf8.count <= 4 ? UInt16(text, radix: 16) : nil
  }
}
