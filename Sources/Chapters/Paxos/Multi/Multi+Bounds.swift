import ProtocolCore

// Numbers that no correct server comes to, so that what is made up stops no process.

extension Int {
  fileprivate var isWithinReason: Bool { (0..<1 << 40).contains(self) }
}

extension Ballot {
  fileprivate var isWithinReason: Bool { round.isWithinReason }
}

extension Slot {
  fileprivate var isWithinReason: Bool {
    number > 0 && number.isWithinReason && ballot.isWithinReason
  }
}

extension Checkpoint {
  fileprivate var isWithinReason: Bool {
    number.isWithinReason && configurations.allSatisfy { $0.from.isWithinReason }
  }
}

extension MultiPaxos.Words.Message {
  /// Whether a correct server can have sent it, by its numbers.
  var isWithinReason: Bool {
    switch self {
    case .prepare(let ballot, let number): ballot.isWithinReason && number.isWithinReason
    case .promise(let ballot, let slots, let checkpoint):
      ballot.isWithinReason && slots.allSatisfy(\.isWithinReason)
        && checkpoint?.isWithinReason ?? true
    case .accept(let slot, let number): slot.isWithinReason && number.isWithinReason
    case .accepted(let ballot, let number): ballot.isWithinReason && number.isWithinReason
    case .reject(let ballot): ballot.isWithinReason
    case .lead(let ballot, let number, let beat):
      ballot.isWithinReason && number.isWithinReason && beat.isWithinReason
    case .follow(let ballot, let beat): ballot.isWithinReason && beat.isWithinReason
    case .fetch(let number): number.isWithinReason
    case .chosen(let entries): entries.allSatisfy(\.number.isWithinReason)
    case .install(let checkpoint): checkpoint.isWithinReason
    }
  }
}

extension MultiPaxos.Words.Record {
  /// Whether a correct server can have written it, by its numbers.
  var isWithinReason: Bool {
    switch self {
    case .promised(let ballot): ballot.isWithinReason
    case .accepted(let slot): slot.isWithinReason
    case .checkpoint(let checkpoint): checkpoint.isWithinReason
    case .rebuilding: true
    }
  }
}
