import Testing
import ZooKeeper
import ZooKeeperWire

@Suite struct SetACLRequestTests {
  @Test func `Path, ACL and version stand one after the other`() throws {
    try expect(
      .setACL(path: "/fx", acl: .readOnly, version: 2),
      is: "00000003 2f6678 00000001 00000001 00000005 776f726c64 00000006 616e796f6e65 00000002")
    try expect(.setACL(path: "/fx", acl: []), is: "00000003 2f6678 00000000 ffffffff")
  }

  @Test func `A null path is the empty one, but not in strict reading`() throws {
    let hex = "ffffffff 00000000 ffffffff"
    #expect(try read(.setACL, hex, .lenient) == .setACL(path: "", acl: []))
    expect(.setACL, hex, .strict, fails: .null(.path), at: 0)
  }
}
