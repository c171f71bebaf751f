import Lab
import Paxos
import ProtocolCore
import ReplicatedLog

/// Bugs of Multi-Paxos that are not the absence of a rule.
enum MultiFlaws {
  typealias Server = MultiPaxos.Server
  typealias Words = MultiPaxos.Words

  // MARK: The journal

  static let promiseForgotten = Flaw<Server>(
    "promiseForgotten", "a server never writes down what it promises another",
    editing: { server, _, effect in
      if case .persist(.promised(let ballot)) = effect, ballot.proposer != server.id { return [] }
      return [effect]
    })

  static let acceptanceForgotten = Flaw<Server>(
    "acceptanceForgotten", "a follower never writes down what it accepts",
    editing: { server, _, effect in
      if case .persist(.accepted) = effect, !server.isLeading { return [] }
      return [effect]
    })

  static let diskLost = Flaw<Server>(
    "diskLost", "a server whose disk was lost answers as if it were new"
  ) { server, event in
    if case .started = event { return server.step(.started([])) }
    return server.step(event)
  }

  static let checkpointAhead = Flaw<Server>(
    "checkpointAhead", "a checkpoint is written under the number after that of what it holds",
    editing: { _, _, effect in
      guard case .persist(.checkpoint(var checkpoint)) = effect else { return [effect] }
      checkpoint.number += 1
      return [.persist(.checkpoint(checkpoint))]
    })

  static let sessionsForgotten = Flaw<Server>(
    "sessionsForgotten", "a checkpoint holds the texts, and not what clients were answered"
  ) { server, event in
    switch event {
    case .started(let log):
      return server.step(
        .started(
          log.map { record in
            guard case .checkpoint(var checkpoint) = record else { return record }
            checkpoint.store.forgetSessions()
            return .checkpoint(checkpoint)
          }))
    case .received(.install(var checkpoint), let sender):
      checkpoint.store.forgetSessions()
      return server.step(.received(.install(checkpoint), from: sender))
    case .received(.promise(let ballot, let slots, var checkpoint?), let sender):
      checkpoint.store.forgetSessions()
      return server.step(.received(.promise(ballot, slots, checkpoint), from: sender))
    default: return server.step(event)
    }
  }

  // MARK: Leaders

  static let gapTakenForEnd = Flaw<Server>(
    "gapTakenForEnd", "a new leader takes the first number of which nothing is told for the end"
  ) { server, event in
    guard case .received(.promise(let ballot, let slots, let checkpoint), let sender) = event else {
      return server.step(event)
    }
    var end = server.machine.number
    let told = slots.filter { slot in
      if slot.number == end + 1 { end += 1 }
      return slot.number <= end
    }
    return server.step(.received(.promise(ballot, told, checkpoint), from: sender))
  }

  static let onlyExecutedReported = Flaw<Server>(
    "onlyExecutedReported", "a promise tells what was executed, and not what was only accepted",
    editing: { server, _, effect in
      guard
        case .send(.promise(let ballot, let slots, let checkpoint), let to, let release) = effect
      else { return [effect] }
      let told = slots.filter { $0.number <= server.machine.number }
      return [.send(.promise(ballot, told, checkpoint), to: to, release)]
    })

  static let placeAnswered = Flaw<Server>(
    "placeAnswered",
    "who asked for what stood under a number is answered when it is executed, "
      + "whatever stands there by then"
  ) { server, event in
    let before = server
    var effects = server.step(event)
    for case .note(.applied(let number, let entry)) in effects {
      guard let own = before.slots.first(where: { $0.number == number }), own.entry != entry,
        case .command(let command) = own.entry,
        let waiting = before.waiting.first(where: { $0.request == .command(command) })
      else { continue }
      effects += [.reply(.value(server.machine.store["k"]), to: waiting.client)]
    }
    return effects
  }

  static let textChanged = Flaw<Server>(
    "textChanged", "a leader writes down another text than it was asked for"
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
    "refusedAndDone", "a leader that is deposed refuses what it has proposed"
  ) { server, event in
    let before = server
    let effects = server.step(event)
    guard before.isLeading, !server.isLeading else { return effects }
    return effects + before.waiting.map { .reply(.refused, to: $0.client) }
  }

  // MARK: Members, and leases

  static let membersAtOnce = Flaw<Server>(
    "membersAtOnce", "new members vote from the next number on"
  ) { server, event in
    let before = server.machine.configurations.count
    let effects = server.step(event)
    if let last = server.machine.configurations.last,
      server.machine.configurations.count > before
    {
      server.machine.configurations.removeLast()
      server.machine.configurations.append(
        .init(from: server.machine.number + 1, members: last.members))
    }
    return effects
  }

  static let toldAtOnce = Flaw<Server>(
    "toldAtOnce", "an operator is told that members have changed when they are proposed"
  ) { server, event in
    let effects = server.step(event)
    if case .asked(.members, let client) = event, server.isLeading,
      !effects.contains(where: \.isReply)
    {
      return effects + [.reply(.done, to: client)]
    }
    if case .asked = event { return effects }
    return effects.filter { !$0.isDone }
  }

  static let clockStands = Flaw<Server>(
    "clockStands", "a leader whose clock stands still keeps its lease"
  ) { server, event in
    if case .expired(.lease) = event { return [] }
    return server.step(event)
  }

  static let localReads = Flaw<Server>(
    "localReads", "whoever leads answers reads by itself"
  ) { server, event in
    guard case .asked(.command(let command), let client) = event, server.isLeading,
      case .get(let key) = command.operation
    else { return server.step(event) }
    return [.reply(.value(server.machine.store[key]), to: client)]
  }
}

extension Effect where Words == MultiPaxos.Words {
  /// Whether it answers.
  fileprivate var isReply: Bool { if case .reply = self { true } else { false } }

  /// Whether it answers that something is done.
  fileprivate var isDone: Bool { if case .reply(.done, _, _) = self { true } else { false } }
}
