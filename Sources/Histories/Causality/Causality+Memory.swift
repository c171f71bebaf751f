/// What one process sees: the reads of others count for nothing but the causality they carry.
extension Causality {
  /// Looks at each process.
  ///
  /// What stands before one of its reads, and writes the register that is read, stands before the
  /// write that is read. That is concluded until nothing is new, and must not go in a circle, nor
  /// lead to a read of what was there before all writes.
  ///
  /// - Parameter isCausal: whether what counts is the causal past of the process's last event
  ///   (causal memory, HB), or the writes of all with each process's order (PRAM).
  func memory(isCausal: Bool, _ meter: inout Meter) throws(Exhausted) -> Pattern? {
    for process in view.processes {
      var graph = isCausal ? happenedBefore(process) : seen(by: process)
      var isChanged = true
      while isChanged {
        isChanged = false
        guard let past = try Causality.past(of: graph, &meter) else {
          let name = isCausal ? "CyclicHB" : "CyclicPRAM"
          return Pattern(name: name, edges: graph.cycle ?? [])
        }
        for event in process where !view.events[event].isWrite {
          try meter.hold(graph.bytes + 3 * BitRows.bytes(rows: graph.count, count: graph.count))
          let read = view.events[event]
          for write in view.writes[read.key] where write != read.source && past[event, write] {
            try meter.step()
            guard let source = read.source else {
              let name = isCausal ? "WriteHBInitRead" : "WritePRAMInitRead"
              return Pattern(name: name, edges: graph.path(from: write, to: event) ?? [])
            }
            if flaw == .memoryWithoutConclusions { continue }
            if !past[source, write], graph.add(write, source, "hb") { isChanged = true }
          }
        }
      }
    }
    return nil
  }

  /// The causal order in the causal past of a process's last event.
  private func happenedBefore(_ process: Range<Int>) -> Digraph {
    var graph = Digraph(view.events.count)
    let last = process.upperBound - 1
    for (from, edges) in self.graph.outgoing.enumerated() {
      for edge in edges where edge.to == last || past[last, edge.to] {
        graph.add(from, edge.to, edge.kind)
      }
    }
    return graph
  }

  /// All writes in their processes' orders, and a process's own reads.
  private func seen(by process: Range<Int>) -> Digraph {
    var graph = Digraph(view.events.count)
    for other in view.processes {
      let kept = other.filter { view.events[$0].isWrite || process.contains($0) }
      for (earlier, later) in zip(kept, kept.dropFirst())
      where flaw != .pramWithoutOrder || process.contains(later) {
        graph.add(earlier, later, "po")
      }
    }
    for event in process {
      if let source = view.events[event].source { graph.add(source, event, "rf") }
    }
    return graph
  }
}
