import CAPLab
import SharedStorage
import Testing

/// Gilbert, Lynch 2002: theorems 1 and 2, over all protocols.
struct PartitionTests {
  @Test func `All 2 to the 104 protocols of two parted nodes give up something`() {
    let result = PartitionSearch(.parted).run()
    #expect(result.protocols == 104)
    #expect(result.isExhaustive)
    #expect(!result.refused.isEmpty && !result.refuted.isEmpty)
    // The theorem's own run, and the one in which nobody has written.
    #expect(result.runs.contains("write 1 at p, read at q"))
    #expect(result.runs.contains("read at q"))
  }

  @Test func `Clocks do not help`() {
    #expect(PartitionSearch(.partedWithClocks).run().isExhaustive)
  }

  @Test func `Nodes that may refuse can be consistent, and parted ones sequentially so`() {
    #expect(PartitionSearch(.parted, demandsAnswers: false).run().isSurvived)
    #expect(PartitionSearch(.parted, .sequential, length: 2).run().isSurvived)
    #expect(PartitionSearch(.connected, length: 2).run().isSurvived)
  }
}
