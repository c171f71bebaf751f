public import AtomicCommitment
public import ProtocolCore

extension ThreePhaseCommitModel: Model {
  /// The processes.
  public typealias Node = Process
  /// What must hold of them.
  public typealias Monitor = ThreePhaseCommitMonitor
  /// What a node is.
  public typealias Role = Commitment.Role

  /// The forms of the protocol.
  public enum Variant: String, Named {
    /// A follower that loses its leader elects the next.
    case elected
  }

  /// How the command names it.
  public static let name = "3pc"

  /// It bears crashes only; messages may overtake each other and arrive twice.
  ///
  /// A message that is lost, or late, or cut off makes a live process look dead.
  public static let faults: Set<Fault> = [.crash, .duplication, .reordering]

  /// Yes: participants and coordinator are asked once.
  public static let isOneTransaction = true

  /// What can be asked.
  public static let requests: [Words.Request] = [.commit, .work(.update), .work(.doomed)]

  /// What was decided.
  public static let outcomes: [Condition] = [.committed, .aborted]

  /// A coordinator called c and so many participants, called by the others.
  public static func topology(_ size: Int) -> [Member<Role>] { Commitment.topology(size) }

  /// A process that knows of no transaction.
  public static func node(
    for member: Member<Role>, in topology: [Member<Role>], variant: Variant, without: Set<Rule>
  ) throws(TopologyError) -> Process {
    Process(member.id, of: try Commitment.Parties(topology).all, without: without)
  }

  /// Each participant does its part; then the coordinator is asked to commit.
  public static func asks(of topology: [Member<Role>]) -> [Ask<Words>] {
    Commitment.asks(of: topology)
  }

  /// A monitor of this topology.
  public static func monitor(_ topology: [Member<Role>], variant: Variant)
    -> ThreePhaseCommitMonitor
  {
    ThreePhaseCommitMonitor(processes: Commitment.processes(of: topology))
  }
}
