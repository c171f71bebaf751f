import Testing

@testable import Histories

/// Which isolation levels stand, for histories whose verdicts are known by hand (Adya 1999, Elle).
@Suite struct TransactionLevelTests {
  /// A history, transactions one after the other; `!` begins one that failed, `?` one of unknown
  /// outcome.
  private static func history(_ model: ModelName, _ transactions: [String]) throws -> History {
    var lines = [#"{"history": 1, "model": "\#(model.rawValue)"}"#]
    for (number, text) in transactions.enumerated() {
      let type = text.hasPrefix("!") ? "fail" : text.hasPrefix("?") ? "info" : "ok"
      let parts = text.drop { "!?".contains($0) }
      lines.append(
        #"{"process": \#(number), "type": "invoke", "f": "txn", "value": [\#(parts)]}"#)
      lines.append(#"{"process": \#(number), "type": "\#(type)", "value": [\#(parts)]}"#)
    }
    return try HistoryReader(format: .ndjson).read(lines.joined(separator: "\n") + "\n")
  }

  private static let levels: [Guarantee] = [
    .readUncommitted, .readCommitted, .snapshotIsolation, .serializable,
  ]

  /// `+` for a level that stands, `-` for one that is refuted, `?` for one that is not judged.
  private static func verdicts(_ history: History) -> String {
    levels.map { level in
      switch history.judge(level).verdict {
      case .holds: "+"
      case .refuted: "-"
      case .undecided, .unsuited: "?"
      }
    }.joined()
  }

  @Test(arguments: [
    ([#"["r","x",[1]],["append","x",1]"#], "+---"),
    ([#"["append","x",1],["r","x",[2,1]],["append","x",2]"#], "+---"),
    ([#"["r","x",[]],["append","x",1]"#, #"["r","x",[]],["append","x",2]"#], "++--"),
    ([#"!["append","x",9]"#, #"["r","x",[]],["r","x",[9]]"#], "+---"),
    (
      [#"["append","x",1],["r","y",[]],["r","y",[1]]"#, #"["append","y",1],["r","x",[1]]"#],
      "+---"
    ),
    (
      [
        #"["append","x",1]"#, #"["append","x",2]"#, #"["r","x",[1,2]]"#,
        #"["r","x",[]],["r","x",[2,1]]"#,
      ], "+---"
    ),
    ([#"["append","x",1],["r","x",[1]]"#, #"["append","x",2],["r","x",[2]]"#], "+---"),
    ([#"["append","x",1]"#, #"["r","x",[1]]"#], "++++"),
  ])
  func `Lists`(transactions: [String], verdicts: String) throws {
    #expect(try Self.verdicts(Self.history(.listAppend, transactions)) == verdicts)
  }

  @Test(arguments: [
    ([#"["r","x",1],["w","x",1]"#], "+---"),
    ([#"["w","x",9]"#, #"["r","x",9],["w","x",1]"#, #"["r","x",9],["w","x",2]"#], "++--"),
    ([#"!["w","x",9]"#, #"["r","x",null],["r","x",9]"#], "+---"),
    ([#"["w","x",1],["r","x",777]"#], "----"),
    ([#"["w","x",5]"#, #"["r","x",5],["w","x",null]"#], "????"),
    ([#"?["w","x",[1,2]]"#, #"["r","x",[1,2]]"#], "++++"),
    ([#"["w","x",1]"#, #"["r","x",1],["w","x",2],["r","x",2]"#], "++++"),
  ])
  func `Registers`(transactions: [String], verdicts: String) throws {
    #expect(try Self.verdicts(Self.history(.rwRegister, transactions)) == verdicts)
  }
}
