/// Which writes must stand before which, and why a write must be visible.
extension Sessions {
  /// Writes that must each stand before the other, in the order of one session.
  func disorder(_ session: Int, _ meter: inout Meter) throws(Exhausted) -> Refutation? {
    var graph = Digraph(view.writes.count)
    for read in view.sessions[session].reads {
      try hold(graph, &meter)
      let shown = view.reads[read].shown
      switch shown {
      case .last(let last?):
        for write in visible(to: read) where write != last && flaw != .sessionsWithoutOrder {
          try meter.step()
          graph.add(write, last, "read \(read)")
        }
      case .ordered(let order):
        for (earlier, later) in zip(order, order.dropFirst()) {
          graph.add(earlier, later, "read \(read)")
        }
      case .last(nil), .all: continue
      }
    }
    for other in view.sessions {
      if rules.contains(.monotonicWrites) {
        for (earlier, later) in zip(other.writes, other.writes.dropFirst()) {
          graph.add(earlier, later, "po")
        }
      }
      guard rules.contains(.writesFollowReads) else { continue }
      for write in other.writes {
        try hold(graph, &meter)
        for read in other.reads.prefix(view.readsBefore[write]) {
          for seen in visible.members(of: read) where seen != write {
            try meter.step()
            graph.add(seen, write, "wfr")
          }
          if visible[read, write] { graph.add(write, write, "wfr") }
        }
      }
    }
    guard graph.order == nil, let cycle = graph.cycle else { return nil }
    return refutation(of: cycle)
  }

  private func hold(_ graph: Digraph, _ meter: inout Meter) throws(Exhausted) {
    try meter.hold(
      graph.bytes + BitRows.bytes(rows: view.reads.count, count: view.writes.count))
  }

  private func refutation(of cycle: [Digraph.Edge]) -> Refutation {
    var core: Set<Int> = []
    var relations: [Relation] = []
    for edge in cycle {
      let (from, to) = (view.writes[edge.from].operation, view.writes[edge.to].operation)
      core.formUnion([from, to])
      guard let read = edge.kind.split(separator: " ").last.flatMap({ Int($0) }) else {
        relations.append(Relation(from, to, edge.kind))
        continue
      }
      let reader = view.reads[read].operation
      core.insert(reader)
      core.formUnion(chain(edge.from, read).operations)
      relations.append(Relation(from, to, "before", because: "as operation \(reader + 1) shows"))
    }
    let key = Set(cycle.map { view.writes[$0.from].key })
    var refutation = Refutation(
      key: key.count == 1 ? view.keys[view.writes[cycle[0].from].key] : nil,
      "writes must each stand before the other", core: core.sorted())
    refutation.relations = relations
    return refutation
  }

  /// The operations by which a write is visible to a read, from the write on.
  func chain(_ write: Int, _ read: Int) -> (operations: [Int], relations: [Relation]) {
    var operations: Set<Int> = []
    var relations: [Relation] = []
    var rest: [(write: Int, read: Int)] = [(write, read)]
    var seen: Set<[Int]> = []
    while let (write, read) = rest.popLast(), seen.insert([write, read]).inserted {
      let (writer, reader) = (view.writes[write].operation, view.reads[read].operation)
      operations.formUnion([writer, reader])
      switch why[read]?[write] {
      case .own: relations.append(Relation(writer, reader, "own"))
      case .earlier(let other): rest.append((write, other))
      case .before(let later):
        relations.append(Relation(writer, view.writes[later].operation, "po"))
        rest.append((later, read))
      case .readBefore(let later, let other):
        relations.append(
          Relation(view.reads[other].operation, view.writes[later].operation, "po"))
        rest += [(write, other), (later, read)]
      case .shown, nil: relations.append(Relation(writer, reader, "rf"))
      }
    }
    return (operations.sorted(), relations)
  }
}
