import Lab
import Testing
import ZABLab

struct CostTests {
  @Test func `A transaction takes three messages a follower, an epoch begins with eight`()
    throws
  {
    for row in try ZABLaboratory.costs(2...5) {
      let isRight = row.cells.allSatisfy { $0.isAsComputed }
      #expect(isRight, "\(row)")
    }
  }

  @Test func `What is demonstrated is so`() throws {
    for demonstration in ZABLaboratory.demonstrations {
      let discrepancies = try demonstration.discrepancies()
      #expect(discrepancies == [], "\(demonstration.id)")
    }
  }
}
