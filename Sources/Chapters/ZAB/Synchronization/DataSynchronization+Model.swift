public import ProtocolCore
import ReplicatedLog

extension DataSynchronization {
  /// Synchronization, for the drivers.
  public enum Model: ProtocolCore.Model {
    /// The servers.
    public typealias Node = DataSynchronization.Node
    /// What must hold of them.
    public typealias Monitor = DataSynchronization.Monitor
    /// The forms of the protocol.
    public typealias Variant = DataSynchronization.Variant

    /// What a node can be; each has come to an epoch, and has written what follows that.
    public enum Role: String, Named {
      /// It leads; there is one.
      case leader
      /// It follows.
      case learner
      /// It observes.
      case observer
    }

    /// How the command names it.
    public static let name = "synchronization"

    /// What is sent arrives in order, or is lost; connections break; disks are good.
    public static let faults: Set<Fault> = [.crash, .loss, .cut, .suspicion, .sever]

    /// What can be asked: two clients, each command with its number.
    public static let requests: [Words.Request] = ReplicatedLog.commands

    /// The request that reads so: `x1 append k a`.
    public static func request(reading text: String) -> Words.Request? {
      ReplicatedLog.request(reading: text)
    }

    /// Who serves, and has what the leader has.
    public static let outcomes: [Condition] = [.serving, .upToDate]

    /// Every kind is bounded apart.
    public static let timerKinds = ZABModel.timerKinds

    /// Of which of these kinds a timer is.
    public static func kind(of timer: Words.Timer) -> String? { ZABModel.kind(of: timer) }

    /// The epoch that a server has accepted.
    public static func epoch(of node: Node) -> Int { node.server.acceptedEpoch }

    /// A leader that has come to a later epoch than its learners, called a, and so many less one.
    ///
    /// Of these b lacks what the leader keeps in memory, c has what the leader has not, d has that
    /// in a snapshot; e, which observes, has nothing.
    public static func topology(_ size: Int) -> [Member<Role>] {
      let all: [Member<Role>] = [
        Member("a", .leader, ["2", "1.1", "1.2", "1.3"]),
        Member("b", .learner, ["1", "1.1", "1.2"]),
        Member("c", .learner, ["1", "1.1", "1.2", "1.3", "1.4"]),
        Member("d", .learner, ["1", "1.1", "1.2", "1.3", "1.4", "|"]),
        Member("e", .observer, ["0"]),
      ]
      return Array(all.prefix(size))
        + "fghij".map(String.init).prefix(max(0, size - 5)).map {
          Member(NodeID($0), .learner, ["1", "1.1"])
        }
    }

    /// A server with what it has written before.
    public static func node(
      for member: Member<Role>, in topology: [Member<Role>], variant: Variant,
      without: Set<Rule>
    ) throws(TopologyError) -> Node {
      guard let leader = topology.first(where: { $0.role == .leader }),
        topology.count(where: { $0.role == .leader }) == 1
      else { throw .wants("one of the nodes must be the leader") }
      guard topology.allSatisfy({ Written($0.arguments) != nil }),
        let written = Written(member.arguments)
      else {
        throw .wants(
          "a node takes its epoch and the numbers of its transactions, in order; "
            + "behind '|' those that no snapshot holds: b learner(1 1.1 1.2 | 1.3)")
      }
      return Node(
        Server(member.id, of: ensemble(of: topology), settings: variant.settings),
        leader: leader.id, written: written.records, without: without)
    }

    /// The leader weighs as much as all others that vote.
    private static func ensemble(of topology: [Member<Role>]) -> ZAB.Ensemble {
      let learners = topology.filter { $0.role == .learner }.map { ZAB.Ensemble.Voter($0.id) }
      let leaders = topology.filter { $0.role == .leader }.map {
        ZAB.Ensemble.Voter($0.id, weight: max(1, learners.count))
      }
      return ZAB.Ensemble(
        voters: leaders + learners,
        observers: topology.filter { $0.role == .observer }.map(\.id))
    }

    /// Two clients, each of which adds to the same text and then reads it.
    public static func asks(of topology: [Member<Role>]) -> [Ask<Words>] {
      ReplicatedLog.asks(of: topology.map(\.id))
    }

    /// Who sends snapshots only sends no less.
    public static func promises(_ property: Property, in variant: Variant) -> Bool {
      property != .cheapest || variant == .usual
    }

    /// A monitor of this topology.
    public static func monitor(_ topology: [Member<Role>], variant: Variant) -> Monitor {
      Monitor(
        leader: topology.first { $0.role == .leader }?.id ?? "",
        servers: topology.map(\.id))
    }

    /// A command as a history tells it.
    public static func call(of request: Words.Request) -> Call? {
      ReplicatedLog.call(of: request)
    }

    /// What a read brings back.
    public static func result(of reply: Words.Reply, to request: Words.Request) -> Datum {
      ReplicatedLog.result(of: reply, to: request)
    }
  }
}
