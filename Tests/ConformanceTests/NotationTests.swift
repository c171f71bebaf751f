import Testing

@testable import Conformance
@testable import ZooKeeperConformance

@Suite struct NotationTests {
  /// The first step of a case with this one step.
  private func step(_ text: String) throws -> Step {
    let fixture = """
      case: ZK-TRY-001
      title: A title
      level: must
      claims: [WATCH-1]
      editions: "3.4.."
      seen: []
      clients: [a]
      steps:
        - a.exists: { path: / }
          keep: { before: stat, made: zxid }
        - \(text)
      """
    return try #require(ServiceFixture.read(fixture, file: "t.yaml").first?.steps.last)
  }

  private func record(_ fields: KeyValuePairs<String, Int64>) -> Value {
    .record(fields.map { Value.Member(name: $0.key, value: .number($0.value)) })
  }

  @Test func `Pieces stand one behind the other`() throws {
    let step = try step(
      "a.raw: { opcode: 4, body: [ { path: /n, byte: 2 }, { int: -2 }, { long: 3 }, { hex: ff } ] }"
    )
    let body = Pieces.bytes(try #require(step.arguments["body"])) { "/q" + $0 }
    #expect(hexadecimal(body) == "000000042f712f6e02fffffffe0000000000000003ff")
  }

  @Test func `A string may be null or anything, an ACL is a count and entries`() throws {
    let step = try step(
      #"a.raw: { opcode: 4, body: [ { string: null }, { buffer: { hex: 80 } }, "#
        + #"{ acl: [ "ip:1.2.3.4:r" ] } ] }"#)
    let body = Pieces.bytes(try #require(step.arguments["body"])) { $0 }
    #expect(
      hexadecimal(body) == "ffffffff" + "0000000180"
        + "00000001" + "00000001" + "000000026970" + "00000007312e322e332e34")
  }

  @Test func `Bytes in hexadecimal are pieces too`() throws {
    let step = try step("a.raw: { opcode: 4, body: 00 ff }")
    #expect(Pieces.bytes(try #require(step.arguments["body"])) { $0 } == [0, 0xff])
  }

  @Test func `A Stat like another has all its fields but those given`() throws {
    let step = try step(
      "a.exists: { path: / }\n    gives: { stat: { like: $before, version: 2 } }")
    let before = record(["version": 1, "cversion": 7])
    let expected = try #require(step.expected.gives?["stat"]).resolved { _ in before }
    #expect(expected.spelledOut(for: .null) == record(["version": 2, "cversion": 7]))
  }

  @Test func `A new node's Stat is its zxid, one time, and zeros`() throws {
    let step = try step(
      "a.exists: { path: / }\n    gives: { stat: { new: $made, dataLength: 5 } }")
    let expected = try #require(step.expected.gives?["stat"]).resolved { _ in .zxid(9) }
      .spelledOut(for: record(["ctime": 44]))
    #expect(expected["czxid"] == .zxid(9) && expected["pzxid"] == .zxid(9))
    #expect(expected["mtime"] == .number(44) && expected["ctime"] == .bound(.above, .number(0)))
    #expect(expected["dataLength"] == .number(5) && expected["numChildren"] == .number(0))
    guard case .record(let fields) = expected else { return }
    #expect(fields.count == 11)
  }

  @Test func `A Stat that is written in full stays as it is`() {
    let written = record(["version": 1])
    #expect(written.spelledOut(for: .null) == written)
  }

  @Test func `A base is a name that was kept`() {
    #expect(throws: FixtureError.self) {
      try step("a.exists: { path: / }\n    gives: { stat: { like: 3 } }")
    }
  }
}
