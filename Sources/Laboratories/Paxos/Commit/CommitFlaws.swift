import AtomicCommitment
import Lab
import Paxos
import ProtocolCore

// MARK: Flaws of the journal

/// Bugs that are not the absence of a rule: what goes wrong between a protocol and its code.
enum CommitFlaws {
  typealias Flaw = Lab.Flaw<PaxosCommit.Node>
  typealias Words = PaxosCommit.Words

  static let promiseForgotten = Flaw(
    "promiseForgotten", "an acceptor never writes down what it promises",
    editing: { _, _, effect in
      if case .persist(.promised) = effect { return [] }
      return [effect]
    })

  static let diskLost = Flaw(
    "diskLost", "an acceptor whose disk was lost answers as if it were new"
  ) { node, event in
    if case .acceptor = node, case .started = event { return node.step(.started([])) }
    return node.step(event)
  }
}

// MARK: Flaws of those that count

extension CommitFlaws {
  static let noTakenForYes = Flaw("noTakenForYes", "an acceptor takes a no for a yes") {
    node, event in
    guard case .acceptor = node,
      case .received(.accept(let ballot, let votes), let sender) = event, ballot.round == 0
    else { return node.step(event) }
    let yes = votes.map { PaxosCommit.InstanceVote($0.participant, .yes) }
    return node.step(.received(.accept(ballot, yes), from: sender))
  }

  static let silenceTakenForYes = Flaw(
    "silenceTakenForYes", "an acceptor that has one yes does not wait for the others"
  ) { node, event in
    let effects = node.step(event)
    guard case .acceptor = node,
      case .received(.accept(let ballot, let votes), let sender) = event, ballot.round == 0,
      votes.allSatisfy({ $0.vote == .yes })
    else { return effects }
    let all = ["a", "b"].map { PaxosCommit.InstanceVote($0, .yes) }
    return effects + node.step(.received(.accept(ballot, all), from: sender))
  }

  static let acceptancesNotAcceptors = Flaw(
    "acceptancesNotAcceptors", "acceptances are counted, and not acceptors"
  ) { node, event in
    guard case .acceptor(let leader) = node, case .counting(let ballot, let told) = leader.standing,
      case .received(.accepted(ballot, let votes), let sender) = event,
      told.contains(where: { $0.acceptor == sender }),
      let another = ["c", "d", "e"].first(where: { id in
        !told.contains { $0.acceptor == id }
      })
    else { return node.step(event) }
    return node.step(.received(.accepted(ballot, votes), from: another))
  }

  static let promisesNotAcceptors = Flaw(
    "promisesNotAcceptors", "a leader counts its own promise twice"
  ) { node, event in
    var effects = node.step(event)
    guard case .acceptor(let leader) = node,
      case .preparing(let ballot, let promises) = leader.standing,
      let own = promises.first, promises.count == 1, event == .expired(.lead)
    else { return effects }
    let another: NodeID = leader.id == "c" ? "d" : "c"
    effects += node.step(.received(.promise(ballot, own.accepted), from: another))
    return effects
  }
}

// MARK: Flaws of leaders and participants

extension CommitFlaws {
  static let ownVotesIgnored = Flaw(
    "ownVotesIgnored", "a leader asks the others what they have accepted, and not itself"
  ) { node, event in
    guard event == .expired(.ballot) || event == .expired(.lead) else { return node.step(event) }
    node.without.insert(.voteReported)
    defer { node.without.remove(.voteReported) }
    return node.step(event)
  }

  static let toldTooEarly = Flaw(
    "toldTooEarly", "the leader tells its client when it has heard all votes itself"
  ) { node, event in
    guard case .acceptor(let before) = node, let client = before.client,
      case .received(.accept(let ballot, _), _) = event, ballot.round == 0
    else { return node.step(event) }
    let effects = node.step(event)
    guard case .acceptor(let leader) = node, let accepted = leader.accepted,
      accepted.votes.allSatisfy({ $0.vote == .yes })
    else { return effects }
    return effects + [.reply(.decided(.commit), to: client)]
  }

  static let abortsForNow = Flaw(
    "abortsForNow", "a participant that has waited for long aborts until it is told otherwise"
  ) { node, event in
    let effects = node.step(event)
    guard case .participant(let participant) = node, participant.state == .prepared,
      event == .expired(.decision)
    else { return effects }
    return effects + [.note(.decided(.abort))]
  }

  static let saysNoToBeSafe = Flaw(
    "saysNoToBeSafe", "a participant asked to vote says no, for no reason"
  ) { node, event in
    if case .participant(let participant) = node, participant.state == .working(.update),
      case .received(.prepare, _) = event
    {
      return node.step(.expired(.request)) + node.step(event)
    }
    return node.step(event)
  }
}
