import Consensus
public import ProtocolCore

/// An acceptor: it promises, and votes for proposals.
///
/// It may have promised nothing yet; what it has promised and accepted it never forgets. It needs
/// no other state: whatever comes is answered by these two.
public struct Acceptor: Hashable, Sendable, Ruled {
  /// Those that learn what is chosen.
  let learners: [NodeID]
  /// The rules that it does not obey.
  public var without: Set<Rule>
  /// The number below which it accepts no proposal; nil if it has promised nothing.
  public internal(set) var promised: Ballot?
  /// The proposal that it has accepted last; nil if none.
  public internal(set) var vote: Vote?

  /// An acceptor that has promised nothing.
  public init(learners: [NodeID], without: Set<Rule> = []) {
    self.learners = learners
    self.without = without
  }
}

// MARK: Transitions

extension Acceptor: Machine {
  /// Takes one event and returns what is to be done about it.
  public mutating func step(_ event: Event<Words>) -> [Effect<Words>] {
    switch event {
    case .started(let log): recover(from: log)
    case .received(.prepare(let ballot), let proposer): promise(ballot, to: proposer)
    case .received(.accept(let ballot, let value), let proposer):
      accept(ballot, value, of: proposer)
    case .received(let message, let sender): [.note(.unexpected(message, from: sender))]
    case .asked(_, let client): [.reply(.refused, to: client)]
    // It waits for nothing, and says nothing more when its records are stable; there are no
    // connections, only datagrams.
    case .stored, .expired, .disconnected: []
    }
  }

  // begin acceptor
  private mutating func promise(_ ballot: Ballot, to proposer: NodeID) -> [Effect<Words>] {
    guard require(.laterBallotsOnly, promised.map { ballot >= $0 } ?? true) else {
      return reject(ballot, of: proposer)
    }
    guard vote?.ballot != ballot else { return [] }  // of a proposal that it has accepted
    // Asked again, it answers again: no two proposals have one number.
    let record: [Effect<Words>] = promised == ballot ? [] : [.persist(.promised(ballot))]
    promised = ballot
    let told = obey(.voteReported) ? vote : nil
    return record + [.send(.promise(ballot, told), to: proposer, release(.promiseStoredFirst))]
  }

  private mutating func accept(
    _ ballot: Ballot, _ value: Value, of proposer: NodeID
  ) -> [Effect<Words>] {
    guard require(.promiseKept, promised.map { ballot >= $0 } ?? true) else {
      return reject(ballot, of: proposer)
    }
    guard vote?.ballot != ballot else { return [] }  // doubled
    if obey(.acceptancePromises) { promised = ballot }
    vote = Vote(ballot, value)
    let accepted: [Effect<Words>] = learners.map {
      .send(.accepted(ballot, value), to: $0, release(.acceptanceStoredFirst))
    }
    return [.persist(.accepted(ballot, value))] + accepted
  }
  // end acceptor

  /// Says what it has promised to whoever asks for less.
  private func reject(_ ballot: Ballot, of proposer: NodeID) -> [Effect<Words>] {
    guard let promised, ballot < promised else { return [] }
    return [.send(.reject(promised), to: proposer)]
  }

  private mutating func recover(from log: [Words.Record]) -> [Effect<Words>] {
    vote = obey(.voteOutlivesCrash) ? log.vote : nil
    promised = vote?.ballot
    if obey(.promiseOutlivesCrash), let ballot = log.promised, promised.map({ $0 < ballot }) ?? true
    {
      promised = ballot
    }
    return []
  }
}

extension Acceptor: CustomStringConvertible {
  /// Where it stands.
  public var description: String {
    guard let promised else { return "has promised nothing" }
    return "promised \(promised)" + (vote.map { ", accepted \($0)" } ?? "")
  }
}
