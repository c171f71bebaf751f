public import ProtocolCore

/// Money is moved from one service to another without two-phase commit.
///
/// Each service has a database of its own. The one that gives takes the sum from the account and
/// puts a message into a queue in *one* local transaction; the queue delivers it, again and again,
/// until it is answered; the one that gets remembers which messages it has done, in the same
/// transaction in which it does them, so that a message that comes twice is done once. When it
/// cannot do what is asked, it says so, and the first puts the sum back: a **compensation**
/// (Garcia-Molina, Salem 1987).
///
///     giver   debit + queued 1 ──credit 1──► getter   credit + done 1
///                 ▲   settled 1 ◄──done 1──┘      or, the account is closed,
///                 └── compensated 1 ◄──refused 1──┘
///
/// In between the sum is on neither account: what a transaction would hide. In the end nothing is
/// lost and nothing doubled, whatever is repeated and whoever crashes.
///
/// Sources: Pritchett, "BASE: An Acid Alternative", ACM Queue 6(3), 2008; Garcia-Molina, Salem,
/// "Sagas", SIGMOD 1987; Helland, "Life beyond Distributed Transactions", CIDR 2007.
public enum Transfer {
  /// The words.
  public enum Words: Vocabulary {
    /// What services send each other.
    public enum Message: Hashable, Sendable {
      /// Of this transfer: put so much on the account.
      case credit(Int, Int)
      /// It is done.
      case done(Int)
      /// It cannot be done, and will not be.
      case refused(Int)
    }

    /// What is asked of a service.
    public enum Request: Hashable, Sendable {
      /// By a client: move so much to the other.
      case move(Int)
      /// By an operator: take nothing more on.
      case close
    }

    /// What is answered.
    public enum Reply: Hashable, Sendable {
      /// It is on its way, and nobody can stop it.
      case accepted
      /// There is not so much, or it does not give.
      case refused
    }

    /// What a service writes, each in one local transaction.
    public enum Record: Hashable, Sendable {
      /// So much was taken, and the message is in the queue.
      case debited(Int, Int)
      /// So much was taken: without the message, where the rule that both are one is left out.
      case taken(Int)
      /// The message is in the queue, and nothing more.
      case queued(Int, Int)
      /// The message is out of the queue, because it was done.
      case settled(Int)
      /// The message is out of the queue, and the sum is back.
      case compensated(Int)
      /// So much was put on the account, and this transfer is done.
      case credited(Int, Int)
      /// Nothing more is taken on.
      case closed
    }

    /// What is said aloud.
    public enum Note: Hashable, Sendable {
      /// A peer sent what is never sent to this service.
      case unexpected(Message, from: NodeID)
    }

    /// What is waited for.
    public enum Timer: String, Hashable, Comparable, Sendable {
      /// The next time that the queue delivers.
      case queue

      /// By name.
      public static func < (a: Timer, b: Timer) -> Bool { a.rawValue < b.rawValue }
    }

    /// A refusal says that nothing was done about it.
    public static func isRefusal(_ reply: Reply) -> Bool { reply == .refused }
  }

  /// What must be so that nothing is lost or doubled.
  public enum Rule: String, RuleName {
    case debitAndQueueTogether
    case debitStoredFirst
    case creditStoredFirst
    case queueOutlivesCrash
    case doneOutlivesCrash
    case onlyOnce
    case coveredOnly
    case sentAgain
    case compensated

    /// What leaving the rule out endangers.
    public var kind: RuleKind {
      self == .sentAgain || self == .compensated ? .progress : .safety
    }

    /// The rule in a sentence.
    public var sentence: String {
      switch self {
      case .debitAndQueueTogether: "the sum is taken and the message queued in one transaction"
      case .debitStoredFirst: "the message leaves when the sum has been taken on disk"
      case .creditStoredFirst: "a credit is told when it is on disk"
      case .queueOutlivesCrash: "a service that restarts goes on delivering its queue"
      case .doneOutlivesCrash: "a service that restarts knows which transfers it has done"
      case .onlyOnce: "a transfer that was done is not done again"
      case .coveredOnly: "no more is taken than there is"
      case .sentAgain: "what is queued is sent until it is answered"
      case .compensated: "what was refused is put back"
      }
    }

    /// Where the rule comes from.
    public var source: String {
      switch self {
      case .debitAndQueueTogether, .sentAgain, .queueOutlivesCrash, .debitStoredFirst:
        "Pritchett 2008, decoupling by a queue in the database"
      case .onlyOnce, .doneOutlivesCrash, .creditStoredFirst:
        "Pritchett 2008, idempotence by a table of applied updates"
      case .coveredOnly: "the account's own constraint"
      case .compensated: "Garcia-Molina, Salem 1987, compensating transactions"
      }
    }
  }
}

extension Transfer.Words.Message: CustomStringConvertible {
  /// As runs print it.
  public var description: String {
    switch self {
    case .credit(let number, let sum): "credit \(number) \(sum)"
    case .done(let number): "done \(number)"
    case .refused(let number): "refused \(number)"
    }
  }
}

extension Transfer.Words.Request: CustomStringConvertible {
  /// As runs print it.
  public var description: String {
    switch self {
    case .move(let sum): "move \(sum)"
    case .close: "close"
    }
  }
}

extension Transfer.Words.Reply: CustomStringConvertible {
  /// As runs print it.
  public var description: String { self == .accepted ? "accepted" : "refused" }
}

extension Transfer.Words.Record: CustomStringConvertible {
  /// As runs print it.
  public var description: String {
    switch self {
    case .debited(let number, let sum): "debited \(sum), queued \(number)"
    case .taken(let sum): "debited \(sum)"
    case .queued(let number, let sum): "queued \(number) \(sum)"
    case .settled(let number): "settled \(number)"
    case .compensated(let number): "compensated \(number)"
    case .credited(let number, let sum): "credited \(sum), done \(number)"
    case .closed: "closed"
    }
  }
}

extension Transfer.Words.Note: CustomStringConvertible {
  /// As runs print it.
  public var description: String {
    switch self {
    case .unexpected(let message, let sender): "unexpected \(message) from \(sender)"
    }
  }
}

extension Transfer.Words.Timer: CustomStringConvertible {
  /// As runs print it.
  public var description: String { rawValue }
}
