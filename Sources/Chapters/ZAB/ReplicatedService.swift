/// What an ensemble replicates: a service whose leader turns requests into transactions.
///
/// The protocol knows nothing else of it. Its value is what a snapshot holds. A layer above that
/// serves clients itself has a ``ZAB/Server`` inside, hands it what must go through the leader as
/// requests, and hears by its notes what was delivered and which sessions were heard of.
public protocol ReplicatedService: Hashable, Sendable {
  /// What a client asks.
  associatedtype Request: Hashable & Sendable
  /// What a leader makes of a request, and every server applies.
  associatedtype Transaction: Hashable & Sendable
  /// What a client is answered.
  associatedtype Reply: Hashable & Sendable
  /// What a transaction keeps of the request that it was made of, by which the server that took
  /// that knows whom to answer. (Apache: session and cxid)
  associatedtype Origin: Hashable & Sendable
  /// A client's session, with what PING and REVALIDATE tell of it. (Apache: id and timeout)
  associatedtype ClientSession: Hashable & Comparable & Sendable

  /// The service before any transaction.
  init()

  /// Says that nothing was, or will be, done about a request.
  static var refusal: Reply { get }

  /// What a leader makes of a request; nil when it is none that the service takes.
  ///
  /// - Parameters:
  ///   - request: the request.
  ///   - zxid: the number that the transaction will have.
  ///   - outstanding: what was proposed before and is not applied here yet.
  ///   - isOwned: whether the session is that of the server that took the request; always, where
  ///     there are no sessions. (Apache answers others with SESSIONMOVED, as a transaction.)
  func transaction(
    for request: Request, at zxid: Zxid, after outstanding: [Proposal<Self>], isOwned: Bool
  ) -> Transaction?

  /// The origin of a request.
  static func origin(of request: Request) -> Origin

  /// The origin of the request that a transaction was made of.
  static func origin(of transaction: Transaction) -> Origin

  /// Applies a transaction under its number.
  ///
  /// - Returns: what the client is answered.
  mutating func apply(_ proposal: Proposal<Self>) -> Reply

  // Where there are sessions: see ``ZAB/Settings/hasSessions``.

  /// Whose request it is: the server that takes it has heard of that session. Nil for a request of
  /// no session: it is anybody's.
  static func session(of request: Request) -> ClientSession?

  /// What becomes of a request.
  static func handling(of request: Request) -> Handling<ClientSession>

  /// Whether a session is open, as REVALIDATE asks a leader.
  func isOpen(_ session: ClientSession) -> Bool

  /// What is answered from a server's own copy when it has synchronized with its leader.
  func answer(to request: Request) -> Reply

  /// What is answered to who has come back to a session.
  static func answer(to request: Request, isOpen: Bool) -> Reply
}

/// What becomes of a request that a serving server takes.
public enum Handling<Session: Hashable & Sendable>: Hashable, Sendable {
  /// The leader proposes a transaction.
  case proposed
  /// It is answered here, when this server has delivered all that its leader had proposed. (SYNC)
  case synced
  /// The leader says whether the session is open; from then on it is this server's. (REVALIDATE)
  case revalidated(Session)
  /// Nothing: the session was heard of. Nobody is answered.
  case touched
}

/// A transaction under its number.
public struct Proposal<Service: ReplicatedService>: Hashable, Sendable {
  /// Its number.
  public let zxid: Zxid
  /// What is to be applied.
  public let transaction: Service.Transaction

  /// A transaction under its number.
  public init(_ zxid: Zxid, _ transaction: Service.Transaction) {
    self.zxid = zxid
    self.transaction = transaction
  }
}

/// What all transactions up to one have made.
public struct Snapshot<Service: ReplicatedService>: Hashable, Sendable {
  /// The last transaction, or the epoch behind it that had begun.
  public let zxid: Zxid
  /// What they have made.
  public let service: Service

  /// What all transactions up to one have made.
  public init(_ zxid: Zxid, _ service: Service) {
    self.zxid = zxid
    self.service = service
  }
}

extension Proposal: CustomStringConvertible {
  /// As runs print it: `1.2 x1 append k a`.
  public var description: String { "\(zxid) \(transaction)" }
}

extension Snapshot: CustomStringConvertible {
  /// As runs print it: `1.2: k='a'`.
  public var description: String { "\(zxid): \(service)" }
}
