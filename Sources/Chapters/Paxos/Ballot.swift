public import Consensus
public import ProtocolCore

/// The number of a proposal; no two proposers have one in common.
///
/// Paxos Made Simple says *proposal number*, The Part-Time Parliament *ballot*. It is a round and
/// the proposer's name, so that different proposers choose their numbers from disjoint sets, and of
/// two with the same round the name decides.
public struct Ballot: Hashable, Sendable {
  /// The round.
  public let round: Int
  /// The proposer; nobody, where the rule that ballots differ is left out.
  public let proposer: NodeID

  /// A ballot.
  public init(_ round: Int, _ proposer: NodeID) {
    self.round = round
    self.proposer = proposer
  }
}

extension Ballot: Comparable {
  /// By round, then by the proposer's name.
  public static func < (a: Ballot, b: Ballot) -> Bool {
    (a.round, a.proposer) < (b.round, b.proposer)
  }
}

extension Ballot: CustomStringConvertible {
  /// As runs print it: `2.q`.
  public var description: String { "\(round).\(proposer)" }
}

/// A proposal that an acceptor has accepted: its vote.
public struct Vote: Hashable, Sendable {
  /// The number of the proposal.
  public let ballot: Ballot
  /// Its value.
  public let value: Value

  /// A vote.
  public init(_ ballot: Ballot, _ value: Value) {
    self.ballot = ballot
    self.value = value
  }
}

extension Vote: CustomStringConvertible {
  /// As runs print it: `2.q v`.
  public var description: String { "\(ballot) \(value)" }
}

/// How many acceptors are enough in each phase.
public struct Quorums: Hashable, Sendable {
  /// How many must promise before a value is proposed.
  public let first: Int
  /// How many must accept a proposal before its value is chosen.
  public let second: Int

  // begin quorums
  /// The quorums of so many acceptors: majorities, or, where a quorum need only meet those of the
  /// other phase, as few as can be for the second.
  ///
  /// Source: Howard, Malkhi, Spiegelman, "Flexible Paxos: Quorum Intersection Revisited", OPODIS
  /// 2016, 3.
  public init(of acceptors: Int, variant: Variant, without: Set<Rule> = []) {
    second = variant == .flexible ? max(1, acceptors / 2) : acceptors / 2 + 1
    let rest = acceptors - second
    first = without.contains(.quorumsIntersect) ? rest : rest + 1
  }
  // end quorums
}
