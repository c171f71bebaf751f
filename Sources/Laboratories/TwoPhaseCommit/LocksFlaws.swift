import AtomicCommitment
import Lab
import ProtocolCore
import TwoPhaseCommit

// MARK: Flaws of the table of locks

/// Bugs that are not the absence of a rule: what goes wrong between a protocol and its code.
enum LocksFlaws {
  static let impatientLetsGo = Flaw<Locks.Node>(
    "impatientLetsGo", "a participant in doubt for too long lets go of its lock"
  ) { node, event in
    guard case .expired(let timer) = event, timer.word == .decision else {
      return node.step(event)
    }
    node.without.insert(.heldUntilDecided)
    defer { node.without.remove(.heldUntilDecided) }
    return node.step(event)
  }

  static let waitIsYes = Flaw<Locks.Node>(
    "waitIsYes", "a participant that waits for a lock votes yes all the same"
  ) { node, event in
    let effects = node.step(event)
    guard case .site(let site) = node, case .received(let message, let lead) = event,
      message.word == .prepare,
      site.waiting.contains(where: { $0.transaction == message.transaction })
    else { return effects }
    return effects + [.send(Locks.Of(message.transaction, .vote(.yes)), to: lead)]
  }

  static let recordsMixedUp = Flaw<Locks.Node>(
    "recordsMixedUp", "a restart reads the records of all transactions as those of each"
  ) { node, event in
    guard case .site(let site) = node, case .started(let log) = event else {
      return node.step(event)
    }
    let mixed = site.branches.flatMap { branch in
      log.map { Locks.Of(branch.transaction, $0.word) }
    }
    return node.step(.started(mixed))
  }
}
