import Testing
import ZooKeeper
import ZooKeeperWire

@Suite struct MultiRequestTests {
  private let open = "00000001 0000001f 00000005 776f726c64 00000006 616e796f6e65"
  private let end = "ffffffff 01 ffffffff"

  @Test func `Each operation stands behind a header, a header ends them`() throws {
    try expect(
      .multi([
        .create(Create("/a")), .create(Create("/b", withStat: true)),
        .setData(path: "/a", data: [1], version: 0), .check(path: "/a", version: 1),
        .delete(path: "/b"),
      ]),
      is: """
        00000001 00 ffffffff 00000002 2f61 00000000 \(open) 00000000 \
        0000000f 00 ffffffff 00000002 2f62 00000000 \(open) 00000000 \
        00000005 00 ffffffff 00000002 2f61 00000001 01 00000000 \
        0000000d 00 ffffffff 00000002 2f61 00000001 \
        00000002 00 ffffffff 00000002 2f62 ffffffff \
        \(end)
        """)
  }

  @Test func `An empty one is its end`() throws {
    try expect(.multi([]), is: end)
  }

  @Test(arguments: [Opcode.getData, .exists, .multi, Opcode(rawValue: 0), .error])
  func `Nothing else may stand in one`(opcode: Opcode) {
    let number = opcode.rawValue == -1 ? "ffffffff" : "000000" + String(opcode.hexByte)
    expect(
      .multi, "\(number) 00 ffffffff 00000001 2f 00 \(end)", .lenient, fails: .notInMulti(opcode),
      at: 0)
  }

  @Test(arguments: [4, 5, 6, 7] as [Int32])
  func `A create may ask for any flags`(flags: Int32) throws {
    try expect(
      .multi([
        .create(
          Create("/", data: [], acl: .open, mode: CreateMode(rawValue: flags), form: .create))
      ]),
      is: "00000001 00 ffffffff 00000001 2f 00000000 \(open) 0000000\(flags) \(end)")
  }

  @Test func `Without an end it is cut short`() {
    expect(
      .multi, "00000002 00 ffffffff 00000002 2f62 ffffffff", .lenient,
      fails: .truncated(needed: 4, left: 0), at: 19)
  }

  @Test(arguments: ["01", "02", "05", "0d", "0f"])
  func `A null path is refused whole`(opcode: String) {
    let hex = "000000\(opcode) 00 ffffffff ffffffff ffffffff 00000000 00000000 \(end)"
    expect(.multi, hex, .lenient, fails: .null(.path), at: 9)
  }

  @Test func `A null ACL is refused whole, unless the reading is that of an older edition`() throws
  {
    let hex = "00000001 00 ffffffff 00000001 2f 00000000 ffffffff 00000000 \(end)"
    expect(.multi, hex, .lenient, fails: .null(.acl), at: 18)
    var reading = Reading.lenient
    reading.refusedNulls = []
    #expect(try read(.multi, hex, reading) == .multi([.create(Create("/", acl: []))]))
  }

  @Test func `Only strict reading looks at the fields that mean nothing`() throws {
    #expect(try read(.multi, "00000007 01 00000000", .lenient) == .multi([]))
    expect(
      .multi, "00000007 01 ffffffff", .strict, fails: .unexpected(7, insteadOf: -1), at: 0)
    expect(
      .multi, "ffffffff 01 00000000", .strict, fails: .unexpected(0, insteadOf: -1), at: 5)
    expect(
      .multi, "00000002 00 00000000 00000002 2f62 ffffffff \(end)", .strict,
      fails: .unexpected(0, insteadOf: -1), at: 5)
  }
}

extension Opcode {
  fileprivate var hexByte: String {
    (rawValue < 16 ? "0" : "") + String(rawValue, radix: 16)
  }
}
