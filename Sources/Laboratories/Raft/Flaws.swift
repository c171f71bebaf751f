import Lab
import ProtocolCore
import Raft
import ReplicatedLog

/// Bugs of Raft that are not the absence of a rule: journals, elections, the log.
enum Flaws {
  typealias Server = Raft.Server
  typealias Words = Raft.Words

  // MARK: The journal

  static let voteForgotten = Flaw<Server>(
    "voteForgotten", "a server writes down the term, and not for whom it has voted",
    editing: { server, _, effect in
      guard case .persist(.term(let term, let candidate?)) = effect, candidate != server.id else {
        return [effect]
      }
      return [.persist(.term(term, votedFor: nil))]
    })

  static let entriesForgotten = Flaw<Server>(
    "entriesForgotten", "a follower never writes its entries down"
  ) { server, event in
    let effects = server.step(event)
    return server.isLeading ? effects : effects.filter { !$0.writesEntry }
  }

  static let sessionsForgotten = Flaw<Server>(
    "sessionsForgotten", "a snapshot holds the texts, and not what clients were answered"
  ) { server, event in
    let effects = server.step(event)
    for case .note(.restored) in effects {
      server.store.forgetSessions()
      server.snapshot.store.forgetSessions()
    }
    return effects
  }

  static let snapshotNotLoaded = Flaw<Server>(
    "snapshotNotLoaded",
    "a server that takes over a snapshot writes it down, and goes on from what it had"
  ) { server, event in
    let before = server.store
    let effects = server.step(event)
    if case .received(.installSnapshot, _) = event, effects.contains(where: \.isRestored) {
      server.store = before
    }
    return effects
  }

  static let snapshotAhead = Flaw<Server>(
    "snapshotAhead", "a snapshot is written under the index after that of what it holds",
    editing: { _, _, effect in
      guard case .persist(.snapshot(let told)) = effect else { return [effect] }
      let last = Position(told.last.index + 1, told.last.term)
      return [
        .persist(
          .snapshot(Snapshot(last: last, configuration: told.configuration, store: told.store)))
      ]
    })

  // MARK: Elections

  static let lengthBeforeTerm = Flaw<Server>(
    "lengthBeforeTerm", "of two logs the longer counts as the more up to date"
  ) { server, event in
    guard case .received(.requestVote(let term, let last, let election), let sender) = event else {
      return server.step(event)
    }
    let seen = Position(last.index, last.index >= server.lastIndex ? term : 0)
    let told = last.index == 0 ? last : seen
    return server.step(.received(.requestVote(term: term, last: told, election), from: sender))
  }

  static let votesNotVoters = Flaw<Server>(
    "votesNotVoters", "a candidate counts votes, and a vote that comes twice is two"
  ) { server, event in
    guard case .received(.vote(let term, true, let election), let sender) = event,
      case .candidate(let candidacy) = server.role, candidacy.voters.contains(sender)
    else { return server.step(event) }
    let other = server.configuration.voters.first {
      $0 != server.id && !candidacy.voters.contains($0)
    }
    return server.step(
      .received(.vote(term: term, granted: true, election), from: other ?? sender))
  }

  static let refusalTakenForVote = Flaw<Server>(
    "refusalTakenForVote", "a candidate counts every answer in its term"
  ) { server, event in
    guard case .received(.vote(let term, false, let election), let sender) = event,
      term == server.term
    else { return server.step(event) }
    return server.step(.received(.vote(term: term, granted: true, election), from: sender))
  }

  static let oldVoteCounted = Flaw<Server>(
    "oldVoteCounted", "a candidate counts votes of earlier terms"
  ) { server, event in
    guard case .received(.vote(let term, true, .usual), let sender) = event, term < server.term
    else { return server.step(event) }
    return server.step(
      .received(.vote(term: server.term, granted: true, .usual), from: sender))
  }

  static let preVoteMovesTerm = Flaw<Server>(
    "preVoteMovesTerm", "a server that is asked for a pre-vote takes over the term"
  ) { server, event in
    guard case .received(.requestVote(let term, _, .pre), let sender) = event,
      term > server.term
    else { return server.step(event) }
    return server.step(.received(.outdated(term: term), from: sender)) + server.step(event)
  }

  // MARK: The log

  static let acksNotFollowers = Flaw<Server>(
    "acksNotFollowers", "a leader counts acknowledgements, and one that comes twice is two"
  ) { server, event in
    guard case .received(.appended(let term, let match, _), let sender) = event,
      case .leader(let leading) = server.role,
      leading.peers.contains(where: { $0.id == sender && $0.match >= match }),
      let other = leading.peers.first(where: { $0.id != sender })
    else { return server.step(event) }
    return server.step(.received(.appended(term: term, match: match, round: 0), from: other.id))
  }

  static let lateAckBelieved = Flaw<Server>(
    "lateAckBelieved", "a leader believes what a follower acknowledged in an earlier term"
  ) { server, event in
    guard case .received(.appended(let term, let match, let round), let sender) = event,
      term < server.term, match <= server.lastIndex
    else { return server.step(event) }
    return server.step(
      .received(.appended(term: server.term, match: match, round: round), from: sender))
  }

  static let rejectionTakenForAck = Flaw<Server>(
    "rejectionTakenForAck", "a leader takes every answer for an acknowledgement"
  ) { server, event in
    guard case .received(.rejected(let term, let after, _, let round), let sender) = event else {
      return server.step(event)
    }
    return server.step(
      .received(.appended(term: term, match: after, round: round), from: sender))
  }

  static let heartbeatAcksAll = Flaw<Server>(
    "heartbeatAcksAll", "a follower acknowledges its whole log, whatever of it was compared"
  ) { server, event in
    server.step(event).map { effect in
      guard case .send(.appended(let term, _, let round), let to, let release) = effect else {
        return effect
      }
      return .send(
        .appended(term: term, match: server.lastIndex, round: round), to: to, release)
    }
  }
}

extension Effect where Words == Raft.Words {
  /// Whether it writes an entry of the log.
  var writesEntry: Bool { if case .persist(.entry) = self { true } else { false } }

  /// Whether it tells that a snapshot was taken over.
  var isRestored: Bool { if case .note(.restored) = self { true } else { false } }

  /// Whether it answers.
  var isReply: Bool { if case .reply = self { true } else { false } }

  /// Whether it answers that something is done.
  var isDone: Bool { if case .reply(.done, _, _) = self { true } else { false } }
}
