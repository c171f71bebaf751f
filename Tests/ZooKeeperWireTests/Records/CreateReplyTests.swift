import Testing
import ZooKeeper
import ZooKeeperWire

@Suite struct CreateReplyTests {
  @Test func `The path alone for create, with a Stat for create2`() throws {
    try expect(.created(path: "/s0000000001"), to: .create, is: "0000000c 2f7330303030303030303031")
    try expect(
      .created(path: "/b", .sample), to: .create2, is: "00000002 2f62 \(Stat.sampleHex)")
  }
}
