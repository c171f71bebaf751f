import Conformance
import Maintenance
import Targets
import Testing
import ZooKeeperConformance
import ZooKeeperQuirks
import ZooKeeperServer

/// Whether a drawn case looks at every part of every answer: what it leaves out no server can fail.
@Suite struct GridPowerTests {
  /// A quirk that changes one thing alone, and the case of the grid that must see it.
  static let seen: [(quirk: String, id: String)] = [
    ("numChildren-is-zero", "ZK-GRID-007[parent]"), ("dataLength-is-zero", "ZK-GRID-007[leaf]"),
    ("cversion-is-zero", "ZK-GRID-007[parent]"), ("version-stays-on-set", "ZK-GRID-004[leaf]"),
    ("aversion-stays-on-setACL", "ZK-GRID-005[leaf]"), ("czxid-is-zero", "ZK-GRID-007[leaf]"),
    ("mzxid-stays-on-set", "ZK-GRID-004[leaf]"), ("pzxid-is-zero", "ZK-GRID-007[leaf]"),
    ("ephemeralOwner-is-zero", "ZK-GRID-007[own-ephemeral]"),
    ("ephemeralOwner-is-one", "ZK-GRID-007[own-ephemeral]"),
    ("created-nodes-are-empty", "ZK-GRID-007[leaf]"), ("children-are-paths", "ZK-GRID-009[leaf]"),
    ("getACL-says-open", "ZK-GRID-008[guarded]"), ("create-answers-the-name", "ZK-GRID-001[leaf]"),
    ("getData-NoNode-as-BadArguments", "ZK-GRID-007[missing]"),
    ("multi-says-ok-after", "ZK-GRID-013[missing]"),
    ("data-event-lost-on-set", "ZK-GRID-004[leaf]"), ("events-come-twice", "ZK-GRID-004[leaf]"),
    ("child-event-lost-on-delete", "ZK-GRID-003[leaf]"),
    ("setACL-fires-data-watches", "ZK-GRID-005[leaf]"),
    ("getChildren-leaves-no-watch", "ZK-GRID-009[leaf]"),
    ("sessions-cannot-be-resumed", "ZK-GRID-004[leaf]"),
  ]

  @Test(arguments: seen.indices) func `The grid sees it`(index: Int) async throws {
    let (name, id) = Self.seen[index]
    let each = try #require(Grid.cases.first { $0.label.id == id })
    let caught = await KillMatrix.catches(
      each, try Quirk.named(name), try await KillMatrix.profile())
    #expect(caught, "\(id) on \(name)")
  }
}
