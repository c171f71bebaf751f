import AtomicCommitment
public import AtomicCommitmentLab
public import Lab
public import ProtocolCore
public import ThreePhaseCommit

extension ThreePhaseCommitLaboratory: Phased {
  /// A process that has written a commit, and not stored it, is prepared.
  public static func phase(of id: NodeID, _ node: Process, in system: SystemState<Subject>) -> Phase
  {
    let scene = system.scene
    if system.monitor.holds(.committed, at: id, in: scene) { return .committed }
    if system.monitor.holds(.aborted, at: id, in: scene) { return .aborted }
    return switch node.state {
    case .idle, .working: .initial
    case .collecting, .following(.uncertain), .probing(.uncertain, _): .waiting
    case .polling(let poll): poll.own == .uncertain ? .waiting : .prepared
    case .readying, .following(.committable), .probing(.committable, _): .prepared
    case .decided(.commit): .prepared
    case .decided(.abort): .waiting
    case .recovering(let journals):
      journals.contains { $0.owner == id && $0.stage == .committable } ? .prepared : .waiting
    }
  }
}
