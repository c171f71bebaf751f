import Conformance
import Testing
import ZooKeeperConformance

@testable import Maintenance

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

  private static func cell(
    _ operation: String, _ result: String, _ node: String, _ watch: String, _ session: String
  ) -> Coverage.Cell {
    Coverage.Cell(operation: operation, result: result, node: node, watch: watch, session: session)
  }

  @Test func `What is not tried is told with what is tried beside it`() {
    var tried = Coverage()
    for cell in [
      Self.cell("setData", "Ok", "leaf", "own data", "new"),
      Self.cell("setData", "BadVersion", "leaf", "none", "new"),
      Self.cell("multi/setData", "Ok", "parent", "none", "new"),
      Self.cell("create", "InvalidACL", "persistent in leaf", "none", "new"),
    ] { tried.count(cell) }
    let gaps: [(Coverage.Cell, CoverageGap?)] = [
      (Self.cell("setData", "Ok", "leaf", "own data", "resumed"), .session),
      (Self.cell("setData", "Ok", "leaf", "own parent", "resumed"), .watch),
      (Self.cell("setData", "BadVersion", "leaf", "own data", "new"), .failing),
      (Self.cell("multi/setData", "Ok", "leaf", "own data", "new"), .multi),
      (Self.cell("multi/setData", "Ok", "other's ephemeral", "own data", "new"), .node),
      (Self.cell("create", "InvalidACL", "ephemeral in leaf", "none", "new"), .mode),
      (Self.cell("create", "InvalidACL", "persistent in missing", "none", "new"), .node),
      (Self.cell("create", "Ok", "persistent in leaf", "none", "new"), nil),
      (Self.cell("multi/setData", "NoNode", "leaf", "none", "new"), nil),
      (Self.cell("delete", "Ok", "leaf", "own data", "new"), nil),
    ]
    for (cell, gap) in gaps { #expect(CoverageGap(cell, beside: tried) == gap, "\(cell)") }
    var met = tried
    for (cell, _) in gaps { met.count(cell) }
    let found = met.gaps(beside: tried)
    #expect(found[nil]?.cells.count == 3 && found[.node]?.cells.count == 2)
    #expect(found.values.map(\.cells.count).reduce(0, +) == gaps.count)
  }

  /// Half of what no case tried when this was first counted, but for what came after 3.4; and
  /// nothing is like nothing.
  @Test func `What only generated runs meet differs from what is tried in one respect`()
    async throws
  {
    var tried = try await Self.covered.value
    tried.add(try await Coverage.covered(by: VerdictTableTests.written()))
    let gaps = try await Coverage.covered(bySeeds: 1...20).gaps(beside: tried)
    #expect(gaps[nil].map(\.lines) == nil)
    #expect(gaps.values.map(\.cells.count).reduce(0, +) <= 720)
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
