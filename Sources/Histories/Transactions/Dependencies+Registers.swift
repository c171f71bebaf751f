/// Registers do not tell the order of their versions. What is known: nothing was written before the
/// first version, and a transaction that reads a version and writes another writes a later one.
extension Dependencies {
  /// Adds what the reads of registers show.
  mutating func addRegisters(_ meter: inout Meter) throws(Exhausted) {
    var readers: [Version: [Int]] = [:]
    var later: [Version: [Version]] = [:]
    var hasEarlier: Set<Version> = []
    var updates: [Version: [Int]] = [:]
    for (node, index) in operations.enumerated() {
      var held: [Value: Value] = [:]
      var outer: [Value: Value] = [:]
      for one in Transaction.microOperations(of: history.operations[index]) ?? [] {
        try meter.step()
        if one.function == .write {
          let version = Version(key: one.key, value: one.value)
          if held[one.key] == nil || outer[one.key] == held[one.key], let read = outer[one.key] {
            let base = Version(key: one.key, value: read)
            later[base, default: []].append(version)
            if held[one.key] == read { updates[base, default: []].append(index) }
            if read != .null { hasEarlier.insert(version) }
          }
          held[one.key] = one.value
          continue
        }
        guard history.operations[index].isKnown else { continue }
        if let value = held[one.key] {
          if value == one.value { continue }
          found(.inside, "it reads \(one.key) otherwise than it left it", [index])
        } else {
          held[one.key] = one.value
          outer[one.key] = one.value
        }
        let version = Version(key: one.key, value: one.value)
        readers[version, default: []].append(node)
        if one.value != .null { look(at: version, by: node, isLast: true) }
      }
    }
    connect(readers, later, hasEarlier)
    lookForLostUpdates(updates)
  }

  /// Two that read one version and wrote over it: whichever wrote first, its write is lost.
  mutating func lookForLostUpdates(_ updates: [Version: [Int]]) {
    let lost = updates.filter { $0.value.count > 1 }
    for (version, all) in lost.sorted(by: { $0.value.lexicographicallyPrecedes($1.value) }) {
      found(
        .lostUpdate,
        "\(all.count) transactions read \(version.value) of \(version.key) and wrote over it", all)
    }
  }

  private mutating func connect(
    _ readers: [Version: [Int]], _ later: [Version: [Version]], _ hasEarlier: Set<Version>
  ) {
    func sorted<T>(_ all: [Version: T]) -> [(Version, T)] {
      all.sorted { ("\($0.key.key)", "\($0.key.value)") < ("\($1.key.key)", "\($1.key.value)") }
    }
    for (version, nodes) in sorted(readers) {
      for node in nodes {
        add(writers[version]?.node, node, "wr", "\(version.value) of \(version.key) was read")
      }
    }
    for (version, next) in sorted(later) {
      for other in next {
        let order = "\(version.value) before \(other.value) in \(version.key)"
        add(writers[version]?.node, writers[other]?.node, "ww", order)
      }
    }
    guard flaw != .readsPrecedeNothing else { return }
    for (version, nodes) in sorted(readers) {
      var next = later[version] ?? []
      if version.value == .null {
        next = writers.keys.filter { $0.key == version.key && !hasEarlier.contains($0) }
          .sorted { "\($0.value)" < "\($1.value)" }
      }
      for node in nodes {
        for other in next {
          let reason = "\(version.value) of \(version.key) was read, not \(other.value)"
          add(node, writers[other]?.node, "rw", reason)
        }
      }
    }
  }
}
