/// Judges causal consistency, causal convergence, causal memory and PRAM of registers whose written
/// values are distinct, by the patterns that a history must not contain.
///
/// The causal order CO is the transitive closure of the processes' orders and of reads-from.
/// Sources: Bouajjani, Enea, Guerraoui, Hamza, On verifying causal consistency, POPL 2017, table 2
/// (the patterns' names); for PRAM the same with the order that one process sees in place of CO.
///
/// - Complexity: O(n²) time and n²/8 bytes for causal consistency and convergence; for causal
///   memory and PRAM, O(n²) for each round of conclusions and each process.
struct Causality {
  let view: RegisterView
  let flaw: CheckerFlaw?

  /// The relation of the first kind, and what it comes to.
  private(set) var graph: Digraph
  private(set) var past: BitRows

  /// Found by a check: events, not operations.
  struct Pattern {
    let name: String
    let edges: [Digraph.Edge]
  }

  /// Causality of a view.
  init(_ view: RegisterView, flaw: CheckerFlaw?, _ meter: inout Meter) throws(Exhausted) {
    self.view = view
    self.flaw = flaw
    let count = view.events.count
    try meter.hold(2 * BitRows.bytes(rows: count, count: count) + count * 200)
    graph = Digraph(count)
    past = BitRows(rows: 0, count: count)
    for process in view.processes {
      for event in process.dropFirst() { graph.add(event - 1, event, "po") }
    }
    if flaw != .causalityWithoutReadsFrom {
      for (event, read) in view.events.enumerated() {
        if let source = read.source { graph.add(source, event, "rf") }
      }
    }
  }

  /// What of the relation precedes each event; a cycle when there is one.
  static func past(of graph: Digraph, _ meter: inout Meter) throws(Exhausted) -> BitRows? {
    guard let order = graph.order else { return nil }
    var past = BitRows(rows: graph.count, count: graph.count)
    for event in order {
      for edge in graph.outgoing[event] {
        try meter.step()
        past[edge.to, event] = true
        past.unite(edge.to, with: event)
      }
    }
    return past
  }

  /// Finds a pattern that refutes a guarantee.
  mutating func pattern(
    against guarantee: Guarantee, _ meter: inout Meter
  ) throws(Exhausted) -> Pattern? {
    if guarantee == .pram { return try memory(isCausal: false, &meter) }
    guard let past = try Self.past(of: graph, &meter) else {
      return Pattern(name: "CyclicCO", edges: graph.cycle ?? [])
    }
    self.past = past
    if let pattern = try causalPattern(&meter) { return pattern }
    switch guarantee {
    case .causalConvergence: return try convergence(&meter)
    case .causalMemory: return try memory(isCausal: true, &meter)
    default: return nil
    }
  }

  /// A read of what a causally later write had overwritten.
  private func causalPattern(_ meter: inout Meter) throws(Exhausted) -> Pattern? {
    for (event, read) in view.events.enumerated() where !read.isWrite {
      for write in view.writes[read.key] where past[event, write] && write != read.source {
        try meter.step()
        let later = explained(write, event)
        guard let source = read.source else {
          if flaw == .causalityWithoutInitial { continue }
          return Pattern(name: "WriteCOInitRead", edges: later)
        }
        if flaw != .causalityWithoutOverwriting, past[write, source] {
          return Pattern(name: "WriteCORead", edges: explained(source, write) + later)
        }
      }
    }
    return nil
  }

  /// A shortest way in the causal order.
  private func explained(_ from: Int, _ to: Int) -> [Digraph.Edge] {
    graph.path(from: from, to: to) ?? [Digraph.Edge(from: from, to: to, kind: "co")]
  }

  /// Conflicts: a write that a read knew of stands before the one that it read.
  ///
  /// Together with CO
  /// they must not go in a circle.
  private func convergence(_ meter: inout Meter) throws(Exhausted) -> Pattern? {
    var conflicts = graph
    for (event, read) in view.events.enumerated() {
      guard let source = read.source else { continue }
      try meter.hold(conflicts.bytes + 2 * BitRows.bytes(rows: graph.count, count: graph.count))
      for write in view.writes[read.key] where write != source && past[event, write] {
        try meter.step()
        if flaw != .convergenceWithoutConflicts { conflicts.add(write, source, "cf") }
      }
    }
    return conflicts.order == nil ? Pattern(name: "CyclicCF", edges: conflicts.cycle ?? []) : nil
  }
}

extension Causality {
  /// What each pattern says.
  static let sentences = [
    "CyclicCO": "the processes' orders and what was read from whom go in a circle",
    "WriteCOInitRead": "what was there before all writes is read after a write",
    "WriteCORead": "a value is read that a later write, known to the reader, had overwritten",
    "CyclicCF": "concurrent writes must be ordered one way and the other",
    "WriteHBInitRead":
      "what was there before all writes is read, where a write must have been seen before",
    "CyclicHB": "no order of what came before explains all that one process has read",
    "WritePRAMInitRead":
      "what was there before all writes is read, where a write must have been seen before",
    "CyclicPRAM": "no order of the writes explains all that one process has read",
  ]
}
