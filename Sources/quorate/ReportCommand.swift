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
    guard let data = FileManager.default.contents(atPath: journal) else {
      throw failure(.usage, "there is no file '\(journal)'")
    }
    // Its last line may be cut short, within a character too.
    let text = String(decoding: data, as: UTF8.self)
    guard let read = Journal(lines: text.split(whereSeparator: \.isNewline)) else {
      throw failure(.usage, "\(journal) is no journal of a run")
    }
    Terminal.say(try JUnitReport(read, version: Version.number).xml())
  }
}
