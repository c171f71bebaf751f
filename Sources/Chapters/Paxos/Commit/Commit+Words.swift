public import AtomicCommitment
public import ProtocolCore

extension PaxosCommit {
  /// The words of Paxos Commit; what clients ask and are answered is atomic commitment's.
  public enum Words: Vocabulary {
    /// What clients ask.
    public typealias Request = Commitment.Request
    /// What they are answered.
    public typealias Reply = Commitment.Reply
    /// What is said aloud.
    public typealias Note = Commitment.Note<Message>

    /// What the processes send each other.
    public enum Message: Hashable, Sendable {
      /// Leader to participant: vote.
      case prepare
      /// A participant to acceptors in ballot 0: my vote; a leader in another: accept these.
      /// (phase 2a)
      case accept(Ballot, [InstanceVote])
      /// Acceptor to leader: I have accepted these. (phase 2b)
      case accepted(Ballot, [InstanceVote])
      /// Leader to acceptor: promise to accept nothing in a smaller ballot. (phase 1a; the Synod's
      /// `prepare`, which is two-phase commit's word)
      case nextBallot(Ballot)
      /// Acceptor to leader: I promise, and have accepted this last. (phase 1b)
      case promise(Ballot, Accepted?)
      /// Acceptor to leader: I have promised so much, and what you ask for is less.
      case reject(Ballot)
      /// What was decided.
      case decide(Decision)
      /// Participant to acceptor: I am in doubt.
      case inquire
    }

    /// What the processes write to their journals.
    public enum Record: Hashable, Sendable {
      /// Participant: I vote yes.
      case yes
      /// Participant: the decision; an abort, where it votes no.
      case decided(Decision)
      /// Acceptor: I accept nothing in a smaller ballot.
      case promised(Ballot)
      /// Acceptor: I have accepted this.
      case accepted(Accepted)
    }

    /// What is waited for.
    public enum Timer: String, Hashable, Comparable, Sendable {
      /// A participant at work: to be asked for its vote.
      case request
      /// A participant in doubt: the decision.
      case decision
      /// A leader: its ballot to come to an end.
      case ballot
      /// An acceptor that was asked, or pre-empted: another to lead.
      case lead

      /// By name.
      public static func < (a: Timer, b: Timer) -> Bool { a.rawValue < b.rawValue }
    }

    /// Of promises and of what was accepted only the last matters.
    public static func settle(_ record: Record, on disk: inout [Record]) {
      disk.removeAll { $0.isSuperseded(by: record) }
      disk.append(record)
    }
  }

  /// The vote of a participant, in its instance.
  public struct InstanceVote: Hashable, Sendable {
    /// The participant.
    public let participant: NodeID
    /// Its vote.
    public let vote: Vote

    /// A vote.
    public init(_ participant: NodeID, _ vote: Vote) {
      self.participant = participant
      self.vote = vote
    }
  }

  /// What an acceptor has accepted, in all instances.
  public struct Accepted: Hashable, Sendable {
    /// In which ballot.
    public let ballot: Ballot
    /// The votes, by participant; in ballot 0 perhaps not all of them.
    public let votes: [InstanceVote]

    /// These votes, accepted in that ballot.
    public init(_ ballot: Ballot, _ votes: [InstanceVote]) {
      self.ballot = ballot
      self.votes = votes
    }
  }
}

extension PaxosCommit.Words.Record {
  fileprivate func isSuperseded(by other: Self) -> Bool {
    switch (self, other) {
    case (.promised, .promised), (.accepted, .accepted): true
    case (.promised(let ballot), .accepted(let accepted)): ballot <= accepted.ballot
    case (.yes, _), (.decided, _), (.promised, _), (.accepted, _): false
    }
  }
}

extension PaxosCommit.Words.Timer {
  /// How long a process waits, in ticks; a message takes one or a few.
  var patience: ClosedRange<Ticks> {
    switch self {
    case .request: 60...80
    case .decision: 40...60
    case .ballot: 30...40
    case .lead: 5...80
    }
  }
}

// MARK: As runs print them

extension PaxosCommit.Words.Message: CustomStringConvertible {
  /// As runs print it.
  public var description: String {
    switch self {
    case .prepare: "prepare"
    case .accept(let ballot, let votes): "accept \(ballot) \(votes.list)"
    case .accepted(let ballot, let votes): "accepted \(ballot) \(votes.list)"
    case .nextBallot(let ballot): "nextBallot \(ballot)"
    case .promise(let ballot, nil): "promise \(ballot)"
    case .promise(let ballot, let accepted?): "promise \(ballot), accepted \(accepted)"
    case .reject(let ballot): "reject, promised \(ballot)"
    case .decide(let decision): "\(decision)"
    case .inquire: "inquire"
    }
  }
}

extension PaxosCommit.Words.Record: CustomStringConvertible {
  /// As runs print it.
  public var description: String {
    switch self {
    case .yes: "yes"
    case .decided(let decision): "\(decision)"
    case .promised(let ballot): "promised \(ballot)"
    case .accepted(let accepted): "accepted \(accepted)"
    }
  }
}

extension PaxosCommit.Words.Timer: CustomStringConvertible {
  /// As runs print it.
  public var description: String { rawValue }
}

extension PaxosCommit.Words {
  /// What kind of note it is, for counting.
  public static func kind(of note: Note) -> String { note.kind }
}

extension PaxosCommit.InstanceVote: CustomStringConvertible {
  /// As runs print it: `a yes`.
  public var description: String { "\(participant) \(vote.rawValue)" }
}

extension PaxosCommit.Accepted: CustomStringConvertible {
  /// As runs print it: `0.c a yes b no`.
  public var description: String { "\(ballot) \(votes.list)" }
}

extension [PaxosCommit.InstanceVote] {
  /// The votes, for a line of text.
  var list: String { map(\.description).joined(separator: " ") }

  /// The vote of a participant, if there is one.
  func vote(of participant: NodeID) -> PaxosCommit.Vote? {
    first { $0.participant == participant }?.vote
  }
}
