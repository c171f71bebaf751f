import AtomicCommitment
import Lab
import ProtocolCore
import QuorumCommit

// MARK: Flaws of the journal

extension QuorumCommitLaboratory {
  static let journalFlaws: [Flaw<Process>] = [
    Flaw("writesAfterSending", "the messages of a step go out before its records are written") {
      process, event in
      let effects = process.step(event)
      return effects.filter { !$0.isPersist } + effects.filter(\.isPersist)
    },
    Flaw(
      "voteForgotten", "a yes is voted and never written down",
      editing: { _, _, effect in effect == .persist(.yes) ? [] : [effect] }),
    Flaw(
      "sideForgotten", "who takes a side never writes it down",
      editing: { _, _, effect in
        if case .persist(.attempt) = effect { return [] }
        return [effect]
      }),
    Flaw(
      "electionForgotten", "who takes part in an election never writes that down",
      editing: { _, _, effect in
        if case .persist(.elected) = effect { return [] }
        return [effect]
      }),
    Flaw("readsFirstRecordOnly", "the journal is read up to its first record after a crash") {
      process, event in
      if case .started(let log) = event { return process.step(.started(Array(log.prefix(1)))) }
      return process.step(event)
    },
  ]
}

// MARK: Flaws of those who count

extension QuorumCommitLaboratory {
  static let countingFlaws: [Flaw<Process>] = [
    Flaw("votesNotVoters", "votes are counted, and not who voted") { process, event in
      if case .collecting(let missing) = process.state,
        case .received(.vote(.yes), let voter) = event, !missing.contains(voter),
        let another = missing.first
      {
        return process.step(.received(.vote(.yes), from: another))
      }
      return process.step(event)
    },
    Flaw("noTakenForYes", "a no is taken for a yes") { process, event in
      if case .received(.vote(.no), let voter) = event {
        return process.step(.received(.vote(.yes), from: voter))
      }
      return process.step(event)
    },
    Flaw("silentCounted", "who does not answer a poll is taken for uncertain") { process, event in
      guard case .polling(let poll) = process.state, event == .expired(.states) else {
        return process.step(event)
      }
      let answered = poll.answers.map(\.owner)
      let silent = process.peers.filter { !answered.contains($0) }
      return silent.flatMap {
        process.step(.received(.state(.uncertain(in: poll.own.elected)), from: $0))
      }
    },
    Flaw("askedCounted", "who is told a side is counted on it, acknowledged or not") {
      process, event in
      var effects = process.step(event)
      if case .attempting(let round) = process.state {
        for peer in process.peers {
          effects += process.step(
            .received(.ack(round.decision, round.own.elected), from: peer))
        }
      }
      return effects
    },
  ]

  static let answeringFlaws: [Flaw<Process>] = [
    Flaw(
      "saysUncertain", "who is polled says that it is uncertain, whatever it was told",
      editing: { _, _, effect in
        guard case .send(.state(let standing), let leader, let release) = effect else {
          return [effect]
        }
        return [.send(.state(.uncertain(in: standing.elected)), to: leader, release)]
      }),
    Flaw(
      "doubtSaysAbort", "who is polled in doubt says abort",
      editing: { _, _, effect in
        guard case .send(.state, let leader, let release) = effect else { return [effect] }
        return [.send(.decide(.abort), to: leader, release)]
      }),
    Flaw(
      "acksUnheard", "who may not follow an attempt acknowledges it all the same"
    ) { process, event in
      let effects = process.step(event)
      guard effects.isEmpty, process.isInDoubt,
        case .received(.attempt(let outcome, let election), let leader) = event
      else { return effects }
      return [.send(.ack(outcome, election), to: leader)]
    },
    Flaw("blockedAborts", "who may go for nothing aborts, to be safe") { process, event in
      guard case .polling = process.state, event == .expired(.states) else {
        return process.step(event)
      }
      let effects = process.step(event)
      guard case .following = process.state else { return effects }
      return effects + process.step(.received(.decide(.abort), from: process.id))
    },
  ]
}

extension Standing {
  /// That of who stands on no side and was told none.
  fileprivate static func uncertain(in election: Int) -> Standing {
    Standing(elected: election)
  }
}

extension Effect<QuorumCommit.Words> {
  /// Whether it writes a record.
  fileprivate var isPersist: Bool {
    if case .persist = self { return true }
    return false
  }
}
