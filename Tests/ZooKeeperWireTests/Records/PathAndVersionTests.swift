import Testing
import ZooKeeper
import ZooKeeperWire

@Suite struct PathAndVersionTests {
  @Test func `A path, then a version`() throws {
    try expect(.delete(path: "/fx", version: .any), is: "00000003 2f6678 ffffffff")
    try expect(.check(path: "/fx", version: 7), is: "00000003 2f6678 00000007")
    try expect(.delete(path: "/fx", version: .min), is: "00000003 2f6678 80000000")
  }

  @Test func `A null path is an error in delete`() {
    expect(.delete, "ffffffff 00000000", .lenient, fails: .null(.path), at: 0)
  }

  @Test func `A null path is the empty one in check, but not in strict reading`() throws {
    #expect(try read(.check, "ffffffff 00000000", .lenient) == .check(path: "", version: 0))
    expect(.check, "ffffffff 00000000", .strict, fails: .null(.path), at: 0)
  }
}
