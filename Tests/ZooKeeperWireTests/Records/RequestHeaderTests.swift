import Testing
import ZooKeeper
import ZooKeeperWire

@Suite struct RequestHeaderTests {
  @Test func `Number and operation stand one after the other`() throws {
    try expect(RequestHeader(xid: 7, opcode: .getData), is: "00000007 00000004")
    try expect(RequestHeader(xid: .ping, opcode: .ping), is: "fffffffe 0000000b")
    try expect(RequestHeader(xid: 30, opcode: .closeSession), is: "0000001e fffffff5")
  }

  @Test func `An opcode without a name is kept`() throws {
    try expect(RequestHeader(xid: 0, opcode: Opcode(rawValue: 4711)), is: "00000000 00001267")
    #expect(Opcode(rawValue: 4711).description == "opcode 4711")
  }

  @Test func `Seven bytes are too few`() {
    expect(
      RequestHeader.self, "00000001 000000", .lenient, fails: .truncated(needed: 4, left: 3), at: 4)
  }
}
