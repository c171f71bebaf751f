public import Conformance
import RecipesLab

/// The cases whose subject is the client of a program: those that judge our own, on loopback.
///
/// Ours is compared with a transcript, line by line; of another only what each case says is
/// demanded, since clients differ in when they dial and ping.
public enum ProgramClientCases {
  /// What programs are told, and what they say.
  public static let forms = ProgramScenes.forms

  /// All of them, in the order of their ids.
  public static func all(of target: ProgramTarget) -> [Case] {
    ProgramScenes.all.compactMap { id, script in
      guard let ours = ClientCases.all.first(where: { $0.label.id == id }) else { return nil }
      var label = ours.label
      label.place = Place(file: "Sources/Targets/Programs/ProgramScenes.swift")
      var result = Case(label, .model { _ in await outcome(of: script, target.command) })
      result.label.needsTarget = true
      return result
    }
  }

  /// What comes of a scene; one that fails is played again, since a machine that has too much to do
  /// lets clients stand still.
  private static func outcome(
    of script: @escaping ProgramScenes.Script, _ command: [String]
  ) async -> CaseResult {
    await withTaskExecutorPreference(OwnThreads.shared) {
      var result = await played(script, command)
      guard result.verdict == .fail else { return result }
      let again = await played(script, command)
      guard again.verdict == .pass else { return again }
      result.verdict = .inconclusive
      result.remarks = ["played again it held"]
      return result
    }
  }

  private static func played(
    _ script: ProgramScenes.Script, _ command: [String]
  ) async -> CaseResult {
    let stage = ProgramStage(command)
    var result = CaseResult(.pass)
    do {
      try await script(stage)
    } catch let deviation as ProgramStage.Deviation {
      result = CaseResult(.fail, "the client does otherwise")
      result.differences = [
        CaseResult.Difference("", expected: deviation.expected, got: deviation.got)
      ]
    } catch {
      result = CaseResult(.error, "\(error)")
    }
    result.narrative = stage.lines.enumerated().map { CaseResult.Line($0 + 1, $1) }
    await stage.end()
    return result
  }
}
