/// Finds cycles of each kind in the dependencies, short ones.
///
/// - Complexity: O(edges) for each edge that might lie on a cycle of the kind, within one strongly
///   connected component.
struct Cycles {
  private let dependencies: Dependencies
  private let graph: Digraph
  /// Edges beside those of the objects that may be used.
  private let orders: Set<String>
  private let name: String?
  private var flaw: CheckerFlaw? { dependencies.flaw }

  /// Searches with the processes' order, with real time's, or with neither.
  init(_ dependencies: Dependencies, order: String?) {
    self.dependencies = dependencies
    graph = dependencies.graph
    name = order
    orders =
      switch order {
      case "realtime": ["process", "realtime"]
      case "process": ["process"]
      default: []
      }
  }

  /// One cycle of each kind that there is.
  func anomalies(_ meter: inout Meter) throws(Exhausted) -> [Anomaly] {
    var found: [Anomaly] = []
    let writes = orders.union(["ww"])
    let reads = writes.union(["wr"])
    if let cycle = try cycle(from: "ww", by: writes, &meter) { found.append(anomaly(.g0, cycle)) }
    if let cycle = try cycle(from: "wr", by: reads, &meter) { found.append(anomaly(.g1c, cycle)) }
    if let cycle = try cycle(from: "rw", by: reads, &meter) {
      found.append(anomaly(.gSingle, cycle))
    }
    if flaw != .nonadjacentUnseen, let cycle = try nonadjacent(reads, &meter) {
      found.append(anomaly(.gNonadjacent, cycle))
    }
    if let cycle = try adjacent(reads.union(["rw"]), &meter) {
      found.append(anomaly(.g2, cycle))
    }
    return found
  }

  /// Where each node lies; only edges within a component lie on cycles.
  private func components(_ kinds: Set<String>) -> [Int: Int] {
    var part = Digraph(graph.count)
    for (node, edges) in graph.outgoing.enumerated() {
      for edge in edges where kinds.contains(edge.kind) { part.add(node, edge.to, edge.kind) }
    }
    var places: [Int: Int] = [:]
    for (number, component) in part.components.enumerated() {
      for node in component { places[node] = number }
    }
    return places
  }

  /// The edges of a kind that lie within a component.
  private func edges(_ kind: String, _ places: [Int: Int]) -> [Digraph.Edge] {
    graph.outgoing.enumerated().flatMap { node, edges in
      edges.filter { $0.kind == kind && places[node] != nil && places[node] == places[$0.to] }
        .map { Digraph.Edge(from: node, to: $0.to, kind: kind) }
    }
  }

  /// A short cycle of an edge of one kind and others of some kinds.
  private func cycle(
    from kind: String, by kinds: Set<String>, _ meter: inout Meter
  ) throws(Exhausted) -> [Digraph.Edge]? {
    let places = components(kinds.union([kind]))
    var best: [Digraph.Edge]?
    for edge in edges(kind, places) {
      try meter.step()
      let way = graph.path(from: edge.to, to: edge.from) { kinds.contains($0) }
      if let way, way.count + 1 < best?.count ?? .max { best = [edge] + way }
      if best?.count == 2 { break }
    }
    return best
  }

  /// A cycle with at least two reads that a write came after, none next to another: found among the
  /// walks on which no two are neighbours, if it meets no node twice.
  private func nonadjacent(
    _ others: Set<String>, _ meter: inout Meter
  ) throws(Exhausted) -> [Digraph.Edge]? {
    let places = components(others.union(["rw"]))
    for edge in edges("rw", places) {
      var walk = Walk(graph, others, edge)
      if let way = try walk.shortest(&meter), Set(way.map(\.from)).count == way.count { return way }
    }
    return nil
  }

  /// A cycle on which two such reads are neighbours.
  private func adjacent(
    _ kinds: Set<String>, _ meter: inout Meter
  ) throws(Exhausted) -> [Digraph.Edge]? {
    let places = components(kinds)
    for first in edges("rw", places) {
      for second in graph.outgoing[first.to] where second.kind == "rw" {
        try meter.step()
        let edge = Digraph.Edge(from: first.to, to: second.to, kind: "rw")
        if second.to == first.from { return [first, edge] }
        guard places[second.to] == places[first.from] else { continue }
        let blocked = first.to
        if let way = graph.path(
          from: second.to, to: first.from, avoiding: blocked, where: { kinds.contains($0) })
        {
          return [first, edge] + way
        }
      }
    }
    return nil
  }

  private func anomaly(_ kind: Anomaly.Kind, _ cycle: [Digraph.Edge]) -> Anomaly {
    let operations = cycle.map { dependencies.operations[$0.from] }
    let relations = cycle.map { edge in
      Relation(
        dependencies.operations[edge.from], dependencies.operations[edge.to], edge.kind,
        because: dependencies.reasons[edge] ?? "")
    }
    let needs = cycle.contains { orders.contains($0.kind) } ? name : nil
    return Anomaly(
      kind: kind, order: needs, sentence: "each of these transactions must come before the next",
      operations: operations, cycle: relations)
  }
}

/// Walks from an edge back to its beginning on which no two `rw` follow each other, nor the last
/// the first, and which have at least two.
private struct Walk {
  /// A node, whether the last edge was a `rw`, and whether there was a second one.
  private struct Place: Hashable {
    let node: Int
    let isAfter: Bool
    let hasSecond: Bool
  }

  private let graph: Digraph
  private let others: Set<String>
  private let first: Digraph.Edge

  init(_ graph: Digraph, _ others: Set<String>, _ first: Digraph.Edge) {
    self.graph = graph
    self.others = others
    self.first = first
  }

  mutating func shortest(_ meter: inout Meter) throws(Exhausted) -> [Digraph.Edge]? {
    let start = Place(node: first.to, isAfter: true, hasSecond: false)
    var came: [Place: (Place, Digraph.Edge)] = [:]
    var queue = [start]
    var index = 0
    while index < queue.count {
      let place = queue[index]
      index += 1
      for edge in graph.outgoing[place.node] {
        try meter.step()
        let isRead = edge.kind == "rw"
        guard isRead ? !place.isAfter : others.contains(edge.kind) else { continue }
        let next = Place(node: edge.to, isAfter: isRead, hasSecond: place.hasSecond || isRead)
        guard came[next] == nil else { continue }
        came[next] = (place, Digraph.Edge(from: place.node, to: edge.to, kind: edge.kind))
        if edge.to == first.from, next.hasSecond, !isRead {
          return [first] + way(came, to: next, from: start)
        }
        // A way through the beginning would meet it twice.
        if edge.to != first.from { queue.append(next) }
      }
    }
    return nil
  }

  private func way(
    _ came: [Place: (Place, Digraph.Edge)], to goal: Place, from start: Place
  ) -> [Digraph.Edge] {
    var way: [Digraph.Edge] = []
    var place = goal
    while place != start, let (before, edge) = came[place] {
      way.append(edge)
      place = before
    }
    return way.reversed()
  }
}
