/// The dependencies between transactions, as far as a history shows them, and what is wrong with it
/// at first sight.
///
/// Sources: Adya, Weak consistency, 1999 (dependencies, phenomena); Kingsbury & Alvaro, Elle:
/// inferring isolation anomalies from experimental observations, VLDB 2020.
struct Dependencies {
  /// A transaction's operation for each node.
  private(set) var operations: [Int] = []
  private(set) var graph = Digraph(0)
  /// What shows an edge, in words.
  private(set) var reasons: [Digraph.Edge: String] = [:]
  /// What needs no cycle, in the order in which it was found.
  private(set) var plain: [Anomaly] = []
  let history: History
  let flaw: CheckerFlaw?

  /// A version of an object: what a transaction wrote.
  struct Version: Hashable {
    let key: Value
    let value: Value
  }

  struct Writer {
    /// nil for one that is known to have failed.
    let node: Int?
    let operation: Int?
    /// Whether the transaction wrote no later version of the object.
    var isFinal: Bool
  }
  private(set) var writers: [Version: Writer] = [:]

  /// The dependencies of a history.
  ///
  /// - Throws: an obstacle when a value was written twice.
  init(_ history: History, flaw: CheckerFlaw?) throws(RegisterView.Obstacle) {
    self.history = history
    self.flaw = flaw
    let read = Self.versionsRead(history)
    for (index, operation) in history.operations.enumerated() {
      let all = Transaction.microOperations(of: operation) ?? []
      let isSeen = all.contains {
        $0.function != .read && read.contains(Version(key: $0.key, value: $0.value))
      }
      guard operation.isKnown || isSeen else { continue }
      operations.append(index)
      try note(all, node: operations.count - 1, index)
    }
    for operation in history.failed {
      try note(Transaction.microOperations(of: operation) ?? [], node: nil, nil)
    }
    graph = Digraph(operations.count)
  }

  private static func versionsRead(_ history: History) -> Set<Version> {
    var read: Set<Version> = []
    for operation in history.operations where operation.isKnown {
      for one in Transaction.microOperations(of: operation) ?? [] where one.function == .read {
        // A register may hold a list as its value.
        let values = history.model == .listAppend ? one.value.list ?? [] : [one.value]
        for value in values { read.insert(Version(key: one.key, value: value)) }
      }
    }
    return read
  }

  private mutating func note(
    _ all: [MicroOperation], node: Int?, _ index: Int?
  ) throws(RegisterView.Obstacle) {
    var last: [Value: Version] = [:]
    for one in all where one.function != .read {
      if one.function == .write, one.value == .null { throw .unsuited("a write of nothing") }
      let version = Version(key: one.key, value: one.value)
      if writers[version] != nil {
        throw .unsuited(
          "\(one.value) of \(one.key) was written twice: judging takes distinct values")
      }
      if let earlier = last[one.key] { writers[earlier]?.isFinal = false }
      last[one.key] = version
      writers[version] = Writer(node: node, operation: index, isFinal: true)
    }
  }

  /// Adds an edge between different transactions.
  mutating func add(_ from: Int?, _ to: Int?, _ kind: String, _ reason: @autoclosure () -> String) {
    guard let from, let to, from != to, graph.add(from, to, kind) else { return }
    reasons[Digraph.Edge(from: from, to: to, kind: kind)] = reason()
  }

  mutating func found(_ kind: Anomaly.Kind, _ sentence: String, _ operations: [Int?]) {
    plain.append(
      Anomaly(kind: kind, sentence: sentence, operations: operations.compactMap { $0 }, cycle: []))
  }

  /// What a read of a version says at first sight: who wrote it, and whether one may read it.
  mutating func look(at version: Version, by node: Int, isLast: Bool) {
    let reader = operations[node]
    guard let writer = writers[version] else {
      found(.garbage, "\(version.value) was read of \(version.key), and nobody wrote it", [reader])
      return
    }
    guard let other = writer.node else {
      if flaw != .abortedMayBeRead {
        found(.g1a, "\(version.value) was read of \(version.key), whose writer failed", [reader])
      }
      return
    }
    if other == node {
      found(
        .future, "\(version.value) was read of \(version.key) by its writer, before it wrote it",
        [reader])
      return
    }
    if isLast, !writer.isFinal, flaw != .intermediateMayBeRead {
      found(
        .g1b, "\(version.value) was read of \(version.key), which its writer wrote over",
        [writer.operation, reader])
    }
  }

  /// Adds the edges of the processes' orders and of real time.
  mutating func addOrders() {
    var last: [Int: Int] = [:]
    for (node, index) in operations.enumerated() {
      let process = history.operations[index].process
      if let earlier = last[process] { add(earlier, node, "process", "in one process") }
      last[process] = node
    }
    addRealTime()
  }

  /// Of the transactions that returned before a call, those suffice that no other such transaction
  /// comes after.
  private mutating func addRealTime() {
    var moments: [(moment: Int, isEnd: Bool, node: Int)] = []
    for (node, index) in operations.enumerated() {
      moments.append((history.operations[index].call, false, node))
      if let end = history.operations[index].end { moments.append((end, true, node)) }
    }
    moments.sort { ($0.moment, $0.isEnd ? 1 : 0, $0.node) < ($1.moment, $1.isEnd ? 1 : 0, $1.node) }
    var frontier: [Int] = []
    var before: [Int: [Int]] = [:]
    for moment in moments {
      if moment.isEnd {
        let covered = Set(before.removeValue(forKey: moment.node) ?? [])
        frontier.removeAll(where: covered.contains)
        frontier.append(moment.node)
      } else {
        before[moment.node] = frontier
        for earlier in frontier { add(earlier, moment.node, "realtime", "one after the other") }
      }
    }
  }
}
