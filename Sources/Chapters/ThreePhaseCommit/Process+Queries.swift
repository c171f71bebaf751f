import AtomicCommitment
import ProtocolCore

extension Process {
  /// What it knows of the votes, if it is up, in doubt and has not crashed.
  var stage: Stage? {
    switch state {
    case .following(let stage), .probing(let stage, _): stage
    case .polling(let poll): poll.own
    case .readying: .committable
    case .idle, .working, .collecting, .recovering, .decided: nil
    }
  }

  /// Whether it has promised to go either way, and does not know which.
  var hasVoted: Bool {
    switch state {
    case .following, .probing, .polling, .recovering: true
    case .idle, .working, .collecting, .readying, .decided: false
    }
  }

  /// Whether it crashed in doubt, and asks.
  var isRecovering: Bool {
    if case .recovering = state { return true }
    return false
  }

  /// Whether it knows the decision.
  var isDecided: Bool {
    if case .decided = state { return true }
    return false
  }

  /// Whether nothing of the transaction is open here.
  var isSettled: Bool {
    switch state {
    case .idle, .decided: true
    case .working, .collecting, .following, .probing, .polling, .readying, .recovering: false
    }
  }

  /// Whether it took over from the coordinator and is about to decide.
  var isBackup: Bool {
    switch state {
    case .polling: true
    case .readying: id != order.first
    case .idle, .working, .collecting, .following, .probing, .recovering, .decided: false
    }
  }

  /// What its journal says, if it is recovering.
  var journal: Journal? {
    if case .recovering(let journals) = state { return journals.first { $0.owner == id } }
    return nil
  }
}

extension Process: CustomStringConvertible {
  /// Where it stands.
  public var description: String {
    switch state {
    case .idle: "idle"
    case .working(let work): "working (\(work.rawValue))"
    case .collecting(let ballot): "collecting, no vote from \(ballot.missing.list)"
    case .following(let stage): "\(stage)"
    case .probing(let stage, let silent):
      "\(stage), asking those before it; silent: \(silent.list)"
    case .polling(let poll): "\(poll.own), leading; no state from \(poll.missing.list)"
    case .readying(let round): "committable, leading; no ack from \(round.missing.list)"
    case .recovering(let journals):
      "recovering, \(journal.map { "\($0.stage)" } ?? ""); has read "
        + journals.map(\.owner).list
    case .decided(let decision): "decided \(decision)"
    }
  }
}
