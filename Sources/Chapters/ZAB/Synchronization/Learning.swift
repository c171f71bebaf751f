public import ProtocolCore

extension ZAB {
  /// What a server keeps that follows or observes a leader.
  public struct Learning<Service: ReplicatedService>: Hashable, Sendable {
    /// The leader.
    public let leader: NodeID
    /// Whether it has said that it observes.
    var isObserver = false
    /// How far it has come with it.
    public internal(set) var phase: Phase
    /// Its history as it will be, while it is synchronized: nothing is written before all has come.
    var received: History<Service>?
    /// Whether that takes the place of its own history, and does not only follow it.
    var isReplaced = false
    /// The configuration that is in force with UPTODATE, if NEWLEADER has named one.
    var configuration: Configuration?

    /// How far a learner has come.
    public enum Phase: Hashable, Sendable {
      /// It has connected so often. Next: accepting.
      case connecting(tries: Int)
      /// It has accepted this epoch, and waits for the way of synchronization. Next: synchronizing.
      case accepting(Int)
      /// It is sent what it lacks. Next: acknowledging.
      case synchronizing(Int)
      /// It has all, and waits until a quorum has. Next: serving.
      case acknowledging(Int)
      /// It serves.
      case serving(Int)
    }

    /// Whether it serves.
    public var isServing: Bool { if case .serving = phase { true } else { false } }
  }
}

extension ZAB.Learning: CustomStringConvertible {
  /// As runs print it.
  public var description: String {
    switch phase {
    case .connecting: "\(leader), connecting"
    case .accepting(let epoch): "\(leader), epoch \(epoch) accepted"
    case .synchronizing(let epoch): "\(leader), synchronizing with epoch \(epoch)"
    case .acknowledging(let epoch): "\(leader), epoch \(epoch) acknowledged"
    case .serving(let epoch): "\(leader), epoch \(epoch)"
    }
  }
}
