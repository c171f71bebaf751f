import NIOCore
import Testing
import ZooKeeper
import ZooKeeperWire

@Suite struct MultiReplyTests {
  private let end = "ffffffff 01 ffffffff"

  @Test func `Each result stands behind a header, a header ends them`() throws {
    try expect(
      .multi([
        .created(path: "/a"), .created(path: "/b", .sample), .set(.sample), .checked, .deleted,
      ]),
      to: .multi,
      is: """
        00000001 00 00000000 00000002 2f61 \
        0000000f 00 00000000 00000002 2f62 \(Stat.sampleHex) \
        00000005 00 00000000 \(Stat.sampleHex) \
        0000000d 00 00000000 \
        00000002 00 00000000 \
        \(end)
        """)
  }

  @Test func `A failed one tells each operation's code twice`() throws {
    try expect(
      .multi([.failed(.ok), .failed(.noNode), .failed(.runtimeInconsistency)]), to: .multi,
      is: """
        ffffffff 00 00000000 00000000 \
        ffffffff 00 ffffff9b ffffff9b \
        ffffffff 00 fffffffe fffffffe \
        \(end)
        """)
  }

  @Test func `Two codes that differ are an error in strict reading`() throws {
    let bytes = ByteBuffer(hex: "ffffffff 00 ffffff9b 00000000 \(end)")
    var lenient = JuteReader(bytes, .lenient)
    #expect(try Answer.read(.multi, from: &lenient) == .multi([.failed(.ok)]))
    #expect(throws: WireError(.unexpected(0, insteadOf: -101), at: 9)) {
      var strict = JuteReader(bytes, .strict)
      return try Answer.read(.multi, from: &strict)
    }
  }
}
