import Testing

@testable import Reports

/// Runs of clients as sequence charts.
@Suite struct SequenceTests {
  private static let log = [
    "10 0 ms  a asks for lock",
    "13 0 ms    a → create /lock/a0.1-lock-",
    "16 0 ms    a ← /lock/a0.1-lock-0000000012",
    "42 0 ms    b → getData /lock/a0.1-lock-0000000012, and leaves a watch",
    "43 0 ms  a holds lock, token 0x7",
    "44 0 ms  --- at 44 stop a for 15000",
    "67 5000 ms    b ← event NodeDeleted /lock/a0.1-lock-0000000012",
    "68 5000 ms  b gets ",
    "75 5000 ms  --- at 75 crash b",
    "201 15000 ms  a fails: the session has expired",
    "202 15000 ms  a ends",
  ]

  private func chart(_ rows: String? = nil) throws -> SequenceChart {
    try SequenceChart(log: Self.log, violated: ["fencing: <a write>"], rows: rows)
  }

  @Test func everyKindOfLineIsRead() throws {
    #expect(
      try chart().all.map(\.event) == [
        .says(0, "asks for lock"), .asks(0, "create /lock/a0.1-lock-"),
        .hears(0, "/lock/a0.1-lock-0000000012", isEvent: false),
        .asks(1, "getData /lock/a0.1-lock-0000000012, and leaves a watch"),
        .says(0, "holds lock, token 0x7"), .fault("stop a for 15000", 0),
        .hears(1, "NodeDeleted /lock/a0.1-lock-0000000012", isEvent: true), .says(1, "gets "),
        .fault("crash b", 1), .says(0, "fails: the session has expired"), .ends(0),
        .violates("fencing: <a write>"),
      ])
    #expect(try chart().clients == 2)
  }

  @Test func aFaultOfServersStrikesNoClient() throws {
    let chart = try SequenceChart(log: [
      "90 5 ms  --- at 90 leader", "91 5 ms  --- at 91 lag 2 for 3",
    ])
    #expect(chart.all.map(\.event) == [.fault("leader", nil), .fault("lag 2 for 3", nil)])
  }

  @Test(arguments: ["", "a asks", "10 ms  a asks", "10 0 ms  ", "10 0 ms  a"])
  func aLineOfNoLogIsAMistake(line: String) {
    #expect(throws: SequenceChart.Mistake.self) { try SequenceChart(log: [line]) }
  }

  @Test(arguments: ["", "3", "0-2", "5-4", "1-12", "1-3,3-5", "1-2,", "a-b", "1-2-3"])
  func rowsThatThereAreNotAreAMistake(rows: String) {
    #expect(throws: SequenceChart.Mistake(description: "no rows of 11: '\(rows)', such as 1-11")) {
      try chart(rows)
    }
  }

  @Test func rowsAreFoundByWhatTheySay() throws {
    #expect(try chart("a_holds..crash_b").shown == [5...9])
    #expect(try chart("a_asks,stop_a..+2,ends").shown == [1...1, 6...8, 11...11])
    #expect(throws: SequenceChart.Mistake.self) { try chart("crash_b,a_holds") }
    #expect(throws: SequenceChart.Mistake.self) { try chart("crash_b..a_holds") }
  }

  @Test func theEndOfASessionEndsABar() throws {
    let log = [
      "1 0 ms  a holds lock, token 0x7", "2 9 ms  --- the session of a is over",
      "3 9 ms  a writes by 0x7: taken", "3 9 ms  --- violates fencing: <a write>",
      "4 9 ms  a ends",
    ]
    let chart = try SequenceChart(log: log, violated: ["fencing: <a write>"])
    #expect(chart.all.count == 5 && chart.all[1].event == .sessionEnds(0))
    #expect(SequenceLane(chart.all, of: 0).pieces.map(\.holds) == [false, true, false])
    let svg = SequenceDrawing(chart, title: "").svg
    #expect(svg.contains(/class="bad"[^>]*>writes by 0x7: taken</))
  }

  @Test func faultsOfSeveralKindsHaveSignsOfTheirOwn() {
    let signs = ["crash a", "stop a for 3", "break a", "cancel a"].map {
      SequenceSign($0, 0, 0).lines.map { "\($0)" }
    }
    #expect(Set(signs).count == signs.count)
  }

  @Test func aLaneIsBrokenWhileItsClientIsStopped() throws {
    typealias Piece = SequenceLane.Piece
    let all = try chart().all
    #expect(
      SequenceLane(all, of: 0).pieces == [
        Piece(from: 0, to: 4, isUp: true, holds: false),
        Piece(from: 4, to: 5, isUp: true, holds: true),
        Piece(from: 5, to: 9, isUp: false, holds: true),
        Piece(from: 9, to: 9, isUp: true, holds: true),
        Piece(from: 9, to: 10, isUp: true, holds: false),
      ])
    #expect(
      SequenceLane(all, of: 1).pieces == [Piece(from: 0, to: 8, isUp: true, holds: false)])
  }

  @Test func whatIsDrawnIsShortAndEscaped() throws {
    let svg = SequenceDrawing(try chart(), title: "a & b").svg
    #expect(svg.contains("<title>a &amp; b</title>"))
    #expect(svg.contains(">getData /lock/a0.1-lock-…12 + watch</text>"))
    #expect(svg.contains(">stop a for 15 s</text>") && svg.contains(">gets nothing</text>"))
    #expect(svg.contains(">violates fencing: &lt;a write&gt;</text>"))
    #expect(!svg.contains("… 1 rows"))
  }

  @Test func rowsThatAreLeftOutAreCounted() throws {
    let svg = SequenceDrawing(try chart("3-5,9-9"), title: "").svg
    for fold in ["… 2 rows", "… 3 rows", "violates fencing"] { #expect(svg.contains(fold)) }
    #expect(!svg.contains("asks for lock") && svg.contains(">crash b</text>"))
  }
}
