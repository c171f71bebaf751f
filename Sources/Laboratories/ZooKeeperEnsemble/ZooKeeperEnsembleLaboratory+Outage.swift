public import Lab
import ProtocolCore
import ZAB
import ZooKeeper
import ZooKeeperEnsemble

// How long nothing is written when a leader is gone.

extension ZooKeeperEnsembleLaboratory {
  /// How long nothing is written when the leader stops: `outage`.
  public static func table(_ name: String) throws -> Tabulated? {
    guard name == "outage" else { return nil }
    var rows: [[String]] = []
    for size in [3, 5] {
      let outages = try outages(size)
      guard let least = outages.first, let most = outages.last else { continue }
      let middle = outages[outages.count / 2]
      rows.append(["\(size)"] + [least, middle, most].map { "\($0), \(seconds($0)) s" })
    }
    return Tabulated(["servers", "least", "median of 20", "most"], rows)
  }

  /// Of ticks ten are Apache's usual tickTime, two seconds.
  private static func seconds(_ ticks: Int) -> String {
    "\(ticks / 5).\(ticks % 5 * 2)"
  }

  /// How many ticks pass in each of twenty runs from the end of the leader to the next write that
  /// is answered, the least first.
  static func outages(_ size: Int) throws -> [Int] {
    var cluster = try Cluster<Subject>(Subject.topology(size))
    let write = ZooKeeperEnsemble.Call(.create(Create("/s-", mode: .persistentSequential)))
    cluster.asks = ["x", "y"].flatMap { client in
      (0..<200).map { _ in
        Ask(ClientID(client + "1"), of: [NodeID(client)], oneOf: [write], awaits: true)
      }
    }
    guard let last = cluster.topology.last(where: { $0.role == .server })?.id else { return [] }
    var simulator = Simulator(cluster, length: 1_200...1_200)
    simulator.judged = []
    // Where all begin alike the greatest name leads.
    simulator.injectedCrashes = [
      InjectedCrash(node: last, losing: 0, downtime: 1_000_000) { system in
        let servers = system.hosts.compactMap { $0.node?.server }
        return servers.allSatisfy(\.zab.isServing)
          && servers.contains { ($0.delivered?.nodeCount ?? 0) > 10 }
      }
    ]
    return (0..<20).compactMap { outage(in: simulator.run(seed: $0, profile: FaultProfile())) }
      .sorted()
  }

  /// The ticks from the crash to the next write that a client is answered.
  private static func outage(in run: SimulatedRun<Subject>) -> Int? {
    var system = SystemState(run.system.cluster)
    var crash: Int?
    for (act, time) in zip(run.acts, run.times) {
      guard let step = try? system.perform(act) else { continue }
      if case .crash = act { crash = time }
      let isAnswered = step.incidents.contains { incident in
        guard case .noted(.answered(let xid, let reply)) = incident.happening else { return false }
        guard xid > 0, case .success = reply.result else { return false }
        return true
      }
      if let crash, isAnswered, time > crash { return time - crash }
    }
    return nil
  }
}
