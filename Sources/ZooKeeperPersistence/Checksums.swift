/// The checksum of log records and snapshots: two sums modulo 65521, the second of the first.
///
/// Source: RFC 1950, section 9.
package struct Adler32: Hashable, Sendable {
  private var a: UInt32 = 1
  private var b: UInt32 = 0

  /// The checksum of nothing, 1.
  package init() {}

  /// So many bytes can be added before a sum of 32 bits overflows.
  private static let run = 5552

  /// Adds bytes to what is summed.
  package mutating func add(_ bytes: UnsafeRawBufferPointer) {
    var start = 0
    while start < bytes.count {
      let end = min(start + Self.run, bytes.count)
      for place in start..<end {
        a &+= UInt32(bytes[place])
        b &+= a
      }
      a %= 65521
      b %= 65521
      start = end
    }
  }

  /// The checksum so far.
  package var value: UInt32 { b << 16 | a }

  /// The checksum of these bytes.
  package static func of(_ bytes: UnsafeRawBufferPointer) -> UInt32 {
    var sum = Adler32()
    sum.add(bytes)
    return sum.value
  }
}

/// The Adler-32 of any part of some bytes, each in constant time.
///
/// With S(k) the sum of the first k bytes and T(k) that of S(1) to S(k), the sums of the n bytes
/// behind place s and up to e are 1 + S(e) - S(s) and n + T(e) - T(s) - n S(s), modulo 65521.
package struct Adler32Sums {
  /// S and T at every multiple of this are kept.
  private static let step = 64
  private static let modulus: UInt64 = 65521

  private var kept: [(s: UInt32, t: UInt32)] = [(0, 0)]

  /// The sums of these bytes.
  ///
  /// - Complexity: O(*n*).
  package init(_ bytes: UnsafeRawBufferPointer) {
    kept.reserveCapacity(bytes.count / Self.step + 1)
    while kept.count * Self.step <= bytes.count {
      let place = kept.count * Self.step
      let (s, t) = sums(place, bytes, from: place - Self.step)
      kept.append((UInt32(s), UInt32(t)))
    }
  }

  private func sums(
    _ place: Int, _ bytes: UnsafeRawBufferPointer, from start: Int
  ) -> (s: UInt64, t: UInt64) {
    var (s, t) = (UInt64(kept[start / Self.step].s), UInt64(kept[start / Self.step].t))
    for byte in bytes[start..<place] {
      s += UInt64(byte)
      t += s
    }
    return (s % Self.modulus, t % Self.modulus)
  }

  /// The checksum of a part of the same bytes.
  package func checksum(_ range: Range<Int>, of bytes: UnsafeRawBufferPointer) -> UInt32 {
    func sums(_ place: Int) -> (s: UInt64, t: UInt64) {
      self.sums(place, bytes, from: place / Self.step * Self.step)
    }
    let (start, end, m) = (sums(range.lowerBound), sums(range.upperBound), Self.modulus)
    let count = UInt64(range.count) % m
    let a = (1 + end.s + m - start.s) % m
    let b = (count + end.t + m - start.t + (m - count * start.s % m)) % m
    return UInt32(b << 16 | a)
  }
}

/// The checksum of which tree digests are made: CRC-32 as zlib counts it.
///
/// Source: RFC 1952, section 8; eight tables, so that eight bytes are taken at a time.
package struct CRC32: Hashable, Sendable {
  private var register: UInt32 = ~0

  /// The checksum of nothing, 0.
  package init() {}

  /// For each place in a group of eight, what each byte does to the register.
  private static let tables: [UInt32] = {
    var tables = [UInt32](repeating: 0, count: 8 * 256)
    for byte in 0..<256 {
      var word = UInt32(byte)
      for _ in 0..<8 { word = word & 1 == 1 ? word >> 1 ^ 0xEDB8_8320 : word >> 1 }
      tables[byte] = word
    }
    for place in 1..<8 {
      for byte in 0..<256 {
        let before = tables[(place - 1) * 256 + byte]
        tables[place * 256 + byte] = before >> 8 ^ tables[Int(before & 0xff)]
      }
    }
    return tables
  }()

  /// Adds bytes to what is summed.
  package mutating func add(_ bytes: UnsafeRawBufferPointer) {
    var register = self.register
    Self.tables.withUnsafeBufferPointer { tables in
      var place = 0
      while place + 8 <= bytes.count {
        let group = bytes.loadUnaligned(fromByteOffset: place, as: UInt64.self)
        let mixed = UInt64(littleEndian: group) ^ UInt64(register)
        register = 0
        for byte in 0..<8 {
          register ^= tables[(7 - byte) * 256 + Int(truncatingIfNeeded: mixed >> (8 * byte)) & 0xff]
        }
        place += 8
      }
      while place < bytes.count {
        register =
          register >> 8 ^ tables[Int(truncatingIfNeeded: register) & 0xff ^ Int(bytes[place])]
        place += 1
      }
    }
    self.register = register
  }

  /// Adds an integer, the highest byte first.
  package mutating func add(_ integer: some FixedWidthInteger) {
    withUnsafeBytes(of: integer.bigEndian) { add($0) }
  }

  /// The checksum so far.
  package var value: UInt32 { ~register }
}
