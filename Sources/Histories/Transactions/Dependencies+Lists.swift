/// Lists tell the order of their versions themselves: each read shows all earlier ones.
extension Dependencies {
  /// Adds what the reads of lists show.
  mutating func addLists(_ meter: inout Meter) throws(Exhausted) {
    var longest: [Value: [Value]] = [:]
    var reads: [ListRead] = []
    var appends: [(node: Int, key: Value, value: Value)] = []
    var updates: [Version: [Int]] = [:]
    for (node, index) in operations.enumerated() where history.operations[index].isKnown {
      var appended: [Value: [Value]] = [:]
      var known: [Value: [Value]] = [:]
      var first: [Value: [Value]] = [:]
      for one in Transaction.microOperations(of: history.operations[index]) ?? [] {
        try meter.step()
        if one.function == .append {
          appended[one.key, default: []].append(one.value)
          if let seen = first.removeValue(forKey: one.key) {
            updates[Version(key: one.key, value: .list(seen)), default: []].append(index)
          }
          appends.append((node, one.key, one.value))
          continue
        }
        let seen = one.value.list ?? []
        let mine = appended[one.key] ?? []
        let endsInMine = Array(seen.suffix(mine.count)) == mine
        if let before = known[one.key], seen != before + mine.dropFirst(seenOwn(before, mine)) {
          found(.inside, "it reads \(one.key) otherwise than it left it", [index])
        } else if known[one.key] == nil, !endsInMine {
          found(.inside, "it does not read of \(one.key) what it appended", [index])
        }
        if known[one.key] == nil, mine.isEmpty { first[one.key] = seen }
        known[one.key] = seen
        let own = endsInMine ? mine.count : 0
        let outer = seen.dropLast(own).filter { !mine.contains($0) }
        if Set(seen).count < seen.count {
          found(.duplicates, "a read of \(one.key) shows a value twice", [index])
          continue
        }
        for (place, value) in outer.enumerated() {
          let version = Version(key: one.key, value: value)
          look(at: version, by: node, isLast: place == outer.count - 1)
        }
        reads.append(ListRead(node: node, key: one.key, seen: seen, own: own))
        if seen.count > longest[one.key, default: []].count { longest[one.key] = seen }
      }
    }
    for (key, order) in longest.sorted(by: { "\($0.key)" < "\($1.key)" }) {
      for (earlier, later) in zip(order, order.dropFirst()) {
        add(node(key, earlier), node(key, later), "ww", "\(earlier) before \(later) in \(key)")
      }
    }
    for read in reads { follow(read, longest[read.key] ?? []) }
    try addUnseen(appends, behind: longest, reads, &meter)
    lookForLostUpdates(updates)
  }

  /// A read of a list: all that it shows, of which the last so many its transaction appended.
  private struct ListRead {
    let node: Int
    let key: Value
    let seen: [Value]
    let own: Int
  }

  /// Adds what was appended and no read shows: it comes behind the longest list that was read, for
  /// lists only grow, and whoever read that list had not seen it.
  private mutating func addUnseen(
    _ appends: [(node: Int, key: Value, value: Value)], behind longest: [Value: [Value]],
    _ reads: [ListRead], _ meter: inout Meter
  ) throws(Exhausted) {
    var last: [Value: [ListRead]] = [:]
    for read in reads where read.seen.count == longest[read.key]?.count ?? 0 {
      last[read.key, default: []].append(read)
    }
    var shown: [Value: Set<Value>] = [:]
    for (key, order) in longest { shown[key] = Set(order) }
    for append in appends where shown[append.key]?.contains(append.value) != true {
      let (key, value) = (append.key, append.value)
      if let end = longest[key]?.last, node(key, end) != append.node {
        add(node(key, end), append.node, "ww", "\(end) before \(value) in \(key)")
      }
      guard flaw != .readsPrecedeNothing else { continue }
      for read in last[key] ?? [] where read.node != append.node {
        try meter.step()
        add(read.node, append.node, "rw", "\(key) was read without \(value)")
      }
    }
  }

  /// How many of its own appends a transaction had read already.
  private func seenOwn(_ before: [Value], _ mine: [Value]) -> Int {
    (0...mine.count).last { before.suffix($0) == mine.prefix($0) } ?? 0
  }

  private func node(_ key: Value, _ value: Value) -> Int? {
    writers[Version(key: key, value: value)]?.node
  }

  private mutating func follow(_ read: ListRead, _ order: [Value]) {
    let (reader, key) = (read.node, read.key)
    guard order.starts(with: read.seen) else {
      found(
        .order,
        "two reads of \(key) show different orders: \(Value.list(read.seen)), \(Value.list(order))",
        [operations[reader]])
      return
    }
    // What the transaction itself appended comes behind what others had.
    let outer = read.seen.dropLast(read.own)
    if let last = outer.last {
      add(node(key, last), reader, "wr", "\(last) of \(key) was read")
    }
    guard flaw != .readsPrecedeNothing else { return }
    let rest = order.dropFirst(outer.count)
    if let next = rest.first(where: { node(key, $0) != reader }) {
      add(reader, node(key, next), "rw", "\(key) was read without \(next)")
    }
  }
}
