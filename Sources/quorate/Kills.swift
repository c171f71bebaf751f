import ArgumentParser
import Conformance
import Foundation
import ProtocolCore
import Targets
import ZooKeeperQuirks
import ZooKeeperServer

/// Counts which cases catch which quirks.
struct Kills {
  let cases: [Case]
  let globs: [String]
  let jobs: Int
  let witnesses: String?

  func run() async throws {
    let quirks = Quirk.all.filter { quirk in
      globs.isEmpty || globs.contains { Glob($0).matches(quirk.name) }
    }
    let outlet = try witnesses.map { try Outlet("--witnesses", $0) }
    guard !quirks.isEmpty else { throw failure(.usage, "no quirk matches \(globs)") }
    let begin = ContinuousClock.now
    let matrix = try await told {
      try await KillMatrix(cases.filter(\.isAsked), quirks, jobs: jobs) { row in
        Terminal.say(Self.line(row))
        Terminal.progress("…")
      }
    }
    Terminal.progress("")
    let seconds = Int((ContinuousClock.now - begin).components.seconds)
    Terminal.say(
      """

      \(matrix.rows.count) quirks on \(matrix.tried.count) cases in \(seconds) s: \
      \(matrix.rows.count { !$0.cases.isEmpty }) are caught
      beyond  \(Self.names(matrix.rows.map(\.quirk).filter { KillMatrix.beyond[$0] != nil }))
      holes   \(Self.names(matrix.holes))
      idle    \(Self.names(matrix.idle))
      """)
    if let outlet {
      let lines = matrix.witnesses.map { "\($0.quirk)\t\($0.id)\n" }.joined()
      try outlet.write(lines)
    }
    let isWeak = !matrix.holes.isEmpty || !matrix.idle.isEmpty
    if globs.isEmpty, isWeak { throw ArgumentParser.ExitCode(1) }
  }

  private static func line(_ row: KillMatrix.Row) -> String {
    let name = row.quirk.padded(to: 40, atLeast: 1)
    let more = row.cases.count > 3 ? " …" : ""
    return name + "\(row.cases.count)   " + row.cases.prefix(3).joined(separator: " ") + more
  }

  private static func names(_ names: [String]) -> String {
    names.isEmpty ? "none" : "\(names.count): " + names.joined(separator: " ")
  }
}
