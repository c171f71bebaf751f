import Testing
import ZooKeeper
import ZooKeeperWire

@Suite struct ReplyHeaderTests {
  @Test func `Number, zxid and error stand one after the other`() throws {
    try expect(
      ReplyHeader(xid: 9, zxid: Zxid(6), error: .badVersion),
      is: "00000009 0000000000000006 ffffff99")
    try expect(
      ReplyHeader(xid: .notification, zxid: Zxid(-1)), is: "ffffffff ffffffffffffffff 00000000")
  }

  @Test func `An error without a name is kept`() throws {
    try expect(
      ReplyHeader(xid: 1, zxid: .zero, error: ErrorCode(rawValue: -9999)),
      is: "00000001 0000000000000000 ffffd8f1")
  }
}
