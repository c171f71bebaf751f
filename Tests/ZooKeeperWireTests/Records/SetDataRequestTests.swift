import Testing
import ZooKeeper
import ZooKeeperWire

@Suite struct SetDataRequestTests {
  @Test func `Path, data and version stand one after the other`() throws {
    try expect(
      .setData(path: "/fx", data: [0x77], version: 0),
      is: "00000003 2f6678 00000001 77 00000000")
    try expect(.setData(path: "/fx", data: nil), is: "00000003 2f6678 ffffffff ffffffff")
    try expect(.setData(path: "/fx", data: []), is: "00000003 2f6678 00000000 ffffffff")
  }

  @Test func `A null path is the empty one, but not in strict reading`() throws {
    let hex = "ffffffff 00000000 ffffffff"
    #expect(try read(.setData, hex, .lenient) == .setData(path: "", data: []))
    expect(.setData, hex, .strict, fails: .null(.path), at: 0)
  }
}
