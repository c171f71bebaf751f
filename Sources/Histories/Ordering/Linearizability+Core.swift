/// Finds the operations of a refuted prefix without which it could be ordered.
extension Linearizability {
  /// Operations that are refuted by themselves, whichever of the states they begin in.
  private struct Part {
    /// Their numbers in the prefix.
    let indices: [Int]
    let operations: [Operation]
    let states: [M.State]
  }

  /// The operations of a prefix that remain when as many are relaxed as can be.
  ///
  /// - Returns: their numbers in the prefix.
  func core(of prefix: Prefix, _ stuck: Stuck, _ meter: inout Meter) -> [Int] {
    let part = smallPart(prefix, stuck, &meter)
    return relaxing(part, &meter).map { part.indices[$0] }
  }

  /// The last operations of the prefix, if they are refuted whatever came before them.
  ///
  /// That is, from each state that was met. What was open when they begin may take effect among
  /// them, or have done so.
  private func smallPart(_ prefix: Prefix, _ stuck: Stuck, _ meter: inout Meter) -> Part {
    let whole = Part(
      indices: Array(prefix.operations.indices), operations: prefix.operations,
      states: [model.initial])
    let calls = prefix.operations.filter(\.isKnown).map(\.call).sorted()
    var size = 4
    while size < calls.count, stuck.met.count * size < 20_000 {
      let moment = calls[calls.count - size]
      let indices = whole.indices.filter { index in
        let operation = prefix.operations[index]
        return operation.call >= moment || operation.end ?? .max >= moment
      }
      let operations = indices.map { index in
        var operation = prefix.operations[index]
        if operation.call < moment { operation.end = nil }
        return operation
      }
      let part = Part(indices: indices, operations: operations, states: stuck.met)
      if isRefuted(part, Set(operations.indices), &meter) { return part }
      size *= 2
    }
    return whole
  }

  /// How many steps a trial may take: what is of unknown outcome makes the search longer.
  private static var trial: Int { 5_000 }

  /// Whether no state lets the operations be ordered, those relaxed that are not kept: a read is
  /// left out, of anything else it is forgotten that and when it returned.
  private func isRefuted(_ part: Part, _ kept: Set<Int>, _ meter: inout Meter) -> Bool {
    let relaxed = part.operations.indices.map { index in
      var operation = part.operations[index]
      if !kept.contains(index) { operation.end = nil }
      return operation
    }
    var trial = Meter(meter.rest.limited(to: Self.trial))
    var isRefuted = true
    for state in part.states where isRefuted {
      let result = try? result(of: relaxed, from: state, &trial)
      if case .stuck = result { continue }
      isRefuted = false
    }
    return (try? meter.add(trial)) != nil && isRefuted
  }

  /// Relaxes as many operations as can be relaxed together while the part stays refuted.
  ///
  /// That only takes demands away, so that what is still refuted is refuted by the rest; and what
  /// cannot be relaxed beside many demands cannot be beside fewer, so that each is tried once.
  ///
  /// - Returns: the numbers, in the part, of the others.
  private func relaxing(_ part: Part, _ meter: inout Meter) -> [Int] {
    var kept = Set(part.operations.indices.filter { part.operations[$0].isKnown })
    var size = max(1, kept.count / 2)
    while true {
      let numbers = kept.sorted()
      for start in stride(from: 0, to: numbers.count, by: size) {
        let fewer = kept.subtracting(numbers[start..<min(numbers.count, start + size)])
        if isRefuted(part, fewer, &meter) { kept = fewer }
      }
      if size == 1 || (try? meter.step()) == nil { return kept.sorted() }
      size = max(1, size / 2)
    }
  }
}
