/// Something that happened in a history.
struct HistoryEvent {
  enum Kind: String {
    case invoke
    case ok
    /// It is known that it did not take place.
    case fail
    /// It is not known whether it took place.
    case info
  }
  var process: String
  var kind: Kind
  /// nil where a return does not repeat it.
  var function: String?
  var key: Value?
  var value: Value = .null
  /// In nanoseconds.
  var time: Int?
  var delivered: [Value]?
  var line = 0
  var column = 0

  func error(_ reason: HistoryError.Reason) -> HistoryError { HistoryError(line, column, reason) }
}

/// Makes a history of events, in their order.
struct HistoryBuilder {
  private var history = History()
  private var numbers: [String: Int] = [:]
  /// The first number of each process.
  private var clients: [String: Int] = [:]
  private var names: Set<String> = []
  /// Each process's open operation.
  private var open: [Int: Int] = [:]
  private var moment = 0
  private var dropped: Set<Int> = []
  private var began: [Int: Int] = [:]

  init() {}

  /// The number of a process; a new one after an operation of unknown outcome, which may still take
  /// effect: what its process does later does not come after it.
  private mutating func number(of process: String) -> Int {
    if let known = numbers[process] { return known }
    let number = history.processes.count
    numbers[process] = number
    clients[process] = clients[process] ?? number
    var name = process
    while !names.insert(name).inserted { name += "′" }
    history.processes.append(name)
    return number
  }

  /// Takes the next event.
  mutating func take(_ event: HistoryEvent) throws(HistoryError) {
    let process = number(of: event.process)
    moment += 1
    if event.kind == .invoke {
      try call(event, process)
    } else {
      try end(event, process)
    }
  }

  private mutating func call(_ event: HistoryEvent, _ process: Int) throws(HistoryError) {
    if let index = open[process] {
      throw event.error(
        .stillOpen(process: event.process, since: history.operations[index].line))
    }
    guard let function = event.function else { throw event.error(.missingField("f")) }
    open[process] = history.operations.count
    began[process] = event.time
    var operation = Operation(
      process: process, function, key: event.key, input: event.value, call: moment, end: nil,
      line: event.line)
    operation.client = clients[event.process]
    history.operations.append(operation)
  }

  private mutating func end(_ event: HistoryEvent, _ process: Int) throws(HistoryError) {
    guard let index = open.removeValue(forKey: process) else {
      throw event.error(.nothingOpen(process: event.process))
    }
    let called = history.operations[index].function
    if let function = event.function, function != called {
      throw event.error(.otherFunction(called: called, returned: function))
    }
    switch event.kind {
    case .invoke: break
    case .info: numbers[event.process] = nil
    case .fail: dropped.insert(index)
    case .ok:
      history.operations[index].output = event.value
      history.operations[index].end = moment
      history.operations[index].delivered = event.delivered
      if let begin = began[process], let time = event.time, begin <= time {
        history.operations[index].times = begin...time
      }
    }
  }

  /// Takes a whole operation.
  mutating func take(_ operation: Operation, process: String, isFailed: Bool) {
    var operation = operation
    operation.process = number(of: process)
    operation.client = clients[process]
    if isFailed { dropped.insert(history.operations.count) }
    if !operation.isKnown, !isFailed { numbers[process] = nil }
    history.operations.append(operation)
  }

  /// How many operations were begun.
  var count: Int { history.operations.count }

  /// The history; what is still open is of unknown outcome.
  consuming func finished() throws(HistoryError) -> History {
    var history = history
    if !dropped.isEmpty {
      history.failed = dropped.sorted().map { history.operations[$0] }
      let all = history.operations
      history.operations = all.indices.filter { !dropped.contains($0) }.map { all[$0] }
    }
    let isSorted = zip(history.operations, history.operations.dropFirst())
      .allSatisfy { $0.call <= $1.call }
    if !isSorted { history.operations.sort { ($0.call, $0.line) < ($1.call, $1.line) } }
    var last: [Int: Operation] = [:]
    for operation in history.operations {
      if let earlier = last[operation.process], earlier.end ?? .max > operation.call {
        throw HistoryError(
          operation.line, 1,
          .overlaps(process: history.name(of: operation), line: earlier.line))
      }
      last[operation.process] = operation
    }
    return history
  }
}
