public import Lab
import ProtocolCore
import SharedStorage

extension CAPLaboratory {
  /// What is shown of all protocols, and of two keys.
  public static let demonstrations: [Demonstration] = [
    Demonstration(
      "ALL[parted]", "Every protocol of two nodes that do not hear each other gives up C or A",
      claims: ["CAP-6"]
    ) { discrepancies(PartitionSearch(.parted).run()) },
    Demonstration(
      "ALL[clocks]", "So does every protocol whose nodes have clocks", claims: ["CAP-6"]
    ) { discrepancies(PartitionSearch(.partedWithClocks, length: 3).run()) },
    Demonstration(
      "ALL[connected]", "Where nodes hear each other some protocol gives up neither",
      claims: ["CAP-6"]
    ) {
      let result = PartitionSearch(.connected, length: 2).run()
      return result.isSurvived
        ? [] : [Discrepancy("a protocol that survives", expected: "one", got: "none")]
    },
    Demonstration(
      "ALL[sequential]", "Where sequential consistency is enough some protocol gives up neither",
      claims: ["CAP-6"]
    ) {
      let result = PartitionSearch(.parted, .sequential, length: 2).run()
      return result.isSurvived
        ? [] : [Discrepancy("a protocol that survives", expected: "one", got: "none")]
    },
    Demonstration(
      "LOCALITY", "Over all histories of four operations and two keys, linearizability is local",
      claims: ["CAP-8"]
    ) {
      let found = Locality.run()
      return Discrepancy.between(
        "histories that are linearizable by key and not whole", expected: 0,
        got: found.linearizableNotWhole)
        + (found.sequentialNotWhole > 0 && found.linearizableByKey > 0
          ? []
          : [
            Discrepancy("histories sequential by key and not whole", expected: "some", got: "none")
          ])
    },
  ]

  private static func discrepancies(_ result: PartitionSearch.Result) -> [Discrepancy] {
    result.isExhaustive
      ? []
      : [
        Discrepancy(
          "protocols that give up something", expected: "all",
          got: result.isSurvived ? "not all" : "not counted whole")
      ]
  }
}
