/// Judges whether the writes stand in one order, which respects each session's, of which every read
/// sees a prefix.
///
/// A read of a register sees the last write of its object in the prefix, which can be the prefix
/// that ends there: registers read one at a time cannot refute it. Sets and lists show what of
/// their object is in the prefix; so what one read shows and another does not stands behind all
/// that the other shows.
///
/// Source: Viotti & Vukolić 2016; Terry, Replicated data consistency explained through baseball,
/// 2013.
///
/// - Complexity: O(what the reads show).
enum ConsistentPrefix {
  static func refutation(
    of view: SessionView, flaw: CheckerFlaw?, _ meter: inout Meter
  ) throws(Exhausted) -> Refutation? {
    // A node a write, and a node a read: the cut behind what it sees.
    let writes = view.writes.count
    var graph = Digraph(writes + view.reads.count)
    for session in view.sessions {
      for (earlier, later) in zip(session.writes, session.writes.dropFirst()) {
        if flaw != .prefixWithoutSessions { graph.add(earlier, later, "po") }
      }
    }
    var ofKey: [[Int]] = Array(repeating: [], count: view.keys.count)
    for (index, write) in view.writes.enumerated() { ofKey[write.key].append(index) }
    for (index, read) in view.reads.enumerated() {
      let cut = writes + index
      try meter.hold(graph.bytes)
      let shown = Set(read.shown.writes)
      if case .last(.some) = read.shown { continue }
      if case .ordered(let order) = read.shown {
        for (earlier, later) in zip(order, order.dropFirst()) { graph.add(earlier, later, "shown") }
      }
      for write in ofKey[read.key] {
        try meter.step()
        if shown.contains(write) {
          graph.add(write, cut, "seen")
        } else if flaw != .prefixWithoutUnseen {
          graph.add(cut, write, "not seen")
        }
      }
    }
    guard graph.order == nil, let cycle = graph.cycle else { return nil }
    func operation(_ node: Int) -> Int {
      node < writes ? view.writes[node].operation : view.reads[node - writes].operation
    }
    var refutation = Refutation(
      "no order of the writes has what the reads see as prefixes",
      core: Set(cycle.map { operation($0.from) }).sorted())
    refutation.relations = cycle.map { Relation(operation($0.from), operation($0.to), $0.kind) }
    return refutation
  }
}
