public import ProtocolCore

// MARK: Queries

extension BASEMonitor {
  /// Whether nothing that never should happen has happened.
  public func holds(_ property: Property) -> Bool { !broken.contains(property) }

  /// Whether the condition holds of a node that is up; what is of servers holds of all others.
  public func holds(_ condition: Condition, at id: NodeID, in scene: Scene<BASE.Node>) -> Bool {
    switch (condition, scene[id]) {
    case (.served, .session?): return isServed(id, in: scene)
    case (.holding, .replica(let replica)?): return !replica.hints.isEmpty
    case (.rid, .replica(let replica)?):
      return replica.hints.isEmpty
        && hinted.allSatisfy { entry in
          handed.contains { entry.isSame($0) && $0.clock.covers(entry.clock) }
            && knows(scene[entry.node], entry)
        }
    case (.split, .replica(let replica)?):
      return replica.cells.entries.contains { Set($0.cell.values).count > 1 }
    case (.split, _), (.holding, _): return false
    case (.current, .replica(let replica)?):
      return role(of: id) != .replica || isCurrent(replica, in: scene)
    case (.complete, .replica(let replica)?):
      return role(of: id) != .replica
        || written.allSatisfy { item in
          !item.isAnswered || item.mayBeOver
            || replica.cells[item.name.key].values.contains(item.name.value)
        }
    case (.clean, .replica(let replica)?):
      return role(of: id) != .replica
        || !written.contains { $0.isOver && $0.isOneWrite && keeps(replica, $0) }
    case (.latest, .replica(let replica)?):
      return role(of: id) != .replica || keys.allSatisfy { isLatest(replica.cells[$0], $0) }
    case (.repaired, .replica(let replica)?):
      return role(of: id) != .replica || !endsWithRead || isDisturbed
        || isCurrent(replica, in: scene)
    case (.current, _), (.complete, _), (.clean, _), (.rid, _), (.latest, _), (.repaired, _),
      (.served, _):
      return true
    }
  }

  /// Whether it keeps a value as the write that was seen.
  private func keeps(_ replica: Replica, _ item: Item) -> Bool {
    replica.cells[item.name.key].siblings.contains {
      $0.value == item.name.value && item.dots.contains($0.dot)
    }
  }

  /// Whether a server knows of what was kept for it; one that is down is not asked.
  private func knows(_ node: BASE.Node?, _ entry: Hinted) -> Bool {
    guard case .replica(let replica)? = node else { return true }
    return replica.cells[entry.key].clock.covers(entry.clock)
  }

  private var keys: [String] {
    var keys: [String] = []
    for item in written where !keys.contains(item.name.key) { keys.append(item.name.key) }
    return keys
  }

  /// Whether no write of the key that was answered is later than what is kept.
  ///
  /// Of a value that servers took twice nobody can tell for which it was answered: then it is the
  /// first. Deletions cannot be told apart: they count when all that were taken were answered.
  private func isLatest(_ cell: Cell, _ key: String) -> Bool {
    let deletion = deletions.first { $0.key == key }
    let items = written.filter { $0.name.key == key }
    var due = items.filter(\.isAnswered).compactMap(\.first)
    if let deletion, let last = deletion.last, deletion.taken <= deletion.answered {
      due.append(last)
    }
    guard let latest = due.max() else { return true }
    guard let value = cell.values.first else {
      return deletion?.last.map { $0 >= latest } ?? false
    }
    return cell.values.count == 1
      && items.contains { $0.name.value == value && ($0.last.map { $0 >= latest } ?? false) }
  }

  private func isCurrent(_ replica: Replica, in scene: Scene<BASE.Node>) -> Bool {
    func shown(_ replica: Replica) -> [Item.Name] {
      replica.cells.entries.flatMap { entry in
        Set(entry.cell.values).sorted().map { Item.Name(key: entry.key, value: $0) }
      }
    }
    let own = shown(replica)
    // Where something was written, and nobody deleted, something is.
    let isForgotten = written.contains { item in
      item.isAnswered && !mayBeGone(item.name.key)
        && !own.contains { $0.key == item.name.key }
    }
    guard !isForgotten else { return false }
    return own.allSatisfy { name in written.contains { $0.name == name } }
      && scene.nodes.allSatisfy { other, node in
        guard role(of: other) == .replica, case .replica(let peer)? = node else { return true }
        return shown(peer) == own
      }
  }

  /// Whether a key may have no value: somebody asked to delete it after the last write that was
  /// answered, or beside it; by their stamps where the last writer wins, which `latest` judges.
  private func mayBeGone(_ key: String) -> Bool {
    deletions.contains { $0.key == key && ($0.isLast || variant == .lastWriterWins) }
  }

  private func isServed(_ id: NodeID, in scene: Scene<BASE.Node>) -> Bool {
    let isWaiting = clients.contains { $0.session == id && ($0.open != nil || $0.isRefused) }
    guard isWaiting else { return true }
    let servers = members.first { $0.id == id }?.arguments ?? []
    return !scene.reachable(from: id).contains { servers.contains($0.id.name) }
  }
}
