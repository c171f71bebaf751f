import Testing

@testable import Conformance
@testable import ZooKeeperConformance

@Suite struct MatchingTests {
  static func record(_ members: (String, Value)...) -> Value {
    .record(members.map { Value.Member(name: $0.0, value: $0.1) })
  }

  static var matching: Matching {
    Matching(
      lookUp: { reference in
        reference.name == "d" ? (.zxid(0x2f3), "the zxid of line 12") : (.null, "nothing")
      },
      origin: { $0 == .zxid(0x2f2) ? "the zxid of line 11" : nil },
      spelledOut: { $0.spelledOut(for: $1) })
  }

  static let kept = Value.reference(
    Value.Reference(name: "d", place: Place(file: "f")))

  static func told(_ expected: Value, _ actual: Value?) -> [String] {
    matching.differences(expected, actual, at: "").map { found in
      let difference = found.difference
      return "\(found.message): \(difference.expected) (\(difference.expectedIs)), "
        + "\(difference.got) (\(difference.gotIs))"
    }
  }

  @Test func `Of what is too long to be printed it is told where it parts`() {
    let long = String(repeating: "x", count: 1000)
    #expect(long.parting(from: long) == nil && "a".parting(from: "b") == nil)
    #expect(
      String(long.prefix(100)).parting(from: long)
        == "has 100 bytes, not 1000; all of them are right")
    let other = long.dropLast() + "y"
    #expect(String(other).parting(from: long) == "byte 1000 is the first other one")
    let told = Self.told(.text(long), .text(long + "y")).first
    #expect(told?.hasSuffix("(has 1001 bytes, not 1000; byte 1001 is the first other one)") == true)
  }

  @Test func `A difference is told by what was kept, not by this run's values`() {
    let expected = Self.record(("stat", Self.record(("pzxid", Self.kept), ("version", .number(0)))))
    let actual = Self.record(
      ("stat", Self.record(("pzxid", .zxid(0x2f2)), ("version", .number(0)), ("other", .null))))
    #expect(
      Self.told(expected, actual) == [
        "stat.pzxid is not the zxid of line 12: 0x2f3 (the zxid of line 12), "
          + "0x2f2 (the zxid of line 11)"
      ])
  }

  @Test(arguments: [
    (Value.number(1), Value.number(1), true), (.number(1), .number(2), false),
    (.number(5), .zxid(5), true), (.text("a"), .text("b"), false), (.null, .bytes([]), false),
    (.bytes([1]), .bytes([1]), true), (.text("x"), .null, false),
    (.list([.number(1)]), .list([.number(1), .number(2)]), false),
    (.set([.text("a"), .text("b")]), .set([.text("b"), .text("a")]), true),
    (.set([.text("a"), .text("a")]), .set([.text("a")]), false),
    (.bound(.above, .number(3)), .number(4), true), (.bound(.above, .number(3)), .number(3), false),
    (.bound(.atMost, .number(3)), .number(3), true), (.bound(.not, .number(3)), .number(3), false),
    (.bound(.below, .number(3)), .text("two"), false),
    (.bound(.between, .list([.number(3), .number(5)])), .number(3), true),
    (.bound(.between, .list([.number(3), .number(5)])), .number(5), true),
    (.bound(.between, .list([.number(3), .number(5)])), .number(6), false),
    (.bound(.between, .list([.number(3), .number(5)])), .number(-4), false),
    (.bound(.between, .list([.number(3), .number(5)])), .text("four"), false),
  ])
  func `Values are equal, or they are not`(expected: Value, actual: Value, equal: Bool) {
    #expect(Self.told(expected, actual).isEmpty == equal)
  }

  @Test func `What is missing is a difference`() {
    #expect(
      Self.told(Self.record(("error", .text("Ok"))), Self.record()) == [
        "error is not Ok: Ok (), nothing ()"
      ])
    #expect(Self.told(Self.record(("a", .null)), nil).count == 1)
  }

  @Test func `A bound names what it bounds`() {
    let told = Self.told(.bound(.above, Self.kept), .zxid(1))
    #expect(
      told == [
        "the reply is not above the zxid of line 12: "
          + "above 0x2f3 (above the zxid of line 12), 0x1 ()"
      ])
  }
}
