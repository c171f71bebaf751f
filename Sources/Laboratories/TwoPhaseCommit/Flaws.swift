import AtomicCommitment
import Lab
import ProtocolCore
import TwoPhaseCommit

// MARK: Flaws of the journal

/// Bugs that are not the absence of a rule: what goes wrong between a protocol and its code.
enum Flaws {
  static let voteForgotten = Flaw<Node>(
    "voteForgotten", "a yes is voted and never written down",
    editing: { _, _, effect in
      effect == .persist(.yes) ? [] : [effect]
    })

  static let endWithDecision = Flaw<Node>(
    "endWithDecision", "the end is written with the decision, as if all had acknowledged",
    editing: { _, _, effect in
      if case .persist(.decided) = effect { return [effect, .persist(.end)] }
      return [effect]
    })

  static let tellsClientEarly = Flaw<Node>(
    "tellsClientEarly", "the client is told before the decision is on disk",
    editing: { _, _, effect in
      if case .reply(let reply, let id, _) = effect { return [.reply(reply, to: id, .atOnce)] }
      return [effect]
    })
}

// MARK: Flaws of the coordinator

extension Flaws {
  static let votesNotVoters = Flaw<Node>("votesNotVoters", "votes are counted, and not voters") {
    node, event in
    if case .coordinator(let coordinator) = node,
      case .collecting(let ballot) = coordinator.state,
      case .received(.vote(.yes), let voter) = event, !ballot.missing.contains(voter),
      let another = ballot.missing.first
    {
      return node.step(.received(.vote(.yes), from: another))
    }
    return node.step(event)
  }

  static let noTakenForRead = Flaw<Node>("noTakenForRead", "a no is taken for a read-only vote") {
    node, event in
    if case .coordinator = node, case .received(.vote(.no), let voter) = event {
      return node.step(.received(.vote(.readOnly), from: voter))
    }
    return node.step(event)
  }

  static let silenceIsConsent = Flaw<Node>(
    "silenceIsConsent", "a vote that does not come is taken for a yes"
  ) { node, event in
    if case .coordinator(let coordinator) = node,
      case .collecting(let ballot) = coordinator.state, event == .expired(.votes)
    {
      return ballot.missing.flatMap { node.step(.received(.vote(.yes), from: $0)) }
    }
    return node.step(event)
  }

  static let forgetsOnFirstAck = Flaw<Node>(
    "forgetsOnFirstAck", "one acknowledgement is taken for all"
  ) { node, event in
    if case .coordinator(let coordinator) = node,
      case .telling(_, let waiting) = coordinator.state, case .received(.ack, _) = event
    {
      return waiting.flatMap { node.step(.received(.ack, from: $0)) }
    }
    return node.step(event)
  }

  static let decidesAnew = Flaw<Node>(
    "decidesAnew", "a coordinator that repeats a decision decides again, without its votes",
    editing: { _, event, effect in
      guard event == .expired(.acks), case .send(.decide, let to, let release) = effect
      else { return [effect] }
      return [.send(.decide(.abort), to: to, release)]
    })

  static let wrongPresumption = Flaw<Node>(
    "wrongPresumption", "a coordinator that has forgotten answers the opposite of what is presumed",
    editing: { node, event, effect in
      guard case .coordinator(let coordinator) = node, coordinator.state == .idle,
        case .received(.inquire, _) = event,
        case .send(.decide(let outcome), let to, let release) = effect
      else { return [effect] }
      return [.send(.decide(outcome == .commit ? .abort : .commit), to: to, release)]
    })
}

// MARK: Flaws of participants

extension Flaws {
  static let voteTwice = Flaw<Node>(
    "voteTwice", "every vote is sent twice",
    editing: { _, _, effect in
      if case .send(.vote, _, _) = effect { return [effect, effect] }
      return [effect]
    })

  static let uncertainTakenForAbort = Flaw<Node>(
    "uncertainTakenForAbort", "a peer that does not know is taken for one that knows of an abort"
  ) {
    node, event in
    if case .received(.uncertain, let peer) = event {
      return node.step(.received(.decide(.abort), from: peer))
    }
    return node.step(event)
  }

  static let uncertainSaysAbort = Flaw<Node>(
    "uncertainSaysAbort", "a participant in doubt tells a peer that asks to abort",
    editing: { node, _, effect in
      guard case .participant(let participant) = node, participant.state == .prepared,
        case .send(.uncertain, let peer, let release) = effect
      else { return [effect] }
      return [.send(.decide(.abort), to: peer, release)]
    })

  static let operatorSpreads = Flaw<Node>(
    "operatorSpreads", "what an operator decided is told to peers as the decision",
    editing: { node, _, effect in
      guard case .participant(let participant) = node,
        case .heuristic(let outcome) = participant.state,
        case .send(.uncertain, let peer, let release) = effect
      else { return [effect] }
      return [.send(.decide(outcome), to: peer, release)]
    })

  static let damageHidden = Flaw<Node>(
    "damageHidden",
    "a participant that an operator decided otherwise acknowledges as if it had not",
    editing: { _, _, effect in
      if case .send(.damage, let to, let release) = effect {
        return [.send(.ack, to: to, release)]
      }
      return [effect]
    })

  static let recoveredVotesAgain = Flaw<Node>(
    "recoveredVotesAgain",
    "a participant that finds its yes after a crash votes anew, and votes no",
    editing: { _, event, effect in
      guard case .started(let log) = event, log.contains(.yes),
        case .send(.inquire, let to, let release) = effect
      else { return [effect] }
      return [effect, .send(.vote(.no), to: to, release)]
    })
}

// MARK: Flaws of the cautious

extension Flaws {
  static let saysNoToBeSafe = Flaw<Node>(
    "saysNoToBeSafe", "a participant asked to prepare says no, for no reason"
  ) { node, event in
    if case .participant(let participant) = node, case .working = participant.state,
      case .received(.prepare, _) = event
    {
      return node.step(.expired(.request)) + node.step(event)
    }
    return node.step(event)
  }
}
