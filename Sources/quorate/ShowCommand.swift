import ArgumentParser
import Conformance
import Foundation

/// Shows a case.
struct ShowCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "Show a case: its fixture in numbered lines, and what it judges.",
    discussion: "quorate show ZK-STAT-017")

  @Argument(help: "The case's id, or the path of a fixture.")
  var name: String

  @Option(help: ArgumentHelp("The folder of the fixtures.", valueName: "folder"))
  var fixtures: String?

  func run() throws {
    let found = try FoundCases(name, fixtures: fixtures)
    guard let label = found.cases.first?.label else { return }
    Terminal.say("\(found.path)\n")
    for (number, line) in found.lines.enumerated() {
      let digits = "\(number + 1)"
      Terminal.say(
        String(repeating: " ", count: max(0, 4 - digits.count)) + digits + "  " + line)
    }
    Terminal.say("")
    for id in label.claims {
      guard let claim = Claims.claim(id) else { continue }
      Terminal.say("\(id)  \(claim.sentence)  (\(claim.subject.rawValue), \(claim.kind.rawValue))")
    }
    if found.cases.count > 1 {
      let members = found.cases.map(\.label.id).joined(separator: "\n  ")
      Terminal.say("\na family of \(found.cases.count):\n  \(members)")
    }
  }
}

/// The cases that a name on the command line means: an id, or a file.
struct FoundCases {
  /// The fixture's path.
  let path: String
  /// The cases in it that are meant.
  let cases: [Case]

  init(_ name: String, fixtures: String?) throws {
    if FileManager.default.fileExists(atPath: name) {
      path = name
      do {
        cases = try CaseLibrary.cases(inFile: name)
      } catch {
        throw failure(.usage, "\(error)")
      }
      return
    }
    var choice = CaseChoice()
    choice.fixtures = fixtures
    choice.wanted = []
    choice.skipped = []
    choice.chapter = nil
    let all = try choice.library()
    let found = all.filter { Glob(name).matches($0.label.id) }
    guard let first = found.first else {
      let hint = name.contains("/") || name.hasSuffix(".yaml") ? "there is no file '\(name)'" : nil
      throw failure(.usage, hint ?? CaseChoice.unknown(name, among: all))
    }
    cases = found.filter { $0.label.place.file == first.label.place.file }
    let folder = fixtures.map { URL(filePath: $0) } ?? CaseLibrary.folder()
    let name = first.label.place.file
    let below = name.split(separator: "/").dropFirst(fixtures == nil ? 1 : 0).joined(separator: "/")
    path = fixtures == nil ? (folder?.appending(path: below).path ?? name) : name
  }

  /// The fixture's lines.
  var lines: [Substring] {
    let text = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
    return text.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
  }
}
