import Histories
import Lab
import ProtocolCore
import Testing

/// What the clients of a simulated store saw is judged by the same code as anybody's history.
struct HistoryTests {
  /// What the clients saw in the run of a seed.
  private func text(of seed: UInt64, flaw: Flaw<Keeper>? = nil) throws -> String {
    var cluster = try Cluster<Register>(
      Register.topology(2), flaw: flaw,
      bounds: Bounds(crashes: 2, losses: 0, duplicates: 0, expiries: 0))
    // The greater number stays: with one writer that is a register.
    cluster.asks = [
      Ask("x", of: ["a", "b"], oneOf: [.put(1)]), Ask("x", of: ["a", "b"], oneOf: [.put(2)]),
      Ask("y", of: ["a", "b"], oneOf: [.get]), Ask("y", of: ["a", "b"], oneOf: [.get]),
      Ask("z", of: ["a", "b"], oneOf: [.get]),
    ]
    let run = Simulator(cluster).run(seed: seed)
    return ClientHistory<Register>(of: run.acts, in: run.system.cluster, at: run.times).text
  }

  private func verdict(_ seed: UInt64, flaw: Flaw<Keeper>? = nil) throws -> Histories.Verdict {
    // The store begins with 0, a register's model with nothing.
    let beginning = """
      {"process": "0", "type": "invoke", "f": "write", "key": "k", "value": 0, "time": -2}
      {"process": "0", "type": "ok", "time": -1}\n
      """
    let text = try beginning + text(of: seed, flaw: flaw)
    let history = try HistoryReader(format: .ndjson, model: .register).read(text)
    return history.judge(.linearizable, budget: Budget()).verdict
  }

  @Test func `A store that keeps its word is linearizable in every run`() throws {
    for seed: UInt64 in 0..<200 {
      guard case .holds = try verdict(seed) else {
        Issue.record("seed \(seed): \(try text(of: seed)) \(try verdict(seed))")
        return
      }
    }
  }

  /// An answer that leaves before its record is stable is lost in a crash; a reader has seen it.
  @Test func `A store that answers too early is refuted in some run`() throws {
    let early = Flaw<Keeper>(
      "answersEarly", "an answer leaves before its record is stable",
      editing: { _, _, effect in
        guard case .reply(let reply, let client, _) = effect else { return [effect] }
        return [.reply(reply, to: client, .atOnce)]
      })
    let isRefuted = try (UInt64(0)..<400).contains { seed in
      if case .refuted = try verdict(seed, flaw: early) { true } else { false }
    }
    #expect(isRefuted)
  }
}
