public import AtomicCommitment
public import ProtocolCore

extension QuorumCommitModel: Model {
  /// The processes.
  public typealias Node = Process
  /// What must hold of them.
  public typealias Monitor = QuorumCommitMonitor
  /// What a node is.
  public typealias Role = Commitment.Role
  /// The forms of the protocol.
  public typealias Variant = QuorumCommit.Variant

  /// How the command names it.
  public static let name = "q3pc"

  /// It bears everything, a partition and a false suspicion included: it only waits.
  public static let faults = Fault.usual

  /// Yes: participants and coordinator are asked once.
  public static let isOneTransaction = true

  /// What can be asked.
  public static let requests: [Words.Request] = [.commit, .work(.update), .work(.doomed)]

  /// Polls are bounded apart, since each is an election of its own where the last election counts.
  public static let timerKinds = ["leader"]

  /// Whether a process loses patience with its leader, and polls.
  public static func kind(of timer: Words.Timer) -> String? { timer == .leader ? "leader" : nil }

  /// What was decided.
  public static let outcomes: [Condition] = [.committed, .aborted]

  /// A coordinator called c and so many participants, called by the others.
  public static func topology(_ size: Int) -> [Member<Role>] { Commitment.topology(size) }

  /// A process that knows of no transaction.
  public static func node(
    for member: Member<Role>, in topology: [Member<Role>], variant: Variant, without: Set<Rule>
  ) throws(TopologyError) -> Process {
    Process(member.id, of: try Commitment.Parties(topology).all, variant: variant, without: without)
  }

  /// Each participant does its part; then the coordinator is asked to commit.
  public static func asks(of topology: [Member<Role>]) -> [Ask<Words>] {
    Commitment.asks(of: topology)
  }

  /// A monitor of this topology.
  public static func monitor(_ topology: [Member<Role>], variant: Variant) -> QuorumCommitMonitor {
    QuorumCommitMonitor(processes: Commitment.processes(of: topology), variant: variant)
  }
}
