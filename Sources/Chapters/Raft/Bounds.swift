import ProtocolCore

// Numbers that no correct server comes to, so that what is made up stops no process.

extension Int {
  fileprivate var isWithinReason: Bool { (0..<1 << 40).contains(self) }
}

extension Position {
  fileprivate var isWithinReason: Bool {
    index.isWithinReason && term.isWithinReason && (index > 0 || term == 0)
  }
}

extension LogEntry {
  fileprivate var isWithinReason: Bool { position.isWithinReason && index > 0 && term > 0 }
}

extension Raft.Append {
  /// Whether the entries follow each other, behind what they are said to follow.
  fileprivate var isWithinReason: Bool {
    guard term.isWithinReason, after.isWithinReason, commit.isWithinReason, round.isWithinReason,
      after.term <= term
    else { return false }
    var last = after
    for entry in entries {
      guard entry.isWithinReason, entry.index == last.index + 1, entry.term >= last.term,
        entry.term <= term
      else { return false }
      last = entry.position
    }
    return true
  }
}

extension Snapshot {
  /// Whether a correct server can have made it, by its numbers.
  var isWithinReason: Bool { last.isWithinReason }
}

extension Raft.Words.Message {
  /// Whether a correct server can have sent it, by its numbers.
  var isWithinReason: Bool {
    switch self {
    case .requestVote(let term, let last, _):
      term.isWithinReason && term > 0 && last.isWithinReason && last.term <= term
    case .vote(let term, _, _), .outdated(let term), .timeoutNow(let term): term.isWithinReason
    case .appendEntries(let append): append.isWithinReason
    case .appended(let term, let match, let round):
      term.isWithinReason && match.isWithinReason && round.isWithinReason
    case .rejected(let term, let after, let conflict, let round):
      term.isWithinReason && after.isWithinReason && conflict.index.isWithinReason
        && conflict.term.isWithinReason && round.isWithinReason
    case .installSnapshot(let chunk):
      chunk.term.isWithinReason && chunk.last.isWithinReason && chunk.offset.isWithinReason
        && chunk.last.index > 0 && chunk.last.term <= chunk.term
    case .installed(let term, let last, let pieces):
      term.isWithinReason && last.isWithinReason && pieces.isWithinReason
    case .readIndex(let term, let number): term.isWithinReason && number.isWithinReason
    case .readAt(let term, let number, let index):
      term.isWithinReason && number.isWithinReason && index.isWithinReason
    }
  }
}

extension Raft.Words.Record {
  /// Whether a correct server can have written it, by its numbers.
  var isWithinReason: Bool {
    switch self {
    case .term(let term, _): term.isWithinReason
    case .entry(let entry): entry.isWithinReason
    case .snapshot(let snapshot): snapshot.isWithinReason
    }
  }
}
