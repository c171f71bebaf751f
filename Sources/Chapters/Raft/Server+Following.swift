import ProtocolCore

// What a follower does with what a leader sends. (paper, 5.3; figure 2, AppendEntries)

extension Raft.Server {
  /// Takes a server for the leader of this term.
  mutating func follow(_ sender: NodeID, term: Int) -> Out {
    var effects = heed(term)
    if isCandidateOrFollowsAnother(than: sender) { effects += becomeFollower() }
    leader = sender
    effects += answerOperator(sender)
    if variant.isThesis {
      hearsLeader = true
      effects += [.set(.heard, after: Raft.Words.Timer.heard.patience)]
    }
    return effects + awaitLeader()
  }

  private func isCandidateOrFollowsAnother(than sender: NodeID) -> Bool {
    if case .candidate = role { return true }
    return leader != nil && leader != sender && !isLeading
  }

  /// Whether a message can only come from a leader beside this one, in the same term.
  func isRival(_ term: Int) -> Bool { isLeading && term == self.term }

  // begin accepting
  /// Takes entries behind what it has, if that agrees with the leader's log.
  mutating func accept(_ append: Raft.Append, from sender: NodeID) -> Out {
    guard require(.staleTermRejected, append.term >= term) else {
      return [.send(.outdated(term: term), to: sender)]
    }
    guard !isRival(append.term) else {
      return [.note(.unexpected(.appendEntries(append), from: sender))]
    }
    let followed = follow(sender, term: append.term)
    guard holds(append.after) else { return followed + reject(append, of: sender) }
    let couldBeElected = mayBeElected
    guard var written = take(append.entries) else {
      return followed + [.note(.unexpected(.appendEntries(append), from: sender))]
    }
    if !couldBeElected { written += awaitLeader() }  // it has just become a member
    let verified = obey(.commitOfVerified) ? append.match : lastIndex
    return followed + written + learn(commit: min(append.commit, verified)) + [
      .send(
        .appended(term: term, match: append.match, round: append.round), to: sender,
        release(.entriesStoredFirst))
    ]
  }

  /// Whether it has what comes before; what a snapshot holds was committed, and agrees.
  private func holds(_ before: Position) -> Bool {
    guard before.index >= snapshot.last.index else { return true }
    guard before.index <= lastIndex else { return false }
    return require(.consistencyChecked, position(before.index) == before)
  }

  /// Puts the entries into the log in place of what conflicts with them; nil if something is
  /// committed that does.
  private mutating func take(_ entries: [LogEntry]) -> Out? {
    var written: Out = []
    for entry in entries where entry.index > snapshot.last.index {
      if let own = self.entry(entry.index) {
        if own.position == entry.position, obey(.matchesKept) { continue }
        guard entry.index > commitIndex else {
          if own.position == entry.position { continue }
          return nil
        }
        if obey(.conflictsDeleted) {
          guard goesOn(entry) else { return nil }
          written += delete(from: entry.index)
        } else {
          written += overwrite(entry)
          continue
        }
      }
      guard goesOn(entry) else { return nil }
      written += append(entry)
    }
    return written
  }

  /// Whether a log can go on with this entry behind what it keeps: behind a snapshot no correct
  /// leader's does so in an earlier term.
  private func goesOn(_ entry: LogEntry) -> Bool {
    require(.consistencyChecked, entry.term >= (position(entry.index - 1) ?? last).term)
  }
  // end accepting

  /// Puts an entry in another's place, and leaves what follows: what no server should do.
  private mutating func overwrite(_ entry: LogEntry) -> Out {
    log[entry.index - snapshot.last.index - 1] = entry
    unstable.append(entry.index)
    findConfiguration()
    return [.persist(.entry(entry))]
  }

  /// Tells where its log parts from the leader's, as far as it sees: it skips a term at a time.
  private func reject(_ append: Raft.Append, of sender: NodeID) -> Out {
    var conflict = Position(lastIndex + 1, 0)
    if let own = entry(append.after.index) {
      let first = log.first { $0.term == own.term }?.index ?? own.index
      conflict = Position(max(first, commitIndex + 1), own.term)
    }
    return [
      .send(
        .rejected(
          term: term, after: append.after.index, conflict: conflict, round: append.round),
        to: sender)
    ]
  }

  /// A leader says up to which entry all are committed.
  private mutating func learn(commit index: Int) -> Out {
    let index = min(index, lastIndex)
    guard require(.commitGrows, index > commitIndex) else { return [] }
    commitIndex = index
    return applyCommitted()
  }
}
