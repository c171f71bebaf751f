import ArgumentParser
import Catalogue
import Lab

/// Lists the chapters that can be played in the laboratory.
struct ChaptersCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "chapters",
    abstract: "List the protocols that can be simulated, explored and broken.")

  @Flag(help: "Only their names, one a line.")
  var names = false

  func run() {
    for laboratory in Catalogue.all { print(line(laboratory)) }
  }

  private func line<L: Laboratory>(_ laboratory: L.Type) -> String {
    names
      ? L.name
      : "\(L.name)  \(L.title): \(Self.count(L.Subject.Rule.allCases.count, "rule", "rules")), "
        + "\(Self.count(L.flaws.count, "flaw", "flaws")), "
        + Self.count(L.Subject.Property.allCases.count, "property", "properties")
  }

  private static func count(_ number: Int, _ one: String, _ many: String) -> String {
    "\(number) \(number == 1 ? one : many)"
  }
}
