import AtomicCommitment
import Lab
import ProtocolCore
import ThreePhaseCommit

// MARK: Flaws of the journal

/// Bugs that are not the absence of a rule: what goes wrong between a protocol and its code.
enum Flaws {
  static let voteForgotten = Flaw<Process>(
    "voteForgotten", "a yes is voted and never written down",
    editing: { _, _, effect in
      effect == .persist(.yes) ? [] : [effect]
    })

  static let preCommitForgotten = Flaw<Process>(
    "preCommitForgotten", "that all voted yes is told and never written down",
    editing: { _, _, effect in
      effect == .persist(.preCommit) ? [] : [effect]
    })

}

// MARK: Flaws of leaders that count

extension Flaws {
  static let votesNotVoters = Flaw<Process>(
    "votesNotVoters", "votes are counted, and not voters"
  ) { process, event in
    if case .collecting(let ballot) = process.state,
      case .received(.vote(.yes), let voter) = event, !ballot.missing.contains(voter),
      let another = ballot.missing.first
    {
      return process.step(.received(.vote(.yes), from: another))
    }
    return process.step(event)
  }

  static let acksNotAckers = Flaw<Process>(
    "acksNotAckers", "acknowledgements are counted, and not acknowledgers"
  ) {
    process, event in
    if case .readying(let round) = process.state, case .received(.ack, let follower) = event,
      !round.missing.contains(follower), let another = round.missing.first
    {
      return process.step(.received(.ack, from: another))
    }
    return process.step(event)
  }

  static let firstAckIsEnough = Flaw<Process>(
    "firstAckIsEnough", "one acknowledgement is taken for all"
  ) { process, event in
    if case .readying(let round) = process.state, case .received(.ack, _) = event {
      return round.missing.flatMap { process.step(.received(.ack, from: $0)) }
    }
    return process.step(event)
  }

  static let noTakenForYes = Flaw<Process>("noTakenForYes", "a no is taken for a yes") {
    process, event in
    if case .received(.vote(.no), let voter) = event {
      return process.step(.received(.vote(.yes), from: voter))
    }
    return process.step(event)
  }

  static let silenceIsConsent = Flaw<Process>(
    "silenceIsConsent", "a vote that does not come is taken for a yes"
  ) { process, event in
    if case .collecting(let ballot) = process.state, event == .expired(.votes) {
      return ballot.missing.flatMap { process.step(.received(.vote(.yes), from: $0)) }
    }
    return process.step(event)
  }

  static let missingAckIsNo = Flaw<Process>(
    "missingAckIsNo", "an acknowledgement that does not come is taken for a no"
  ) {
    process, event in
    if case .readying(let round) = process.state, event == .expired(.acks) {
      return round.missing.prefix(1).flatMap {
        process.step(.received(.decide(.abort), from: $0))
      }
    }
    return process.step(event)
  }
}

// MARK: Flaws of what clients are told

extension Flaws {
  static let clientGivenUp = Flaw<Process>(
    "clientGivenUp", "a leader tired of waiting for acknowledgements tells its client abort",
    editing: { _, event, effect in
      guard event == .expired(.acks), case .reply(_, let client, let release) = effect
      else { return [effect] }
      return [.reply(.decided(.abort), to: client, release)]
    })
}

// MARK: Flaws of termination

extension Flaws {
  static let uncertainTakenForReady = Flaw<Process>(
    "uncertainTakenForReady", "a process that says uncertain is taken for committable"
  ) {
    process, event in
    if case .received(.state(.uncertain), let follower) = event {
      return process.step(.received(.state(.committable), from: follower))
    }
    return process.step(event)
  }

  static let silentTakenForReady = Flaw<Process>(
    "silentTakenForReady", "a process that does not tell its state is taken for committable"
  ) {
    process, event in
    if case .polling(let poll) = process.state, event == .expired(.states) {
      return poll.missing.flatMap {
        process.step(.received(.state(.committable), from: $0))
      }
    }
    return process.step(event)
  }

  static let committableOutvoted = Flaw<Process>(
    "committableOutvoted", "a leader that is uncertain believes no process that knows more"
  ) {
    process, event in
    if case .polling(let poll) = process.state, poll.own == .uncertain,
      case .received(.state(.committable), let follower) = event
    {
      return process.step(.received(.state(.uncertain), from: follower))
    }
    return process.step(event)
  }

  static let takesOverUnasked = Flaw<Process>(
    "takesOverUnasked", "a process that hears nothing leads, whichever stands before it"
  ) {
    process, event in
    guard event == .expired(.leader) else { return process.step(event) }
    return process.step(event).filter { $0.isNoInquiry } + process.step(.expired(.answers))
  }
}

// MARK: Flaws of participants

extension Flaws {
  static let voteTwice = Flaw<Process>(
    "voteTwice", "every vote is sent twice",
    editing: { _, _, effect in
      if case .send(.vote, _, _) = effect { return [effect, effect] }
      return [effect]
    })

  static let asksTwice = Flaw<Process>(
    "asksTwice", "a coordinator asks every participant for its vote twice",
    editing: { _, _, effect in
      if case .send(.canCommit, _, _) = effect { return [effect, effect] }
      return [effect]
    })

  static let saysNoToBeSafe = Flaw<Process>(
    "saysNoToBeSafe", "a participant asked to vote says no, for no reason"
  ) { process, event in
    if case .working = process.state, case .received(.canCommit, _) = event {
      return process.step(.expired(.request)) + process.step(event)
    }
    return process.step(event)
  }

  static let recoveredAnswersPolls = Flaw<Process>(
    "recoveredAnswersPolls", "a recovering process tells a new leader how far it was"
  ) {
    process, event in
    if case .recovering(let journals) = process.state,
      case .received(.stateRequest, let leader) = event,
      let journal = journals.first(where: { $0.owner == process.id })
    {
      return [.send(.state(journal.stage), to: leader)]
    }
    return process.step(event)
  }

  static let recoveredSaysAbort = Flaw<Process>(
    "recoveredSaysAbort", "a process that recovers uncertain tells one that asks to abort",
    editing: { _, _, effect in
      guard case .send(.recovering(.uncertain, _), let other, let release) = effect else {
        return [effect]
      }
      return [.send(.decide(.abort), to: other, release)]
    })

  static let recoveredIsAlone = Flaw<Process>(
    "recoveredIsAlone", "a recovering process takes all that do not answer for gone"
  ) {
    process, event in
    guard case .recovering(let journals) = process.state, event == .expired(.news),
      let own = journals.first(where: { $0.owner == process.id })
    else { return process.step(event) }
    let outcome: Decision = own.stage == .committable ? .commit : .abort
    return process.step(.received(.decide(outcome), from: process.id))
  }
}

extension Effect<Words> {
  /// Whether it is anything but a question whether somebody is there.
  fileprivate var isNoInquiry: Bool {
    if case .send(.inquire, _, _) = self { return false }
    return true
  }
}
