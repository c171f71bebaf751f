import Lab
import ProtocolCore
import ZAB
import ZooKeeper
import ZooKeeperEnsemble

/// Three servers, of which elections may answer anything, and two clients; what is done with them.
struct Stage {
  typealias Subject = ZooKeeperEnsembleModel
  typealias Words = Subject.Words

  let cluster: Cluster<Subject>
  var system: SystemState<Subject>
  private var steps: [Step<Words>] = []

  init() throws {
    cluster = try Cluster<Subject>(Subject.topology(3), variant: .any)
    system = SystemState(cluster)
  }

  /// a leads with b and c; x has a session at a, and y at b.
  mutating func begin() {
    play((["a", "b", "c"] as [NodeID]).map { .expire($0, .peer(.elected("a"))) })
    play([.expire("x", .dial)])
    play([.expire("y", .dial)])
  }

  func asked(_ client: NodeID, _ text: String) -> Act<Words> {
    .ask(client, ZooKeeperEnsemble.Call(reading: text) ?? .init(.ping))
  }

  /// Performs acts, and what follows until nothing is under way.
  mutating func play(_ acts: [Act<Words>]) {
    perform(acts)
    var copy = system
    perform(copy.deliverAll())
  }

  /// Performs acts; those that cannot happen are left out.
  mutating func perform(_ acts: [Act<Words>]) {
    for act in acts {
      if let step = try? system.perform(act) { steps.append(step) }
    }
  }

  /// What was said, in order.
  func notes() -> [Words.Note] {
    steps.flatMap(\.incidents).compactMap { incident in
      if case .noted(let note) = incident.happening { note } else { nil }
    }
  }

  /// What was delivered, in order, and where.
  func delivered() -> [(server: NodeID, text: String)] {
    steps.flatMap(\.incidents).compactMap { incident in
      guard case .noted(.peer(.delivered(let proposal, _))) = incident.happening else { return nil }
      return (incident.node, "\(proposal)")
    }
  }
}
