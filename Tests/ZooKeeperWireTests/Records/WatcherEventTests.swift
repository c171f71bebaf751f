import Testing
import ZooKeeper
import ZooKeeperWire

@Suite struct WatcherEventTests {
  @Test func `A type, a state and a path`() throws {
    try expect(
      WatchEvent(.nodeChildrenChanged, "/fx"), is: "00000004 00000003 00000003 2f6678")
  }

  @Test func `A type and a state without a name are kept`() throws {
    try expect(
      WatchEvent(EventType(rawValue: 77), "", state: KeeperState(rawValue: -5)),
      is: "0000004d fffffffb 00000000")
  }

  @Test func `A null path is an error`() {
    expect(
      WatchEvent.self, "00000001 00000003 ffffffff", .lenient, fails: .null(.path), at: 8)
  }
}
