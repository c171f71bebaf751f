import ArgumentParser
import CommitCoordinator

/// The command.
struct Quorate: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "quorate",
    abstract: "Judges servers by what their protocols promise.",
    discussion: """
      quorate verify                                   judge the embedded reference
      quorate verify zookeeper://127.0.0.1:2181        judge a server, claim by claim
      quorate show ZK-STAT-017                         read a case
      quorate check history.ndjson                     judge recorded operations of any system
      quorate serve zookeeper --quirk ephemerals-stay  a server that fails, on purpose
      quorate --version                                which this is, and how many cases it has
      """,
    subcommands: [
      VerifyCommand.self, ProbeCommand.self, ListCommand.self, ShowCommand.self,
      ReplayCommand.self, ChaptersCommand.self, SimulateCommand.self, ExploreCommand.self,
      BreakCommand.self, RecipesCommand.self,
      ClaimsCommand.self, CheckCommand.self,
      ReportCommand.self, DiffCommand.self,
      ServeCommand.self, DemoCommand.self, CoordinateCommand.self, BenchCommand.self,
      SchemaCommand.self,
    ])
}
