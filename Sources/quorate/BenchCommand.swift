import ArgumentParser

/// Measures.
struct BenchCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench", abstract: "Measure, beside a peer in the same run.",
    subcommands: [
      ModelBench.self, ExploreBench.self, SimulateBench.self, FindBench.self,
      HistoriesBench.self, ServerBench.self,
    ])
}
