import Conformance
import EmbeddedServers
import RecipesLab
import ZooKeeperClient

extension RemoteTarget {
  /// How many connections break in a run.
  private static var cuts: Int { 8 }

  /// What comes of a recipe's program on these servers, while connections break.
  ///
  /// Who stands still may be a machine that has too much to do: what is violated once, and not
  /// again in the same run, says nothing.
  func outcome(of program: Program, _ seed: UInt64) async -> CaseResult {
    var run = LiveRun(program, on: String(url.dropFirst("zookeeper://".count)))
    (run.cuts, run.seed) = (Self.cuts, seed)
    do {
      let first = try await run.run()
      guard let violation = first.violations.first else { return CaseResult(.pass) }
      let isRepeated = try await !run.run().violations.isEmpty
      var result = CaseResult(isRepeated ? .fail : .inconclusive, "\(violation)")
      if !isRepeated { result.remarks = ["played again it held"] }
      result.narrative = first.notes.enumerated().map { number, note in
        CaseResult.Line(number + 1, "\(note.time) ms  \(note)")
      }
      return result
    } catch let error as ClientError {
      return CaseResult(.error, error.isTimeout ? "no server answers" : "\(error)")
    } catch {
      return CaseResult(.error, "\(error)")
    }
  }
}

extension EnsembleTarget {
  /// What comes of a recipe's program on this ensemble, whose servers lag and whose leader stops.
  func outcome(of program: Program, _ seed: UInt64) -> CaseResult {
    guard let ensemble = simulated else {
      return CaseResult(.error, "no leader is elected")
    }
    var search = Search(Simulation(program, on: ensemble))
    search.kinds += [.leader] + (1...min(size, 3)).map { .lag($0, 500) }
    return RecipeCases.result(of: [search.random(seeds: seed..<(seed &+ 16))])
  }
}
