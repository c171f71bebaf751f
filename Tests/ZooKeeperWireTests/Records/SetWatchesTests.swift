import Testing
import ZooKeeper
import ZooKeeperWire

@Suite struct SetWatchesTests {
  @Test func `A zxid, then three lists`() throws {
    try expect(
      .setWatches(SetWatches(relativeZxid: Zxid(11), data: ["/a", "/b"], exist: [], child: ["/"])),
      is: """
        000000000000000b 00000002 00000002 2f61 00000002 2f62 00000000 00000001 00000001 2f
        """)
  }

  @Test func `A null list is an error`() {
    expect(
      .setWatches, "0000000000000000 ffffffff 00000000 00000000", .lenient, fails: .null(.paths),
      at: 8)
    expect(
      .setWatches, "0000000000000000 00000000 00000000 ffffffff", .lenient, fails: .null(.paths),
      at: 16)
  }

  @Test func `A null path in a list is an error`() {
    expect(
      .setWatches, "0000000000000000 00000001 ffffffff 00000000 00000000", .lenient,
      fails: .null(.paths), at: 12)
  }

  @Test func `A count of paths that cannot be there allocates nothing`() {
    expect(
      .setWatches, "0000000000000000 00000003 00000000 00000000", .lenient,
      fails: .excessiveCount(3, bytesLeft: 8), at: 8)
  }
}
