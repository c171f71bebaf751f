/// Judges whether replicas that were given the same updates answer alike.
///
/// The history must say which updates the answering replica had been given (`saw`): for each
/// object, reads with the same set must answer the same. What a register answers must be among the
/// updates, or nothing where there were none; of a set, each member must. What a counter or a text
/// that grows answers is made of its updates, and only has to be the same.
///
/// Source: Shapiro, Preguiça, Baquero, Zawirski, Conflict-free replicated data types, 2011.
///
/// - Complexity: O(what was delivered).
enum StrongEventual {
  struct Delivered: Hashable {
    let key: Value?
    let updates: Set<Value>
  }

  static func verdict(
    on history: History, flaw: CheckerFlaw?, _ meter: inout Meter
  ) throws(Exhausted) -> Verdict {
    let written = Set(
      history.operations.filter { !reads($0) }.map { Delivered(key: $0.key, updates: [$0.input]) })
    var first: [Delivered: Int] = [:]
    var isJudged = false
    for (index, read) in history.operations.enumerated() where read.isKnown && reads(read) {
      guard let delivered = read.delivered else { continue }
      isJudged = true
      try meter.step()
      if flaw != .convergenceOfInventions {
        for value in members(of: read, in: history) where !delivered.contains(value) {
          return .refuted(
            Refutation(key: read.key, "\(read) answers what was not delivered", core: [index]))
        }
        for value in delivered where !written.contains(Delivered(key: read.key, updates: [value])) {
          return .refuted(
            Refutation(key: read.key, "\(value) was delivered, and nobody wrote it", core: [index]))
        }
      }
      let set = Delivered(key: read.key, updates: flaw == .convergenceOfAll ? [] : Set(delivered))
      guard let other = first[set] else {
        first[set] = index
        continue
      }
      if !same(history.operations[other], read, in: history) {
        return .refuted(
          Refutation(
            key: read.key, "two reads to which the same was delivered answer differently",
            core: [other, index]))
      }
    }
    return isJudged ? .holds([]) : .unsuited("no read says what was delivered to it (saw)")
  }

  private static func reads(_ operation: Operation) -> Bool {
    ["read", "get"].contains(operation.function)
  }

  /// What must have been delivered as it is.
  private static func members(of read: Operation, in history: History) -> [Value] {
    guard read.output != .null else { return [] }
    switch history.model {
    case .set, nil: return read.output.list ?? [read.output]
    case .keyValue where history.operations.contains { $0.function == "append" }: return []
    case .register, .casRegister, .keyValue: return [read.output]
    default: return []
    }
  }

  /// Sets are printed in any order.
  private static func same(_ a: Operation, _ b: Operation, in history: History) -> Bool {
    guard history.model == .set || history.model == nil else { return a.output == b.output }
    guard let left = a.output.list, let right = b.output.list else { return a.output == b.output }
    return left.count == right.count && Set(left) == Set(right)
  }
}
