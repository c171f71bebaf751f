import ProtocolCore
import ReplicatedLog

extension Raft {
  /// What operators wait for that want a server to lead.
  ///
  /// Told *done*, an operator has what it wanted. Refused, it has not: no election is begun for the
  /// hand-over that it asked for.
  struct Transfers: Hashable, Sendable {
    private var wishes = Wishes<HandOver>()
    /// From which term on the target must have led of what each has asked for last.
    private var terms: [ClientID: Int] = [:]
    /// The elections that were begun because a leader told a server to lead.
    private var begun: Set<HandOver> = []

    /// To whom, and the term of the leader that hands over.
    private struct HandOver: Hashable {
      let target: NodeID
      let term: Int
    }
  }
}

extension Raft.Transfers {
  /// A server is asked.
  ///
  /// Another must lead a term behind the asked server's, which can know of no other; the asked one
  /// itself must lead, whichever terms it knows.
  ///
  /// - Parameters:
  ///   - request: for what.
  ///   - id: the server.
  ///   - term: its term.
  ///   - latest: the latest term in which any server has led.
  mutating func ask(
    _ request: Raft.Words.Request, of id: NodeID, _ term: Int, latest: Int
  ) {
    guard case .transfer(let target) = request else { return }
    let client = wishes.arrive(HandOver(target: target, term: term))
    if let client { terms[client] = target == id ? latest : term + 1 }
  }

  /// A client asked, or was answered.
  ///
  /// - Parameter hasLed: whether a server has led in this term or a later one.
  /// - Returns: whether it was told what is so.
  mutating func observe(
    _ event: ClientEvent<Raft.Words>, of client: ClientID, hasLed: (NodeID, Int) -> Bool
  ) -> Bool {
    switch event {
    case .invoked(.transfer): wishes.invoke(client)
    case .returned(.refused), .refused: return wishes.refuse(client).map(isKept) ?? true
    case .returned(.done):
      guard let handOver = wishes.end(client), let term = terms[client] else { return true }
      return hasLed(handOver.target, term)
    case .invoked, .returned, .gaveUp, .unknown: wishes.end(client)
    }
    return true
  }

  /// A server acted.
  ///
  /// - Returns: whether it did not begin an election that was refused to all who asked for it.
  mutating func look(at server: Raft.Server) -> Bool {
    guard case .candidate(let candidacy) = server.role, candidacy.election == .transferred else {
      return true
    }
    let handOver = HandOver(target: server.id, term: server.term - 1)
    return !begun.insert(handOver).inserted || isKept(handOver)
  }

  private func isKept(_ handOver: HandOver) -> Bool {
    !wishes.areRefused(handOver) || !begun.contains(handOver)
  }
}
