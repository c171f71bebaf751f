import Lab
import ProtocolCore
import Raft
import ReplicatedLog

// Bugs of Raft: members, clients, reads.

extension Flaws {
  // MARK: Members

  static let removedLeaderCounts = Flaw<Server>(
    "removedLeaderCounts", "a leader that is to leave counts itself still",
    step: { server, event in
      guard case .stored = event, case .leader(let leading) = server.role,
        !server.configuration.contains(server.id), let voter = leading.peers.first
      else { return server.step(event) }
      return server.step(event)
        + server.step(
          .received(
            .appended(term: server.term, match: server.lastIndex, round: 0), from: voter.id))
    })

  static let membersForgotten = Flaw<Server>(
    "membersForgotten", "a snapshot names the members of the snapshot before"
  ) { server, event in
    let before = server.snapshot
    let effects = server.step(event)
    return effects.map { effect in
      guard case .persist(.snapshot(let told)) = effect else { return effect }
      server.snapshot = Snapshot(
        last: told.last, configuration: before.configuration, store: told.store)
      return .persist(.snapshot(server.snapshot))
    }
  }

  // MARK: Clients

  static let textChanged = Flaw<Server>(
    "textChanged", "a leader takes another text into its log than it was asked for"
  ) { server, event in
    if case .asked(.command(let command), let client) = event,
      case .append(let key, _) = command.operation
    {
      let other = ReplicatedLog.Command(command.client, command.serial, .append(key, "z"))
      return server.step(.asked(.command(other), client))
    }
    return server.step(event)
  }

  static let refusedAndDone = Flaw<Server>(
    "refusedAndDone", "a leader that is deposed refuses what it has taken into its log"
  ) { server, event in
    let before = server
    let effects = server.step(event)
    guard before.isLeading, !server.isLeading else { return effects }
    let clients = before.waiting.map(\.client) + before.operators.map(\.client)
    return effects + clients.map { .reply(.refused, to: $0) }
  }

  static let answeredUncommitted = Flaw<Server>(
    "answeredUncommitted", "a leader answers when the entry is on its own disk"
  ) { server, event in
    let effects = server.step(event)
    guard case .stored(let records) = event, server.isLeading else { return effects }
    let told: [Effect<Words>] = records.compactMap { record in
      guard case .entry(let entry) = record, case .command(let command) = entry.content,
        case .append(let key, let piece) = command.operation,
        let waiting = server.waiting.first(where: { $0.command == command })
      else { return nil }
      return .reply(.value((server.store[key] ?? "") + piece), to: waiting.client)
    }
    return effects + told
  }

  static let toldAtOnce = Flaw<Server>(
    "toldAtOnce", "an operator is told that members have changed when they are proposed"
  ) { server, event in
    let effects = server.step(event)
    if case .asked(.members, let client) = event, effects.contains(where: \.writesEntry) {
      return effects + [.reply(.done, to: client)]
    }
    if case .asked = event { return effects }
    return effects.filter { !$0.isDone }
  }

  static let transferToldAtOnce = Flaw<Server>(
    "transferToldAtOnce",
    "an operator is told that another leads when that one is told to begin an election"
  ) { server, event in
    let effects = server.step(event)
    guard case .asked(let request, let client) = event else {
      return effects.filter { !$0.isDone }
    }
    guard case .transfer = request, server.isLeading, !effects.contains(where: \.isReply) else {
      return effects
    }
    return effects + [.reply(.done, to: client)]
  }

  static let transferToItselfToldAtOnce = Flaw<Server>(
    "transferToItselfToldAtOnce",
    "a leader that is to lead itself says that it does, and does not confirm it"
  ) { server, event in
    guard case .asked(.transfer(server.id), let client) = event, server.isLeading else {
      return server.step(event)
    }
    return [.reply(.done, to: client)]
  }

  static let membersRefusedAndDone = Flaw<Server>(
    "membersRefusedAndDone",
    "an operator is refused members that stand on the leader's disk by then"
  ) { server, event in
    let effects = server.step(event).filter { !$0.isDone }
    guard case .stored = event, server.isLeading else { return effects }
    return effects + server.operators.map { .reply(.refused, to: $0.client) }
  }

  static let followersReadAlone = Flaw<Server>(
    "followersReadAlone", "a follower answers reads from its own copy"
  ) { server, event in
    guard case .asked(.command(let command), let client) = event, !server.isLeading,
      case .get(let key) = command.operation
    else { return server.step(event) }
    return [.reply(.value(server.store[key]), to: client)]
  }

  static let readIndexEarly = Flaw<Server>(
    "readIndexEarly", "a leader tells a follower its commit index of before its own term's entry",
    editing: { server, _, effect in
      guard case .send(.readAt(let term, let number, _), let to, let release) = effect else {
        return [effect]
      }
      let early = Words.Message.readAt(term: term, number: number, index: server.commitIndex)
      return [.send(early, to: to, release)]
    })

  static let clockStands = Flaw<Server>(
    "clockStands", "a leader whose clock stands still keeps its lease"
  ) { server, event in
    if case .expired(.lease) = event { return [] }
    return server.step(event)
  }
}
