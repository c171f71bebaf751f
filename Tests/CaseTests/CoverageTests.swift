import Conformance
import Targets
import Testing
import ZooKeeperConformance

/// What the cases try, of all that can be tried.
@Suite struct CoverageTests {
  private static let covered = Task { try await Coverage.covered(by: Grid.cases) }

  private static func cases(_ ids: String...) -> [Case] {
    Session.fixtures.filter { each in ids.contains { each.label.id.hasPrefix($0) } }
  }

  @Test func `What a case asks is noted, with its result and what it met`() async throws {
    let coverage = try await Coverage.covered(by: Self.cases("ZK-GRID-004[own-ephemeral]"))
    for (watch, session) in [("own data", "new"), ("other's data", "resumed")] {
      let cell = Coverage.Cell(
        operation: "setData", result: "Ok", node: "own ephemeral", watch: watch, session: session)
      #expect(coverage.cells[cell, default: 0] > 0)
    }
    let wrong = Coverage.Cell(
      operation: "setData", result: "BadVersion", node: "own ephemeral", watch: "own child",
      session: "new")
    #expect(coverage.cells[wrong] != nil)
    #expect(!coverage.cells.keys.contains { $0.operation == "delete" && $0.session == "resumed" })
    #expect(coverage.table.contains("BadVersion"))
  }

  @Test func `What one covers and another does not is found`() async throws {
    let small = try await Coverage.covered(by: Self.cases("ZK-GRID-011[leaf]"))
    let large = try await Coverage.covered(by: Self.cases("ZK-GRID-011"))
    #expect(small.beyond(large).cells.isEmpty)
    #expect(large.beyond(small).cells.keys.contains { $0.node == "missing" })
    #expect(try await Coverage.covered(bySeeds: 1...1).cells.count > 200)
  }

  /// The product that the grid promises, as the server has met it.
  @Test(arguments: ["delete", "setData", "setACL"])
  func `Each write meets every node, watch and session`(operation: String) async throws {
    let cells = try await Self.covered.value.cells
    let open = ["leaf", "parent", "own ephemeral", "other's ephemeral"]
    for node in open + ["guarded leaf", "missing"] {
      for watch in ["own data", "other's data", "own parent", "other's parent"] {
        let own = watch.hasPrefix("own")
        for session in own ? ["new"] : ["new", "resumed"] {
          let found = cells.keys.filter {
            $0.operation == operation && $0.node == node && $0.watch == watch
              && $0.session == session
          }
          let results = Set(found.map(\.result))
          #expect(!results.isEmpty, "\(node), \(watch), \(session)")
          if open.contains(node) {
            #expect(results.contains("BadVersion"), "\(node), \(watch), \(session)")
          }
        }
      }
    }
  }

  @Test func `Each read leaves a watch on every node, and leaves none`() async throws {
    let cells = try await Self.covered.value.cells
    for operation in ["exists", "getData", "getChildren", "getChildren2"] {
      for node in ["leaf", "parent", "own ephemeral", "other's ephemeral", "missing"] {
        for watch in ["leaves", "none"] {
          for session in ["new", "resumed"] {
            #expect(
              cells.keys.contains {
                $0.operation == operation && $0.node == node && $0.watch == watch
                  && $0.session == session
              }, "\(operation), \(node), \(watch), \(session)")
          }
        }
      }
    }
  }
}
