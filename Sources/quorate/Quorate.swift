import ArgumentParser

/// The command.
@main struct Quorate: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "quorate",
    abstract: "Judges servers by what their protocols promise.",
    subcommands: [SchemaCommand.self, DiffCommand.self, BenchCommand.self])
}
