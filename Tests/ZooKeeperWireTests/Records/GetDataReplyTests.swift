import Testing
import ZooKeeper
import ZooKeeperWire

@Suite struct GetDataReplyTests {
  @Test func `The data, then a Stat`() throws {
    try expect(.data([0x77], .sample), to: .getData, is: "00000001 77 \(Stat.sampleHex)")
  }

  @Test func `Null data is not empty data`() throws {
    try expect(.data(nil, .sample), to: .getData, is: "ffffffff \(Stat.sampleHex)")
    try expect(.data([], .sample), to: .getData, is: "00000000 \(Stat.sampleHex)")
  }
}
