public import ProtocolCore

extension DataSynchronization {
  /// A server with what it has written before the run, and one answer to every election.
  public struct Node: Hashable, Sendable, Ruled, Machine {
    /// What it speaks.
    public typealias Words = Server.Words
    /// The rules that it obeys.
    public typealias Rule = DataSynchronization.Rule

    /// The server.
    public private(set) var server: Server
    private let leader: NodeID
    private let written: [Words.Record]
    /// The rules that it does not obey.
    public var without: Set<Rule> { didSet { server.without = Self.whole(without) } }

    /// A server that knows this leader, and has written this before.
    init(_ server: Server, leader: NodeID, written: [Words.Record], without: Set<Rule>) {
      self.server = server
      self.leader = leader
      self.written = written
      self.without = without
      self.server.without = Self.whole(without)
    }

    /// The leader has all that is committed, since no quorum is without it: it need not compare
    /// what others have, which is the business of elections.
    private static func whole(_ rules: Set<Rule>) -> Set<ZAB.Rule> {
      Set(rules.map(\.whole)).union([.bestHistoryLeads])
    }

    /// Takes one event and returns what is to be done about it.
    public mutating func step(_ event: Event<Words>) -> [Effect<Words>] {
      guard case .started(let records) = event else { return server.step(event).filter(isWanted) }
      var disk = written
      for record in records { Words.settle(record, on: &disk) }
      return server.step(.started(disk)).filter(isWanted)
    }

    /// An election answers the leader.
    private func isWanted(_ effect: Effect<Words>) -> Bool {
      switch effect {
      case .set(.elected(let other), _), .cancel(.elected(let other)): other == leader
      default: true
      }
    }
  }
}

extension DataSynchronization.Node: CustomStringConvertible {
  /// Where it stands.
  public var description: String { "\(server)" }
}
