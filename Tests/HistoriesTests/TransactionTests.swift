import Histories
import Testing

@Suite struct TransactionTests {
  static let count = Campaign.size(of: 2_000)

  /// Random transactions on a store that now and then forgets to isolate.
  static func history(_ seed: Int, _ model: ModelName) -> History {
    var chance = Chance(seed &+ 31_000_000)
    var history = History(processes: (0..<20).map { "p\($0)" })
    history.model = model
    let count = 2 + chance.below(4)
    var lists: [[Int]] = [[], []]
    var snapshots: [[[Int]]] = [lists]
    var value = 0
    for index in 0..<count {
      // An old snapshot, or what is there now.
      let seen = chance.one(in: 2) ? lists : chance.of(snapshots)
      var own: [[Int]] = [[], []]
      var parts: [Value] = []
      for _ in 0..<(1 + chance.below(3)) {
        let key = chance.below(2)
        if chance.one(in: 2) {
          value += 1
          own[key].append(value)
          parts.append([model == .listAppend ? "append" : "w", .int(key), .int(value)])
        } else {
          let shown = (chance.one(in: 8) ? lists : seen)[key] + own[key]
          let last = shown.last.map(Value.int) ?? .null
          parts.append(
            ["r", .int(key), model == .listAppend ? .list(shown.map(Value.int)) : last])
        }
      }
      let begin = chance.below(4)
      var operation = Operation(
        process: index % 3, "txn", output: .list(parts), call: index * 4 - begin,
        end: index * 4 + 1)
      let fate = chance.below(12)
      if fate < 10 || chance.one(in: 2) {
        for key in 0..<2 {
          let place = chance.one(in: 10) ? chance.below(lists[key].count + 1) : lists[key].count
          lists[key].insert(contentsOf: own[key], at: place)
        }
        snapshots.append(lists)
      }
      if fate == 10 {
        history.failed.append(operation)
      } else {
        if fate == 11 {
          operation.end = nil
          operation.process = 10 + index
        }
        history.operations.append(operation)
      }
    }
    // A last read of all, so that the order of the lists shows.
    if model == .listAppend, chance.one(in: 2) {
      let parts = lists.enumerated().map { key, list in
        Value.list(["r", .int(key), .list(list.map(Value.int))])
      }
      history.operations.append(
        Operation(
          process: 4, "txn", output: .list(parts), call: count * 4, end: count * 4 + 1))
    }
    return history
  }

  static func verdict(_ history: History, _ guarantee: Guarantee) -> Bool? {
    switch history.judge(guarantee).verdict {
    case .holds: true
    case .refuted: false
    default: nil
    }
  }

  static let cyclic: Set<Anomaly.Kind> = [.g0, .g1c, .gSingle, .gNonadjacent, .g2]
  static let plain: Set<Anomaly.Kind> = [.garbage, .duplicates, .order, .inside, .g1a, .g1b]

  /// A history whose cycles brute force sees otherwise; and of which kinds some were seen.
  static func stray(_ flaw: CheckerFlaw?) -> (told: String?, kinds: Set<Anomaly.Kind>) {
    var kinds: Set<Anomaly.Kind> = []
    for seed in 0..<count {
      let history = history(seed, .listAppend)
      guard let found = history.anomalies(flaw: flaw).map({ Set($0.map(\.kind)) }) else {
        return ("unjudged \(history.told)", kinds)
      }
      kinds.formUnion(found)
      // Where the lists contradict each other there is no order to draw edges from.
      if !found.isDisjoint(with: [.order, .duplicates, .inside, .garbage]) { continue }
      let naive = NaiveTransactions(history).cycles
      if found.intersection(cyclic) != naive {
        return ("seed \(seed): \(found), not \(naive): \(history.told)", kinds)
      }
    }
    return (nil, kinds)
  }

  @Test func `Brute force sees the same cycles in lists`() {
    let found = Self.stray(nil)
    #expect(found.told == nil)
    #expect(found.kinds.isSuperset(of: [.g0, .g1c, .gSingle, .g2, .order, .g1a]))
  }

  @Test(arguments: [ModelName.listAppend, .rwRegister])
  func `What is refuted is not serializable`(model: ModelName) {
    var refuted = 0
    for seed in 0..<Self.count {
      let history = Self.history(seed, model)
      let naive = NaiveTransactions(history)
      if Self.verdict(history, .serializable) == false {
        refuted += 1
        #expect(!naive.isSerializable(), "\(seed) \(history.told)")
      }
      if Self.verdict(history, .strictSerializable) == false {
        let isSerial = naive.isSerializable { naive.all[$0].end ?? .max < naive.all[$1].call }
        #expect(!isSerial, "\(seed) \(history.told)")
      }
      if Self.verdict(history, .strongSessionSerializable) == false {
        let isSerial = naive.isSerializable {
          $0 < $1 && naive.all[$0].process == naive.all[$1].process
        }
        #expect(!isSerial, "\(seed) \(history.told)")
      }
    }
    #expect(refuted > Self.count / 20)
  }

  @Test func `Where every append is read, what is not refuted is serializable`() {
    var count = 0
    for seed in 0..<Self.count {
      let history = Self.history(seed, .listAppend)
      let naive = NaiveTransactions(history)
      let last = history.operations.last.map { NaiveTransactions.parts(of: $0) } ?? []
      let read = Set(last.flatMap { part in (part.value.list ?? []).map { [part.key, $0] } })
      let isWhole = naive.all.flatMap { NaiveTransactions.parts(of: $0) }
        .allSatisfy { $0.name == "r" || read.contains([$0.key, $0.value]) }
      guard isWhole, Self.verdict(history, .serializable) == true else { continue }
      count += 1
      #expect(naive.isSerializable(), "\(seed) \(history.told)")
    }
    #expect(count > 50)
  }

  @Test(arguments: [CheckerFlaw.readsPrecedeNothing, .nonadjacentUnseen])
  func `The comparison catches a planted bug`(flaw: CheckerFlaw) {
    // Cycles whose reads are no neighbours are rare: they are looked for where the checker sees
    // one.
    let isCaught = (0..<60_000).contains { seed in
      let history = Self.history(seed, .listAppend)
      let found = Set((history.anomalies(flaw: nil) ?? []).map(\.kind))
      let flawed = Set((history.anomalies(flaw: flaw) ?? []).map(\.kind))
      return found != flawed && found.isDisjoint(with: Self.plain)
        && found.intersection(Self.cyclic) == NaiveTransactions(history).cycles
    }
    #expect(isCaught)
  }

  /// Histories that show one phenomenon each, after Elle's and Adya's examples.
  static let phenomena: [(String, Anomaly.Kind, CheckerFlaw?, [[String]])] = [
    ("G0", .g0, nil, [["a x 1", "a y 1"], ["a x 2", "a y 2"], ["r x 1 2"], ["r y 2 1"]]),
    ("G1a", .g1a, .abortedMayBeRead, [["fail", "a x 1"], ["r x 1"]]),
    ("G1b", .g1b, .intermediateMayBeRead, [["a x 1", "a x 2"], ["r x 1"], ["r x 1 2"]]),
    ("G1c", .g1c, nil, [["a x 1", "r y 1"], ["a y 1", "r x 1"]]),
    ("lost update", .gSingle, nil, [["r x", "a x 1"], ["r x", "a x 2"], ["r x 1 2"]]),
    ("write skew", .g2, nil, [["r x", "a y 1"], ["r y", "a x 1"], ["r x 1", "r y 1"]]),
    (
      "long fork", .gNonadjacent, .nonadjacentUnseen,
      [["a x 1"], ["a y 1"], ["r x 1", "r y"], ["r x", "r y 1"]]
    ),
    ("internal", .inside, nil, [["a x 1", "r x"]]),
    ("garbage", .garbage, nil, [["r x 9"]]),
    ("order", .order, nil, [["a x 1"], ["a x 2"], ["r x 1 2"], ["r x 2"]]),
    ("duplicates", .duplicates, nil, [["a x 1"], ["r x 1 1"]]),
    ("future read", .future, nil, [["r x 1", "a x 1"]]),
    ("a lost update that no read shows", .lostUpdate, nil, [["r x", "a x 1"], ["r x", "a x 2"]]),
  ]

  @Test(arguments: phenomena) func `A phenomenon is called by its name`(
    name: String, kind: Anomaly.Kind, flaw: CheckerFlaw?, transactions: [[String]]
  ) throws {
    var history = History(processes: transactions.indices.map { "p\($0)" })
    history.model = .listAppend
    for (index, words) in transactions.enumerated() {
      let parts = words.filter { $0 != "fail" }.map { text -> Value in
        let words = text.split(separator: " ").map(String.init)
        let values = words.dropFirst(2).map { Value.int(Int($0) ?? 0) }
        return words[0] == "a"
          ? ["append", .text(words[1]), values[0]] : ["r", .text(words[1]), .list(values)]
      }
      let operation = Operation(
        process: index, "txn", output: .list(parts), call: 0, end: 1)
      if words.contains("fail") {
        history.failed.append(operation)
      } else {
        history.operations.append(operation)
      }
    }
    let found = try #require(history.anomalies())
    #expect(found.contains { $0.kind == kind }, "\(found.map(\.name))")
    if let flaw {
      #expect(!(history.anomalies(flaw: flaw) ?? []).contains { $0.kind == kind })
    }
    #expect(Self.verdict(history, .strictSerializable) == false)
  }

  @Test func `Real time and processes' orders are asked for by name`() throws {
    var history = try HistoryReader().read(
      """
      {"process": 1, "f": "txn", "input": [["append", "x", 1]], "call": 0, "return": 1}
      {"process": 2, "f": "txn", "output": [["r", "x", []]], "call": 2, "return": 3}
      {"process": 3, "f": "txn", "output": [["r", "x", [1]]], "call": 4, "return": 5}
      """)
    #expect(history.model == .listAppend)
    #expect(Self.verdict(history, .serializable) == true)
    #expect(Self.verdict(history, .strongSessionSerializable) == true)
    #expect(Self.verdict(history, .strictSerializable) == false)
    #expect(history.anomalies(order: "realtime")?.map(\.name) == ["G-single-realtime"])
    history.operations[1].process = history.operations[0].process
    #expect(Self.verdict(history, .strongSessionSerializable) == false)
  }
}
