import Testing
import ZooKeeper
import ZooKeeperWire

@Suite struct ACLRecordTests {
  @Test func `An entry has permissions, a scheme and an id`() throws {
    try expect(
      ACL(.all, .anyone), is: "0000001f 00000005 776f726c64 00000006 616e796f6e65")
    try expect(ACL([], Identity(scheme: "", id: "")), is: "00000000 00000000 00000000")
  }

  @Test func `Permissions without a meaning are kept`() throws {
    try expect(
      ACL(Permissions(rawValue: -1), .superuser), is: "ffffffff 00000005 7375706572 00000000")
  }

  @Test func `A null scheme is the empty one, but not in strict reading`() throws {
    let hex = "00000001 ffffffff 00000000"
    #expect(
      try ACL(decoding: .init(hex: hex), .lenient) == ACL(.read, Identity(scheme: "", id: "")))
    expect(ACL.self, hex, fails: .null(.scheme), at: 4)
    var reading = Reading.lenient
    reading.refusedNulls = .scheme
    expect(ACL.self, hex, reading, fails: .null(.scheme), at: 4)
  }

  @Test(arguments: [
    "00000005 776f726c64", "00000006 646967657374", "00000002 6970",
  ])
  func `A null id is an error where the scheme looks at it`(scheme: String) throws {
    let offset = 4 + scheme.count { $0 != " " } / 2
    expect(
      ACL.self, "00000001 \(scheme) ffffffff", .lenient, fails: .null(.id), at: offset)
  }

  @Test func `A null id is the empty one where the scheme does not look at it`() throws {
    let hex = "0000001f 00000004 61757468 ffffffff"
    #expect(try ACL(decoding: .init(hex: hex), .lenient) == [ACL].creator[0])
    expect(ACL.self, hex, fails: .null(.id), at: 12)
  }
}
