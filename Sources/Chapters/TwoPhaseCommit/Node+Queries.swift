/// How far a process has come, whatever its role.
enum Standing: Hashable {
  /// It knows of no transaction.
  case idle
  /// It may still abort alone.
  case working
  /// It is the coordinator, and votes are missing.
  case collecting
  /// It is the coordinator, and acknowledgements are missing.
  case telling
  /// It has voted yes and does not know the decision.
  case uncertain
  /// An operator decided, and it does not know whether rightly.
  case overruled
  /// It knows the decision.
  case decided
}

extension Node {
  /// How far the process has come.
  var standing: Standing {
    switch self {
    case .coordinator(let coordinator):
      switch coordinator.state {
      case .idle: .idle
      case .collecting: .collecting
      case .telling: .telling
      }
    case .participant(let participant):
      switch participant.state {
      case .idle: .idle
      case .working: .working
      case .prepared: .uncertain
      case .heuristic: .overruled
      case .decided, .damaged: .decided
      }
    case .chained(let chained):
      switch chained.state {
      case .idle: .idle
      case .working: .working
      case .prepared: .uncertain
      case .decided: .decided
      }
    case .peer(let peer):
      switch peer.state {
      case .idle: .idle
      case .working: .working
      case .voted: .uncertain
      case .decided: .decided
      }
    }
  }
}
