import Testing
import ZooKeeper
import ZooKeeperWire

@Suite struct CreateRequestTests {
  private let open = "00000001 0000001f 00000005 776f726c64 00000006 616e796f6e65"

  @Test func `Path, data, ACL and flags stand one after the other`() throws {
    try expect(
      .create(Create("/fx", data: [1, 2], mode: .ephemeralSequential)),
      is: "00000003 2f6678 00000002 0102 \(open) 00000003")
  }

  @Test func `create2 has the same body`() throws {
    try expect(
      .create(Create("/fx", withStat: true)), is: "00000003 2f6678 00000000 \(open) 00000000")
  }

  @Test func `Null data is not empty data`() throws {
    try expect(.create(Create("/", data: nil)), is: "00000001 2f ffffffff \(open) 00000000")
    try expect(.create(Create("/", data: [])), is: "00000001 2f 00000000 \(open) 00000000")
  }

  @Test func `Flags without a meaning are kept`() throws {
    try expect(
      .create(Create("/", mode: CreateMode(rawValue: 7))),
      is: "00000001 2f 00000000 \(open) 00000007")
  }

  @Test func `A null ACL is an empty one, but not in strict reading`() throws {
    let hex = "00000001 2f 00000000 ffffffff 00000000"
    #expect(try read(.create, hex, .lenient) == .create(Create("/", acl: [])))
    expect(.create, hex, .strict, fails: .null(.acl), at: 9)
    var reading = Reading.lenient
    reading.refusedNulls = .acl
    expect(.create, hex, reading, fails: .null(.acl), at: 9)
  }

  @Test func `A null path is an error`() {
    expect(
      .create, "ffffffff 00000000 \(open) 00000000", .lenient, fails: .null(.path), at: 0)
  }

  @Test func `A count of entries that cannot be there allocates nothing`() {
    let hex = "00000001 2f 00000000 7fffffff 00000000"
    expect(
      .create, hex, .lenient, fails: .excessiveCount(0x7fff_ffff, bytesLeft: 4), at: 9)
  }

  @Test func `A count below -1 is no entry, but not in strict reading`() throws {
    let hex = "00000001 2f 00000000 80000000 00000000"
    #expect(try read(.create, hex, .lenient) == .create(Create("/", acl: [])))
    expect(.create, hex, .strict, fails: .negativeCount(.min), at: 9)
  }
}
