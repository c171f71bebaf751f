import ProtocolCore

// The log, and what stands where in it.

extension Raft.Server {
  /// Its last entry, or the last of its snapshot.
  public var last: Position { log.last?.position ?? snapshot.last }

  /// The index of its last entry.
  public var lastIndex: Int { last.index }

  /// The entry of an index, if it has one behind the snapshot.
  public func entry(_ index: Int) -> LogEntry? {
    let place = index - snapshot.last.index - 1
    return log.indices.contains(place) ? log[place] : nil
  }

  /// Which entry stands under an index; nil where none stands, or a snapshot tells it no more.
  func position(_ index: Int) -> Position? {
    index == snapshot.last.index ? snapshot.last : entry(index)?.position
  }

  /// Up to which index its log is on its own disk.
  var stableIndex: Int {
    let open = unstable.filter { $0 > snapshot.last.index }.min() ?? .max
    return min(lastIndex, open - 1)
  }

  /// Adds an entry at the end.
  mutating func append(_ entry: LogEntry) -> Out {
    assert(entry.index == lastIndex + 1, "the log has no gaps")
    assert(entry.term >= last.term || !obey(.consistencyChecked), "terms do not fall in a log")
    log.append(entry)
    unstable.append(entry.index)
    if case .configuration(let members) = entry.content {
      (configuration, configurationIndex) = (members, entry.index)
    }
    return [.persist(.entry(entry))]
  }

  /// Deletes an entry and all that follow it.
  mutating func delete(from index: Int) -> Out {
    assert(index > snapshot.last.index, "what a snapshot holds stays")
    let deleted = log.suffix(lastIndex - index + 1)
    guard let first = deleted.first, let last = deleted.last else { return [] }
    log.removeLast(deleted.count)
    if configurationIndex >= index { findConfiguration() }
    return [.note(.deleted(first.position, last.position))]
  }

  /// Forgets the entries that a snapshot stands for.
  mutating func forget(upTo index: Int) { log.removeAll { $0.index <= index } }

  /// A server uses the latest members in its log, whether or not they are committed. (paper, 6)
  mutating func findConfiguration() {
    (configuration, configurationIndex) = members(asOf: lastIndex)
  }

  /// The latest members among the entries up to an index, and where they stand.
  func members(asOf index: Int) -> (Configuration, Int) {
    for entry in log.reversed() where entry.index <= index {
      if case .configuration(let members) = entry.content { return (members, entry.index) }
    }
    return (snapshot.configuration, snapshot.last.index)
  }
}
