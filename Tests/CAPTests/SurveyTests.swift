import CAP
import CAPLab
import Foundation
import Histories
import Lab
import ProtocolCore
import SharedStorage
import Testing

/// The table stores × guarantees × what may fail.
struct SurveyTests {
  /// A store, and a change that flips one of its cells.
  struct Flip: Sendable, CustomTestStringConvertible {
    let variant: Variant
    let clients: Survey.Clients
    let environment: Survey.Environment
    let workload: String
    let promise: SharedStorage.Property
    let change: Change<CAPModel>

    var testDescription: String { "\(variant.rawValue) \(change.name)" }
  }

  static let flips = [
    Flip(
      variant: .writeBack, clients: .roam, environment: .calm, workload: "two reads",
      promise: .monotonicReads, change: .without(.writtenBack)),
    Flip(
      variant: .majority, clients: .roam, environment: .calm, workload: "one's own write",
      promise: .readYourWrites, change: .without(.writeQuorumKeeps)),
    Flip(
      variant: .minorityRefuses, clients: .roam, environment: .calm, workload: "one's own write",
      promise: .readYourWrites, change: .without(.readQuorumTells)),
    Flip(
      variant: .noOverlap, clients: .stay, environment: .crash, workload: "one's own write",
      promise: .readYourWrites, change: .without(.contentsOutliveCrash)),
    Flip(
      variant: .synchronous, clients: .stay, environment: .crash, workload: "a write and a read",
      promise: .linearizable, change: .without(.backupsFirst)),
    Flip(
      variant: .asynchronous, clients: .stay, environment: .crash, workload: "two reads",
      promise: .monotonicReads, change: .without(.contentsOutliveCrash)),
    Flip(
      variant: .availableCopies, clients: .stay, environment: .crash,
      workload: "a write and a read", promise: .linearizable, change: .without(.rejoinedFirst)),
    Flip(
      variant: .bothAnswer, clients: .stay, environment: .crash, workload: "one's own write",
      promise: .readYourWrites, change: .without(.contentsOutliveCrash)),
    Flip(
      variant: .connected, clients: .stay, environment: .parted, workload: "two writers",
      promise: .readYourWrites, change: .without(.ownWritesSeen)),
    Flip(
      variant: .bothAnswer, clients: .stay, environment: .crash,
      workload: "two keys, seen from elsewhere", promise: .monotonicWrites,
      change: .without(.contentsOutliveCrash)),
    Flip(
      variant: .writeBack, clients: .stay, environment: .calm, workload: "two reads",
      promise: .writesFollowReads, change: .without(.writtenBack)),
  ]

  @Test(arguments: SurveyTests.flips)
  func `A bug flips a cell of its store`(flip: Flip) throws {
    func cell(_ change: Change<CAPModel>?) throws -> Survey.Cell {
      let row = try Survey.row(
        flip.variant, flip.clients, flip.environment, with: change, judging: [flip.promise],
        asking: flip.workload, memory: 4 << 20, runs: 20)
      return try #require(row.cells[flip.promise])
    }
    #expect(try cell(nil).history == nil)
    #expect(try cell(flip.change).history != nil)
  }

  private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Fixtures/CAP")

  /// What stands in the file: subject, setting, promise, the answer, what a yes rests on.
  private static let lines: [[String]] = {
    let text = try? String(contentsOf: folder.appending(path: "survey.tsv"), encoding: .utf8)
    return (text ?? "").split(separator: "\n").map {
      $0.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
    }
  }()

  @Test func `Each no is shown by what its clients saw, and each yes says what it rests on`() throws
  {
    #expect(Self.lines.count > 300)
    for line in Self.lines where line.count == 5 {
      guard line[3] != "yes" else {
        #expect(line[4].contains("exhausted") || line[4].contains("runs"), "\(line)")
        continue
      }
      let text = try String(
        contentsOf: Self.folder.appending(path: "Refuted/\(line[3])"), encoding: .utf8)
      guard let property = SharedStorage.Property(rawValue: line[2]),
        let guarantee = property.guarantee
      else { continue }
      let history = try HistoryReader().read(text)
      #expect(history.refutes(guarantee), "\(line[3]) keeps \(line[2])")
    }
  }

  /// What follows from one that holds is not asked: it must not have been refuted if it were.
  @Test func `Those that are refuted together are those that are refuted one by one`() {
    let guarantees = SharedStorage.Property.guarantees.compactMap(\.guarantee)
    var disagreeing = 0
    var refuted: [Guarantee: Int] = [:]
    for seed in 0..<400 {
      let history = Self.observed(seed: UInt64(seed))
      let together = history.refuted(guarantees, .register)
      let plain = history.history(.register)
      if together != guarantees.filter(plain.refutes) { disagreeing += 1 }
      for guarantee in together { refuted[guarantee, default: 0] += 1 }
    }
    #expect(disagreeing == 0)
    #expect(guarantees.allSatisfy { refuted[$0, default: 0] > 0 })
  }

  /// Three clients that write two keys, and read something that was written.
  private static func observed(seed: UInt64) -> SharedStorage.ObservedHistory {
    var choices = Choices(seed: seed)
    var history = SharedStorage.ObservedHistory()
    var written: [String: [Int]] = ["x": [], "y": []]
    for value in 1...9 {
      let client = ClientID("pqr".map(String.init)[choices.within(0...2)])
      let key = choices.chance(1, in: 2) ? "x" : "y"
      let values = written[key] ?? []
      if choices.chance(1, in: 2) {
        history.call(Call("write", key: key, value: .number(value)), by: client)
        history.answer(.null, to: client)
        written[key] = values + [value]
      } else {
        history.call(Call("read", key: key), by: client)
        let seen = choices.pick(values).map { Datum.number($0) } ?? .null
        history.answer(seen, to: client)
      }
    }
    return history
  }

  /// Each write answers what its client has read; the two sides cross, and a reader meets both.
  @Test func `Causality does not imply that writes follow reads, with monotonic reads`() {
    var history = SharedStorage.ObservedHistory()
    let told: [(ClientID, String, Int, Bool)] = [
      ("p", "y", 1, true), ("p", "y", 2, true), ("s", "y", 2, false), ("s", "x", 3, true),
      ("q", "x", 4, true), ("t", "x", 4, false), ("t", "y", 5, true), ("u", "y", 5, false),
      ("u", "z", 6, true), ("r", "x", 3, false), ("r", "z", 6, false), ("r", "y", 2, false),
      ("r", "x", 4, false),
    ]
    for (client, key, value, writes) in told {
      history.call(
        writes ? Call("write", key: key, value: .number(value)) : Call("read", key: key),
        by: client)
      history.answer(writes ? .null : .number(value), to: client)
    }
    let refuted = history.refuted(
      [.causalConsistency, .monotonicReads, .writesFollowReads], .register)
    #expect(refuted == [.writesFollowReads])
  }
}
