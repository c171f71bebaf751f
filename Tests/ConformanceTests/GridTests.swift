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
    #expect(ids.count { $0.hasPrefix("ZK-GRID-") } == 18 * 11)
    #expect(ids.count { $0.hasPrefix("ZK-PAIR-") } == 20 * 4 - 3)
    #expect(ids.count { $0.hasPrefix("ZK-CROSS-") } == 7 * 16)
    #expect(Set(ids).count == ids.count)
    #expect(ids == ids.sorted())
    #expect(ids.contains("ZK-GRID-003[below-guarded]"))
    #expect(Grid.cases.allSatisfy { !$0.label.claims.isEmpty })
  }

  /// The oldest dialect differs most; the reference's is read wherever the cases are judged.
  @Test func `Each is a fixture`() throws {
    let dialect = try #require(Dialect(edition: "3.4.14"))
    for each in Grid.cases {
      let text = try Self.text(of: each.label.id, dialect)
      let read = try CaseLibrary.cases(in: text, file: each.label.id)
      #expect(read.count == 1)
    }
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
