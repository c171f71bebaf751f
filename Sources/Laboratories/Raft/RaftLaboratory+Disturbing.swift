import Lab
import ProtocolCore
import Raft

// A server that returns, with PreVote and without. (thesis, 9.6)

extension RaftLaboratory {
  /// How many terms come and go while a server that was cut off for ten time-outs returns.
  static func elections(ofReturning change: Change<Subject>?) throws -> Int {
    var cluster = try Cluster<Subject>(
      Subject.topology(3), variant: .thesis, without: change?.rules ?? [], flaw: change?.flaw)
    cluster.prelude =
      Moments.begunAsked + [.cut(Link.between(["a", "b"], and: ["c"]))]
      + [.expire("c", .heard)] + (0..<10).flatMap { _ in Moments.stand("c") } + [.heal]
    var system = SystemState(cluster)
    for act in cluster.prelude { _ = try? system.perform(act) }
    let before = system.hosts.compactMap(\.node?.term).max() ?? 0
    // The others are heard in time, and what c has sent meanwhile arrives.
    for _ in 0..<3 {
      _ = system.deliverAll()
      for host in system.hosts where host.node?.isLeading ?? false {
        _ = try? system.perform(.expire(host.id, .beat))
      }
      _ = system.deliverAll()
      for host in system.hosts where !(host.node?.hearsLeader ?? false) {
        _ = try? system.perform(.expire(host.id, .election))
      }
    }
    _ = system.deliverAll()
    return (system.hosts.compactMap(\.node?.term).max() ?? 0) - before
  }
}
