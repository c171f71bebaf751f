import ProtocolCore

// What the tests' own machines of twenty lines need around them to be played. A toy has one form,
// one role and no rules.

/// A protocol of these tests.
protocol Toy: Model where Variant == OneForm, Role == OneRole, Node: ToyMachine {
  /// The machine of a node.
  static func machine(_ id: NodeID, among all: [NodeID]) -> Node
  /// A monitor.
  static func monitor(of all: [NodeID]) -> Monitor
}

enum OneForm: String, Named { case usual }
enum OneRole: String, Named { case node }
enum NoRule: String, RuleName {
  case none
  var kind: RuleKind { .safety }
  var sentence: String { "none" }
  var source: String { "none" }
}

protocol ToyMachine: Machine, Ruled where Rule == NoRule {}
extension ToyMachine {
  var without: Set<NoRule> {
    get { [] }
    set {}
  }
}

extension Toy {
  static var requests: [Words.Request] { [] }
  static func topology(_ size: Int) -> [Member<OneRole>] {
    ["a", "b", "d", "e"].prefix(size).map { Member(NodeID($0), .node) }
  }
  static func node(
    for member: Member<OneRole>, in topology: [Member<OneRole>], variant: OneForm,
    without: Set<NoRule>
  ) throws(TopologyError) -> Node {
    machine(member.id, among: topology.map(\.id))
  }
  static func asks(of topology: [Member<OneRole>]) -> [Ask<Words>] { [] }
  static func monitor(_ topology: [Member<OneRole>], variant: OneForm) -> Monitor {
    monitor(of: topology.map(\.id))
  }
}
