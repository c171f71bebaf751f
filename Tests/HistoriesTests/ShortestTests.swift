import Foundation
import Histories
import Testing

/// The shortest history that refutes each guarantee, as the Notes show it.
@Suite struct ShortestTests {
  static func verdict(_ history: History, _ guarantee: Guarantee) -> Bool? {
    switch history.judge(guarantee).verdict {
    case .holds: true
    case .refuted: false
    case .undecided, .unsuited: nil
    }
  }

  @Test(arguments: Guarantee.allCases) func `It is refuted, and what is weaker holds`(
    guarantee: Guarantee
  ) throws {
    let history = try HistoryReader().read(try Fixture.text("Refuted/\(guarantee.rawValue).ndjson"))
    #expect(Self.verdict(history, guarantee) == false)
    // Nothing but predicates, which lists have not, tells serializable from repeatable read.
    let weaker = guarantee.closure.subtracting([guarantee])
      .filter { guarantee != .serializable || $0 != .repeatableRead }
    for other in weaker { #expect(Self.verdict(history, other) != false, "\(other)") }
    for stronger in Guarantee.allCases where stronger.closure.contains(guarantee) {
      #expect(Self.verdict(history, stronger) != true, "\(stronger)")
    }
  }

  @Test(arguments: Guarantee.allCases) func `No operation can be left out`(
    guarantee: Guarantee
  ) throws {
    let history = try HistoryReader().read(try Fixture.text("Refuted/\(guarantee.rawValue).ndjson"))
    for index in history.operations.indices {
      var shorter = history
      let operation = shorter.operations.remove(at: index)
      // Without a write its reads would be of what nobody wrote: that is another mistake.
      let isRead =
        shorter.operations.contains {
          "\($0.output)".contains("\(operation.input)") && operation.input != .null
        } || operation.function == "txn"
      #expect(isRead || Self.verdict(shorter, guarantee) != false, "without \(operation)")
    }
  }

  @Test(arguments: Guarantee.allCases) func `The refutation names operations`(
    guarantee: Guarantee
  ) throws {
    let history = try HistoryReader().read(try Fixture.text("Refuted/\(guarantee.rawValue).ndjson"))
    guard case .refuted(let refutation) = history.judge(guarantee).verdict else { return }
    #expect(!refutation.core.isEmpty && !refutation.reason.isEmpty)
    #expect(refutation.core.allSatisfy(history.operations.indices.contains))
    #expect(refutation.relations.allSatisfy { refutation.core.contains($0.from) })
  }
}
