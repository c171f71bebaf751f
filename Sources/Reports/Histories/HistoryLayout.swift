import Histories

/// Which operations a drawing shows, and where.
struct HistoryLayout: Sendable {
  /// The processes' names, a lane each.
  private(set) var lanes: [String] = []
  private(set) var bars: [Bar] = []
  private(set) var gaps: [Gap] = []
  /// How wide the lanes are, and the room before them for their names.
  private(set) var width = 0.0
  private(set) var names = 0.0

  struct Bar: Sendable {
    let operation: Int
    let lane: Int
    var from: Double
    var to: Double
    let label: String
    /// Whether it returned after what is shown.
    let isCut: Bool
  }

  /// Operations left out between two columns.
  struct Gap: Sendable {
    var x: Double
    var count: Int
  }

  /// How many operations are shown, of those that refute and of those around them.
  private static let most = 30
  private static let step = 14.0

  init(_ history: History, _ refutation: Refutation) {
    let shown = HistoryLayout.shown(history, refutation)
    place(shown, history, refutation)
  }

  /// What refutes, and of the rest that which was open last.
  private static func shown(_ history: History, _ refutation: Refutation) -> [Int] {
    let operations = history.operations
    func newest(_ some: [Int]) -> [Int] {
      some.sorted {
        (operations[$0].end ?? operations[$0].call, $0)
          > (operations[$1].end ?? operations[$1].call, $1)
      }
    }
    var shown = Set(refutation.relations.flatMap { [$0.from, $0.to] })
    if let last = refutation.last { shown.insert(last) }
    let end = refutation.last.flatMap { operations[$0].end } ?? .max
    let around = refutation.prefix.filter { operations[$0].call <= end }
    // A few neighbours always: they show when what refutes happened.
    for (some, most) in [(refutation.core, most - 6), (around, most)] {
      let left = newest(some.filter { !shown.contains($0) })
      shown.formUnion(left.prefix(max(0, most - shown.count)))
    }
    return shown.sorted()
  }

  private mutating func place(_ shown: [Int], _ history: History, _ refutation: Refutation) {
    let operations = history.operations
    var laneOf: [Int: Int] = [:]
    for process in Set(shown.map { operations[$0].process }).sorted() {
      laneOf[process] = lanes.count
      lanes.append(
        history.processes.indices.contains(process) ? history.processes[process] : "\(process)")
    }
    names = 20 + Double(lanes.map(\.count).max() ?? 0) * 8
    let cut = refutation.prefix.isEmpty ? .max : refutation.last.flatMap { operations[$0].end }
    var moments: [(moment: Int, isEnd: Bool, operation: Int)] = []
    for index in shown {
      moments.append((operations[index].call, false, index))
      if let end = operations[index].end, end <= cut ?? .max { moments.append((end, true, index)) }
    }
    moments.sort { ($0.moment, $0.isEnd ? 1 : 0) < ($1.moment, $1.isEnd ? 1 : 0) }
    arrange(moments, laneOf, history, refutation)
  }

  private mutating func arrange(
    _ moments: [(moment: Int, isEnd: Bool, operation: Int)], _ laneOf: [Int: Int],
    _ history: History, _ refutation: Refutation
  ) {
    let operations = history.operations
    let cut = moments.last?.moment ?? .max
    var hidden = HistoryLayout.hidden(moments.map(\.operation), history, refutation)
    var x = 10.0
    var open: [Int: Int] = [:]
    var free = Array(repeating: 0.0, count: lanes.count)
    for moment in moments {
      let left = hidden.prefix { $0 < moment.moment }.count
      if left > 0, !moment.isEnd {
        gaps.append(Gap(x: x + 30, count: left))
        x += 60
        hidden.removeFirst(left)
      }
      let operation = operations[moment.operation]
      let lane = laneOf[operation.process] ?? 0
      if moment.isEnd {
        guard let place = open.removeValue(forKey: moment.operation) else { continue }
        x = max(x + HistoryLayout.step, bars[place].from + HistoryLayout.width(bars[place].label))
        bars[place].to = x
        free[lane] = x + 6
      } else {
        x = max(x + HistoryLayout.step, free[lane])
        open[moment.operation] = bars.count
        let end = operation.end
        bars.append(
          Bar(
            operation: moment.operation, lane: lane, from: x, to: x,
            label: HistoryLayout.label(operation, refutation),
            isCut: end != nil && (end ?? 0) > cut))
      }
    }
    width = x + 30
    for place in open.values {
      width = max(width, bars[place].from + HistoryLayout.width(bars[place].label) + 10)
    }
    for place in open.values { bars[place].to = width - 4 }
  }

  /// The calls' moments of what is not shown, of the objects that are.
  private static func hidden(
    _ shown: [Int], _ history: History, _ refutation: Refutation
  ) -> [Int] {
    let all = Set(shown)
    let candidates =
      refutation.prefix.isEmpty ? Array(history.operations.indices) : refutation.prefix
    return candidates.filter { !all.contains($0) }.map { history.operations[$0].call }.sorted()
  }

  /// The operation without its object where the whole drawing is of one.
  private static func label(_ operation: Operation, _ refutation: Refutation) -> String {
    var operation = operation
    if refutation.key != nil { operation.key = nil }
    let text = "\(operation)"
    return text.count <= 26 ? text : "\(text.prefix(13))…\(text.suffix(12))"
  }

  private static func width(_ label: String) -> Double { Double(label.count) * 7.2 + 16 }
}
