import Conformance
import Testing
import ZooKeeper
import ZooKeeperConformance

/// Cases that nobody wrote: every operation on every kind of node.
@Suite struct GridTests {
  private static func text(of id: String, _ dialect: Dialect = .reference) throws -> String {
    let each = try #require(Grid.cases.first { $0.label.id == id })
    let service = try #require(each.service)
    return try #require(service.drawn(dialect))
  }

  /// The grid; pairs, where behind a setACL only reads are promised; and the crossing.
  @Test func `There is a case for each operation on each kind of node`() {
    let ids = Grid.cases.map(\.label.id)
    #expect(ids.count { $0.hasPrefix("ZK-GRID-") } == 29 * 11)
    #expect(ids.count { $0.hasPrefix("ZK-PAIR-") } == 25 * 5 - 3)
    #expect(ids.count { $0.hasPrefix("ZK-CROSS-") } == 9 * 16)
    #expect(Set(ids).count == ids.count)
    #expect(ids == ids.sorted())
    #expect(ids.contains("ZK-GRID-003[below-guarded]"))
    #expect(Grid.cases.allSatisfy { !$0.label.claims.isEmpty })
  }

  /// Every step of a fixture, with what refers to something without where that stands.
  private static func steps(_ fixture: ServiceFixture) -> [Step] {
    func bare(_ value: Value) -> Value {
      value.resolved {
        .reference(Value.Reference(name: $0.name, offset: $0.offset, place: Place(file: "")))
      }
    }
    func unplaced(_ step: Step) -> Step {
      var step = step
      step.arguments = bare(step.arguments)
      step.expected.gives = step.expected.gives.map(bare)
      step.parts = step.parts.map(unplaced)
      return step
    }
    return fixture.steps.map(unplaced)
  }

  /// What is played is drawn, what is shown is printed: both say the same, at the same places.
  @Test(arguments: ["3.4.14", "3.8.0", "3.9.5"])
  func `Each is the fixture that its text writes`(edition: String) throws {
    let dialect = try #require(Dialect(edition: edition))
    for each in Grid.cases {
      let id = each.label.id
      let drawn = try #require(each.service).fixture(for: dialect, called: id)
      let all = try ServiceFixture.read(try Self.text(of: id, dialect), file: id)
      let read = try #require(all.first)
      #expect(all.count == 1 && read.clients == drawn.clients && read.place == drawn.place)
      #expect(read.id == drawn.id && read.slug == drawn.slug && read.title == drawn.title)
      #expect(read.editions == drawn.editions && read.level == drawn.level)
      let differing = zip(Self.steps(read), Self.steps(drawn)).first { $0 != $1 }
      #expect(read.steps.count == drawn.steps.count && differing == nil, "\(id)")
    }
  }

  /// So do comparisons, which meet what the grid does not: bytes behind records, long names, times.
  @Test(arguments: 1...30 as ClosedRange<UInt64>)
  func `A run that is drawn is the fixture that its text writes`(seed: UInt64) throws {
    let differential = Differential(length: 300)
    let drawn = MoveFixture(
      id: "ZK-FOUND-001", title: "Found: \"quoted\" \\ and ünlike",
      differential.moves(seed: seed, below: differential.root), below: differential.root,
      clients: 3, looksAtTimes: true)
    let read = try #require(try ServiceFixture.read(drawn.yaml, file: "f").first)
    let fixture = drawn.fixture(called: "f")
    #expect(read.title == drawn.title && read.clients == fixture.clients)
    let differing = zip(Self.steps(read), Self.steps(fixture)).first { $0 != $1 }
    #expect(read.steps.count == fixture.steps.count && differing == nil, "\(differing as Any)")
  }

  @Test func `A dialect shows in what is demanded`() throws {
    let id = "ZK-GRID-006[closed]"
    let (old, new) = (try #require(Dialect(edition: "3.8.0")), Dialect.reference)
    #expect(try Self.text(of: id, old) != Self.text(of: id, new))
    #expect(try Self.text(of: id).contains("error: NoAuth"))
  }

  @Test func `A session is resumed, every watch fires, every zxid has a name`() throws {
    let text = try Self.text(of: "ZK-GRID-004[own-ephemeral]")
    let lines = text.split(separator: "\n")
    #expect(lines.contains("  - a.resumes: {}"))
    #expect(lines.contains { $0.hasPrefix("    sees: [ { NodeDataChanged: ") })
    let seen = try #require(lines.first { $0.contains("gives: { data: \"new\"") })
    for field in ["czxid: $", "mzxid: $", "pzxid: $", "ephemeralOwner: $a.session"] {
      #expect(seen.contains(field))
    }
  }
}
