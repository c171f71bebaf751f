import NIOCore
import Testing
import ZooKeeper
import ZooKeeperWire

@Suite struct ConnectRequestTests {
  private let zeros = String(repeating: "00", count: 16)

  @Test func `A new session is asked for with a zero id and a zero password`() throws {
    try expect(
      ConnectRequest(timeout: 10_000),
      is: "00000000 0000000000000000 00002710 0000000000000000 00000010 \(zeros) 00")
  }

  @Test func `An old session is asked for with its id, its password and the last zxid`() throws {
    try expect(
      ConnectRequest(
        lastZxidSeen: Zxid(0x100000007), timeout: 4000, session: SessionID(0x100000000000001),
        password: [1, 2, 3], readOnly: true),
      is: "00000000 0000000100000007 00000fa0 0100000000000001 00000003 010203 01")
  }

  @Test func `A client of before 3.4 leaves the last byte out`() throws {
    try expect(
      ConnectRequest(timeout: 1, readOnly: nil),
      is: "00000000 0000000000000000 00000001 0000000000000000 00000010 \(zeros)")
  }

  @Test func `Any version, timeout, id and password is read, null too`() throws {
    try expect(
      ConnectRequest(
        protocolVersion: -1, lastZxidSeen: Zxid(.min), timeout: .min, session: SessionID(-1),
        password: nil, readOnly: false),
      is: "ffffffff 8000000000000000 80000000 ffffffffffffffff ffffffff 00")
  }

  @Test func `Bytes after the last are ignored, but not in strict reading`() throws {
    let hex = "00000000 0000000000000000 00000001 0000000000000000 ffffffff 00 aabb"
    #expect(
      try ConnectRequest(decoding: ByteBuffer(hex: hex), .lenient)
        == ConnectRequest(timeout: 1, password: nil))
    expect(ConnectRequest.self, hex, fails: .trailingBytes(2), at: 29)
  }

  @Test func `A password longer than the frame is an error at its length`() {
    let hex = "00000000 0000000000000000 00000001 0000000000000000 7fffffff 00"
    expect(
      ConnectRequest.self, hex, .lenient, fails: .truncated(needed: 0x7fff_ffff, left: 1), at: 24)
  }
}
