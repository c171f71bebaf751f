import AtomicCommitment
import Lab
import ProtocolCore
import QuorumCommit

// MARK: Flaws of the journal

/// Bugs that are not the absence of a rule: what goes wrong between a protocol and its code.
enum Flaws {
  static let voteForgotten = Flaw<Process>(
    "voteForgotten", "a yes is voted and never written down",
    editing: { _, _, effect in effect == .persist(.yes) ? [] : [effect] })

  static let sideForgotten = Flaw<Process>(
    "sideForgotten", "a participant that takes a side never writes it down",
    editing: { _, _, effect in
      if case .persist(.attempt) = effect { return [] }
      return [effect]
    })

  static let electionForgotten = Flaw<Process>(
    "electionForgotten", "a participant in an election never writes that down",
    editing: { _, _, effect in
      if case .persist(.elected) = effect { return [] }
      return [effect]
    })

}

// MARK: Flaws of leaders that count

extension Flaws {
  static let votesNotVoters = Flaw<Process>(
    "votesNotVoters", "votes are counted, and not voters"
  ) { process, event in
    if case .collecting(let missing) = process.state,
      case .received(.vote(.yes), let voter) = event, !missing.contains(voter),
      let another = missing.first
    {
      return process.step(.received(.vote(.yes), from: another))
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

  static let silentCounted = Flaw<Process>(
    "silentCounted", "a process that does not answer a poll is taken for uncertain"
  ) { process, event in
    guard case .polling(let poll) = process.state, event == .expired(.states) else {
      return process.step(event)
    }
    let answered = poll.answers.map(\.owner)
    let silent = process.peers.filter { !answered.contains($0) }
    return silent.flatMap {
      process.step(.received(.state(.uncertain(in: poll.own.elected)), from: $0))
    }
  }

  static let askedCounted = Flaw<Process>(
    "askedCounted", "a participant told a side is counted on it, acknowledged or not"
  ) {
    process, event in
    var effects = process.step(event)
    if case .attempting(let round) = process.state {
      for peer in process.peers {
        effects += process.step(
          .received(.ack(round.decision, round.own.elected), from: peer))
      }
    }
    return effects
  }
}

// MARK: Flaws of answers

extension Flaws {
  static let saysUncertain = Flaw<Process>(
    "saysUncertain", "a polled participant says that it is uncertain, whatever it was told",
    editing: { _, _, effect in
      guard case .send(.state(let standing), let leader, let release) = effect else {
        return [effect]
      }
      return [.send(.state(.uncertain(in: standing.elected)), to: leader, release)]
    })

  static let doubtSaysAbort = Flaw<Process>(
    "doubtSaysAbort", "a participant polled in doubt says abort",
    editing: { _, _, effect in
      guard case .send(.state, let leader, let release) = effect else { return [effect] }
      return [.send(.decide(.abort), to: leader, release)]
    })

  static let acksUnheard = Flaw<Process>(
    "acksUnheard", "a participant that may not follow an attempt acknowledges it"
  ) { process, event in
    let effects = process.step(event)
    guard effects.isEmpty, process.isInDoubt,
      case .received(.attempt(let outcome, let election), let leader) = event
    else { return effects }
    return [.send(.ack(outcome, election), to: leader)]
  }

  static let blockedAborts = Flaw<Process>(
    "blockedAborts", "a leader that may go for no side aborts, to be safe"
  ) { process, event in
    guard case .polling = process.state, event == .expired(.states) else {
      return process.step(event)
    }
    let effects = process.step(event)
    guard case .following = process.state else { return effects }
    return effects + process.step(.received(.decide(.abort), from: process.id))
  }
}

extension Standing {
  /// That of a participant that stands on no side and was told none.
  fileprivate static func uncertain(in election: Int) -> Standing {
    Standing(elected: election)
  }
}

// MARK: Flaws of the cautious

extension Flaws {
  static let saysNoToBeSafe = Flaw<Process>(
    "saysNoToBeSafe", "a participant asked to vote says no, for no reason"
  ) { process, event in
    if case .working = process.state, case .received(.canCommit, _) = event {
      return process.step(.expired(.request)) + process.step(event)
    }
    return process.step(event)
  }
}
