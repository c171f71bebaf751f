import CAP
import Lab
import ProtocolCore
import SharedStorage

/// Bugs that are not the absence of a rule: what goes wrong between a protocol and its code.
enum Flaws {}

// MARK: Quorums

extension Flaws {
  static let selfCountedTwice = Flaw<Node>(
    "selfCountedTwice", "a node that asks a quorum counts itself twice"
  ) { node, event in
    let effects = node.step(event)
    guard case .asked = event, case .quorum(let replica) = node,
      let attempt = replica.attempts.last, case .querying(_, let own) = attempt.phase
    else { return effects }
    return effects
      + node.step(.received(.version(attempt.number, own), from: NodeID("\(replica.id)'")))
  }

  static let answersNotNodes = Flaw<Node>(
    "answersNotNodes", "answers are counted, and not nodes"
  ) { node, event in
    guard case .quorum(let replica) = node, case .received(let message, let sender) = event,
      case .stored(let number) = message,
      let attempt = replica.attempts.first(where: { $0.number == number }),
      case .storing(let keepers, _) = attempt.phase, keepers.contains(sender)
    else { return node.step(event) }
    return node.step(.received(message, from: NodeID("\(sender)'")))
  }

  static let staleAnswerCounted = Flaw<Node>(
    "staleAnswerCounted", "an answer to an earlier attempt counts for the present one"
  ) { node, event in
    guard case .quorum(let replica) = node,
      case .received(.version(let number, let version), let sender) = event,
      let attempt = replica.attempts.last, attempt.number != number
    else { return node.step(event) }
    return node.step(.received(.version(attempt.number, version), from: sender))
  }

  static let refusedAndDone = Flaw<Node>(
    "refusedAndDone", "a write that some node may keep is refused",
    editing: { _, _, effect in
      if case .reply(.unsure, let client, let release) = effect {
        return [.reply(.refused, to: client, release)]
      }
      return [effect]
    })
}

// MARK: Other stores

extension Flaws {
  static let joinerKeepsLonger = Flaw<Node>(
    "joinerKeepsLonger", "one that joins a view keeps what it has that looks newer"
  ) { node, event in
    guard case .primary(let replica) = node,
      case .received(.install(let view, var all), let sender) = event
    else { return node.step(event) }
    for entry in replica.contents.entries
    where all[entry.key].map({ $0.tag < entry.version.tag }) ?? true {
      all[entry.key] = entry.version
    }
    return node.step(.received(.install(view, all), from: sender))
  }

  static let deposedReads = Flaw<Node>(
    "deposedReads", "a primary that has heard of a newer view goes on answering reads"
  ) { node, event in
    guard case .primary(let replica) = node, replica.state == .joining,
      case .asked(.read(let key), let client) = event
    else { return node.step(event) }
    return [.reply(.value(replica.contents[key]?.value), to: client)]
  }

  static let leftOutForGood = Flaw<Node>(
    "leftOutForGood", "who was left out is told what it has missed, and left out again"
  ) { node, event in
    guard case .copies(let replica) = node,
      case .received(.rejoin(let number, _), let sender) = event,
      replica.down.contains(sender)
    else { return node.step(event) }
    return [.send(.copies(number, replica.contents, isAvailable: true), to: sender)]
  }

  static let unsentForgotten = Flaw<Node>(
    "unsentForgotten", "a write that was answered without the centre is forgotten"
  ) { node, event in
    let effects = node.step(event)
    guard case .connected(let replica) = node, event == .expired(.resend) else { return effects }
    let last = replica.unsent.last?.number ?? 0
    return effects.filter { if case .reply = $0 { true } else { false } }
      + node.step(.received(.submitted(last, Contents()), from: replica.centre))
  }
}
