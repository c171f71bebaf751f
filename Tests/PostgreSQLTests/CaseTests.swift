import Conformance
import Foundation
import PostgreSQLConformance
import ProtocolCore
import Testing

extension RealServers {
  /// All cases on a real server, against the committed table, and with planted flaws.
  @Suite struct DatabaseCaseTests {
    @Test func `A real server is judged as the table says`() async throws {
      let server = try #require(Server.first, Server.missing)
      let reports = try await Server.verdicts(on: server, try Server.cases())
      if Server.isRecording {
        var table = VerdictTable()
        table.record(reports, as: "15", among: reports.map(\.label.id))
        try table.text.write(to: Server.table, atomically: true, encoding: .utf8)
      }
      let table = try VerdictTable(
        String(contentsOf: Server.table, encoding: .utf8), file: "verdicts.tsv")
      #expect(table.ids == reports.map(\.label.id).sorted())
      for report in reports {
        let told = "\(report.label.id): \(report.verdict), \(report.outcome.message ?? "")"
        #expect(report.verdict == table[report.label.id, "15"], "\(told)")
        #expect(report.verdict.isPass, "\(told)")
      }
    }

    @Test func `Every case fails on a flaw, and every flaw fails a case`() async throws {
      let server = try #require(Server.first, Server.missing)
      if Server.isRecording { try await record(server) }
      let text = try String(contentsOf: Server.witnesses, encoding: .utf8)
      let pairs = text.split(separator: "\n").dropFirst().map { $0.split(separator: "\t") }
      let cases = try Server.cases()
      #expect(Set(pairs.map { String($0[0]) }) == Set(cases.map(\.label.id)))
      #expect(Set(pairs.map { String($0[1]) }) == Set(DatabaseFlaw.allCases.map(\.rawValue)))
      for flaw in DatabaseFlaw.allCases {
        let ids = Set(pairs.filter { $0[1] == flaw.rawValue }.map { String($0[0]) })
        let failing = try await failures(
          of: cases.filter { ids.contains($0.label.id) }, flaw, server)
        #expect(failing == ids, "\(flaw)")
      }
    }

    /// The ids of those of some cases that fail on a flaw.
    private func failures(
      of cases: [Case], _ flaw: DatabaseFlaw, _ server: String
    ) async throws -> Set<String> {
      let url = "\(server)&flaw=\(flaw.rawValue)"
      let reports = try await Server.verdicts(on: url, cases, patience: 3000)
      return Set(reports.filter { $0.verdict == .fail }.map(\.label.id))
    }

    /// Looks which case fails on which flaw, and keeps for each case the flaw that fails the
    /// fewest, and for each flaw a case.
    ///
    /// Cases that stop the server take seconds each: they are tried until a flaw is found.
    private func record(_ server: String) async throws {
      let cases = try Server.cases()
      var slow = cases.filter { $0.label.topic == "crash" }
      let quick = cases.filter { $0.label.topic != "crash" }
      var failed: [DatabaseFlaw: Set<String>] = [:]
      for flaw in DatabaseFlaw.allCases {
        let stopped = try await failures(of: slow, flaw, server)
        failed[flaw] = try await failures(of: quick, flaw, server).union(stopped)
        slow.removeAll { stopped.contains($0.label.id) }
      }
      var pairs: Set<[String]> = []
      for each in cases {
        let flaws = DatabaseFlaw.allCases.filter { failed[$0]?.contains(each.label.id) ?? false }
        if let flaw = flaws.min(by: { (failed[$0] ?? []).count < (failed[$1] ?? []).count }) {
          pairs.insert([each.label.id, flaw.rawValue])
        }
      }
      for flaw in DatabaseFlaw.allCases where !pairs.contains(where: { $0[1] == flaw.rawValue }) {
        if let id = failed[flaw]?.min() { pairs.insert([id, flaw.rawValue]) }
      }
      let lines = pairs.map { $0.joined(separator: "\t") }.sorted()
      try (["case\tflaw"] + lines).joined(separator: "\n").appending("\n")
        .write(to: Server.witnesses, atomically: true, encoding: .utf8)
    }
  }
}
