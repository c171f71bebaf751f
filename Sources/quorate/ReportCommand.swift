import ArgumentParser
import Conformance
import Foundation
import Reports

/// Makes a report from a journal.
struct ReportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract: "Make JUnit XML from the journal that a killed run has left.",
    discussion: "quorate report results.ndjson > results.xml")

  @Argument(help: "The journal, a .ndjson file.", completion: .file(extensions: ["ndjson"]))
  var journal: String

  func run() throws {
    guard let text = try? String(contentsOfFile: journal, encoding: .utf8) else {
      throw failure(.usage, "\(journal) cannot be read")
    }
    guard let read = Journal(lines: text.split(separator: "\n")) else {
      throw failure(.usage, "\(journal) is no journal of a run")
    }
    Terminal.say(try JUnitReport(read).xml())
  }
}
