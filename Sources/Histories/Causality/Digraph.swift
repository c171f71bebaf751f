/// A directed graph whose edges say what they are.
struct Digraph {
  struct Edge: Hashable {
    let from: Int
    let to: Int
    let kind: String
  }

  private(set) var outgoing: [[(to: Int, kind: String)]]
  private var seen: Set<Edge> = []

  init(_ count: Int) { outgoing = Array(repeating: [], count: count) }

  var count: Int { outgoing.count }

  /// About how many bytes it holds.
  var bytes: Int { count * 48 + seen.count * 112 }

  /// Adds an edge, once.
  ///
  /// - Returns: whether it is new.
  @discardableResult mutating func add(_ from: Int, _ to: Int, _ kind: String) -> Bool {
    guard seen.insert(Edge(from: from, to: to, kind: kind)).inserted else { return false }
    outgoing[from].append((to, kind))
    return true
  }

  /// The nodes, each before those that its edges lead to; nil when there is a cycle.
  ///
  /// - Complexity: O(nodes + edges).
  var order: [Int]? {
    var incoming = Array(repeating: 0, count: count)
    for edges in outgoing { for edge in edges { incoming[edge.to] += 1 } }
    var ready = incoming.indices.filter { incoming[$0] == 0 }
    var index = 0
    while index < ready.count {
      for edge in outgoing[ready[index]] {
        incoming[edge.to] -= 1
        if incoming[edge.to] == 0 { ready.append(edge.to) }
      }
      index += 1
    }
    return ready.count == count ? ready : nil
  }

  /// One of the shortest ways from a node to another by at least one edge; nil when there is none.
  func path(
    from start: Int, to goal: Int, avoiding blocked: Int? = nil,
    where isAllowed: (String) -> Bool = { _ in true }
  ) -> [Edge]? {
    var came: [Int: Edge] = [:]
    if let blocked { came[blocked] = Edge(from: blocked, to: blocked, kind: "") }
    var queue = [start]
    var index = 0
    while index < queue.count {
      let node = queue[index]
      index += 1
      for edge in outgoing[node] where isAllowed(edge.kind) && came[edge.to] == nil {
        came[edge.to] = Edge(from: node, to: edge.to, kind: edge.kind)
        if edge.to == goal { return Self.way(came, from: start, to: goal) }
        queue.append(edge.to)
      }
    }
    return nil
  }

  private static func way(_ came: [Int: Edge], from start: Int, to goal: Int) -> [Edge] {
    var way: [Edge] = []
    var node = goal
    repeat {
      guard let edge = came[node] else { break }
      way.append(edge)
      node = edge.from
    } while node != start
    return way.reversed()
  }

  /// A short cycle: the shortest through one of the first nodes that lie on one; nil without.
  var cycle: [Edge]? {
    guard let component = components.first else { return nil }
    var best: [Edge]?
    for node in component.prefix(50) {
      if let found = path(from: node, to: node), found.count < best?.count ?? .max { best = found }
    }
    return best
  }

  /// The strongly connected components that hold a cycle (Tarjan 1972, without recursion).
  ///
  /// - Complexity: O(nodes + edges).
  var components: [[Int]] {
    var tarjan = Tarjan(count)
    for node in 0..<count where tarjan.isNew(node) { tarjan.visit(node, outgoing) }
    return tarjan.components.filter { component in
      component.count > 1 || outgoing[component[0]].contains { $0.to == component[0] }
    }
  }
}

/// The state of Tarjan's search.
private struct Tarjan {
  private var number: [Int]
  private var low: [Int]
  private var isOpen: [Bool]
  private var stack: [Int] = []
  private var next = 0
  private(set) var components: [[Int]] = []

  init(_ count: Int) {
    number = Array(repeating: -1, count: count)
    low = number
    isOpen = Array(repeating: false, count: count)
  }

  func isNew(_ node: Int) -> Bool { number[node] < 0 }

  private mutating func begin(_ node: Int) {
    number[node] = next
    low[node] = next
    next += 1
    stack.append(node)
    isOpen[node] = true
  }

  mutating func visit(_ start: Int, _ outgoing: [[(to: Int, kind: String)]]) {
    var path: [(node: Int, edge: Int)] = [(start, 0)]
    begin(start)
    while let (node, edge) = path.last {
      if edge < outgoing[node].count {
        path[path.count - 1].edge += 1
        let other = outgoing[node][edge].to
        if isNew(other) {
          begin(other)
          path.append((other, 0))
        } else if isOpen[other] {
          low[node] = min(low[node], number[other])
        }
      } else {
        path.removeLast()
        if let parent = path.last?.node { low[parent] = min(low[parent], low[node]) }
        if low[node] == number[node] { close(node) }
      }
    }
  }

  private mutating func close(_ node: Int) {
    var component: [Int] = []
    while let member = stack.popLast() {
      isOpen[member] = false
      component.append(member)
      if member == node { break }
    }
    components.append(component.sorted())
  }
}
