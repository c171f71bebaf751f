import ArgumentParser
import ZooKeeperConformance

/// Prints the format of fixtures.
struct SchemaCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "schema",
    abstract: "Print the JSON Schema of service fixtures.")

  func run() {
    Terminal.write(FixtureFormat.schema)
  }
}
