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
      rows.append(["\(size)"] + [least, middle, most].map(String.init))
    }
    return Tabulated(["servers", "least", "median of 20 runs", "most"], rows)
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

  /// The ticks from the crash to the next write that a client is answered by a later leader: what
  /// the old one had committed may be answered yet.
  private static func outage(in run: SimulatedRun<Subject>) -> Int? {
    var system = SystemState(run.system.cluster)
    var crash: Int?
    var epoch: Int64 = 0
    for (act, time) in zip(run.acts, run.times) {
      guard let step = try? system.perform(act) else { continue }
      if case .crash = act { crash = time }
      for incident in step.incidents {
        guard case .noted(.answered(let xid, let reply)) = incident.happening, xid > 0,
          case .success = reply.result
        else { continue }
        let answered = reply.zxid.rawValue >> 32
        if let crash, answered > epoch { return time - crash }
        epoch = max(epoch, answered)
      }
    }
    return nil
  }
}
