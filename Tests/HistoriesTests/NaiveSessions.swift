import Histories

/// The session guarantees and consistent prefix, by trying every set of visible writes for each
/// read and every order of the writes for each session (Terry and others 1994; Viotti & Vukolić
/// 2016).
struct NaiveSessions {
  private let all: [Operation]
  private let writes: [Int]
  private let reads: [Int]

  init(_ history: History) {
    let seen = history.operations.filter { $0.isKnown && $0.function == "read" }
    all = history.operations.filter { operation in
      operation.isKnown
        || operation.function != "read"
          && seen.contains { read in
            read.key == operation.key
              && (read.output == operation.input
                || read.output.list?.contains(operation.input) ?? false)
          }
    }
    let operations = all
    writes = operations.indices.filter { operations[$0].function != "read" }
    reads = operations.indices.filter { operations[$0].function == "read" }
  }

  private func isEarlier(_ a: Int, _ b: Int) -> Bool { a < b && all[a].process == all[b].process }

  /// Whether a read answers so when it sees these writes, in this order.
  private func answers(_ read: Int, _ visible: Set<Int>, _ order: [Int]) -> Bool {
    let seen = order.filter { visible.contains($0) && all[$0].key == all[read].key }
      .map { all[$0].input }
    guard all[read].function == "read", let shown = all[read].output.list else {
      return (seen.last ?? .null) == all[read].output
    }
    return shown.count == seen.count && Set(shown) == Set(seen)
  }

  private func keeps(_ rule: Guarantee, _ visible: [Int: Set<Int>]) -> Bool {
    func sees(_ read: Int) -> Set<Int> { visible[read] ?? [] }
    switch rule {
    case .readYourWrites:
      return reads.allSatisfy { read in
        writes.allSatisfy { !isEarlier($0, read) || sees(read).contains($0) }
      }
    case .monotonicReads:
      return reads.allSatisfy { later in
        reads.allSatisfy { !isEarlier($0, later) || sees($0).isSubset(of: sees(later)) }
      }
    case .monotonicWrites:
      return reads.allSatisfy { read in
        sees(read).allSatisfy { write in
          writes.allSatisfy { !isEarlier($0, write) || sees(read).contains($0) }
        }
      }
    case .writesFollowReads:
      return reads.allSatisfy { read in
        sees(read).allSatisfy { write in
          reads.allSatisfy { !isEarlier($0, write) || sees($0).isSubset(of: sees(read)) }
        }
      }
    default: return true
    }
  }

  /// Whether an order of the writes is as the rule has it.
  private func keeps(_ rule: Guarantee, _ visible: [Int: Set<Int>], _ order: [Int]) -> Bool {
    func stands(_ a: Int, before b: Int) -> Bool {
      guard let x = order.firstIndex(of: a), let y = order.firstIndex(of: b) else { return false }
      return x < y
    }
    switch rule {
    case .monotonicWrites:
      return writes.allSatisfy { a in
        writes.allSatisfy { !isEarlier(a, $0) || stands(a, before: $0) }
      }
    case .writesFollowReads:
      return writes.allSatisfy { write in
        reads.allSatisfy { read in
          !isEarlier(read, write)
            || (visible[read] ?? []).allSatisfy { stands($0, before: write) }
        }
      }
    default: return true
    }
  }

  private func permutations(_ rest: [Int]) -> [[Int]] {
    rest.isEmpty
      ? [[]]
      : rest.flatMap { next in permutations(rest.filter { $0 != next }).map { [next] + $0 } }
  }

  func holds(_ rule: Guarantee) -> Bool { holds([rule]) }

  /// Whether one choice of what was visible does for all of these.
  func holds(_ rules: [Guarantee]) -> Bool {
    let orders = permutations(writes)
    let sessions = Set(reads.map { all[$0].process })
    func someVisibility(_ rest: ArraySlice<Int>, _ visible: [Int: Set<Int>]) -> Bool {
      guard let read = rest.first else {
        return rules.allSatisfy { keeps($0, visible) }
          && sessions.allSatisfy { session in
            orders.contains { order in
              rules.allSatisfy { keeps($0, visible, order) }
                && reads.allSatisfy {
                  all[$0].process != session || answers($0, visible[$0] ?? [], order)
                }
            }
          }
      }
      return (0..<(1 << writes.count)).contains { subset in
        let chosen = Set(writes.indices.filter { subset >> $0 & 1 == 1 }.map { writes[$0] })
        var visible = visible
        visible[read] = chosen
        return someVisibility(rest.dropFirst(), visible)
      }
    }
    return someVisibility(reads[...], [:])
  }

  var hasConsistentPrefix: Bool {
    permutations(writes).contains { order in
      writes.allSatisfy { a in
        writes.allSatisfy { b in
          !isEarlier(a, b) || (order.firstIndex(of: a) ?? 0) < (order.firstIndex(of: b) ?? 0)
        }
      }
        && reads.allSatisfy { read in
          (0...order.count).contains { answers(read, Set(order.prefix($0)), order) }
        }
    }
  }
}
