import AtomicCommitment
public import AtomicCommitmentLab
public import Lab
public import ProtocolCore
public import TwoPhaseCommit

extension TwoPhaseCommitLaboratory: Phased {
  /// A participant that only reads neither waits nor decides, so none does.
  public static func ballot(of topology: [Member<Subject.Role>]) -> [Ask<TwoPhaseCommit.Words>] {
    Subject.asks(of: topology).map { ask in
      Ask(ask.node, oneOf: ask.requests.filter { $0 != .work(.read) })
    }
  }

  /// There is nothing between waiting and a decision.
  public static func phase(
    of id: NodeID, _ node: TwoPhaseCommit.Node, in system: SystemState<Subject>
  ) -> Phase {
    let scene = system.scene
    if system.monitor.holds(.committed, at: id, in: scene) { return .committed }
    if system.monitor.holds(.aborted, at: id, in: scene) { return .aborted }
    let isInitial: Bool
    switch node {
    case .coordinator(let coordinator): isInitial = coordinator.state == .idle
    case .participant(let participant): isInitial = participant.isInitial
    case .chained(let process): isInitial = process.isInitial
    case .peer(let process): isInitial = process.isInitial
    }
    return isInitial ? .initial : .waiting
  }
}

extension Participant {
  fileprivate var isInitial: Bool {
    switch state {
    case .idle, .working: true
    case .prepared, .decided, .heuristic, .damaged: false
    }
  }
}

extension Chained {
  fileprivate var isInitial: Bool {
    switch state {
    case .idle, .working: true
    case .prepared, .decided: false
    }
  }
}

extension Peer {
  fileprivate var isInitial: Bool {
    switch state {
    case .idle, .working: true
    case .voted, .decided: false
    }
  }
}
