public import Lab
import ProtocolCore
import ReplicatedLog
import ZAB

// The decision table of synchronization, each row as a leader decides it.

extension ZABLaboratory {
  /// The decision table: `synchronization`.
  public static func table(_ name: String) throws -> Tabulated? {
    guard name == "synchronization" else { return nil }
    return Tabulated(
      ["row", "the learner's last zxid", "the leader has", "it sends"],
      examples.map { example in
        let plan = example.plan
        let pairs = plan.pairs.map { "\($0.zxid)" }.joined(separator: " ")
        let opening = "\(plan.opening)".split(separator: " ").prefix(2).joined(separator: " ")
          .trimmingSuffix(":")
        return [
          "\(plan.row.rawValue) \(example.told)", "\(example.peer)",
          example.log.map { "\($0)" }.joined(separator: " "),
          opening + (pairs.isEmpty ? "" : ", and " + pairs),
        ]
      })
  }

  /// A learner's last zxid, and a leader's log.
  private struct Example {
    let told: String
    let peer: Zxid
    let log: [Zxid]
    var isForced = false

    /// What a leader decides that finds this log on its disk.
    var plan: ZAB.Plan<KeyValueStore> {
      var leader = Subject.Node("a", of: ZAB.Ensemble(voters: [.init("a")]))
      let records = log.enumerated().map { place, zxid in
        Subject.Words.Record.proposal(
          Proposal(zxid, ReplicatedLog.Command("x", place + 1, .append("k", "a"))))
      }
      _ = leader.step(.started(records))
      var settings = ZAB.Settings()
      settings.sendsSnapshotsOnly = isForced
      return ZAB.Plan(peer, leader.history, settings)
    }
  }

  private static var examples: [Example] {
    let four = (1...4).map { Zxid(1, $0) }
    return [
      Example(told: "snapshots are forced", peer: Zxid(1, 4), log: four, isForced: true),
      Example(told: "it has the same", peer: Zxid(1, 4), log: four),
      Example(told: "it has more", peer: Zxid(1, 5), log: four),
      Example(told: "it lacks what memory holds", peer: Zxid(1, 3), log: four),
      Example(
        told: "it has seen an epoch begin", peer: Zxid(2, 0), log: four + [Zxid(2, 1)]),
      Example(
        told: "its last is missing, the next is of its epoch", peer: Zxid(1, 4),
        log: [Zxid(1, 3), Zxid(1, 5)]),
      Example(
        told: "its last is missing, the next is of another", peer: Zxid(1, 5),
        log: four + [Zxid(2, 1)]),
      Example(told: "it lacks what the log on disk holds", peer: Zxid(1, 1), log: four),
      Example(told: "it lacks more", peer: .zero, log: four),
      Example(told: "it has seen a later epoch begin", peer: Zxid(2, 0), log: four),
    ]
  }
}

extension String {
  /// Without this at its end.
  fileprivate func trimmingSuffix(_ suffix: Character) -> String {
    last == suffix ? String(dropLast()) : self
  }
}
