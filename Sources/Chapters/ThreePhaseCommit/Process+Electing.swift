import ProtocolCore

// Which process leads when the leader is silent: the first that is left.

extension Process {
  /// Asks those that lead before this process whether they are there; if there is none, it leads.
  mutating func probe(_ stage: Stage) -> [Effect<Words>] {
    let before = up.filter { isBefore($0) }
    guard !before.isEmpty else { return lead(stage) }
    return before.map { .send(.inquire, to: $0) } + become(.probing(stage, silent: before))
  }

  mutating func hear(
    from other: NodeID, among silent: [NodeID], _ stage: Stage
  ) -> [Effect<Words>] {
    state = .probing(stage, silent: silent.filter { $0 != other })
    return []
  }

  /// The time for answers is over: the silent are gone.
  mutating func succeed(_ silent: [NodeID], _ stage: Stage) -> [Effect<Words>] {
    let records = drop(silent)
    guard up.first == id else { return records + become(.following(stage)) }
    return records + lead(stage)
  }

  /// Writes down which processes are gone.
  mutating func drop(_ gone: [NodeID]) -> [Effect<Words>] {
    up.removeAll { gone.contains($0) }
    return gone.map { .persist(.gone($0)) }
  }

  func isBefore(_ other: NodeID) -> Bool {
    guard let mine = order.firstIndex(of: id) else { return false }
    return order[..<mine].contains(other)
  }
}
