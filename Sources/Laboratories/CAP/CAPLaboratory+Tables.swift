import CAP
import Lab
import ProtocolCore
import SharedStorage

extension CAPLaboratory {
  /// How many protocols there are, and what became of them.
  static func protocols() -> Tabulated {
    let searches: [(String, PartitionSearch)] = [
      ("parted, linearizable", PartitionSearch(.parted)),
      ("parted, with clocks", PartitionSearch(.partedWithClocks)),
      ("parted, sequential", PartitionSearch(.parted, .sequential, length: 2)),
      ("connected, linearizable", PartitionSearch(.connected, length: 2)),
    ]
    return Tabulated(
      [
        "nodes are, clients are promised", "protocols", "fell first by a refusal",
        "by answers without an order", "runs needed",
      ],
      searches.map { name, search in
        let result = search.run()
        let count = "2^\(result.protocols)"
        guard !result.isSurvived else {
          return [name, count, "", "", "a protocol gives up neither"]
        }
        return [
          name, count, percent(result.unavailable), percent(1 - result.unavailable),
          "\(result.runs.count), of \(result.longest) requests at most",
        ]
      })
  }

  /// How many small histories are right key by key, and not as a whole.
  static func locality() -> Tabulated {
    let found = Locality.run()
    return Tabulated(
      ["of \(found.histories.grouped) histories", "are so key by key", "and not as a whole"],
      [
        ["linearizable", found.linearizableByKey.grouped, found.linearizableNotWhole.grouped],
        ["sequential", found.sequentialByKey.grouped, found.sequentialNotWhole.grouped],
      ])
  }

  private static func percent(_ part: Double) -> String {
    let tenths = Int((part * 1_000).rounded())
    return "\(tenths / 10).\(tenths % 10) %"
  }
}

// MARK: Both sides of a cut

extension CAPLaboratory {
  /// What both sides of a cut get, of three nodes of which the last is cut off, and a is the
  /// primary, or the centre.
  static func sides() throws -> Tabulated {
    let asked: [(NodeID, Words.Request)] = [
      ("a", .write("x", 1)), ("a", .read("x")), ("c", .write("x", 1)), ("c", .read("x")),
    ]
    return Tabulated(
      ["store", "write at a", "read at a", "write at c", "read at c"],
      try Variant.allCases.map { variant in
        try ["`\(variant.rawValue)`"] + asked.map { try outcome(of: $0.1, variant, at: $0.0) }
      })
  }

  /// Three nodes of a store that has been written to, and in which nothing is under way.
  static func settled(
    _ variant: Variant, asking request: Words.Request, of node: NodeID
  ) throws -> SystemState<CAPModel> {
    var cluster = try Cluster<CAPModel>(CAPModel.topology(3), variant: variant)
    cluster.asks = [Ask("z", of: [node], oneOf: [request])]
    if variant == .availableCopies { cluster.prelude = begun(["a", "b", "c"]) }
    var system = SystemState(cluster)
    for act in cluster.prelude { _ = try? system.perform(act) }
    _ = system.playFairly([("a", .write("x", 9))])
    return system
  }

  /// How soon something is answered, if it is, while the cut lasts.
  private static func outcome(
    of request: Words.Request, _ variant: Variant, at node: NodeID
  ) throws -> String {
    var system = try settled(variant, asking: request, of: node)
    try system.perform(.cut(Link.between(["a", "b"], and: ["c"])))
    try system.perform(.ask(node, request, by: "z"))
    for patience in [0, 40, 80, CAPModel.patience.count] {
      var future = system
      let end = future.quiesce(
        until: [.heard], repaired: false, healed: false, within: Ticks(patience))
      guard end.holds else { continue }
      let isAnswered = future.holds(.answered, at: node)
      let when = patience == 0 ? "at once" : "within \(patience) ticks"
      return (isAnswered ? "answered " : "refused ") + when
    }
    return "waits"
  }
}
