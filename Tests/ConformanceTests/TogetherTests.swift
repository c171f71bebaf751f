import Testing

@testable import Conformance
@testable import ZooKeeperConformance

/// Steps of several clients at once, and what is said in few words of what is much.
@Suite struct TogetherTests {
  private static let good = """
    case: ZK-TRY-002
    title: A title
    level: must
    claims: []
    editions: "3.4.."
    seen: []
    clients: { a: {}, b: { overhears: true } }
    steps:
      - together:
          - a.create: { path: /n, data: "a" }
          - b.create: { path: /s-, sequential: true }
            times: 2
        gives: [ { path: /n }, {}, { error: NodeExists } ]
        keep: { won: replies.0 }
      - a.get: { path: /n }
        gives: { data: $won.sent }
      - b.sees: [ { NodeCreated: /n-, numbered: 3 }, { NodeDeleted: "outside:/x" } ]

    """

  @Test func `Each request is somebody's, the step is nobody's`() throws {
    let fixture = try #require(ServiceFixture.read(Self.good, file: "t.yaml").first)
    let step = try #require(fixture.steps.first)
    #expect(step.client == nil && step.does == .act(.together))
    #expect(step.parts.map(\.client) == ["a", "b", "b"])
    #expect(step.keep.map(\.field) == ["replies.0"])
    #expect(fixture.clients.map(\.overhears) == [false, true])
  }

  @Test func `Numbered events are as many`() throws {
    let fixture = try #require(ServiceFixture.read(Self.good, file: "t.yaml").first)
    let sees = try #require(fixture.steps.last?.expected.sees)
    #expect(
      sees.map(\.description) == [
        "NodeCreated: /n-0000000000", "NodeCreated: /n-0000000001", "NodeCreated: /n-0000000002",
        "NodeDeleted: outside:/x",
      ])
  }

  @Test(arguments: [
    ("  - together:", "  - a.together:", "unknown verb 'together'"),
    ("a.create: { path: /n,", "create: { path: /n,", "a step needs a key 'client.verb'"),
    ("a.create: { path: /n,", "z.create: { path: /n,", "'z' is none of the case's clients"),
    ("        times: 2", "        error: NoNode", "unknown key 'error' in a step with 'create'"),
    ("b.create", "a.create", "10:7: 'together' is for two clients or more"),
    (", {}, {", ", {", "'gives' lists 2 for 3 that are sent"),
    ("replies.0", "replies.7", "7 is not between 0 and 2"),
    ("$won.sent", "$won.snt", "unknown key 'snt' in a reply; did you mean 'sent'?"),
    ("    keep: { won", "    sees: []\n    keep: { won", "unknown key 'sees' in a step with"),
  ]) func `A mistake is told`(text: String, other: String, says: String) throws {
    #expect(Self.good.contains(text))
    let error = #expect(throws: FixtureError.self) {
      try ServiceFixture.read(Self.good.replacing(text, with: other), file: "t.yaml")
    }
    let told = try #require(error).description
    #expect(told.contains(says), "\(told)")
  }

  @Test func `Each expected reply gets one of its own, if that can be`() {
    #expect(Player.choice(among: [[0, 1], [0]], of: 2) == [1, 0])
    #expect(Player.choice(among: [[0, 1, 2], [0, 1], [0]], of: 3) == [2, 1, 0])
    #expect(Player.choice(among: [[0], [0]], of: 2) == nil)
    #expect(Player.choice(among: [[], []], of: 2) == nil)
  }

  @Test func `What lies outside of the folder is asked for as it is`() {
    let folder = Folder("/quorate/1")
    #expect(folder.relative("/x") == "outside:/x" && folder.absolute("outside:/x") == "/x")
    #expect(folder.absolute(folder.relative("/")) == "/")
  }
}
