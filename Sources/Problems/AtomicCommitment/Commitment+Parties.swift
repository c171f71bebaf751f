public import ProtocolCore

/// The roles of a commit protocol: these two, and perhaps more.
public protocol CommitmentRole: Named {
  /// The process that is asked to commit.
  static var coordinator: Self { get }
  /// A process that votes.
  static var participant: Self { get }
}

extension Commitment {
  /// The roles of a protocol that has one coordinator.
  public enum Role: String, CommitmentRole {
    /// It asks for votes.
    case coordinator
    /// It votes.
    case participant
  }

  /// The coordinator and the participants that it names: `c coordinator(a b)`.
  public struct Parties: Hashable, Sendable {
    /// The coordinator.
    public let coordinator: NodeID
    /// The participants, in the coordinator's order.
    public let participants: [NodeID]

    /// All of them, the coordinator first.
    public var all: [NodeID] { [coordinator] + participants }

    /// The parties of a topology.
    ///
    /// - Throws: `TopologyError`, unless there is one coordinator, which names every participant,
    ///   and nothing else.
    public init<Role: CommitmentRole>(
      _ topology: [Member<Role>]
    ) throws(TopologyError) {
      let leads = topology.filter { $0.role == .coordinator }
      guard let lead = leads.first else {
        throw .wants("one of the nodes must be the coordinator")
      }
      guard leads.count == 1 else { throw .wants("there can be only one coordinator") }
      coordinator = lead.id
      participants = lead.arguments.map { NodeID($0) }
      let others = topology.filter { $0.id != lead.id }
      for name in participants where !others.contains(where: { $0.id == name }) {
        throw .unknownNode(name.name)
      }
      for other in others {
        guard other.role == .participant else {
          throw .wants("beside a coordinator all nodes must be participants")
        }
        guard other.arguments.isEmpty else { throw .wants("a participant takes no arguments") }
        guard participants.contains(other.id) else {
          throw .wants("the coordinator does not know \(other.id)")
        }
      }
      guard Set(participants).count == participants.count else {
        throw .wants("the coordinator names a participant twice")
      }
    }
  }

  /// A coordinator called c, and so many participants, called by the other letters.
  public static func topology<Role: CommitmentRole>(
    _ size: Int
  ) -> [Member<Role>] {
    let names = "abdefghijklmnopqrstuvwxyz".map(String.init).prefix(size)
    return [Member("c", .coordinator, Array(names))]
      + names.map { Member(NodeID($0), .participant) }
  }

  /// The nodes of a topology, the coordinator first.
  public static func processes<Role: CommitmentRole>(of topology: [Member<Role>]) -> [NodeID] {
    topology.filter { $0.role == .coordinator }.map(\.id)
      + topology.filter { $0.role != .coordinator }.map(\.id)
  }

  /// Each participant does its part, or finds that it cannot; then the coordinator is asked to
  /// commit.
  public static func asks<Words: Vocabulary>(
    of topology: [Member<Role>]
  ) -> [Ask<Words>] where Words.Request == Request {
    let work = topology.filter { $0.role == .participant }.map {
      Ask<Words>($0.id, oneOf: [.work(.update), .work(.doomed)])
    }
    let commit = topology.filter { $0.role == .coordinator }.map {
      Ask<Words>($0.id, oneOf: [.commit])
    }
    return work + commit
  }
}
