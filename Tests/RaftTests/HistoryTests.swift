import Histories
import Lab
import ProtocolCore
import Raft
import RaftLab
import ReplicatedLog
import Testing

/// What clients saw, judged by the checker of histories; and operators beside them.
struct HistoryTests {
  /// Nil where no client was heard before the run was over, or one asked the same again: to a
  /// history that is another command, and to the servers it is not.
  private func verdict(_ run: SimulatedRun<RaftModel>) throws -> Histories.Verdict? {
    let text = ClientHistory<RaftModel>(of: run.acts, in: run.system.cluster, at: run.times).text
    guard !text.isEmpty, !text.contains(".2\"") else { return nil }
    let history = try HistoryReader(format: .ndjson, model: .keyValue).read(text)
    return history.judge(.linearizable, budget: Histories.Budget()).verdict
  }

  @Test(arguments: Raft.Variant.allCases)
  func `What clients of a correct log saw is linearizable for both`(variant: Raft.Variant) throws {
    let cluster = try Cluster<RaftModel>(RaftModel.topology(3), variant: variant)
    var judged = 0
    for seed: UInt64 in 0..<80 {
      let run = Simulator(cluster).run(seed: seed)
      #expect(run.violated == nil)
      guard let verdict = try verdict(run) else { continue }
      judged += 1
      guard case .holds = verdict else {
        Issue.record("seed \(seed)")
        return
      }
    }
    #expect(judged > 20)
  }

  /// Members come and go, leaders hand over, and all that is promised holds.
  @Test(arguments: Raft.Variant.allCases)
  func `Operators change members and leaders meanwhile`(variant: Raft.Variant) throws {
    var topology = RaftModel.topology(3)
    topology.append(Member("d", .spare))
    var cluster = try Cluster<RaftModel>(topology, variant: variant)
    let all = topology.map(\.id)
    // These operators in the place of the usual one.
    var operators: [Ask<Raft.Words>] = [
      Ask("o", of: all, oneOf: [.members(["a", "b", "c", "d"])], insists: true),
      Ask("o", of: all, oneOf: [.members(["b", "c", "d"])], insists: true),
    ]
    if variant != .paper {
      operators.append(
        Ask("p", of: all, oneOf: [.transfer("b"), .transfer("c")], insists: true))
    }
    cluster.asks = operators + cluster.asks
    var applied = 0
    var simulator = Simulator(cluster, length: 60...200)
    // An operator may ask for a member that is cut off, and waits; who asks for less does not.
    simulator.judged.removeAll { $0 == .progress }
    for seed: UInt64 in 0..<50 {
      let run = simulator.run(seed: seed)
      guard run.violated == nil else {
        Issue.record("seed \(seed) violates \(String(describing: run.violated))")
        return
      }
      if run.system.hosts.contains(where: { $0.node?.configuration.contains("d") ?? false }) {
        applied += 1
      }
    }
    #expect(applied > 0)
  }

  /// Blind chance has not come to figure 8 in 150,000 runs; from its beginning it does at once.
  @Test func `5.4.2: random faults come from the beginning of figure 8 to its end`() throws {
    var cluster = try Cluster<RaftModel>(
      RaftModel.topology(3), variant: .paper, without: [.currentTermCounts])
    cluster.prelude = figureEight
    var simulator = Simulator(cluster, length: 30...120)
    simulator.judged = [.leaderCompleteness]
    #expect((0..<500).contains { simulator.run(seed: $0).violated != nil })
    var sound = try Cluster<RaftModel>(RaftModel.topology(3), variant: .paper)
    sound.prelude = figureEight
    simulator.cluster = sound
    #expect((0..<500).allSatisfy { simulator.run(seed: $0).violated == nil })
  }

  /// Up to (c), with three servers: a has x1 of term 1, c an entry of term 2, and a leads term 3.
  private var figureEight: [Act<Raft.Words>] {
    func stand(_ id: NodeID) -> [Act<Raft.Words>] {
      [.expire(id, .election), .store(id, first: nil)]
    }
    func deliver(_ from: NodeID, _ to: NodeID, _ place: Int = 0) -> [Act<Raft.Words>] {
      [.deliver(Link(from: from, to: to), place), .store(to, first: nil)]
    }
    let first = stand("a") + deliver("a", "b") + deliver("b", "a")
    let asked: [Act<Raft.Words>] = [
      .ask("a", .command(command(1)), by: "x"), .store("a", first: nil),
    ]
    let second = stand("c") + stand("c") + deliver("c", "b", 1) + deliver("b", "c")
    let third = deliver("c", "a", 1) + stand("a") + deliver("a", "b", 1) + deliver("b", "a")
    return first + asked + second + third
  }
}
