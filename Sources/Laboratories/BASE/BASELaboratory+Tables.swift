import BASE
public import Lab
import ProtocolCore

extension BASELaboratory {
  /// Tables by their names: `types`, `visibility`.
  public static func table(_ name: String) throws -> Tabulated? {
    switch name {
    case "types": types()
    case "visibility": try visibility()
    default: nil
    }
  }

  /// The data that merge, and the bugs that their laws catch.
  private static func types() -> Tabulated {
    let cases = 2_000
    func told(_ breaches: [LawBook.Breach], or nothing: String) -> String {
      breaches.isEmpty
        ? nothing
        : breaches.map { "\($0.law.rawValue), case \($0.after)" }.joined(separator: "; ")
    }
    return Tabulated(
      ["data", "what it is", "laws", "a planted bug", "breaks"],
      LawBook.entries.flatMap { entry in
        entry.bugs.enumerated().map { number, bug in
          (number > 0
            ? ["", "", ""]
            : [
              entry.name, entry.sentence,
              told(entry.broken(cases), or: "hold in \(cases.grouped) cases"),
            ]) + [bug.sentence, told(bug.broken(cases), or: "nothing")]
        }
      })
  }

  /// After how many ticks a value that was answered is seen at another server.
  ///
  /// Messages take from one tick to twenty, and of ten three are lost.
  ///
  /// Source: Bailis and others, "Probabilistically Bounded Staleness", VLDB 2012: t-visibility.
  private static func visibility() throws -> Tabulated {
    let delays = [0, 5, 10, 20, 50, 100]
    var cluster = try Cluster<BASEModel>(BASEModel.topology(2), variant: .siblings)
    cluster.asks = [x(.write("k", 1))]
    var profile = FaultProfile()
    profile.delay = 1...20
    profile.lossPercent = 30
    profile.isOrdered = false
    let simulator = Simulator(cluster, length: 600...600)
    let waits = (0..<400).compactMap { seed in
      wait(in: simulator.run(seed: UInt64(seed), profile: profile))
    }
    return Tabulated(
      ["ticks since the answer"] + delays.map { "\($0)" },
      [
        ["seen at the other server, of \(waits.count) writes"]
          + delays.map { delay in "\(waits.count { $0 <= delay } * 100 / max(1, waits.count)) %" }
      ])
  }

  /// The ticks between a write's answer and its arrival at the last server; nil if there was none.
  private static func wait(in run: SimulatedRun<BASEModel>) -> Int? {
    var system = SystemState(run.system.cluster)
    var answered: Int?
    for (act, time) in zip(run.acts, run.times) {
      guard let step = try? system.perform(act) else { continue }
      if answered == nil, step.seen.contains(where: { $0.event == .returned(.done) }) {
        answered = time
      }
      if let answered, isSeen(in: system.scene) { return time - answered }
    }
    return answered.map { _ in .max }
  }

  private static func isSeen(in scene: Scene<Node>) -> Bool {
    scene.nodes.allSatisfy { id, node in
      guard case .replica(let replica)? = node, id != "h" else { return true }
      return replica.cells["k"].values.contains(1)
    }
  }
}
