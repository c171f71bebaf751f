import Consensus
import Lab
import Paxos
import ProtocolCore

// MARK: Flaws of the journal

/// Bugs that are not the absence of a rule: what goes wrong between a protocol and its code.
enum Flaws {
  static let promiseForgotten = Flaw<Node>(
    "promiseForgotten", "an acceptor never writes down what it promises",
    editing: { _, _, effect in
      if case .persist(.promised) = effect { return [] }
      return [effect]
    })

  static let acceptanceForgotten = Flaw<Node>(
    "acceptanceForgotten", "an acceptor never writes down what it accepts",
    editing: { _, _, effect in
      if case .persist(.accepted) = effect { return [] }
      return [effect]
    })

  static let diskLost = Flaw<Node>(
    "diskLost", "an acceptor whose disk was lost answers as if it were new"
  ) { node, event in
    if case .acceptor = node, case .started = event { return node.step(.started([])) }
    return node.step(event)
  }

  static let acceptPromisesNothing = Flaw<Node>(
    "acceptPromisesNothing",
    "an acceptor that accepts a greater number than it promised goes on "
      + "accepting smaller ones"
  ) { node, event in
    guard case .acceptor(let before) = node, case .received(.accept(let ballot, _), _) = event,
      let promised = before.promised, promised < ballot
    else { return forgiving(&node, event) }
    return node.step(event)
  }

  /// An acceptor that has promised nothing by a promise of its own lets every number pass.
  private static func forgiving(_ node: inout Node, _ event: Event<Words>) -> [Effect<Words>] {
    guard case .acceptor(let before) = node, case .received(.accept(let ballot, _), _) = event,
      let vote = before.vote, vote.ballot == before.promised, ballot < vote.ballot
    else { return node.step(event) }
    node.without.insert(.promiseKept)
    defer { node.without.remove(.promiseKept) }
    return node.step(event)
  }
}

// MARK: Flaws of those who count

extension Flaws {
  static let promisesNotAcceptors = Flaw<Node>(
    "promisesNotAcceptors", "promises are counted, and not acceptors"
  ) { node, event in
    guard case .proposer(let proposer) = node,
      case .preparing(let ballot, let promises) = proposer.state,
      case .received(.promise(ballot, _), let sender) = event,
      promises.contains(where: { $0.acceptor == sender })
    else { return node.step(event) }
    guard case .received(let message, _) = event else { return [] }
    return node.step(.received(message, from: NodeID("\(sender)'")))
  }

  static let acceptancesNotAcceptors = Flaw<Node>(
    "acceptancesNotAcceptors", "acceptances are counted, and not acceptors"
  ) { node, event in
    guard case .learner(let learner) = node,
      case .received(let message, let sender) = event,
      case .accepted(let ballot, let value) = message,
      learner.heard.contains(where: {
        $0.acceptor == sender && $0.vote == Vote(ballot, value)
      })
    else { return node.step(event) }
    return node.step(.received(message, from: NodeID("\(sender)'")))
  }

  static let rejectionTakenForPromise = Flaw<Node>(
    "rejectionTakenForPromise", "a proposer takes any answer for a promise"
  ) { node, event in
    if case .proposer(let proposer) = node, case .preparing(let ballot, _) = proposer.state,
      case .received(.reject, let sender) = event
    {
      return node.step(.received(.promise(ballot, nil), from: sender))
    }
    return node.step(event)
  }

  static let commonestAdopted = Flaw<Node>(
    "commonestAdopted", "of what is reported the proposer adopts what most report"
  ) { node, event in
    let before = node
    let effects = node.step(event)
    guard case .proposer(let proposer) = before,
      case .preparing(_, let promises) = proposer.state,
      case .received(.promise(let ballot, let vote), _) = event
    else { return effects }
    let values = (promises.map(\.vote) + [vote]).compactMap { $0?.value }
    let ranked = Set(values).sorted { a, b in
      (values.count { $0 == a }, b) > (values.count { $0 == b }, a)
    }
    guard let commonest = ranked.first else { return effects }
    return effects.map { effect in
      guard case .send(.accept, let acceptor, let release) = effect else { return effect }
      return .send(.accept(ballot, commonest), to: acceptor, release)
    }
  }

  static let latestByArrival = Flaw<Node>(
    "latestByArrival", "of what is reported the proposer adopts what came last"
  ) { node, event in
    let effects = node.step(event)
    guard case .received(.promise(let ballot, let vote?), _) = event else { return effects }
    return effects.map { effect in
      guard case .send(.accept, let acceptor, let release) = effect else { return effect }
      return .send(.accept(ballot, vote.value), to: acceptor, release)
    }
  }
}

// MARK: Flaws of proposers

extension Flaws {
  static let firstPhaseSkipped = Flaw<Node>(
    "firstPhaseSkipped", "a proposer that tries again asks for acceptances at once"
  ) { node, event in
    guard case .proposer(let before) = node, case .proposing(_, let value) = before.state,
      event == .expired(.ballot)
    else { return node.step(event) }
    return node.step(event).map { effect in
      guard case .send(.prepare(let ballot), let acceptor, let release) = effect else {
        return effect
      }
      return .send(.accept(ballot, value), to: acceptor, release)
    }
  }

  static let valueChanged = Flaw<Node>(
    "valueChanged", "a proposer asks each acceptor for what its own promise reported"
  ) { node, event in
    let before = node
    let effects = node.step(event)
    guard case .proposer(let proposer) = before,
      case .preparing(_, let promises) = proposer.state,
      case .received(.promise(_, let vote), let sender) = event
    else { return effects }
    return effects.map { effect in
      guard case .send(.accept(let ballot, let value), let acceptor, let release) = effect else {
        return effect
      }
      let own =
        acceptor == sender ? vote : promises.first { $0.acceptor == acceptor }?.vote
      return .send(.accept(ballot, own?.value ?? value), to: acceptor, release)
    }
  }

  static let clientToldItsOwn = Flaw<Node>(
    "clientToldItsOwn", "a proposer tells its client that its own value is chosen",
    editing: { node, _, effect in
      guard case .proposer(let proposer) = node, case .proposing(_, let value) = proposer.state,
        case .reply(.chosen, let client, let release) = effect
      else { return [effect] }
      return [.reply(.chosen(value), to: client, release)]
    })

  static let toldTooEarly = Flaw<Node>(
    "toldTooEarly", "a proposer tells its client when it has asked for acceptances"
  ) { node, event in
    let before = node
    let effects = node.step(event)
    guard case .proposer(let earlier) = before, case .preparing = earlier.state,
      case .proposer(let proposer) = node, case .proposing(_, let value) = proposer.state
    else { return effects }
    var informed = node
    let answer = informed.step(.received(.chosen(value), from: "l"))
    return effects + answer.filter { if case .reply = $0 { true } else { false } }
  }

  static let nothingProposed = Flaw<Node>(
    "nothingProposed", "a proposer that has no value proposes an empty one"
  ) { node, event in
    let effects = node.step(event)
    guard case .received(.promise(let ballot, nil), _) = event, case .proposer(let proposer) = node,
      proposer.state == .idle, !effects.isEmpty
    else { return effects }
    return effects + ["a", "b", "c"].map { .send(.accept(ballot, "nothing"), to: $0) }
  }
}
