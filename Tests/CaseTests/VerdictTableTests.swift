import Conformance
import Foundation
import Maintenance
import Targets
import Testing
import ZooKeeper
import ZooKeeperConformance

/// The table of verdicts that `make matrix` writes, held against what is judged here.
@Suite struct VerdictTableTests {
  static let file = Session.folder.appending(path: "ZooKeeper/verdicts.tsv")

  static func table() throws -> VerdictTable {
    try VerdictTable(String(contentsOf: file, encoding: .utf8), file: "verdicts.tsv")
  }

  /// The table of the laboratory's cases, which `make verdicts` writes.
  static func chapters() throws -> VerdictTable {
    let file = Session.folder.appending(path: "chapters.tsv")
    return try VerdictTable(String(contentsOf: file, encoding: .utf8), file: "chapters.tsv")
  }

  static func written() throws -> [Case] { try CaseLibrary(folder: Session.folder).cases }

  static func cases() throws -> [Case] { try written() + Grid.cases }

  @Test func `Every case has a line with a verdict for every target, and every line a case`() throws
  {
    let table = try Self.table()
    let editions = Dialect.editions.map(\.edition).reversed()
    #expect(table.columns == [VerdictTable.reference] + editions)
    #expect(table.ids == (try Self.cases()).map(\.label.id).sorted())
    let gaps = table.ids.flatMap { id in
      table.columns.filter { table[id, $0] == nil }.map { "\(id) on \($0)" }
    }
    #expect(gaps == [])
  }

  /// `CaseTests` holds each verdict against what is judged.
  @Test func `Every case of a chapter has a line with its verdict, and every line a case`() throws {
    let table = try Self.chapters()
    #expect(table.columns == [VerdictTable.reference])
    #expect(table.ids == (try ChapterCases.all(in: Session.folder)).map(\.label.id).sorted())
    #expect(table.counts(VerdictTable.reference).values.reduce(0, +) == table.ids.count)
  }

  @Test func `No edition fails a case, and what deviates is known`() throws {
    let table = try Self.table()
    let good: Set<Verdict> = [.pass, .passNonStrict, .argued, .unsupported, .knownDeviation]
    let others = table.ids.flatMap { id in
      table.columns.filter { table[id, $0].map { !good.contains($0) } ?? false }
        .map { "\(id) on \($0)" }
    }
    #expect(others == [])
  }

  /// `seen` names the editions on which a fixture was played.
  @Test func `What a fixture says of where it was seen is what the table says`() throws {
    let seen = try SeenEditions(in: Session.folder)
    #expect(!seen.entries.isEmpty)
    for entry in seen.entries {
      #expect(entry.said == entry.told, "\(entry.file): run make matrix")
    }
  }

  @Test(
    .enabled(
      if: DifferentialRunTests.server != nil || DifferentialRunTests.isRequired,
      "QUORATE_ZOOKEEPER names no server"))
  func `Debian's server is judged as the table says`() async throws {
    let server = try #require(
      DifferentialRunTests.server, "QUORATE_REQUIRE_SERVERS=1, and there is no server")
    let table = try Self.table()
    let target = try TargetURL.service("zookeeper://\(server)")
    var options = RunOptions()
    options.jobs = 8
    let deviations = Session.folder.appending(path: "ZooKeeper/known-deviations-3.8.0.txt")
    if let text = try? String(contentsOf: deviations, encoding: .utf8) {
      options.deviations = try KnownDeviations(text, file: deviations.lastPathComponent)
    }
    let journal = JournalWriter()
    let runner = Runner(
      ZooKeeperTarget(target, try await Probe.profile(of: target)), options, journal: journal)
    _ = await runner.run(try Self.cases())
    let judgements = try #require(journal.journal?.judgements)
    #expect(judgements.count == table.ids.count)
    let cases = Dictionary(uniqueKeysWithValues: try Self.cases().map { ($0.label.id, $0) })
    for judgement in judgements where judgement.verdict != table[judgement.label.id, "3.8.0"] {
      // A machine that stalls can cost a case that waits its verdict; what is so is so again. And
      // which of two allowed replies comes is a race in the server's pipeline, as in ZK-ORDER-012:
      // the one that the table has must still come.
      var again = judgement
      var tries =
        switch judgement.verdict {
        case .pass, .passNonStrict: 30
        case .inconclusive: 10
        default: 1
        }
      while tries > 0, again.verdict != table[again.label.id, "3.8.0"] {
        again = await runner.judge(try #require(cases[judgement.label.id]))
        tries -= 1
      }
      let isAsBefore = again.verdict == table[again.label.id, "3.8.0"]
      #expect(isAsBefore, "\(again.label.id): \(again.verdict), \(again.outcome.message ?? "")")
    }
  }

  /// What the reference with an edition's quirk does not do as that edition.
  private static let knownToDiffer: [String: Set<String>] = [
    // A multi that 3.7.2 cannot decode is answered with an error and an empty list of results.
    "ZK-FRAME-013": ["3.7.2"]
  ]

  /// Where a race in the server's pipeline decides between two allowed answers.
  private static let races = ["ZK-ORDER-012", "ZK-FRAME-016"]

  /// The grid is left out: what it demands of an edition is what the reference answers as that one.
  @Test(arguments: try VerdictTableTests.table().columns.dropFirst())
  func `The reference as an edition is judged like that edition`(edition: String) async throws {
    let table = try Self.table()
    let target = try TargetURL.service("reference:" + edition)
    let journal = JournalWriter()
    let runner = Runner(
      ZooKeeperTarget(target, try await Probe.profile(of: target)), RunOptions(), journal: journal)
    let cases = try Self.written()
    _ = await runner.run(cases)
    let judgements = try #require(journal.journal?.judgements)
    #expect(judgements.count == cases.count)
    let differing = judgements.filter { judgement in
      let id = judgement.label.id
      let isRace = Self.races.contains { id.hasPrefix($0) }
      return isRace
        ? ![.pass, .passNonStrict].contains(judgement.verdict)
        : judgement.verdict != table[id, edition]
    }
    #expect(
      Set(differing.map(\.label.id))
        == Set(Self.knownToDiffer.filter { $0.value.contains(edition) }.keys))
  }

  @Test func `A table is read as it was written, and a bad one is refused`() throws {
    var table = VerdictTable()
    let labels = try Self.cases().prefix(2).map(\.label)
    let judgements = labels.map {
      CaseReport(label: $0, verdict: .pass, outcome: CaseResult(.pass))
    }
    for column in ["3.10.1", "reference", "3.9.5"] {
      table.record(judgements, as: column, among: labels.map(\.id) + ["ZK-NEW-001"])
    }
    #expect(table.columns == ["reference", "3.9.5", "3.10.1"])
    #expect(try VerdictTable(table.text, file: "t") == table)
    table.record([], as: "3.9.5", among: labels.map(\.id))
    #expect(table.ids == labels.map(\.id).sorted())
    for bad in ["case\ta\nX\tpas\n", "case\ta\nX\n", "case\ta\nX\tpass\nX\tpass\n"] {
      #expect(throws: FixtureError.self) { try VerdictTable(bad, file: "bad.tsv") }
    }
  }
}
