import Histories

/// Serializability by trying every order, and the phenomena by listing every simple cycle of the
/// dependencies, which are drawn from the lists anew (Adya 1999).
struct NaiveTransactions {
  let all: [Operation]
  let model: ModelName?

  init(_ history: History) {
    model = history.model
    let parts = history.operations.filter(\.isKnown).flatMap { Self.parts(of: $0) }
    all = history.operations.filter { operation in
      operation.isKnown
        || Self.parts(of: operation).contains { mine in
          mine.name != "r"
            && parts.contains {
              $0.name == "r" && $0.key == mine.key
                && ($0.value == mine.value || $0.value.list?.contains(mine.value) ?? false)
            }
        }
    }
  }

  static func parts(of operation: Operation) -> [(name: String, key: Value, value: Value)] {
    let value = operation.output == .null ? operation.input : operation.output
    return (value.list ?? []).compactMap { part in
      guard let three = part.list, three.count == 3 else { return nil }
      return ("\(three[0])", three[1], three[2])
    }
  }

  /// Whether all of this can be done one transaction after the other.
  func isSerial(_ order: [Int]) -> Bool {
    var lists: [Value: [Value]] = [:]
    var registers: [Value: Value] = [:]
    for index in order {
      for part in Self.parts(of: all[index]) {
        switch part.name {
        case "append": lists[part.key, default: []].append(part.value)
        case "w": registers[part.key] = part.value
        default:
          guard all[index].isKnown else { continue }
          if model == .listAppend {
            if lists[part.key] ?? [] != part.value.list ?? [] { return false }
          } else if registers[part.key] ?? .null != part.value {
            return false
          }
        }
      }
    }
    return true
  }

  /// Whether some order is serial in which each comes after what `before` says.
  func isSerializable(before: (Int, Int) -> Bool = { _, _ in false }) -> Bool {
    func extend(_ order: [Int], _ rest: [Int]) -> Bool {
      if rest.isEmpty { return isSerial(order) }
      return rest.contains { next in
        !rest.contains { $0 != next && before($0, next) }
          && extend(order + [next], rest.filter { $0 != next })
      }
    }
    return extend([], Array(all.indices))
  }

  /// Edges between transactions of lists: ww, wr and rw as their definitions have them.
  private var edges: [(from: Int, to: Int, kind: String)] {
    var edges: [(from: Int, to: Int, kind: String)] = []
    var writer: [[Value]: Int] = [:]
    var longest: [Value: [Value]] = [:]
    for (index, operation) in all.enumerated() {
      for part in Self.parts(of: operation) {
        if part.name == "append" { writer[[part.key, part.value]] = index }
        let seen = part.name == "r" && operation.isKnown ? part.value.list ?? [] : []
        if seen.count > longest[part.key, default: []].count { longest[part.key] = seen }
      }
    }
    for (key, order) in longest {
      for place in order.indices.dropLast() {
        if let from = writer[[key, order[place]]], let to = writer[[key, order[place + 1]]] {
          edges.append((from, to, "ww"))
        }
      }
      for (reader, operation) in all.enumerated() where operation.isKnown {
        for part in Self.parts(of: operation) where part.name == "r" && part.key == key {
          // What it appended itself is no business of others.
          let seen = (part.value.list ?? []).filter { writer[[key, $0]] != reader }
          if let last = seen.last, let from = writer[[key, last]] {
            edges.append((from, reader, "wr"))
          }
          let next = order.dropFirst(seen.count).first { writer[[key, $0]] != reader }
          if let next, let to = writer[[key, next]] { edges.append((reader, to, "rw")) }
        }
      }
    }
    edges += unseen(longest, writer)
    return edges.filter { $0.from != $0.to }
  }

  /// What is there and no read shows stands behind all that any read shows.
  private func unseen(
    _ longest: [Value: [Value]], _ writer: [[Value]: Int]
  ) -> [(from: Int, to: Int, kind: String)] {
    var edges: [(from: Int, to: Int, kind: String)] = []
    for (late, operation) in all.enumerated() where operation.isKnown {
      for part in Self.parts(of: operation) where part.name == "append" {
        let order = longest[part.key] ?? []
        guard !order.contains(part.value) else { continue }
        if let last = order.last, let from = writer[[part.key, last]] {
          edges.append((from, late, "ww"))
        }
        for (reader, other) in all.enumerated() where other.isKnown {
          for read in Self.parts(of: other)
          where read.name == "r" && read.key == part.key && read.value.list ?? [] == order {
            edges.append((reader, late, "rw"))
          }
        }
      }
    }
    return edges
  }

  /// The kinds of all simple cycles.
  var cycles: Set<Anomaly.Kind> {
    let edges = edges
    var found: Set<Anomaly.Kind> = []
    func extend(_ start: Int, _ node: Int, _ kinds: [String], _ seen: Set<Int>) {
      for edge in edges where edge.from == node {
        if edge.to == start {
          found.insert(Self.kind(of: kinds + [edge.kind]))
        } else if edge.to > start, !seen.contains(edge.to) {
          extend(start, edge.to, kinds + [edge.kind], seen.union([edge.to]))
        }
      }
    }
    for start in all.indices { extend(start, start, [], [start]) }
    return found
  }

  private static func kind(of kinds: [String]) -> Anomaly.Kind {
    let reads = kinds.indices.filter { kinds[$0] == "rw" }
    if reads.isEmpty { return kinds.contains("wr") ? .g1c : .g0 }
    if reads.count == 1 { return .gSingle }
    let isAdjacent = reads.contains { kinds[($0 + 1) % kinds.count] == "rw" }
    return isAdjacent ? .g2 : .gNonadjacent
  }
}
