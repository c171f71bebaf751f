/// Makes a refutation small: the smallest prefix, and in it the operations without which it could
/// be ordered.
extension Linearizability {
  /// Makes of a search that got stuck what a reader wants to see.
  ///
  /// It may cost a tenth of the budget, and a second at the least: what is not smaller then stays
  /// as it is.
  func refutation(_ operations: [Operation], _ found: Stuck, _ meter: Meter) -> Refutation {
    var budget = meter.rest
    budget.time = min(.seconds(10), max(.seconds(1), (budget.time ?? .seconds(100)) / 10))
    budget.steps = min(200_000 + 10 * meter.steps, budget.steps ?? .max)
    var own = Meter(budget)
    let small = smallestPrefix(operations, found, &own)
    let core = core(of: small.prefix, small.stuck, &own)
    return refutation(small.prefix, small.stuck, core: core)
  }

  /// Operations that were called in a prefix of the history, and where they stand in it.
  typealias Prefix = (indices: [Int], operations: [Operation])

  /// The operations called until a moment; those that return later are of unknown outcome.
  static func prefix(of operations: [Operation], until moment: Int) -> Prefix {
    let indices = operations.indices.filter { operations[$0].call <= moment }
    return (
      indices,
      indices.map { index in
        var operation = operations[index]
        if let end = operation.end, end > moment { operation.end = nil }
        return operation
      }
    )
  }

  /// The smallest prefix that is refuted: mostly that up to the return that no order passes.
  ///
  /// But the search also knows what operations answer later that are still open there, and a model
  /// may look ahead; where that told, the prefix is looked for by halving.
  private func smallestPrefix(
    _ operations: [Operation], _ found: Stuck, _ meter: inout Meter
  ) -> (prefix: Prefix, stuck: Stuck) {
    let ends = operations.compactMap(\.end).sorted()
    var low = ends.firstIndex { $0 >= operations[found.last].end ?? .max } ?? 0
    var high = ends.count
    var best: (prefix: Prefix, stuck: Stuck) = ((Array(operations.indices), operations), found)
    var middle = low
    while low < high {
      let prefix = Self.prefix(of: operations, until: ends[middle])
      guard let result = try? result(of: prefix.operations, &meter) else { break }
      switch result {
      case .ordered: low = middle + 1
      case .stuck(let stuck):
        best = (prefix, stuck.returning(at: ends[middle], prefix.operations))
        high = middle
      }
      middle = low + (high - low) / 2
    }
    return best
  }

  private func refutation(_ prefix: Prefix, _ stuck: Stuck, core: [Int]) -> Refutation {
    let operation = prefix.operations[stuck.last]
    let states = stuck.states.prefix(4).map { Self.short("\($0)") }
    let more = stuck.states.count > 4 ? ", …" : ""
    var reason = "no order of what came before lets \(Self.short("\(operation)")) return"
    if !states.isEmpty {
      reason += "; the state is then \(states.joined(separator: " or "))\(more)"
    }
    var refutation = Refutation(reason, core: core)
    refutation.prefix = Array(prefix.operations.indices)
    refutation.order = stuck.order
    refutation.last = stuck.last
    return refutation.mapped { prefix.indices[$0] }
  }

  private static func short(_ text: String) -> String {
    text.count <= 60 ? text : "\(text.prefix(28))…\(text.suffix(28))"
  }
}
