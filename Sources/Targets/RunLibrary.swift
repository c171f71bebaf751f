package import Conformance
package import Foundation
package import Lab
import ProtocolCore

/// The runs of a chapter as cases.
///
/// A run that tells a scenario holds when what it says follows, and all its checks are so. A run
/// without a rule, or with a flaw, holds when besides the chapter says so of it, and the same acts
/// do no harm in the protocol as it is. `quorate break CHAPTER --all` looks for such runs anew.
package struct RunLibrary<L: Laboratory>: Sendable {
  /// The cases, in the order of the files' names.
  package let cases: [Case]

  private typealias Known = (file: RunFile, name: String)

  /// Reads the runs of a folder.
  package init(_ folder: URL, name: String) throws {
    let names = ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? [])
      .filter { $0.hasSuffix(".run") }.sorted()
    var files: [String: RunFile] = [:]
    var order: [Known] = []
    for file in names {
      let path = "\(name)/\(file)"
      let text: String
      do {
        text = try String(contentsOf: folder.appending(path: file), encoding: .utf8)
      } catch {
        throw FixtureError(Place(file: path), .unreadable(error.localizedDescription))
      }
      let run = try RunFile(text, path: path)
      try Claims.suite.check(citedBy: run)
      if let other = files.updateValue(run, forKey: run.id) {
        throw FixtureError(Place(file: path, line: 1), .duplicateCase(run.id, other: other.path))
      }
      guard "\(file.dropLast(4))-".hasPrefix("\(run.id.removingChapter(ifIn: file))-") else {
        throw FixtureError(Place(file: path), .misnamed(expected: "\(run.id)-a-few-words.run"))
      }
      order.append((run, file))
    }
    let library = files
    cases = order.map { Self.readCase($0, in: library) }
  }

  private static func readCase(_ known: Known, in library: [String: RunFile]) -> Case {
    let file = known.file
    let planted = Planted<L>(file)
    let stem = String(known.name.dropLast(4))
    let slug = stem.hasPrefix(file.id + "-") ? String(stem.dropFirst(file.id.count + 1)) : ""
    let label = CaseLabel(
      id: file.id, slug: slug, title: file.title, level: .must,
      claims: file.claims.isEmpty ? planted.claims : file.claims, chapter: L.name,
      topic: planted.topic, place: Place(file: file.path, line: 1))
    return Case(
      label,
      .model { _ in
        do {
          let playback = try Playback<L.Subject>(file, flaws: L.flaws) { library[$0] }
          let played = outcome(of: playback)
          return played.verdict == .pass ? try planted.outcome(beside: playback) : played
        } catch {
          return CaseResult(.error, "\(error)")
        }
      })
  }

  /// What comes of playing a run.
  private static func outcome(of playback: Playback<L.Subject>) -> CaseResult {
    guard let failure = playback.failures.first else { return CaseResult(.pass) }
    var outcome = CaseResult(.fail, "line \(failure.place.line): \(failure.reason.message)")
    let until = playback.frames.prefix { $0.line ?? 0 <= failure.place.line }
    outcome.narrative = until.filter { $0.step != nil }.map {
      CaseResult.Line($0.line ?? 0, $0.act, $0.followed.joined(separator: "   "))
    }
    outcome.narrative.append(
      CaseResult.Line(
        failure.place.line, playback.file.lines[failure.place.line - 1].text.trimmed))
    outcome.differences = [failure.reason.difference]
    return outcome
  }
}

/// What a run plants, and whether that is to blame.
private struct Planted<L: Laboratory>: Sendable {
  /// The experiment that the run was found by; none for one that tells a story.
  let experiment: Experiment<L.Subject>?
  /// Whether the run plants what its id says, and nothing else.
  let isAsNamed: Bool

  init(_ file: RunFile) {
    let flaw = file.value(of: .flaw)
    let isFound = file.id.contains("-without-") || file.id.contains("-flaw-")
    experiment =
      isFound
      ? file.without.first.flatMap { L.experiment(without: $0) }
        ?? flaw.flatMap { L.experiment(flaw: $0) } : nil
    let planted =
      file.without.map { "-without-\($0)" } + [flaw].compactMap { $0.map { "-flaw-\($0)" } }
    isAsNamed = !isFound || planted == [String(file.id.drop { $0 != "-" })]
  }

  var topic: String {
    switch experiment?.change {
    case .without: "rule"
    case .flaw: "flaw"
    case nil: "run"
    }
  }

  /// The claims that what is planted refutes.
  var claims: [String] { experiment.map { L.claims(of: $0) } ?? [] }

  /// Whether what the chapter says of it goes wrong in the run, and would not without it.
  func outcome(beside run: Playback<L.Subject>) throws -> CaseResult {
    guard isAsNamed else { return CaseResult(.fail, "it does not plant what its name says") }
    guard let experiment else { return CaseResult(.pass) }
    guard let shown = experiment.shown else {
      return try experiment.isCostly()
        ? CaseResult(.pass) : CaseResult(.fail, "the chapter says of nothing that it goes wrong")
    }
    let found = Counterexample(
      cluster: run.cluster, violated: shown, acts: run.acts, foundWith: run.acts.count)
    guard found.isToBlame else {
      return CaseResult(
        .fail, "\(shown) is not violated by what is planted, or the same acts violate it without it"
      )
    }
    var outcome = CaseResult(.pass)
    outcome.measured = ["\(shown) violated after \(run.acts.count) acts"]
    return outcome
  }
}

extension RunFileError.Reason {
  /// In one line, without what came.
  fileprivate var message: String {
    switch self {
    case .malformed, .disabled: description
    case .fails(let check, _): "'\(check)' fails"
    case .differs: "something else followed"
    }
  }

  fileprivate var difference: CaseResult.Difference {
    switch self {
    case .malformed: CaseResult.Difference("file", expected: "a run", got: description)
    case .disabled(let act, let why): CaseResult.Difference("act", expected: act, got: why)
    case .fails(let check, let because):
      CaseResult.Difference("check", expected: check, got: because)
    case .differs(let expected, let got):
      CaseResult.Difference("followed", expected: expected, got: got)
    }
  }
}

extension String {
  fileprivate var trimmed: String { trimmingCharacters(in: .whitespaces) }

  /// Files of what was found leave the chapter's name out: `without-unanimity.run`.
  fileprivate func removingChapter(ifIn file: String) -> String {
    file.hasPrefix(self) ? self : String(drop { $0 != "-" }.dropFirst())
  }
}
