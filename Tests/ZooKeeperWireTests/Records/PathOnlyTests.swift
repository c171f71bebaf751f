import Testing
import ZooKeeper
import ZooKeeperWire

@Suite struct PathOnlyTests {
  @Test func `getACL and sync have a path and nothing else`() throws {
    try expect(.getACL(path: "/fx"), is: "00000003 2f6678")
    try expect(.sync(path: "/fx"), is: "00000003 2f6678")
    try expect(.synced(path: "/fx"), to: .sync, is: "00000003 2f6678")
  }

  @Test func `A null path is an error in getACL, and comes back from sync`() throws {
    expect(.getACL, "ffffffff", .lenient, fails: .null(.path), at: 0)
    try expect(.sync(path: nil), is: "ffffffff")
    try expect(.synced(path: nil), to: .sync, is: "ffffffff")
  }
}
