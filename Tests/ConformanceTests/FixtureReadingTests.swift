import Foundation
import Testing

@testable import Conformance
@testable import ZooKeeperConformance

@Suite struct FixtureReadingTests {
  static let good = """
    case: ZK-TRY-001
    title: A title
    level: must
    claims: [WATCH-1]
    editions: "3.4.."
    seen: ["3.8.0"]
    clients: [a, b]
    steps:
      - a.create: { path: /w, data: 3.10 }
      - b.get: { path: /w, watch: true }
        gives: { data: 0777, stat: { version: 0 } }
        keep: { before: stat }
      - b.exists: { path: /w }
        gives: { stat: $before }
    """

  @Test func `A scalar is its characters, whatever YAML takes it for`() throws {
    let steps = try #require(ServiceFixture.read(Self.good, file: "t.yaml").first).steps
    #expect(steps[0].arguments["data"] == .bytes(Array("3.10".utf8)))
    #expect(steps[1].expected.gives?["data"] == .bytes(Array("0777".utf8)))
    #expect(steps[1].expected.gives?.at("stat.version") == .number(0))
    #expect(steps[1].place.line == 10)
    #expect(steps[1].description == "b.get /w watch")
  }

  @Test func `A dollar sign in quotation marks is text`() throws {
    let text = Self.good.replacing("data: 3.10", with: "data: \"$before\"")
    let step = try #require(ServiceFixture.read(text, file: "t.yaml").first?.steps.first)
    #expect(step.arguments["data"] == .bytes(Array("$before".utf8)))
  }

  /// An edit to the good fixture, and what its reader then says.
  static let mistakes: [(edit: (String, String), says: String)] = [
    (
      ("gives: { data", "give: { data"), "11:5: unknown key 'give' in a step; did you mean 'gives'?"
    ),
    (("b.get", "b.gett"), "10:5: unknown verb 'gett'; did you mean 'get'?"),
    (("b.get", "c.get"), "10:5: 'c' is none of the case's clients"),
    (("b.get: {", "get: {"), "10:5: a step needs a key 'client.verb'"),
    (("watch: true", "watch: yes"), "10:31: expected true or false, found 'yes'"),
    (("watch: true", "wach: true"), "10:24: unknown key 'wach' in get; did you mean 'watch'?"),
    (("version: 0", "version: zero"), "11:43: expected a number, found 'zero'"),
    (("level: must", "level: most"), "3:8: unknown word 'most'; did you mean 'must'?"),
    (("level: must\n", ""), "1:1: a fixture needs a key 'level'"),
    (
      ("$before }", "$befor }"),
      "14:20: nothing before this keeps '$befor'; did you mean '$before'?"
    ),
    (("WATCH-1", "watch1"), "4:10: 'watch1' is not a claim's id such as WATCH-1"),
    (("title: A title", "title: !!str A title"), "2:8: tags are not allowed here: "),
    (("title: A title", "title: &x A title"), "2:8: anchors, aliases and merge keys"),
    (("title: A title", "title: A title\ntitle: B"), "2:1: the key 'title' stands here twice"),
    (("title: A title", "title: [A"), "3:6: not YAML: "),
    (("{ path: /w, data: 3.10 }", "[]"), "9:15: expected a map (create), found a list"),
    (("{ path: /w, data: 3.10 }", "{ data: x }"), "9:15: create needs a key 'path'"),
    (("keep: { before", "keep: { a"), "12:11: 'a' has a meaning already"),
    (("editions: \"3.4..\"", "editions: new"), "5:11: 'new' is not a range of editions"),
    (("clients: [a, b]", "clients: [a, b]\nneeds: [multiReed]"), "did you mean 'multiRead'?"),
    (("    keep:", "    error: NoNode\n    keep:"), "'gives' and 'error' are both given"),
    (("b.exists: { path: /w }", "b.drops: {}"), "unknown key 'gives' in a step with 'drops'"),
    (("data: 3.10", "data: { size: -1 }"), "-1 is not between 0 and"),
    (("path: /w, data", "path: { begins: /w, size: 1 }, data"), "expected a text, or { begins"),
    (("version: 0", "version: { between: [ 1 ] }"), "expected two numbers"),
    (("version: 0", "version: { between: [ $clok, 2 ] }"), "nothing before this keeps '$clok'"),
    (("keep: { before", "keep: { clock"), "'clock' has a meaning already"),
    (("    gives: { stat: $before }", "    excess: 0g"), "expected hexadecimal digits"),
    (("    gives: { stat: $before }", "    times: 2"), "unknown key 'times' in a step with"),
    (
      (
        "    gives: { stat: $before }",
        "  - a.pipeline:\n      - multi:\n          - delete: { path: /w }\n"
          + "            times: 1000\n"
          + "        times: 1000"
      ), "1001000 is not between 1 and 100000"
    ),
    (
      (
        "    gives: { stat: $before }", "  - a.sees: []\n    after: 3 seconds"
      ), "'3 seconds' is not a time such as"
    ),
    (
      (
        "    gives: { stat: $before }", "  - a.sees: []\n    within: 1 timeout(z)"
      ), "'z' is none of the case's clients"
    ),
    (("before: stat", "before: sta"), "12:21: unknown key 'sta' in a reply; did you mean 'stat'?"),
    (("before: stat", "before: stat.pzxd"), "unknown key 'pzxd' in a stat; did you mean 'pzxid'?"),
    (("before: stat", "before: stat.new"), "unknown key 'new' in a stat"),
    (("keep: { before: stat }", "keep: $before"), "12:11: expected a map (keep), found '$before'"),
    (("$before }", "$before.x }"), "14:20: unknown key 'x' in a stat"),
    (("clients: [a, b]", "clients: [a, b, c]"), "7:17: no step is of 'c'"),
    (("clients: [a, b]", "clients: { a: {}, b: {}, c: {} }"), "7:26: no step is of 'c'"),
    (("path: /w, data", "path: w, data"), "9:23: a path begins with '/'"),
    (
      (
        "    gives: { stat: $before }",
        "  - a.multi: [ { delete: { path: /w } } ]\n    gives: [ {}, {} ]"
      ), "15:12: 'gives' lists 2 for 1 that are sent"
    ),
    (
      (
        "    gives: { stat: $before }",
        "  - a.multi: [ { delete: { path: /w } } ]\n    keep: { x: results.1.path }"
      ), "15:16: 1 is not between 0 and 0"
    ),
    (
      (
        "    gives: { stat: $before }", "  - a.opens: { says: ruok }\n    keep: { x: begins }"
      ), "unknown key 'keep' in a step with 'opens'"
    ),
  ]

  @Test(arguments: mistakes.indices) func `A mistake is told with its place`(index: Int) throws {
    let (edit, says) = Self.mistakes[index]
    #expect(Self.good.contains(edit.0))
    let error = #expect(throws: FixtureError.self) {
      try ServiceFixture.read(Self.good.replacing(edit.0, with: edit.1), file: "t.yaml")
    }
    let told = try #require(error).description
    #expect(told.hasPrefix("t.yaml:") && told.contains(says), "\(told)")
  }

  @Test func `What is no fixture at all is an error, never a trap`() {
    let hostile = [
      "", "\u{0}", "[", "- a", "case", String(repeating: "[", count: 100_000),
      String(repeating: "a: {", count: 5_000), "&a [*a]", "? [x]\n: y", "case: &a {<<: *a}",
      String(repeating: "x", count: YAML.limit + 1), "--- 1\n--- 2", "%YAML 9.9\n---\na",
    ]
    for text in hostile {
      #expect(throws: FixtureError.self) { try ServiceFixture.read(text, file: "t.yaml") }
    }
  }

  @Test func `Each row of a family is a case`() throws {
    let text = Self.good.replacing("b.get", with: "b.$how").replacing(
      "steps:", with: "each:\n  get,x: { how: get }\n  exists: { how: get }\nsteps:")
    let ids = try ServiceFixture.read(text, file: "t.yaml").map(\.id)
    #expect(ids == ["ZK-TRY-001[get,x]", "ZK-TRY-001[exists]"])
  }

  @Test(arguments: [
    ("x: { how: get }\n  y: { hov: get }", "row 'y' has not the columns how"),
    ("x: { how: get, more: 1 }", "row 'x' has a column 'more' that nothing uses"),
    ("x: { how: gett }", "unknown verb 'gett'"),
    ("x: 3", "expected a map"),
  ]) func `A row that does not fit is an error`(rows: String, says: String) throws {
    let text = Self.good.replacing("b.get", with: "b.$how").replacing(
      "steps:", with: "each:\n  \(rows)\nsteps:")
    let error = #expect(throws: FixtureError.self) {
      try ServiceFixture.read(text, file: "t.yaml")
    }
    #expect(try #require(error).description.contains(says))
  }

  @Test func `Times are sums of timeouts and ticks`() throws {
    let span = try #require(Span("1 timeout(owner) + 2.5 ticks"))
    #expect(span.milliseconds(tick: 100) { $0 == "owner" ? 4000 : 0 } == 4250)
    #expect(span.description == "1 timeout(owner) + 2.5 tick")
    #expect(Span("1 second") == nil)
    let pause = try #require(Span("5 ms"))
    #expect(pause.milliseconds(tick: 100) { _ in 0 } == 5 && pause.description == "5 ms")
  }

  @Test func `A pipeline says what comes before each reply, and how often what is sent`() throws {
    let text =
      Self.good
        + """

          - a.pipeline:
              - get: { path: { begins: /w/a, size: 200 } }
                excess: 00ff
                error: NoNode
              - set: { path: /w }
                times: 3
                sees: [ { NodeDataChanged: /w } ]
              - exists: { path: /w }
                gives: { stat: { mtime: { between: [ $clock - 60000, $clock + 60000 ] } } }
        """
    let fixture = try #require(ServiceFixture.read(text, file: "t.yaml").first)
    let parts = try #require(fixture.steps.last).parts
    #expect(parts.map(\.does.name) == ["get", "set", "set", "set", "exists"])
    #expect(parts[0].arguments["path"]?.description.utf8.count == 200)
    #expect(parts[0].excess == [0, 255] && parts[0].expected.sees == nil)
    #expect(parts[2].expected.sees?.count == 1)
    let times = parts[4].expected.gives?.at("stat.mtime")
    #expect(times?.description == "between [$clock - 60000, $clock + 60000]")
  }

  @Test func `Editions are ranges`() throws {
    let range = try #require(Editions("3.5..3.8"))
    #expect(range.contains(Edition(3, 8)) && !range.contains(Edition(3, 9)))
    #expect(try #require(Editions("..3.10")).contains(Edition(3, 9)))
    #expect(Editions("3..") == nil)
  }
}
