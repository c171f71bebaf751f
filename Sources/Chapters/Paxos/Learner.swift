public import Consensus
public import ProtocolCore

/// A learner: it finds out which value is chosen, and tells the proposers.
///
/// It hears of each acceptance. When enough have accepted the same proposal, its value is chosen.
/// It goes on counting afterwards: in a correct run it learns nothing new.
public struct Learner: Hashable, Sendable, Ruled {
  /// Those whom it tells, and asks.
  let proposers: [NodeID]
  /// How many acceptances are enough.
  let quorum: Int
  /// The rules that it does not obey.
  public var without: Set<Rule>
  /// The last acceptance that each acceptor has told, by name.
  public internal(set) var heard: [Heard] = []
  /// What it has learnt.
  public internal(set) var value: Value?

  /// An acceptance.
  public struct Heard: Hashable, Sendable {
    /// The acceptor.
    public let acceptor: NodeID
    /// The proposal that it has accepted.
    public let vote: Vote
  }

  /// A learner that knows nothing.
  ///
  /// - Parameters:
  ///   - proposers: those whom it tells.
  ///   - quorum: how many acceptances of one proposal make its value chosen.
  ///   - without: the rules that it does not obey.
  public init(proposers: [NodeID], quorum: Int, without: Set<Rule> = []) {
    self.proposers = proposers
    self.quorum = quorum
    self.without = without
  }
}

// MARK: Transitions

extension Learner: Machine {
  /// Takes one event and returns what is to be done about it.
  public mutating func step(_ event: Event<Words>) -> [Effect<Words>] {
    switch event {
    case .started: return [.set(.inquiry, after: Words.Timer.inquiry.patience)]
    case .received(.accepted(let ballot, let vote), let acceptor):
      return count(Vote(ballot, vote), of: acceptor)
    // It has asked, and a proposer knew.
    case .received(.chosen(let value), _): return self.value == nil ? learn(value) : []
    case .received(let message, let sender): return [.note(.unexpected(message, from: sender))]
    case .expired(.inquiry) where value == nil && obey(.learnerInquires):
      return proposers.map { .send(.inquire, to: $0) }
        + [.set(.inquiry, after: Words.Timer.inquiry.patience)]
    case .asked(_, let client): return [.reply(.refused, to: client)]
    // It has learnt already, or the timer's rule is left out; and it writes nothing down: what is
    // chosen can be found out again.
    case .expired, .stored, .disconnected: return []
    }
  }

  // begin learner
  private mutating func count(_ vote: Vote, of acceptor: NodeID) -> [Effect<Words>] {
    if let known = heard.firstIndex(where: { $0.acceptor == acceptor }) {
      guard heard[known].vote.ballot < vote.ballot else { return [] }  // doubled, or overtaken
      heard.remove(at: known)
    }
    heard.append(Heard(acceptor: acceptor, vote: vote))
    heard.sort { $0.acceptor < $1.acceptor }
    let alike = heard.filter { obey(.oneBallotCounted) ? $0.vote.ballot == vote.ballot : true }
    guard require(.quorumAccepts, alike.count >= quorum) else { return [] }
    guard value == vote.value else { return learn(vote.value) }
    // A proposer that asks for what is chosen has not been told, or the word was lost. Beyond the
    // quorum an acceptance tells nothing new.
    return obey(.chosenTold) && alike.count == quorum
      ? [.send(.chosen(vote.value), to: vote.ballot.proposer)] : []
  }
  // end learner

  private mutating func learn(_ value: Value) -> [Effect<Words>] {
    self.value = value
    let told: [Effect<Words>] =
      obey(.chosenTold) ? proposers.map { .send(.chosen(value), to: $0) } : []
    return [.note(.learnt(value)), .cancel(.inquiry)] + told
  }
}

extension Learner: CustomStringConvertible {
  /// Where it stands.
  public var description: String {
    if let value { return "learnt \(value)" }
    guard !heard.isEmpty else { return "has heard of no acceptance" }
    return "heard " + heard.map { "\($0.acceptor): \($0.vote)" }.joined(separator: ", ")
  }
}
