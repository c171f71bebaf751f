import ArgumentParser
import Conformance
import Foundation
import PostgreSQLConformance

extension VerifyCommand {
  /// Judges a database as a participant in two-phase commit.
  func judgeDatabase(_ report: ReportFile?, _ table: Outlet?) async throws {
    let all = try choice.databaseCases()
    let cases = try choice.chosen(among: all)
    if list, !unsupported { return cases.forEach { Terminal.say(ListCommand.line($0.label)) } }
    let deviations = try Deviations(file: knownDeviations, given: knownDeviation).read(for: all)
    let progress = Progress("probing \(target)")
    let database = try await told { try await PostgreSQLTarget(target) }
    progress.end()
    if let jobs, jobs > 1, database.usualJobs == 1 {
      throw ValidationError("a server that is killed has no neighbours: --jobs 1, or no control")
    }
    try await lookForRemains(on: database)
    let (plan, others) = Runner.plan(cases, for: database)
    if list { return Self.list(others) }
    let verification = Verification(
      target: database, about: database.about, options: options(database.usualJobs, deviations),
      report: report,
      table: table.map { ($0, column ?? database.version, all.map(\.label.id)) },
      total: all.count)
    let code = try await verification.run(cases, planned: plan.count)
    if let obstacle = database.obstacle { Terminal.complain("\(obstacle)") }
    if code != .conformant { throw ArgumentParser.ExitCode(code.rawValue) }
  }

  /// Tells of databases that earlier runs have left, or removes them.
  private func lookForRemains(on target: PostgreSQLTarget) async throws {
    for name in try await told({ try await Abandoned.found(on: target) }) {
      if clean {
        try await told { try await Abandoned.remove(name, from: target) }
        Terminal.say("removed  \(name)")
      } else {
        Terminal.say("found    \(name), left by an earlier run; --clean removes it")
      }
    }
  }
}
