extension Coordinator {
  /// Whether votes are missing.
  var isCollecting: Bool {
    if case .collecting = state { return true }
    return false
  }
}

extension Node {
  /// Whether this is a participant that has voted yes and does not know the decision.
  var isUncertain: Bool {
    if case .participant(let participant) = self { return participant.state == .prepared }
    return false
  }

  /// Whether nothing is known of a transaction here.
  var isIdle: Bool {
    switch self {
    case .coordinator(let coordinator): coordinator.state == .idle
    case .participant(let participant): participant.state == .idle
    }
  }

  /// Whether nothing of the transaction is open here.
  var isSettled: Bool {
    switch self {
    case .coordinator(let coordinator):
      return coordinator.state == .idle
    case .participant(let participant):
      switch participant.state {
      case .idle, .decided, .damaged: return true
      case .working, .prepared, .heuristic: return false
      }
    }
  }

  /// Whether somebody in doubt who asks here will be told an outcome, sooner or later.
  var canHelp: Bool {
    switch self {
    case .coordinator:
      return true
    case .participant(let participant):
      switch participant.state {
      case .working, .decided: return true
      case .idle, .prepared, .heuristic, .damaged: return false
      }
    }
  }
}
