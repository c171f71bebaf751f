import ProtocolCore
import ReplicatedLog

// What is committed, and what comes of it. (paper, 5.3 and 5.4.2)

extension Raft.Server {
  // begin committing
  /// Commits what a majority has, if it is of this term; and with it what comes before.
  mutating func advanceCommit() -> Out {
    guard case .leader(let leading) = role else { return [] }
    let own = obey(.leaderCountsStoredOnly) ? stableIndex : lastIndex
    var index = lastIndex
    while index > commitIndex, let entry = entry(index) {
      guard require(.currentTermCounts, entry.term == term) else { return [] }
      let isHeld = configuration.isMajority(jointly: obey(.bothMajorities)) { server in
        server == id
          ? own >= index : leading.peers.contains { $0.id == server && $0.match >= index }
      }
      if require(.majorityCommits, isHeld) {
        commitIndex = index
        return applyCommitted() + countAnswers()
      }
      index -= 1
    }
    return []
  }

  /// Applies what is committed, in order.
  mutating func applyCommitted() -> Out {
    var effects: Out = []
    while applied.index < commitIndex, let entry = entry(applied.index + 1) {
      applied = entry.position
      effects += [.note(.applied(entry))] + answerOperators(entry)
      switch entry.content {
      case .command(let command):
        let result = obey(.appliedOnce) ? store.apply(command) : store.applyAnew(command)
        effects += answer(command, result)
      case .configuration(let members): effects += committed(members)
      case .noop: break
      }
      if entry.index.isMultiple(of: Raft.snapshotInterval) { effects += takeSnapshot() }
    }
    return effects + answerReaders()
  }
  // end committing

  /// Answers those who wait for a command.
  private mutating func answer(
    _ command: ReplicatedLog.Command, _ reply: Raft.Words.Reply
  ) -> Out {
    guard !waiting.isEmpty else { return [] }
    let answered = waiting.filter { $0.command == command }
    waiting.removeAll { $0.command == command }
    return answered.map { .reply(reply, to: $0.client) }
  }

  // begin asked
  /// Takes what a client or an operator asks for, if it leads.
  mutating func take(_ request: Raft.Words.Request, _ client: RequestID) -> Out {
    switch request {
    case .command(let command):
      if case .get = command.operation { return read(command, for: client) }
      return take(command, client)
    case .members(let members): return change(to: members, client)
    case .transfer(let target): return handOver(to: target, client)
    // A server whose disk was lost comes back under another name.
    case .rebuild: return [.reply(.refused, to: client)]
    }
  }

  /// Proposes a command, unless it is done; one that is under way comes twice, and is applied once.
  private mutating func take(_ command: ReplicatedLog.Command, _ client: RequestID) -> Out {
    guard case .leader(let leading) = role, leading.transfer == nil else {
      return [.reply(.refused, to: client)]
    }
    if let answer = store.answer(to: command) { return [.reply(answer, to: client)] }
    waiting.append(Waiting(command: command, client: client))
    return propose(.command(command))
  }
  // end asked
}
