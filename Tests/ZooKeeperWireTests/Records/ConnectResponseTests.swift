import NIOCore
import Testing
import ZooKeeper
import ZooKeeperWire

@Suite struct ConnectResponseTests {
  @Test func `A session is granted with its timeout and password`() throws {
    try expect(
      ConnectResponse(timeout: 10_000, session: SessionID(0x1000019a29b0000), password: [7, 8]),
      is: "00000000 00002710 01000019a29b0000 00000002 0708 00")
  }

  @Test func `A read-only server says so`() throws {
    try expect(
      ConnectResponse(timeout: 1, session: SessionID(2), password: [], readOnly: true),
      is: "00000000 00000001 0000000000000002 00000000 01")
  }

  @Test func `An old client's response has no last byte`() throws {
    try expect(
      ConnectResponse(timeout: 1, session: SessionID(2), password: nil, readOnly: nil),
      is: "00000000 00000001 0000000000000002 ffffffff")
  }

  @Test(arguments: [Int32.min, -1, 0])
  func `No positive timeout means that the session is gone`(timeout: Int32) {
    #expect(ConnectResponse(timeout: timeout, session: SessionID(1), password: nil).isExpired)
    #expect(ConnectResponse.expired().isExpired)
    #expect(!ConnectResponse(timeout: 1, session: .none, password: nil).isExpired)
  }

  @Test func `A bare header is a refusal`() throws {
    let frame = ByteBuffer(hex: "00000000 0000000100000002 ffffff89")
    let header = ReplyHeader(xid: 0, zxid: Zxid(0x100000002), error: .notReadOnly)
    #expect(try ConnectAnswer(decoding: frame, .strict) == .refused(header))
  }
}
