import Histories
import Reports
import Testing

@Suite struct HistoryReportTests {
  /// A register of which c reads what was overwritten before it asked, and much before that.
  static let stale: History = {
    var history = History(processes: ["a", "b", "c"])
    history.model = .register
    for index in 0..<250 {
      let value = Value.int(index)
      history.operations.append(
        Operation(process: 0, "write", key: "x", input: value, call: index * 4, end: index * 4 + 1))
      history.operations.append(
        Operation(
          process: 1, "read", key: "x", output: value, call: index * 4 + 2, end: index * 4 + 3))
    }
    history.operations.append(
      Operation(process: 2, "read", key: "x", output: .int(248), call: 1000, end: 1001))
    return history
  }()

  static func refutation(of history: History) throws -> Refutation {
    guard case .refuted(let refutation) = history.linearizable().verdict else { throw Wrong() }
    return refutation
  }

  struct Wrong: Error {}

  @Test func `A picture of a long history shows what refutes it, and little else`() throws {
    let refutation = try Self.refutation(of: Self.stale)
    #expect(refutation.core.map { "\(Self.stale.operations[$0])" }.contains("read x → 248"))
    #expect(refutation.core.count <= 3)
    let svg = HistoryDrawing(Self.stale, refutation, title: "<stale> & \"old\"").svg
    #expect(svg.contains(">read → 248</text>") && svg.contains("bar bad"))
    #expect(svg.contains(">write 249</text>") && !svg.contains(">write 100</text>"))
    #expect(svg.contains("471 more</text>"))
    #expect(svg.contains("&lt;stale&gt; &amp; ") && !svg.contains("<stale>"))
    #expect(svg.count(of: "<rect class=\"bar") == 30)
  }

  @Test func `The report is valid and says what is refuted`() throws {
    let verdicts: [Verdict] = [
      Self.stale.linearizable().verdict, .holds([]), .undecided(.memory), .unsuited("not these"),
    ]
    let files = verdicts.enumerated().map { number, verdict in
      HistoryJUnit.File(
        name: "a <b> \(number).edn",
        judgements: [CheckResult(guarantee: .linearizable, verdict: verdict)],
        seconds: [[0.5, 0, 1e-9, 2][number]])
    }
    let xml = try HistoryJUnit(files, started: 1_700_000_000).xml()
    #expect(Schema.accepts(xml))
    #expect(xml.contains("tests=\"4\" failures=\"1\" errors=\"0\" skipped=\"2\" time=\"2.500\""))
    #expect(xml.contains("<failure message=\"linearizable is refuted\" type=\"refuted\">"))
    #expect(xml.contains("read x → 248"))
  }
}

extension String {
  fileprivate func count(of part: String) -> Int { ranges(of: part).count }
}
