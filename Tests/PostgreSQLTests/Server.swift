import Conformance
import Foundation
import PostgreSQLClient
import PostgreSQLConformance
import ProtocolCore
import Testing
import TwoPhaseCommitLab

/// All tests that need a server: one after the other, since some stop it.
@Suite(
  .serialized, .enabled(if: Server.isWanted, "QUORATE_POSTGRESQL names no server, or no libpq"))
enum RealServers {}

/// The servers that `Tests/Servers/with-postgresql` has started, and the cases.
enum Server {
  static let environment = ProcessInfo.processInfo.environment
  /// The URL of the first.
  static let first = environment["QUORATE_POSTGRESQL"]
  /// The URL of the second.
  static let second = environment["QUORATE_POSTGRESQL_2"]
  /// What the servers have written of themselves: the paths of their logs.
  static let logs = ["QUORATE_POSTGRESQL_LOG", "QUORATE_POSTGRESQL_2_LOG"].compactMap {
    environment[$0]
  }
  /// Whether tests fail that cannot have one.
  static let isRequired = environment["QUORATE_REQUIRE_SERVERS"] == "1"
  /// Whether this build can reach one, and there is one or must be.
  static let isWanted = LibPQServer.isBuilt && (first != nil || isRequired)

  /// What to say when there must be one and is not.
  static let missing: Comment = "QUORATE_REQUIRE_SERVERS=1, and there is no server"
  /// Whether the committed tables are written anew, `make postgresql-tables`.
  static let isRecording = environment["QUORATE_RECORD"] == "1"

  static let repository = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
  static let folder = repository.appending(path: "Fixtures/PostgreSQL")

  /// `Tests/Servers/power-loss.c` as a library, made once; nil if that fails.
  static let powerLoss: String? = {
    let library = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent()
      .appending(path: "power-loss.so").path
    let compiler = Process()
    compiler.executableURL = URL(filePath: "/usr/bin/env")
    compiler.arguments = ["clang", "-shared", "-fPIC", "-o", library]
    compiler.arguments? += [repository.appending(path: "Tests/Servers/power-loss.c").path]
    guard (try? compiler.run()) != nil else { return nil }
    compiler.waitUntilExit()
    return compiler.terminationStatus == 0 ? library : nil
  }()

  static let table = folder.appending(path: "verdicts.tsv")
  static let witnesses = folder.appending(path: "witnesses.tsv")

  static let claims = Claims(TwoPhaseCommitLaboratory.claims + Claims.postgreSQL.all)

  static func cases() throws -> [Case] {
    try CaseLibrary(
      folder: folder, name: "Fixtures/PostgreSQL", read: DatabaseCases.reading(claims)
    ).cases
  }

  /// What comes of some cases on a target.
  static func verdicts(
    on url: String, _ cases: [Case], patience: Int64 = 10_000
  ) async throws -> [CaseReport] {
    let target = try await PostgreSQLTarget(url)
    var options = RunOptions()
    options.jobs = target.usualJobs
    options.patience = patience
    let journal = JournalWriter()
    let runner = Runner(target, options, journal: journal)
    _ = await runner.run(cases)
    #expect(runner.leftBehind == nil)
    return journal.journal?.judgements ?? []
  }
}
