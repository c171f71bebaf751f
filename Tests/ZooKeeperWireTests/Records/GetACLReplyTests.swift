import Testing
import ZooKeeper
import ZooKeeperWire

@Suite struct GetACLReplyTests {
  @Test func `The entries, then a Stat`() throws {
    try expect(
      .acl(.readOnly, .sample), to: .getACL,
      is: "00000001 00000001 00000005 776f726c64 00000006 616e796f6e65 \(Stat.sampleHex)")
    try expect(.acl([], .sample), to: .getACL, is: "00000000 \(Stat.sampleHex)")
  }
}
