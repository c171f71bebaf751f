import ArgumentParser
import PostgreSQLConformance
import ZooKeeperConformance

/// Prints the format of fixtures.
struct SchemaCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "schema",
    abstract: "Print the JSON Schema of fixtures.")

  /// The kinds of target whose fixtures have a format of their own.
  enum Kind: String, CaseIterable, ExpressibleByArgument {
    case service, postgresql
  }

  @Option(name: .customLong("for"), help: "Whose fixtures: those of a service or of a database.")
  var kind = Kind.service

  func run() {
    switch kind {
    case .service: Terminal.write(FixtureFormat.schema)
    case .postgresql: Terminal.write(DatabaseFormat.schema)
    }
  }
}
