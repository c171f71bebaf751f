import NIOCore
import Testing
import ZooKeeper
import ZooKeeperWire

@Suite struct AuthPacketTests {
  @Test func `A type, a scheme and credentials`() throws {
    try expect(
      .auth(scheme: "digest", credentials: Array("bob:pw".utf8)),
      is: "00000000 00000006 646967657374 00000006 626f623a7077")
    try expect(
      .auth(scheme: "ip", credentials: nil), is: "00000000 00000002 6970 ffffffff")
  }

  @Test func `A null scheme is the empty one, but not in strict reading`() throws {
    let hex = "00000000 ffffffff 00000000"
    #expect(try read(.auth, hex, .lenient) == .auth(scheme: "", credentials: []))
    expect(.auth, hex, .strict, fails: .null(.scheme), at: 4)
  }

  @Test func `The type is not looked at, but in strict reading`() throws {
    let hex = "00000001 00000000 00000000"
    #expect(try read(.auth, hex, .lenient) == .auth(scheme: "", credentials: []))
    expect(.auth, hex, .strict, fails: .unexpected(1, insteadOf: 0), at: 0)
  }

  @Test func `A packet that does not decode ends the connection`() throws {
    let frame = ByteBuffer(hex: "fffffffc 00000064 00000000 000000ff")
    #expect(try ClientFrame(decoding: frame, .lenient).refusal == .close)
  }
}
