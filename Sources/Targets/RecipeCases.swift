public import Conformance
import EmbeddedServers
public import Foundation
import Recipes
import RecipesLab
public import ZooKeeperConformance

/// The cases whose subject is a recipe: ours, run in the laboratory by real clients on the embedded
/// reference, one server and an ensemble.
public enum RecipeCases {
  /// Each recipe's, and then those of the runs that are recorded.
  ///
  /// - Parameters:
  ///   - folder: the folder `Fixtures`.
  ///   - name: what stands before the path in reports.
  /// - Throws: `FixtureError`, when a run cannot be read.
  public static func all(in folder: URL, name: String = "Fixtures") throws -> [Case] {
    try Program.all.map(sound) + recorded(in: folder, name: name)
  }

  /// How many runs of a sweep are left out for each that is made: the whole is a campaign's.
  private static let stride = 197

  private static func sound(_ program: Program) -> Case {
    Case(label(of: program), .model { seed in outcome(of: program, seed) })
  }

  private static func label(of program: Program) -> CaseLabel {
    CaseLabel(
      id: "USE-\(program.name)", slug: "",
      title: "\(program.name): whatever fails, what it promises holds", level: .must,
      claims: program.claims, chapter: "uses", topic: program.name,
      place: Place(file: "Sources/Laboratories/Recipes"))
  }

  private static func outcome(of program: Program, _ seed: UInt64) -> CaseResult {
    var search = Search(Simulation(program, on: EmbeddedServer.simulated))
    search.stride = stride
    var results = [search.sweep(), search.random(seeds: seed..<(seed &+ 8))]
    search = Search(Simulation(program, on: EmbeddedEnsemble.simulated))
    search.kinds.append(.leader)
    results.append(search.random(seeds: seed..<(seed &+ 4)))
    return result(of: results)
  }

  static func result(of results: [Search.Result]) -> CaseResult {
    var result = CaseResult(.pass)
    result.measured = ["\(results.map(\.runs).reduce(0, +)) runs"]
    guard let finding = results.compactMap(\.finding).first else { return result }
    result.verdict = .fail
    result.message = "\(finding.violation)"
    result.narrative = finding.faults.enumerated().map { number, fault in
      CaseResult.Line(number + 1, "\(fault)")
    }
    return result
  }

  // MARK: On a target

  /// Each recipe's, with a target that has been named for the embedded reference: on servers over
  /// TCP in real time, on an ensemble in virtual time.
  ///
  /// - Returns: None for a target of another kind.
  public static func all(on service: any ServiceTarget) -> [Case] {
    Program.all.compactMap { program in
      let judge: @Sendable (UInt64) async -> CaseResult
      switch service {
      case let remote as RemoteTarget:
        judge = { seed in await remote.outcome(of: program, seed) }
      case let ensemble as EnsembleTarget:
        judge = { seed in ensemble.outcome(of: program, seed) }
      default: return nil
      }
      var result = Case(label(of: program), .model(judge))
      result.label.needsTarget = true
      return result
    }
  }

  // MARK: Runs

  private static func recorded(in folder: URL, name: String) throws -> [Case] {
    let place = folder.appending(path: "Recipes")
    let files = try FileManager.default.contentsOfDirectory(atPath: place.path)
      .filter { $0.hasSuffix(".run") }.sorted()
    return try files.map { file in
      let path = "\(name)/Recipes/\(file)"
      let text = try String(contentsOf: place.appending(path: file), encoding: .utf8)
      do {
        return recorded(try RecordedRun(text: text), path, String(file.dropLast(4)))
      } catch let mistake as RecordedRun.Mistake {
        throw FixtureError(
          Place(file: path, line: mistake.line),
          .malformed(mistake.words, expected: "a run of a recipe"))
      }
    }
  }

  private static func recorded(_ run: RecordedRun, _ path: String, _ id: String) -> Case {
    let program = Program.all.first { $0.name == run.recipe }
    let rules = run.without.map(\.rawValue).joined(separator: ", ")
    let label = CaseLabel(
      id: "USE-\(id)", slug: "", title: "\(run.recipe) without \(rules) violates what it promises",
      level: .must, claims: program?.claims ?? [], chapter: "uses", topic: run.recipe,
      place: Place(file: path))
    return Case(label, .model { _ in outcome(of: run) })
  }

  private static func outcome(of run: RecordedRun) -> CaseResult {
    var sound = run
    sound.without = []
    guard let broken = run.play(logging: true), let clean = sound.play() else {
      return CaseResult(.error, "no such recipe")
    }
    var result = CaseResult(.pass)
    if broken.violations.first?.property != run.violates {
      result.verdict = .fail
      result.message = "\(broken.violations.first.map { "\($0)" } ?? "nothing") is violated"
    } else if let violation = clean.violations.first {
      result.verdict = .fail
      result.message = "the sound recipe: \(violation)"
    }
    result.narrative = broken.log.enumerated().map { CaseResult.Line($0 + 1, $1) }
    return result
  }
}
