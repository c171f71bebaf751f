public import ProtocolCore

/// Participants are alike: they differ in their names only.
extension TwoPhaseCommitModel: Symmetric {
  /// The participants, where the coordinator tells them in the order of their names.
  public static func alike(in topology: [Member<Role>]) -> [NodeID] {
    let participants = topology.filter { $0.role == .participant }.map(\.id)
    let told = topology.first { $0.role == .coordinator }?.arguments.map { NodeID($0) }
    return told == participants && participants == participants.sorted() ? participants : []
  }

  /// The process when two participants have changed names.
  public static func renamed(node: TwoPhaseCommit.Node, by swap: Swap) -> TwoPhaseCommit.Node {
    switch node {
    case .coordinator(let coordinator):
      var image = coordinator
      switch coordinator.state {
      case .idle: break
      case .collecting(var ballot):
        ballot.missing = ballot.missing.map { swap($0) }.sorted()
        ballot.concerned = ballot.concerned.map { swap($0) }.sorted()
        image.state = .collecting(ballot)
      case .telling(let decision, let waiting):
        image.state = .telling(decision, unacknowledged: waiting.map { swap($0) }.sorted())
      }
      return .coordinator(image)
    case .participant(let participant):
      var image = Participant(
        coordinator: participant.coordinator, peers: participant.peers.map { swap($0) }.sorted(),
        presumption: participant.presumption, without: participant.without)
      image.state = participant.state
      return .participant(image)
    case .chained, .peer: return node  // of these none are called alike
    }
  }

  /// The monitor when two participants have changed names.
  public static func renamed(monitor: TwoPhaseCommitMonitor, by swap: Swap) -> TwoPhaseCommitMonitor
  {
    monitor.renamed(by: swap)
  }
}
