/// A history of registers as the checkers of causality see it: writes, and reads of known writes.
///
/// Writes of unknown outcome that nobody read are left out: nothing demands that they took place.
/// Source of the assumption: Bouajjani and others 2017, differentiated histories; Gibbons & Korach,
/// Testing shared memories, 1997 (without it the problems are NP-complete).
struct RegisterView {
  /// An operation that counts.
  struct Event {
    /// Its number in the history.
    let operation: Int
    let process: Int
    /// The register's number.
    let key: Int
    let isWrite: Bool
    /// For a read the event of the write that it read; nil for what was there before all writes.
    var source: Int?
  }

  /// By process, each process's in its order; processes by number.
  private(set) var events: [Event] = []
  /// Each process's events.
  private(set) var processes: [Range<Int>] = []
  /// Each register's writes.
  private(set) var writes: [[Int]] = []
  private(set) var keys: [Value?] = []

  /// Why there is no such view.
  enum Obstacle: Error {
    case unsuited(String)
    case refuted(Refutation)

    var verdict: Verdict {
      switch self {
      case .unsuited(let why): .unsuited(why)
      case .refuted(let refutation): .refuted(refutation)
      }
    }
  }

  /// The view of a history.
  ///
  /// - Throws: an obstacle when an operation is neither a read nor a write, when two writes of one
  ///   register write the same value, and when a value is read that nobody wrote.
  init(_ history: History) throws(Obstacle) {
    let operations = history.operations
    if let model = history.model, !Self.models.contains(model) {
      throw .unsuited("judged for registers, read and written: not \(model.rawValue)")
    }
    var writers: [Value?: [Value: Int]] = [:]
    for (index, operation) in operations.enumerated() {
      switch operation.function {
      case "read", "get": continue
      case "write", "put":
        if history.plain(operation.input) == .null { throw .unsuited("a write of nothing") }
        if let other = writers[operation.key, default: [:]].updateValue(
          index, forKey: operation.input)
        {
          throw .unsuited(
            "\(operation) was written twice (lines \(operations[other].line) and "
              + "\(operation.line)): judging this takes distinct values")
        }
      default: throw .unsuited("judged for registers, read and written: not \(operation.function)")
      }
    }
    var sources: [Int: Int] = [:]
    for (index, operation) in operations.enumerated()
    where operation.isKnown && !Self.isWrite(operation)
      && history.plain(operation.output) != .null
    {
      guard let writer = writers[operation.key]?[operation.output] else {
        throw .refuted(Self.thinAir(index, history))
      }
      sources[index] = writer
    }
    arrange(operations, sources)
  }

  /// The models whose operations may be those of registers.
  static let models: [ModelName] = [.register, .casRegister, .keyValue]

  static func isWrite(_ operation: Operation) -> Bool {
    operation.function == "write" || operation.function == "put"
  }

  /// A read of what nobody wrote refutes every guarantee.
  static func thinAir(_ index: Int, _ history: History) -> Refutation {
    let read = history.operations[index]
    let isAborted = history.failed.contains {
      $0.key == read.key && isWrite($0) && $0.input == read.output
    }
    let what =
      isAborted ? "a value of which the writer was told that it failed" : "what nobody wrote"
    return Refutation(key: read.key, "\(read) reads \(what)", core: [index])
  }

  private mutating func arrange(_ operations: [Operation], _ sources: [Int: Int]) {
    let read = Set(sources.values)
    let kept = operations.indices.filter { index in
      let operation = operations[index]
      return operation.isKnown || Self.isWrite(operation) && read.contains(index)
    }.sorted { (operations[$0].process, $0) < (operations[$1].process, $1) }
    var numbers: [Value?: Int] = [:]
    var eventOf: [Int: Int] = [:]
    for (event, index) in kept.enumerated() {
      let operation = operations[index]
      let key = numbers[operation.key] ?? keys.count
      if key == keys.count {
        numbers[operation.key] = key
        keys.append(operation.key)
        writes.append([])
      }
      let isWrite = Self.isWrite(operation)
      if isWrite { writes[key].append(event) }
      eventOf[index] = event
      let isNew = events.last?.process != operation.process
      events.append(
        Event(operation: index, process: operation.process, key: key, isWrite: isWrite, source: nil)
      )
      if isNew { processes.append(event..<event) }
      processes[processes.count - 1] = processes[processes.count - 1].lowerBound..<(event + 1)
    }
    for (read, write) in sources {
      if let event = eventOf[read] { events[event].source = eventOf[write] }
    }
  }
}
