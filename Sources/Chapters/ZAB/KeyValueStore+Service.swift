public import ReplicatedLog

// The service that the laboratory replicates. Reads are transactions here too: what a server
// answers from its own copy promises less than the judge demands.

extension KeyValueStore: ReplicatedService {
  /// What clients ask.
  public typealias Request = ReplicatedLog.Request
  /// A command, which is applied once.
  public typealias Transaction = ReplicatedLog.Command
  /// What clients are answered.
  public typealias Reply = ReplicatedLog.Reply
  /// A command is its own origin.
  public typealias Origin = ReplicatedLog.Request

  /// Not here, or not now.
  public static var refusal: Reply { .refused }

  /// The command; operators ask nothing of this service.
  public func transaction(
    for request: Request, at zxid: Zxid, after outstanding: [Proposal<Self>]
  ) -> Transaction? {
    if case .command(let command) = request { command } else { nil }
  }

  /// The whole request.
  public static func origin(of request: Request) -> Request { request }

  /// A client's command.
  public static func origin(of transaction: Transaction) -> Request { .command(transaction) }

  /// Applies a command, unless it has been applied.
  public mutating func apply(_ proposal: Proposal<Self>) -> Reply {
    apply(proposal.transaction)
  }

  // MARK: Reads

  /// Who only reads synchronizes.
  public static func isRead(_ request: Request) -> Bool {
    if case .command(let command) = request, case .get = command.operation { true } else { false }
  }

  /// What a read finds.
  public func answer(to request: Request) -> Reply {
    guard case .command(let command) = request, case .get(let key) = command.operation else {
      return .refused
    }
    return .done(self[key])
  }
}
