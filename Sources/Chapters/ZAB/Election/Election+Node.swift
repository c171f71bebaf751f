public import ProtocolCore

extension FastLeaderElection {
  /// A server that elects, and obeys the rules of that.
  public struct Node: Hashable, Sendable, Ruled, Machine {
    /// What it speaks.
    public typealias Words = Voter.Words
    /// The rules that it obeys.
    public typealias Rule = FastLeaderElection.Rule

    /// The server.
    public private(set) var voter: Voter
    /// The rules that it does not obey.
    public var without: Set<Rule> { didSet { voter.without = Set(without.map(\.whole)) } }

    /// The server, when it leaves these rules out.
    public init(_ voter: Voter, without: Set<Rule>) {
      self.voter = voter
      self.without = without
      self.voter.without = Set(without.map(\.whole))
    }

    /// Takes one event and returns what is to be done about it.
    public mutating func step(_ event: Event<Words>) -> [Effect<Words>] { voter.step(event) }
  }
}

extension FastLeaderElection.Node: CustomStringConvertible {
  /// Where it stands.
  public var description: String {
    switch voter.role {
    case .idle, .looking: "looking, round \(voter.round): \(voter.vote)"
    case .learning, .leading: "elected \(voter.vote.leader) in round \(voter.round)"
    }
  }
}
