public import ProtocolCore

/// Whether all resource managers come to the same.
public struct Consistency: Hashable, Sendable {
  private var hasCommitted = false
  private var hasAborted = false

  /// Nobody has come to anything.
  public init() {}

  /// TCConsistent, and that both outcomes happen.
  public enum Property: String, PropertyName {
    /// No two resource managers come to different outcomes.
    case consistent
    /// All can commit.
    case commits
    /// All can abort.
    case aborts

    /// In which sense it must hold.
    public var form: PropertyForm<Condition> {
      switch self {
      case .consistent: .always
      case .commits: .sometimes(.committed)
      case .aborts: .sometimes(.aborted)
      }
    }
  }

  /// What may be said of a manager.
  public enum Condition: String, Named {
    /// It has committed.
    case committed
    /// It has aborted.
    case aborted
  }
}

extension Consistency: Monitor {
  /// What it observes.
  public typealias Node = Process

  /// Hears to what a resource manager comes.
  public mutating func observe(_ observation: Observation<Words>, at id: NodeID) {
    switch observation {
    case .noted(.committed): hasCommitted = true
    case .noted(.aborted): hasAborted = true
    case .asked, .replied, .refused, .repliedAgain, .forgot, .expired, .lost, .doubled, .crashed,
      .restarted:
      break
    }
  }

  /// Whether all that have come to an outcome have come to the same.
  public func holds(_ property: Property) -> Bool { !(hasCommitted && hasAborted) }

  /// Whether the condition holds of a resource manager.
  public func holds(_ condition: Condition, at id: NodeID, in scene: Scene<Process>) -> Bool {
    guard case .resource(_, let state) = scene[id]?.role else { return false }
    return condition == .committed ? state == .committed : state == .aborted
  }
}

extension TwoPhase: Model {
  /// The processes.
  public typealias Node = Process
  /// What must hold of them.
  public typealias Monitor = Consistency

  /// The only form.
  public enum Variant: String, Named {
    /// As it is specified.
    case specified
  }

  /// What a node can be.
  public enum Role: String, Named {
    /// The transaction manager.
    case transaction
    /// A resource manager.
    case resource
  }

  /// How the command names it.
  public static let name = "lamport"

  /// Nothing crashes, and nothing is in order.
  public static let faults: Set<Fault> = [.loss, .duplication, .reordering, .suspicion]

  /// Nobody asks.
  public static let requests: [Words.Request] = []

  /// A transaction manager and so many resource managers.
  public static func topology(_ size: Int) -> [Member<Role>] {
    let names = (0..<max(0, size)).map { "r\($0 + 1)" }
    return [Member("t", .transaction, names)] + names.map { Member(NodeID($0), .resource) }
  }

  /// A manager to which nothing has happened yet.
  public static func node(
    for member: Member<Role>, in topology: [Member<Role>], variant: Variant,
    without: Set<Process.Rule>
  ) throws(TopologyError) -> Process {
    guard let lead = topology.first(where: { $0.role == .transaction }) else {
      throw .wants("one of the nodes must be the transaction manager")
    }
    switch member.role {
    case .transaction:
      let all = member.arguments.map { NodeID($0) }
      return Process(.transaction(of: all, .initial, prepared: []), without: without)
    case .resource:
      return Process(.resource(of: lead.id, .working), without: without)
    }
  }

  /// Nobody asks.
  public static func asks(of topology: [Member<Role>]) -> [Ask<Words>] { [] }

  /// A monitor.
  public static func monitor(_ topology: [Member<Role>], variant: Variant) -> Consistency {
    Consistency()
  }
}

extension TwoPhase: Symmetric {
  /// All resource managers.
  public static func alike(in topology: [Member<Role>]) -> [NodeID] {
    topology.filter { $0.role == .resource }.map(\.id)
  }

  /// The manager when two resource managers have changed names.
  public static func renamed(node: Process, by swap: Swap) -> Process {
    guard case .transaction(let all, let state, let prepared) = node.role else { return node }
    let renamed = prepared.map { swap($0) }
    let inOrder = all.filter { renamed.contains($0) }
    return Process(.transaction(of: all, state, prepared: inOrder), without: node.without)
  }

  /// The monitor, which knows no names.
  public static func renamed(monitor: Consistency, by swap: Swap) -> Consistency { monitor }
}
