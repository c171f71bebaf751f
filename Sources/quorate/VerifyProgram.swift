import ArgumentParser
import Conformance
import Foundation
import ProtocolCore
import Targets

extension VerifyCommand {
  /// Judges a program of somebody else's, its recipes or its client.
  func judgeProgram(_ report: ReportFile?, _ table: Outlet?) async throws {
    let program = try await told { () throws(TargetError) in try ProgramTarget(target) }
    let all = Self.programCases(of: program)
    let cases = try choice.chosen(among: try asked(of: all))
    if list { return cases.forEach { Terminal.say(ListCommand.line($0.label)) } }
    let deviations = try Deviations(file: knownDeviations, given: knownDeviation).read(for: all)
    // Most of a run is waiting.
    let usual = 2 * ProcessInfo.processInfo.activeProcessorCount
    let verification = Verification(
      target: program, about: program.about, options: options(usual, deviations), report: report,
      table: table.map { ($0, column ?? "program", all.map(\.label.id)) }, total: all.count)
    let code = try await verification.run(cases, planned: cases.count)
    if code != .conformant { throw ArgumentParser.ExitCode(code.rawValue) }
  }

  /// All that a program can be judged by.
  static func programCases(of program: ProgramTarget) -> [Case] {
    ProgramClientCases.all(of: program) + ForeignCases.all(of: program)
  }

  /// The cases that `--recipe` names; without it, those that `--case` does.
  private func asked(of all: [Case]) throws -> [Case] {
    let names = ForeignCases.recipes
    for name in recipe where !names.contains(name) {
      let near = nearest(to: name, among: names).map { "; did you mean \($0)?" } ?? ""
      throw failure(
        .usage, "--recipe \(name): a program is asked for \(names.joined(separator: ", "))\(near)")
    }
    guard recipe.isEmpty else { return all.filter { recipe.contains($0.label.topic) } }
    guard choice.wanted.isEmpty else { return all }
    throw failure(
      .usage,
      """
      of a program, say what it is asked for: --recipe with one of \
      \(names.joined(separator: ", ")), or --case 'ZK-CLIENT-*' for its client; what it is told \
      then, and shall say, tell 'quorate recipes run --help' and 'quorate verify --help'
      """)
  }
}
