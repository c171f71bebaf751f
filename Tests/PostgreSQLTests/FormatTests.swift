import Conformance
import Foundation
import PostgreSQLClient
import PostgreSQLConformance
import Testing

/// How fixtures are read; no server is needed.
@Suite struct DatabaseFormatTests {
  private static let head = """
    case: PG-TRY-001
    title: It is tried
    level: must
    claims: [2PC-10]
    clients: [a, b]
    steps:

    """

  private static func problem(_ text: String) -> String? {
    do throws(FixtureError) {
      _ = try DatabaseCases.reading(Server.claims)(text, "PG-TRY-001-x.yaml")
      return nil
    } catch {
      return error.description
    }
  }

  @Test func `All cases are read, and cite claims that there are`() throws {
    let cases = try Server.cases()
    #expect(cases.count >= 40)
    #expect(cases.allSatisfy { !$0.label.claims.isEmpty && $0.needsTarget })
    #expect(Set(cases.flatMap(\.label.claims)).isSuperset(of: ["2PC-10", "2PC-13", "2PC-14"]))
  }

  @Test func `What is written well is read`() {
    #expect(Self.problem(Self.head + "  - a.begin: {}\n  - a.prepare: t\n") == nil)
  }

  @Test(arguments: [
    (
      "  - a.begin: {}\n  - a.prepair: t\n", ":8:5: unknown verb 'prepair'; did you mean 'prepare'?"
    ),
    ("  - c.begin: {}\n", ":7:5: 'c' is none of the case's clients"),
    ("  - a.begin: { isolation: none }\n", "unknown word 'none'"),
    ("  - a.prepare: t/1\n", "'t/1' is not a transaction's name: letters, digits"),
    ("  - a.prepare: t\n    error: undefined_objekt\n", "did you mean 'undefined_object'?"),
    ("  - a.drops: {}\n    gives: []\n", "unknown key 'gives' in a step with 'drops'"),
    ("  - a.answers: {}\n", "a does not wait for an answer here"),
    ("  - a.exec: select 1\n    waits: lock\n", "nobody takes the answer that a still waits for"),
    ("  - server.kill: {}\n", "what troubles the whole server stands in a case that needs control"),
    ("  - a.query: select 1\n    gives: [[$x]]\n", "nothing before this keeps '$x'"),
    ("  - a.begin: {}\n    b.begin: {}\n", "a step has one verb"),
    ("  - a.races: { with: d, to: commitPrepared, of: t }\n", "'d' is none of the case's clients"),
    ("  - a.races: { with: a, to: commitPrepared, of: t }\n", "'a' is none"),
    ("  - a.prepare: { size: 20 }\n", ":7:"),
    ("  - a.prepare: t\n    tells: x\n", "'tells' stands beside 'error'"),
    (
      "  - a.prepare: t\n    error: out_of_memory\n    tells: $x\n",
      "nothing before this keeps '$x'"
    ),
    ("  - {}\n", "a step needs a key 'client.verb'"),
  ]) func `What is written badly is told with its place`(text: String, words: String) throws {
    let problem = try #require(Self.problem(Self.head + text))
    #expect(problem.hasPrefix("PG-TRY-001-x.yaml:") && problem.contains(words), "\(problem)")
  }

  @Test func `A claim that nobody makes is refused`() throws {
    let text = Self.head.replacing("2PC-10", with: "2PC-99") + "  - a.begin: {}\n"
    #expect(try #require(Self.problem(text)).contains("no claim is called '2PC-99'"))
  }

  @Test func `A quotation mark is doubled, whatever combines with it`() {
    func scalars(_ text: String) -> [Unicode.Scalar] { Array(text.unicodeScalars) }
    #expect("it's".sqlLiteral == "'it''s'")
    #expect(scalars("'\u{301}".sqlLiteral) == scalars("'''\u{301}'"))
    #expect(scalars("\\\u{301}".sqlLiteral) == scalars(" E'\\\\\u{301}'"))
    #expect(scalars("\"\u{301}".sqlIdentifier) == scalars("\"\"\"\u{301}\""))
  }

  @Test(arguments: [
    ("postgresql://h:1/x", "postgresql://h:1/d"),
    ("postgresql://h?dbname=mine", "postgresql://h/d"),
    ("postgresql://h/x?dbname=mine&user=u", "postgresql://h/d?user=u"),
  ]) func `The database of a run takes the place of the URL's, wherever that names it`(
    url: String, named: String
  ) throws {
    #expect(try DatabaseURL(url).naming("d") == named)
  }

  @Test(arguments: [
    ("postgresql://u:secret@h:1/d?x=y", "postgresql://u:***@h:1/d?x=y"),
    ("postgres://h:1/d?password=secret&x=y", "postgres://h:1/d?password=***&x=y"),
    ("postgresql://u@h:1/d", "postgresql://u@h:1/d"),
  ]) func `A password is not shown`(url: String, shown: String) throws {
    #expect(try DatabaseURL(url).shown == shown)
    #expect("\(try DatabaseURL(url).targetError(.notReady))".contains(shown))
  }

  /// What pages say of how many cases and flaws there are.
  @Test func `Pages count the cases and the flaws as they are`() throws {
    func words(_ page: String) throws -> String {
      try String(contentsOf: Server.repository.appending(path: page), encoding: .utf8)
        .replacing("\n", with: " ")
    }
    let cases = try Server.cases()
    let needing = cases.count {
      guard case .conversation(let conversation) = $0.judge else { return false }
      return (conversation as? DatabaseCase)?.fixture.needs.contains(.control) ?? false
    }
    let readme = try words("README.md")
    #expect(readme.contains("\(cases.count - needing) of \(cases.count) cases"))
    #expect(readme.contains("The other \(needing) cases kill it or fill it"))
    let chapter = try words("Notes/03-two-phase-commit.md")
    #expect(chapter.contains("as Debian has it, in \(cases.count) cases"))
    #expect(chapter.contains("fails on one of \(DatabaseFlaw.allCases.count) flaws"))
  }
}
