/// Lists tell the order of their versions themselves: each read shows all earlier ones.
extension Dependencies {
  /// Adds what the reads of lists show.
  mutating func addLists(_ meter: inout Meter) throws(Exhausted) {
    var longest: [Value: [Value]] = [:]
    var reads: [(node: Int, key: Value, seen: [Value])] = []
    for (node, index) in operations.enumerated() where history.operations[index].isKnown {
      var own: [Value: [Value]] = [:]
      var known: [Value: [Value]] = [:]
      for one in Transaction.microOperations(of: history.operations[index]) ?? [] {
        try meter.step()
        if one.function == .append {
          own[one.key, default: []].append(one.value)
          continue
        }
        let seen = one.value.list ?? []
        let mine = own[one.key] ?? []
        if let before = known[one.key], seen != before + mine.dropFirst(seenOwn(before, mine)) {
          found(.inside, "it reads \(one.key) otherwise than it left it", [index])
          continue
        } else if known[one.key] == nil, Array(seen.suffix(mine.count)) != mine {
          found(.inside, "it does not read of \(one.key) what it appended", [index])
          continue
        }
        known[one.key] = seen
        let outer = Array(seen.dropLast(mine.count))
        if Set(seen).count < seen.count {
          found(.duplicates, "a read of \(one.key) shows a value twice", [index])
          continue
        }
        for (place, value) in outer.enumerated() {
          let version = Version(key: one.key, value: value)
          look(at: version, by: node, isLast: place == outer.count - 1)
        }
        reads.append((node, one.key, outer))
        if seen.count > longest[one.key, default: []].count { longest[one.key] = seen }
      }
    }
    for (key, order) in longest.sorted(by: { "\($0.key)" < "\($1.key)" }) {
      for (earlier, later) in zip(order, order.dropFirst()) {
        add(node(key, earlier), node(key, later), "ww", "\(earlier) before \(later) in \(key)")
      }
    }
    for read in reads { follow(read.node, read.key, read.seen, longest[read.key] ?? []) }
  }

  /// How many of its own appends a transaction had read already.
  private func seenOwn(_ before: [Value], _ mine: [Value]) -> Int {
    (0...mine.count).last { before.suffix($0) == mine.prefix($0) } ?? 0
  }

  private func node(_ key: Value, _ value: Value) -> Int? {
    writers[Version(key: key, value: value)]?.node
  }

  private mutating func follow(_ reader: Int, _ key: Value, _ seen: [Value], _ order: [Value]) {
    guard order.starts(with: seen) else {
      found(
        .order,
        "two reads of \(key) show different orders: \(Value.list(seen)), \(Value.list(order))",
        [operations[reader]])
      return
    }
    if let last = seen.last {
      add(node(key, last), reader, "wr", "\(last) of \(key) was read")
    }
    // What the transaction itself appended comes behind what others had.
    guard flaw != .readsPrecedeNothing else { return }
    let rest = order.dropFirst(seen.count)
    if let next = rest.first(where: { node(key, $0) != reader }) {
      add(reader, node(key, next), "rw", "\(key) was read without \(next)")
    }
  }
}
