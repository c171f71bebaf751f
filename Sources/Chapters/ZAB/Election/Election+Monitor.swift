public import ProtocolCore

extension FastLeaderElection {
  /// What the election promises.
  public enum Property: String, PropertyName {
    /// Who elects has a leader for which a quorum voted in its round, or which a quorum of others
    /// has, one of them in its round.
    ///
    /// What was voted in other rounds does not count: those who voted so may have come to know
    /// better. Those who have a leader have come to it in rounds of their own.
    case quorumVoted
    /// When all begin together, and all votes come in time, the best is elected.
    ///
    /// Later it need not be: who was in a round before another, and had told its vote to one that
    /// had a leader then, does not tell it again before time passes.
    case bestElected
    /// When every failure is repaired, all come to have one leader, who leads.
    case termination
    /// A leader is elected.
    case elects
    /// Two take themselves for the leader, in one round.
    case rivals

    /// In which sense it must hold.
    public var form: PropertyForm<Condition> {
      switch self {
      case .quorumVoted, .bestElected: .always
      case .termination: .recovers(.united, repaired: true)
      case .elects: .sometimes(.elected)
      case .rivals: .sometimes(.rival)
      }
    }
  }

  /// What may be said of a server at a moment.
  public enum Condition: String, Named {
    /// It has a leader.
    case elected
    /// It takes itself for the leader.
    case leading
    /// It does, and so does another in its round.
    case rival
    /// It has the leader that all others have that are up, and that one leads.
    case united
  }

  /// Judges an election by what servers have voted, and whom they elect.
  public struct Monitor: Hashable, Sendable {
    let ensemble: ZAB.Ensemble
    /// How far each has come: the votes with which they begin.
    private let candidates: [ZAB.Vote]
    /// Who has voted for whom in which round, and who has had whom for a leader, in order.
    private var votes: [CastVote] = []
    /// Those that have just come to a leader.
    private var elected: Set<NodeID> = []
    /// The last round in which each has looked for a leader.
    private var rounds: [NodeID: Int] = [:]
    private var broken: Set<Property> = []

    /// A vote in a round, by one that looks for a leader or by one that has it.
    private struct CastVote: Hashable, Comparable {
      let voter: NodeID
      let leader: NodeID
      let round: Int
      let isElected: Bool

      static func < (a: Self, b: Self) -> Bool {
        (a.voter, a.leader, a.round, a.isElected ? 1 : 0)
          < (b.voter, b.leader, b.round, b.isElected ? 1 : 0)
      }
    }

    /// A monitor of this ensemble, whose servers have come so far.
    init(_ ensemble: ZAB.Ensemble, candidates: [ZAB.Vote]) {
      self.ensemble = ensemble
      self.candidates = candidates
    }
  }
}

extension FastLeaderElection.Monitor: ProtocolCore.Monitor {
  /// The servers.
  public typealias Node = FastLeaderElection.Node

  /// Something happened at a server.
  public mutating func observe(_ observation: Observation<Node.Words>, at id: NodeID) {
    guard case .noted(.elected(let leader)) = observation else { return }
    elected.insert(id)
    guard rounds[id] == 1, let chosen = candidates.first(where: { $0.leader == leader }) else {
      return
    }
    if candidates.contains(where: { isBetter($0, than: chosen) }) { broken.insert(.bestElected) }
  }

  /// A server acted: this is whom it votes for.
  public mutating func look(at node: Node, _ id: NodeID) {
    let voter = node.voter
    let (leader, round) = (voter.vote.leader, voter.round)
    if voter.isLooking {
      rounds[id] = round
      cast(CastVote(voter: id, leader: leader, round: round, isElected: false))
    } else if elected.remove(id) != nil {
      judge(leader, in: round, of: id)
      cast(CastVote(voter: id, leader: leader, round: round, isElected: true))
    }
  }

  private mutating func cast(_ vote: FastLeaderElection.Monitor.CastVote) {
    guard !votes.contains(vote) else { return }
    votes.insert(vote, at: votes.firstIndex { vote < $0 } ?? votes.endIndex)
  }

  /// A quorum must have voted for a leader in this round, or have it; of those who have it one must
  /// have come to it in this round, which a latecomer joins.
  private mutating func judge(_ leader: NodeID, in round: Int, of id: NodeID) {
    let voters = votes.filter { $0.leader == leader && $0.round == round }.map(\.voter)
    let having = votes.filter { $0.leader == leader && $0.isElected && $0.voter != id }
    let isJoined =
      having.contains { $0.round == round }
      && ZAB.Judging.isQuorum(having.map(\.voter), of: ensemble)
    if !isJoined, !ZAB.Judging.isQuorum(voters, of: ensemble) { broken.insert(.quorumVoted) }
  }

  /// The order is told here once more, apart from the servers', which are judged.
  private func isBetter(_ vote: ZAB.Vote, than other: ZAB.Vote) -> Bool {
    if vote.peerEpoch != other.peerEpoch { return vote.peerEpoch > other.peerEpoch }
    if vote.zxid != other.zxid { return vote.zxid > other.zxid }
    return vote.leader > other.leader
  }

  /// Whether a property has held so far.
  public func holds(_ property: FastLeaderElection.Property) -> Bool { !broken.contains(property) }

  /// Whether the condition holds of a server that is up.
  public func holds(
    _ condition: FastLeaderElection.Condition, at id: NodeID, in scene: Scene<Node>
  ) -> Bool {
    guard let voter = scene[id]?.voter, !voter.isLooking else { return false }
    let leader = voter.vote.leader
    switch condition {
    case .elected: return true
    case .leading: return leader == id
    case .rival:
      return leader == id
        && scene.nodes.contains { other in
          guard let voter = other.node?.voter, other.id != id, !voter.isLooking else {
            return false
          }
          return voter.vote.leader == other.id && voter.round == scene[id]?.voter.round
        }
    case .united:
      let sitting = scene[leader]?.voter
      guard let sitting, !sitting.isLooking, sitting.vote.leader == leader else { return false }
      return scene.nodes.allSatisfy { other in
        other.node.map { !$0.voter.isLooking && $0.voter.vote.leader == leader } ?? true
      }
    }
  }
}
