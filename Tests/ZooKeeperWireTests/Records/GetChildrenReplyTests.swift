import NIOCore
import Testing
import ZooKeeper
import ZooKeeperWire

@Suite struct GetChildrenReplyTests {
  @Test func `The names alone for getChildren, with a Stat for getChildren2`() throws {
    try expect(.children(["b", "a"]), to: .getChildren, is: "00000002 00000001 62 00000001 61")
    try expect(.children([]), to: .getChildren, is: "00000000")
    try expect(.children([], .sample), to: .getChildren2, is: "00000000 \(Stat.sampleHex)")
  }

  @Test func `A null list, and a null name, is an error`() {
    for (hex, offset) in [("ffffffff", 0), ("00000001 ffffffff", 4)] {
      #expect(throws: WireError(.null(.children), at: offset)) {
        var reader = JuteReader(ByteBuffer(hex: hex), .lenient)
        return try Answer.read(.getChildren, from: &reader)
      }
    }
  }
}
