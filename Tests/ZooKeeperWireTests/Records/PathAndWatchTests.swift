import Testing
import ZooKeeper
import ZooKeeperWire

@Suite struct PathAndWatchTests {
  @Test func `A path, then whether to watch`() throws {
    try expect(.exists(path: "/fx3", watch: true), is: "00000004 2f667833 01")
    try expect(.getData(path: "/fx3"), is: "00000004 2f667833 00")
    try expect(.getChildren(path: "/", watch: true), is: "00000001 2f 01")
    try expect(.getChildren(path: "", withStat: true), is: "00000000 00")
  }

  @Test(arguments: [Opcode.exists, .getData, .getChildren, .getChildren2])
  func `A null path is an error`(opcode: Opcode) {
    expect(opcode, "ffffffff 00", .lenient, fails: .null(.path), at: 0)
    expect(opcode, "ffffffff 00", .strict, fails: .null(.path), at: 0)
  }

  @Test func `Any watch but 0 is one, but not in strict reading`() throws {
    #expect(try read(.getData, "00000001 2f 80", .lenient) == .getData(path: "/", watch: true))
    expect(.getData, "00000001 2f 80", .strict, fails: .invalidBoolean(0x80), at: 5)
  }

  @Test func `What is not UTF-8 becomes U+FFFD, but not in strict reading`() throws {
    #expect(try read(.getData, "00000003 2fff41 00", .lenient) == .getData(path: "/\u{fffd}A"))
    expect(.getData, "00000003 2fff41 00", .strict, fails: .invalidUTF8, at: 0)
  }

  @Test func `Bytes after the end are ignored, but not in strict reading`() throws {
    #expect(try read(.getData, "00000001 2f 00 ffff", .lenient) == .getData(path: "/"))
    expect(.getData, "00000001 2f 00 ffff", .strict, fails: .trailingBytes(2), at: 6)
  }

  @Test func `A length below -1 is an error`() {
    expect(.getData, "fffffffe 00", .lenient, fails: .negativeLength(-2), at: 0)
  }
}
