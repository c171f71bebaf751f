public import AtomicCommitment
public import ProtocolCore

extension Words {
  /// What the processes send each other.
  public enum Message: Hashable, Sendable {
    /// Coordinator to participant: vote. (VOTE-REQ)
    case canCommit
    /// Participant to coordinator.
    case vote(Vote)
    /// Leader to follower: all have voted yes.
    case preCommit
    /// Follower to leader: I know it.
    case ack
    /// What was decided. (doCommit, or abort)
    case decide(Decision)
    /// To those that lead before me, or from one that recovers to all: are you there, what was
    /// decided?
    case inquire
    /// I am here, and not decided yet.
    case here
    /// I am recovering myself; this is what my journal says: how far I was, and which processes
    /// were not gone.
    case recovering(Stage, up: [NodeID])
    /// Leader to follower: I lead now, how far are you? (STATE-REQ)
    case stateRequest
    /// Follower to leader.
    case state(Stage)
  }

  /// A participant's answer to `canCommit`.
  public typealias Vote = Commitment.Vote
  /// How a participant's part of the transaction goes.
  public typealias Work = Commitment.Work
  /// What clients ask.
  public typealias Request = Commitment.Request
  /// What the coordinator answers its client.
  public typealias Reply = Commitment.Reply
  /// What is said aloud.
  public typealias Note = Commitment.Note<Message>

  /// What is waited for.
  public enum Timer: String, Hashable, Comparable, Sendable {
    /// A participant at work: to be asked for its vote.
    case request
    /// The coordinator: the votes.
    case votes
    /// A leader: acknowledgements of preCommit.
    case acks
    /// A follower: its leader's next word.
    case leader
    /// A process that hears nothing: those that lead before it.
    case answers
    /// A new leader: the states of the others.
    case states
    /// A process that recovers: one that knows.
    case news

    /// By name.
    public static func < (a: Timer, b: Timer) -> Bool { a.rawValue < b.rawValue }
  }
}

extension Words.Message: CustomStringConvertible {
  /// As runs print it.
  public var description: String {
    switch self {
    case .canCommit: "canCommit"
    case .vote(let vote): "vote \(vote.rawValue)"
    case .preCommit: "preCommit"
    case .ack: "ack"
    case .decide(let decision): "\(decision)"
    case .inquire: "inquire"
    case .here: "here"
    case .recovering(let stage, let up): "recovering \(stage), up: \(up.list)"
    case .stateRequest: "stateRequest"
    case .state(let stage): "\(stage)"
    }
  }
}

extension Words.Timer: CustomStringConvertible {
  /// As runs print it.
  public var description: String { rawValue }
}

extension [NodeID] {
  /// The names, for a line of text.
  var list: String { map(\.name).joined(separator: " ") }
}

extension Words {
  /// What kind of note it is, for counting.
  public static func kind(of note: Note) -> String { note.kind }
}
