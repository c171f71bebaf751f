import Lab
import ProtocolCore
import Testing
import ThreePhaseCommit

/// A process that writes down and says the opposite of what was decided.
private let opposite = Flaw<Process>(
  "opposite", "the decision is written down as its opposite",
  editing: { _, event, effect in
    switch (effect, event) {
    case (.persist(.decided(let outcome)), _): [.persist(.decided(outcome.opposite))]
    case (.note(.decided), .stored): [effect]  // as it was written
    case (.note(.decided), .started(let log)) where log.contains { $0.isDecision }: [effect]
    case (.note(.decided(let outcome)), _): [.note(.decided(outcome.opposite))]
    default: [effect]
    }
  })

extension Outcome {
  fileprivate var opposite: Outcome { self == .commit ? .abort : .commit }
}

extension Words.Record {
  fileprivate var isDecision: Bool {
    if case .decided = self { return true }
    return false
  }
}

extension Step where Words == ThreePhaseCommit.Words {
  fileprivate func hasDecision(of id: NodeID) -> Bool {
    incidents.contains { incident in
      if case .noted(.decided) = incident.happening { return incident.node == id }
      return false
    }
  }
}

struct OppositeTests {
  @Test(arguments: Runs.scenarios)
  func `One opposite decision refutes a run`(name: String) throws {
    let run = try Runs.playback(name)
    guard run.world.violatedAlways() == nil else { return }
    let scene = run.world.scene
    for id in run.cluster.nodes where !run.world.watch.holds(.undecided, at: id, in: scene) {
      // Who forgot its work has decided, but not said so.
      guard run.frames.contains(where: { $0.step?.hasDecision(of: id) ?? false }) else { continue }
      var cluster = run.cluster
      cluster.flaw = opposite
      cluster.flawed = id
      var world = World(cluster)
      for act in run.acts { _ = try? world.perform(act) }
      #expect(world.violatedAlways() != nil, "nobody notices that \(id) decides otherwise")
    }
  }
}
