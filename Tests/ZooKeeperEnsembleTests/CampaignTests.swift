import Lab
import ProtocolCore
import Testing
import ZooKeeperEnsemble
import ZooKeeperEnsembleLab

/// Runs in which nothing is changed: nothing is violated, and what should happen sometimes does.
struct CampaignTests {
  typealias Subject = ZooKeeperEnsembleModel

  @Test func `Clients come to rest`() throws {
    let cluster = try Cluster<Subject>(Subject.topology(3))
    var system = SystemState(cluster)
    let reached = system.quiesce(until: [.atRest], repaired: false)
    #expect(reached.holds)
  }

  @Test(arguments: ZooKeeperEnsemble.Variant.allCases, [3, 4])
  func `Runs are clean, and no correct peer is blamed`(
    variant: ZooKeeperEnsemble.Variant, size: Int
  ) throws {
    let cluster = try Cluster<Subject>(Subject.topology(size), variant: variant)
    for seed: UInt64 in 0..<100 {
      let run = Simulator(cluster).run(seed: seed)
      #expect(run.violated == nil, "\(variant) \(size) seed \(seed)")
      #expect(run.tally.notes["unexpected"] == nil, "\(variant) \(size) seed \(seed)")
    }
  }

  @Test(arguments: ZooKeeperEnsemble.Variant.allCases.filter { $0 != .any })
  func `While nothing fails no session expires`(variant: ZooKeeperEnsemble.Variant) throws {
    let cluster = try Cluster<Subject>(Subject.topology(3), variant: variant)
    for seed: UInt64 in 0..<5 {
      let run = Simulator(cluster, length: 1_500...1_500).run(seed: seed, profile: FaultProfile())
      #expect(run.tally.notes["connected", default: 0] >= 2)
      #expect(run.tally.notes["expired"] == nil, "\(variant) seed \(seed)")
    }
  }

  /// From each moment of an experiment, with nothing changed.
  @Test func `Runs from all moments are clean, and come to all that happens sometimes`() throws {
    var sought = Set(ZooKeeperEnsemble.Property.allCases.filter { !$0.isJudged })
    for experiment in ZooKeeperEnsembleLaboratory.experiments {
      for scenario in experiment.moments {
        for var cluster in try scenario.clusters() {
          cluster.bounds = Bounds(crashes: 4)
          var simulator = Simulator(cluster, length: 8...60)
          simulator.witnesses = Array(sought)
          for seed: UInt64 in 0..<20 {
            let run = simulator.run(seed: seed)
            #expect(run.violated == nil, "\(experiment.change) seed \(seed)")
            sought.subtract(run.reached)
          }
        }
      }
    }
    #expect(sought == [])
  }
}
