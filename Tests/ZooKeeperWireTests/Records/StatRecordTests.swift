import NIOCore
import Testing
import ZooKeeper
import ZooKeeperWire

@Suite struct StatRecordTests {
  @Test func `Eleven fields stand one after the other`() throws {
    try expect(Stat.sample, is: Stat.sampleHex)
    #expect(Stat.sample.encoded.readableBytes == Stat.size)
  }

  @Test func `It answers exists, setData and setACL`() throws {
    for opcode in [Opcode.exists, .setData, .setACL] {
      try expect(.stat(.sample), to: opcode, is: Stat.sampleHex)
    }
  }

  @Test func `Every bit of every field survives`() throws {
    try expect(
      Stat(
        czxid: Zxid(.min), mzxid: Zxid(.max), ctime: .min, mtime: .max, version: .min,
        cversion: .max, aversion: .min, ephemeralOwner: SessionID(.min), dataLength: .max,
        numChildren: .min, pzxid: Zxid(-1)),
      is: """
        8000000000000000 7fffffffffffffff 8000000000000000 7fffffffffffffff \
        80000000 7fffffff 80000000 8000000000000000 7fffffff 80000000 ffffffffffffffff
        """)
  }
}
