import ArgumentParser
import Conformance
import Foundation
import PostgreSQLConformance
import ProtocolCore
import Targets

/// Shows a case.
struct ShowCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "Show a case: its fixture in numbered lines, and what it judges.",
    discussion: """
      quorate show ZK-STAT-017
      quorate show 2PC-S06
      """)

  @Argument(help: "The case's id, or the path of a fixture.")
  var name: String

  @Option(help: ArgumentHelp("The folder of the fixtures.", valueName: "folder"))
  var fixtures: String?

  func run() throws {
    let found = try FoundCases(name, fixtures: fixtures)
    guard let label = found.cases.first?.label else { return }
    Terminal.say("\(found.path)\n")
    if found.lines.isEmpty { Terminal.say("\(label.id)  \(label.title)") }
    for (number, line) in found.lines.enumerated() {
      Terminal.say("\(number + 1)".leftPadded(to: 4) + "  " + line)
    }
    Terminal.say("")
    for id in label.claims {
      guard let claim = Claims.suite.claim(id) else { continue }
      Terminal.say("\(id)  \(claim.sentence)  (\(claim.subject.rawValue), \(claim.kind.rawValue))")
    }
    if found.cases.count > 1 {
      let members = found.cases.map(\.label.id).joined(separator: "\n  ")
      Terminal.say("\na family of \(found.cases.count):\n  \(members)")
    }
    tellVerdicts(of: found.cases)
  }

  /// What real servers were found to do: the committed table of verdicts.
  private func tellVerdicts(of cases: [Case]) {
    let isDatabases = cases.contains { DatabaseCases.isMeant(id: $0.label.id) }
    let path = "\(isDatabases ? "PostgreSQL" : "ZooKeeper")/verdicts.tsv"
    let folder = fixtures.map { URL(filePath: $0) } ?? Installation.fixtures()
    guard let file = folder?.appending(path: path),
      let text = try? String(contentsOf: file, encoding: .utf8),
      let table = try? VerdictTable(text, file: path)
    else { return }
    let rows = cases.compactMap { each -> String? in
      let verdicts = table.columns.compactMap { column in
        table[each.label.id, column].map { "\(column) \($0)" }
      }
      guard !verdicts.isEmpty else { return nil }
      let id = cases.count > 1 ? "\(each.label.id)  " : ""
      return "  " + id + verdicts.joined(separator: ", ")
    }
    if !rows.isEmpty { Terminal.say("\nverdicts\n" + rows.joined(separator: "\n")) }
  }
}

/// The cases that a name on the command line means: an id, or a file.
struct FoundCases {
  /// The fixture's path.
  let path: String
  /// The cases in it that are meant.
  let cases: [Case]

  init(_ name: String, fixtures: String?) throws {
    var isFolder: ObjCBool = false
    if FileManager.default.fileExists(atPath: name, isDirectory: &isFolder),
      !isFolder.boolValue, !name.hasSuffix(".run")
    {
      path = name
      do {
        cases = try CaseChoice.cases(inFile: name)
      } catch {
        throw failure(.usage, "\(error)")
      }
      return
    }
    let all = try CaseChoice.named(fixtures).everyKind()
    let run = name.hasSuffix(".run") ? URL(filePath: name).lastPathComponent : nil
    let found = all.filter { each in
      run.map { each.label.place.file.hasSuffix("/" + $0) } ?? Glob(name).matches(each.label.id)
    }
    guard let first = found.first else {
      let hint = name.contains("/") || name.hasSuffix(".yaml") ? "there is no file '\(name)'" : nil
      throw failure(.usage, hint ?? CaseChoice.unknown(name, among: all))
    }
    cases = found.filter { $0.label.place.file == first.label.place.file }
    let place = first.label.place.file
    let isHere = fixtures != nil || !place.hasPrefix("Fixtures/")
    let below = place.split(separator: "/").dropFirst().joined(separator: "/")
    path = isHere ? place : Installation.fixtures()?.appending(path: below).path ?? place
  }

  /// The fixture's lines; none if no fixture writes the case.
  var lines: [Substring] {
    guard !path.hasSuffix(".swift") else { return [] }
    if case .conversation(let conversation)? = cases.first?.judge,
      let drawn = conversation.drawnText
    {
      return drawn.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
    }
    let text = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
    return text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).dropLast()
  }
}
