import Testing
import ZooKeeperPersistence

@Suite struct `Checksums` {
  /// The sums that others give for the same bytes: `zlib.adler32`, `zlib.crc32`.
  @Test func `They are those of zlib`() {
    func both(_ bytes: [UInt8]) -> (adler: UInt32, crc: UInt32) {
      bytes.withUnsafeBytes { bytes in
        var crc = CRC32()
        crc.add(bytes)
        return (Adler32.of(bytes), crc.value)
      }
    }
    #expect(both([]) == (1, 0))
    #expect(both(Array("123456789".utf8)) == (0x091E_01DE, 0xCBF4_3926))
    let many = (0..<20_000).map { UInt8(truncatingIfNeeded: $0 &* 7) }
    #expect(both(many) == (0x37D1_E8CB, 0x5917_D438))
    #expect(both([UInt8](repeating: 255, count: 100_001)) == (0x45C5_312B, 0x6361_C067))
  }

  @Test func `They are the same of every part of some bytes`() {
    let bytes =
      (0..<300).map { UInt8(truncatingIfNeeded: $0 &* 151 ^ $0 >> 3) }
      + [UInt8](repeating: 255, count: 70_000)
    bytes.withUnsafeBytes { bytes in
      let sums = Adler32Sums(bytes)
      for start in [0, 1, 63, 64, 65, 200, 299, 40_000, bytes.count] {
        for end in [0, 1, 64, 128, 300, 5000, 69_999, bytes.count] where end >= start {
          let part = Adler32.of(UnsafeRawBufferPointer(rebasing: bytes[start..<end]))
          #expect(sums.checksum(start..<end, of: bytes) == part)
        }
      }
    }
  }

  @Test func `They do not depend on the portions`() {
    let bytes = (0..<100).map { UInt8($0) }
    for cut in 0...100 {
      var (adler, crc) = (Adler32(), CRC32())
      for part in [bytes[..<cut], bytes[cut...]] {
        part.withUnsafeBytes {
          adler.add($0)
          crc.add($0)
        }
      }
      #expect(adler.value == bytes.withUnsafeBytes { Adler32.of($0) })
      var whole = CRC32()
      bytes.withUnsafeBytes { whole.add($0) }
      #expect(crc.value == whole.value)
    }
  }
}
