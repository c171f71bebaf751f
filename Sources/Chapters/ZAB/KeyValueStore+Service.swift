public import ProtocolCore
public import ReplicatedLog

// The service that the laboratory replicates. Reads are transactions here too: what a server
// answers from its own copy promises less than the judge demands.

extension KeyValueStore: ReplicatedService {
  /// What clients ask.
  public typealias Request = ReplicatedLog.Request
  /// A command, which is applied once; or members.
  public typealias Transaction = ReplicatedLog.Entry
  /// What clients are answered.
  public typealias Reply = ReplicatedLog.Reply
  /// A command is its own origin.
  public typealias Origin = ReplicatedLog.Request

  /// Not here, or not now.
  public static var refusal: Reply { .refused }

  /// The command, or the members; operators ask nothing else of this service.
  public func transaction(
    for request: Request, at zxid: Zxid, after outstanding: [Proposal<Self>]
  ) -> Transaction? {
    switch request {
    case .command(let command): .command(command)
    case .members(let members): .members(Set(members).sorted())
    case .rebuild, .transfer: nil
    }
  }

  /// The whole request; members are the same in whichever order.
  public static func origin(of request: Request) -> Request {
    if case .members(let members) = request { .members(Set(members).sorted()) } else { request }
  }

  /// A client's command, or an operator's members.
  public static func origin(of transaction: Transaction) -> Request {
    switch transaction {
    case .command(let command): .command(command)
    case .members(let members): .members(members)
    // No request is a no-op, and ZAB makes none.
    case .noop: .rebuild
    }
  }

  /// Applies a command, unless it has been applied; members change nothing here.
  public mutating func apply(_ proposal: Proposal<Self>) -> Reply {
    apply(proposal.transaction)
  }

  /// The same of a transaction without its number.
  mutating func apply(_ transaction: Transaction) -> Reply {
    if case .command(let command) = transaction { apply(command) } else { .done }
  }

  // MARK: Members

  /// Those that an operator names.
  public static func members(in request: Request) -> [NodeID]? {
    if case .members(let members) = request { Set(members).sorted() } else { nil }
  }

  /// Those that a reconfiguration names.
  public static func members(in transaction: Transaction) -> [NodeID]? {
    if case .members(let members) = transaction { members } else { nil }
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
    return .value(self[key])
  }
}

extension Proposal where Service == KeyValueStore {
  /// A command under its number.
  public init(_ zxid: Zxid, _ command: ReplicatedLog.Command) {
    self.init(zxid, .command(command))
  }

  /// The command that it brings; nil for members.
  public var command: ReplicatedLog.Command? {
    if case .command(let command) = transaction { command } else { nil }
  }
}
