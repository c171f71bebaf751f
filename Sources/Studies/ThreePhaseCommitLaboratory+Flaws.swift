import AtomicCommitment
import Lab
import ProtocolCore
import ThreePhaseCommit

// MARK: Flaws of the journal

extension ThreePhaseCommitLaboratory {
  static let journalFlaws: [Flaw<Process>] = [
    Flaw("writesAfterSending", "the messages of a step go out before its records are written") {
      process, event in
      let effects = process.step(event)
      return effects.filter { !$0.isPersist } + effects.filter(\.isPersist)
    },
    Flaw(
      "voteForgotten", "a yes is voted and never written down",
      editing: { _, _, effect in
        effect == .persist(.yes) ? [] : [effect]
      }),
    Flaw(
      "preCommitForgotten", "that all voted yes is told and never written down",
      editing: { _, _, effect in
        effect == .persist(.preCommit) ? [] : [effect]
      }),
    Flaw("readsFirstRecordOnly", "the journal is read up to its first record after a crash") {
      process, event in
      if case .started(let log) = event { return process.step(.started(Array(log.prefix(1)))) }
      return process.step(event)
    },
  ]
}

// MARK: Flaws of those who lead

extension ThreePhaseCommitLaboratory {
  static let countingFlaws: [Flaw<Process>] = [
    Flaw("votesNotVoters", "votes are counted, and not who voted") { process, event in
      if case .collecting(let ballot) = process.state,
        case .received(.vote(.yes), let voter) = event, !ballot.missing.contains(voter),
        let another = ballot.missing.first
      {
        return process.step(.received(.vote(.yes), from: another))
      }
      return process.step(event)
    },
    Flaw("acksNotAckers", "acknowledgements are counted, and not who acknowledged") {
      process, event in
      if case .readying(let round) = process.state, case .received(.ack, let follower) = event,
        !round.missing.contains(follower), let another = round.missing.first
      {
        return process.step(.received(.ack, from: another))
      }
      return process.step(event)
    },
    Flaw("firstAckIsEnough", "one acknowledgement is taken for all") { process, event in
      if case .readying(let round) = process.state, case .received(.ack, _) = event {
        return round.missing.flatMap { process.step(.received(.ack, from: $0)) }
      }
      return process.step(event)
    },
    Flaw("noTakenForYes", "a no is taken for a yes") { process, event in
      if case .received(.vote(.no), let voter) = event {
        return process.step(.received(.vote(.yes), from: voter))
      }
      return process.step(event)
    },
    Flaw("silenceIsConsent", "a vote that does not come is taken for a yes") { process, event in
      if case .collecting(let ballot) = process.state, event == .expired(.votes) {
        return ballot.missing.flatMap { process.step(.received(.vote(.yes), from: $0)) }
      }
      return process.step(event)
    },
    Flaw("missingAckIsNo", "an acknowledgement that does not come is taken for a no") {
      process, event in
      if case .readying(let round) = process.state, event == .expired(.acks) {
        return round.missing.prefix(1).flatMap {
          process.step(.received(.decide(.abort), from: $0))
        }
      }
      return process.step(event)
    },
  ]

  static let clientFlaws: [Flaw<Process>] = [
    Flaw(
      "clientGivenUp", "who has waited for acknowledgements tells its client that it aborted",
      editing: { _, event, effect in
        guard event == .expired(.acks), case .reply(_, let client, let release) = effect
        else { return [effect] }
        return [.reply(.decided(.abort), to: client, release)]
      })
  ]

  static let terminationFlaws: [Flaw<Process>] = [
    Flaw("uncertainTakenForReady", "who says that it is uncertain is taken for committable") {
      process, event in
      if case .received(.state(.uncertain), let follower) = event {
        return process.step(.received(.state(.committable), from: follower))
      }
      return process.step(event)
    },
    Flaw("silentTakenForReady", "who does not tell its state is taken for committable") {
      process, event in
      if case .polling(let poll) = process.state, event == .expired(.states) {
        return poll.missing.flatMap {
          process.step(.received(.state(.committable), from: $0))
        }
      }
      return process.step(event)
    },
    Flaw("committableOutvoted", "a leader that is uncertain believes nobody who knows more") {
      process, event in
      if case .polling(let poll) = process.state, poll.own == .uncertain,
        case .received(.state(.committable), let follower) = event
      {
        return process.step(.received(.state(.uncertain), from: follower))
      }
      return process.step(event)
    },
    Flaw("takesOverUnasked", "who hears nothing leads, whoever stands before it") {
      process, event in
      guard event == .expired(.leader) else { return process.step(event) }
      return process.step(event).filter { $0.isNoInquiry } + process.step(.expired(.answers))
    },
  ]
}

// MARK: Flaws of participants, and of those who recover

extension ThreePhaseCommitLaboratory {
  static let participantFlaws: [Flaw<Process>] = [
    Flaw(
      "voteTwice", "every vote is sent twice",
      editing: { _, _, effect in
        if case .send(.vote, _, _) = effect { return [effect, effect] }
        return [effect]
      }),
    Flaw(
      "asksTwice", "who asks for votes asks everybody twice",
      editing: { _, _, effect in
        if case .send(.canCommit, _, _) = effect { return [effect, effect] }
        return [effect]
      }),
    Flaw("saysNoToBeSafe", "who is asked to vote says no, for no reason") { process, event in
      if case .working = process.state, case .received(.canCommit, _) = event {
        return process.step(.expired(.request)) + process.step(event)
      }
      return process.step(event)
    },
    Flaw("recoveredAnswersPolls", "who recovers tells a new leader how far it was") {
      process, event in
      if case .recovering(let journals) = process.state,
        case .received(.stateRequest, let leader) = event,
        let journal = journals.first(where: { $0.owner == process.id })
      {
        return [.send(.state(journal.stage), to: leader)]
      }
      return process.step(event)
    },
    Flaw(
      "recoveredSaysAbort", "who recovers uncertain tells who asks to abort",
      editing: { _, _, effect in
        guard case .send(.recovering(.uncertain, _), let other, let release) = effect else {
          return [effect]
        }
        return [.send(.decide(.abort), to: other, release)]
      }),
    Flaw("recoveredIsAlone", "who recovers takes everybody for gone who does not answer") {
      process, event in
      guard case .recovering(let journals) = process.state, event == .expired(.news),
        let own = journals.first(where: { $0.owner == process.id })
      else { return process.step(event) }
      let outcome: Decision = own.stage == .committable ? .commit : .abort
      return process.step(.received(.decide(outcome), from: process.id))
    },
  ]
}

extension Effect<Words> {
  /// Whether it writes a record.
  fileprivate var isPersist: Bool {
    if case .persist = self { return true }
    return false
  }

  /// Whether it is anything but a question whether somebody is there.
  fileprivate var isNoInquiry: Bool {
    if case .send(.inquire, _, _) = self { return false }
    return true
  }
}
