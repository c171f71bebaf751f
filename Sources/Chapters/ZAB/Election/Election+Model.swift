public import ProtocolCore

extension FastLeaderElection {
  /// The election, for the drivers.
  public enum Model: ProtocolCore.Model {
    /// The servers.
    public typealias Node = FastLeaderElection.Node
    /// What must hold of them.
    public typealias Monitor = FastLeaderElection.Monitor
    /// The forms of the protocol.
    public typealias Variant = FastLeaderElection.Variant

    /// What a node can be.
    public enum Role: String, Named {
      /// It votes, and has come to this epoch, and to this transaction: its epoch and counter.
      case server
    }

    /// How the command names it.
    public static let name = "election"

    /// What is sent arrives in order, or is lost.
    public static let faults: Set<Fault> = [.crash, .loss, .cut, .suspicion]

    /// Where all votes come in time, nothing fails.
    public static func faults(of variant: Variant) -> Set<Fault> {
      variant == .timely ? [] : faults
    }

    /// Nothing is asked.
    public static let requests: [Words.Request] = []

    /// Whom they have.
    public static let outcomes: [Condition] = [.leading, .elected]

    /// Votes, and discoveries that fail, are bounded apart.
    public static let timerKinds = ["notification", "finalize", "initLimit"]

    /// Of which of these kinds a timer is.
    public static func kind(of timer: Words.Timer) -> String? {
      switch timer {
      case .notification: "notification"
      case .finalize: "finalize"
      case .initLimit: "initLimit"
      // Who only elects waits for nothing else.
      case .elected, .connect, .ping, .syncLimit: nil
      }
    }

    /// The round that a server has come to.
    public static func epoch(of node: Node) -> Int { node.voter.round }

    /// So many servers, called by letters from a on: a has the most, b less of the same epoch, c
    /// more and has come to an earlier epoch only, the others nothing.
    public static func topology(_ size: Int) -> [Member<Role>] {
      let come = [["2", "1", "2"], ["2", "1", "1"], ["1", "1", "9"]]
      return "abcdefghij".map(String.init).prefix(size).enumerated().map { place, name in
        Member(NodeID(name), .server, place < come.count ? come[place] : ["0", "0", "0"])
      }
    }

    /// A server that has come so far.
    public static func node(
      for member: Member<Role>, in topology: [Member<Role>], variant: Variant,
      without: Set<Rule>
    ) throws(TopologyError) -> Node {
      for other in topology {
        let numbers = other.arguments.compactMap { Int($0) }
        guard numbers.count == 3, other.arguments.count == 3,
          numbers.allSatisfy({ (0...1_000).contains($0) })
        else { throw .wants("a server takes its epoch, and the epoch and counter of its zxid") }
      }
      var settings = ZAB.Settings()
      settings.alone = vote(of: member)
      return Node(
        Voter(member.id, of: ensemble(of: topology), settings: settings), without: without)
    }

    private static func vote(of member: Member<Role>) -> ZAB.Vote {
      let numbers = member.arguments.compactMap { Int($0) }
      guard numbers.count == 3 else { return ZAB.Vote(member.id, .zero, 0) }
      return ZAB.Vote(member.id, Zxid(numbers[1], UInt32(clamping: numbers[2])), numbers[0])
    }

    private static func ensemble(of topology: [Member<Role>]) -> ZAB.Ensemble {
      ZAB.Ensemble(voters: topology.map { ZAB.Ensemble.Voter($0.id) })
    }

    /// Nothing.
    public static func asks(of topology: [Member<Role>]) -> [Ask<Words>] { [] }

    /// The best is promised only where all votes come in time.
    public static func promises(_ property: Property, in variant: Variant) -> Bool {
      property != .bestElected || variant == .timely
    }

    /// A monitor of this topology.
    public static func monitor(_ topology: [Member<Role>], variant: Variant) -> Monitor {
      Monitor(ensemble(of: topology), candidates: topology.map(vote))
    }
  }
}
