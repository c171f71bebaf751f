import AtomicCommitment
public import ProtocolCore

extension Process {
  /// The other processes.
  public var peers: [NodeID] { others }

  /// Whether it has voted yes, or made ready to commit, and does not know the decision.
  public var isInDoubt: Bool { standing != nil }

  /// Where it stands, if it is up and in doubt.
  var standing: Standing? {
    switch state {
    case .following(let standing): standing
    case .polling(let poll): poll.own
    case .attempting(let round): round.own
    case .idle, .working, .collecting, .decided: nil
    }
  }

  /// Whether nothing of the transaction is open here.
  var isSettled: Bool {
    switch state {
    case .idle, .decided: true
    case .working, .collecting, .following, .polling, .attempting: false
    }
  }

  /// Whether it asks the others where they stand, or tells them where to.
  var isLeading: Bool {
    switch state {
    case .polling, .attempting: true
    case .idle, .working, .collecting, .following, .decided: false
    }
  }
}

extension Process: CustomStringConvertible {
  /// Where it stands.
  public var description: String {
    switch state {
    case .idle: "idle"
    case .working(let work): "working (\(work.rawValue))"
    case .collecting(let missing): "collecting, no vote from \(missing.list)"
    case .following(let standing): "\(standing)"
    case .polling(let poll): "\(poll.own), polling; answered: \(poll.answers.map(\.owner).list)"
    case .attempting(let round):
      "\(round.own), going for \(round.decision); with it: \(round.side.list)"
    case .decided(let decision): "decided \(decision)"
    }
  }
}
