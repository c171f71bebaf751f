public import ProtocolCore

/// What an ensemble replicates: a service whose leader turns requests into transactions.
///
/// The protocol knows nothing else of it. Its value is what a snapshot holds. A layer above that
/// serves clients itself has a ``ZAB/Server`` inside, hands it what must go through the leader as
/// requests, and hears by its notes what was delivered. What servers tell each other of sessions
/// (in PING, REVALIDATE and SYNC) is that layer's.
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
  func transaction(
    for request: Request, at zxid: Zxid, after outstanding: [Proposal<Self>]
  ) -> Transaction?

  /// The origin of a request.
  static func origin(of request: Request) -> Origin

  /// The origin of the request that a transaction was made of.
  static func origin(of transaction: Transaction) -> Origin

  /// Applies a transaction under its number.
  ///
  /// - Returns: what the client is answered.
  mutating func apply(_ proposal: Proposal<Self>) -> Reply

  // Where members change: see ``ZAB/Settings/reconfigEnabled``.

  /// The servers that are to vote, by name, if a request asks for that.
  static func members(in request: Request) -> [NodeID]?

  /// The servers that vote from a transaction on, by name, if it is one that says so.
  static func members(in transaction: Transaction) -> [NodeID]?

  // Where reads go behind SYNC: see ``ZAB/Settings/readsBehindSync``.

  /// Whether a request is a read, which a server answers from its own copy.
  static func isRead(_ request: Request) -> Bool

  /// What a read finds.
  func answer(to request: Request) -> Reply
}

extension ReplicatedService {
  /// None: its members do not change.
  public static func members(in request: Request) -> [NodeID]? { nil }

  /// None: its members do not change.
  public static func members(in transaction: Transaction) -> [NodeID]? { nil }
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

extension Proposal {
  /// The configuration that it names, if it is a reconfiguration.
  var configuration: ZAB.Configuration? {
    Service.members(in: transaction).map { ZAB.Configuration(zxid, members: $0) }
  }
}

/// What all transactions up to one have made.
public struct Snapshot<Service: ReplicatedService>: Hashable, Sendable {
  /// The last transaction, or the epoch behind it that had begun.
  public let zxid: Zxid
  /// What they have made.
  public let service: Service
  /// The configurations that the reconfigurations among them named, in their order.
  ///
  /// Apache's snapshots hold the last one only, in the node /zookeeper/config.
  public let configurations: [ZAB.Configuration]

  /// What all transactions up to one have made.
  public init(_ zxid: Zxid, _ service: Service, configurations: [ZAB.Configuration] = []) {
    self.zxid = zxid
    self.service = service
    self.configurations = configurations
  }
}

extension Proposal: CustomStringConvertible {
  /// As runs print it: `1.2 x1 append k a`.
  public var description: String { "\(zxid) \(transaction)" }
}

extension Snapshot: CustomStringConvertible {
  /// As runs print it: `1.2: k='a'`, with its configurations where any were named.
  public var description: String {
    "\(zxid): \(service)" + configurations.map { ", configuration \($0)" }.joined()
  }
}
