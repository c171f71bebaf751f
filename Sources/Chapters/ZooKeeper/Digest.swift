/// The scheme `digest`: a name and a password, known by their SHA-1.
extension Identity {
  // begin digest
  /// Who has shown `name:password`: `name:` and, in base64, the SHA-1 of both.
  ///
  /// Nothing is salted, and over plain TCP the password crosses the wire as it is.
  public static func digest(_ credentials: String) -> Identity {
    let name = credentials.prefix { $0 != ":" }
    return Identity(scheme: "digest", id: name + ":" + base64(sha1(Array(credentials.utf8))))
  }
  // end digest
}

/// The Secure Hash Algorithm of 1995 (FIPS 180-4, section 6.1): 20 bytes.
///
/// Broken for signatures; ZooKeeper's digest scheme asks for this one.
func sha1(_ message: [UInt8]) -> [UInt8] {
  var hash: [UInt32] = [0x6745_2301, 0xEFCD_AB89, 0x98BA_DCFE, 0x1032_5476, 0xC3D2_E1F0]
  var padded = message + [0x80]
  padded += [UInt8](repeating: 0, count: (120 - padded.count % 64) % 64)
  padded += bigEndian(UInt64(message.count) * 8)
  for start in stride(from: 0, to: padded.count, by: 64) {
    var schedule = stride(from: start, to: start + 64, by: 4).map { place in
      padded[place..<place + 4].reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
    }
    for t in 16..<80 {
      let word = schedule[t - 3] ^ schedule[t - 8] ^ schedule[t - 14] ^ schedule[t - 16]
      schedule.append(rotated(word, 1))
    }
    var (a, b, c, d, e) = (hash[0], hash[1], hash[2], hash[3], hash[4])
    for t in 0..<80 {
      let (mixed, constant) = round(t, b, c, d)
      let next = rotated(a, 5) &+ mixed &+ e &+ constant &+ schedule[t]
      (a, b, c, d, e) = (next, a, rotated(b, 30), c, d)
    }
    hash = zip(hash, [a, b, c, d, e]).map { $0 &+ $1 }
  }
  return hash.flatMap(bigEndian)
}

/// The function and the constant of step `t` (FIPS 180-4, sections 4.1.1 and 4.2.1).
private func round(_ t: Int, _ b: UInt32, _ c: UInt32, _ d: UInt32) -> (UInt32, UInt32) {
  switch t {
  case ..<20: ((b & c) ^ (~b & d), 0x5A82_7999)
  case ..<40: (b ^ c ^ d, 0x6ED9_EBA1)
  case ..<60: ((b & c) ^ (b & d) ^ (c & d), 0x8F1B_BCDC)
  default: (b ^ c ^ d, 0xCA62_C1D6)
  }
}

private func rotated(_ word: UInt32, _ bits: UInt32) -> UInt32 {
  word << bits | word >> (32 - bits)
}

private func bigEndian(_ value: some FixedWidthInteger) -> [UInt8] {
  (0..<value.bitWidth / 8).reversed().map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
}

/// Base 64 with padding (RFC 4648, section 4).
func base64(_ bytes: [UInt8]) -> String {
  let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
  var text = ""
  for start in stride(from: 0, to: bytes.count, by: 3) {
    let group = bytes[start..<min(start + 3, bytes.count)]
    let word = group.reduce(0) { $0 << 8 | Int($1) } << (8 * (3 - group.count))
    for place in 0..<4 {
      text.append(place <= group.count ? alphabet[word >> (18 - 6 * place) & 63] : "=")
    }
  }
  return text
}
