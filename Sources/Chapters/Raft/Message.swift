public import ProtocolCore
public import ReplicatedLog

extension Raft {
  /// The words of Raft.
  public enum Words: Vocabulary {
    /// What clients and operators ask.
    public typealias Request = ReplicatedLog.Request
    /// What they are answered.
    public typealias Reply = ReplicatedLog.Reply

    /// What servers send each other. (paper, figures 2 and 13)
    ///
    /// Each remote procedure call of the paper is two messages, and an answer says by itself to
    /// what: both may be late, doubled or lost.
    public enum Message: Hashable, Sendable {
      /// RequestVote: I would lead this term, and my log ends so.
      case requestVote(term: Int, last: Position, Election)
      /// Its answer, in the voter's term; that of a pre-vote that is given, in the term asked for.
      case vote(term: Int, granted: Bool, Election)
      /// AppendEntries.
      case appendEntries(Append)
      /// My log is as yours up to this index; and I have heard this round of heartbeats.
      case appended(term: Int, match: Int, round: Int)
      /// I have not what should come before; the entries of my term there begin here, or my log
      /// ends before it.
      case rejected(term: Int, after: Int, conflict: Position, round: Int)
      /// There is a greater term than yours.
      case outdated(term: Int)
      /// InstallSnapshot.
      case installSnapshot(Chunk)
      /// So many pieces of that snapshot have come.
      case installed(term: Int, last: Position, pieces: Int)
      /// TimeoutNow: begin an election, you are to lead. (thesis, 3.10)
      case timeoutNow(term: Int)
      /// A follower's client wants to read; up to which index must be applied? (thesis, 6.4)
      ///
      /// The number tells what a follower asks in a term apart.
      case readIndex(term: Int, number: Int)
      /// Up to this one.
      case readAt(term: Int, number: Int, index: Int)
    }

    /// What a server says aloud.
    public enum Note: Hashable, Sendable {
      /// It has applied this entry.
      case applied(LogEntry)
      /// It has deleted its entries from this one to that one, in whose place others come: they
      /// conflict with what the leader has. (paper, 5.3)
      case deleted(Position, Position)
      /// It has taken over what all entries up to this one have made.
      case restored(Position)
      /// It leads this term.
      case leads(Int)
      /// A peer sent what the protocol never sends to a server that stands where this one does.
      case unexpected(Message, from: NodeID)
    }

    /// The name of its case.
    public static func kind(of note: Note) -> String {
      switch note {
      case .applied: "applied"
      case .deleted: "deleted"
      case .restored: "restored"
      case .leads: "leads"
      case .unexpected: "unexpected"
      }
    }
  }

  /// Which kind of election it is.
  public enum Election: Hashable, Sendable {
    /// The usual.
    case usual
    /// Only a question, whether an election would be won. (thesis, 9.6)
    case pre
    /// The leader wants it. (thesis, 3.10)
    case transferred
  }

  /// AppendEntries: put these entries behind that one.
  public struct Append: Hashable, Sendable {
    /// The leader's term.
    public let term: Int
    /// What stands before the entries.
    public let after: Position
    /// The entries; none in a heartbeat.
    public let entries: [LogEntry]
    /// Up to which index entries are committed.
    public let commit: Int
    /// The leader's last round of heartbeats for which it wants an answer. (thesis, 6.4)
    public let round: Int

    /// Entries.
    public init(term: Int, after: Position, _ entries: [LogEntry], commit: Int, round: Int = 0) {
      self.term = term
      self.after = after
      self.entries = entries
      self.commit = commit
      self.round = round
    }

    /// The index of the last entry that the receiver then has in common with the leader.
    public var match: Int { after.index + entries.count }
  }
}

// MARK: How runs write it

extension Raft.Append: CustomStringConvertible {
  /// As runs print it: `term 2, after 3@1: 4@2 no-op, commit 3`.
  public var description: String {
    let told = entries.map { "\($0)" }.joined(separator: ", ")
    return "term \(term), after \(after)" + (told.isEmpty ? "" : ": " + told)
      + ", commit \(commit)" + Raft.Words.Message.suffix(round)
  }
}

extension Raft.Words.Message: CustomStringConvertible {
  /// As runs print it.
  public var description: String {
    switch self {
    case .requestVote(let term, let last, .usual): "requestVote term \(term), last \(last)"
    case .requestVote(let term, let last, .pre): "preVote term \(term), last \(last)"
    case .requestVote(let term, let last, .transferred):
      "requestVote term \(term), last \(last), transferred"
    case .vote(let term, let granted, let election):
      (granted ? "" : "no ") + (election == .pre ? "pre-vote" : "vote") + " term \(term)"
    case .appendEntries(let append): "append \(append)"
    case .appended(let term, let match, let round):
      "appended term \(term), up to \(match)" + Self.suffix(round)
    case .rejected(let term, let after, let conflict, let round):
      "rejected term \(term), after \(after), has \(conflict)" + Self.suffix(round)
    case .outdated(let term): "outdated, term \(term)"
    case .installSnapshot(let chunk): "install \(chunk)"
    case .installed(let term, let last, let pieces):
      "installed term \(term), \(last) up to \(pieces)"
    case .timeoutNow(let term): "timeoutNow term \(term)"
    case .readIndex(let term, let number): "readIndex term \(term), number \(number)"
    case .readAt(let term, let number, let index):
      "readAt term \(term), number \(number): \(index)"
    }
  }

  /// How a round of heartbeats is written; not at all if nobody waits for it.
  static func suffix(_ round: Int) -> String { round > 0 ? ", round \(round)" : "" }
}

extension Raft.Words.Note: CustomStringConvertible {
  /// As runs print it.
  public var description: String {
    switch self {
    case .applied(let entry): "applied \(entry.position): \(entry.content)"
    case .deleted(let first, let last):
      "deletes \(first)" + (first == last ? "" : " to \(last)")
    case .restored(let position): "restored up to \(position)"
    case .leads(let term): "leads term \(term)"
    case .unexpected(let message, let sender): "unexpected \(message) from \(sender)"
    }
  }
}
