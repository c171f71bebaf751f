/// The writes and reads of a history's operations, before they are numbered.
struct SessionParts {
  /// A written value of an object, which tells its write.
  struct Name: Hashable {
    let key: Value?
    let value: Value
  }

  enum Kind { case last, all, ordered }

  private let history: History
  private(set) var writes: [(operation: Int, part: Int, key: Value?, value: Value)] = []
  struct Read {
    let operation: Int
    let part: Int
    let key: Value?
    let values: [Name]
    let kind: Kind
  }
  private(set) var reads: [Read] = []
  private var written: [Name: Int] = [:]

  init(_ history: History) { self.history = history }

  /// Collects all, and refuses what cannot be judged.
  mutating func collect() throws(RegisterView.Obstacle) {
    for (index, operation) in history.operations.enumerated() {
      switch (operation.function, history.model) {
      case ("txn", _): try collectTransaction(index, operation)
      case ("write", _), ("put", _), ("add", .set):
        try write(index, 0, operation.key, operation.input)
      case ("read", .set):
        read(index, 0, operation.key, operation.output.list ?? [], .all)
      case ("read", .register), ("read", .casRegister), ("get", _):
        let seen = history.plain(operation.output)
        read(index, 0, operation.key, seen == .null ? [] : [seen], .last)
      default:
        throw .unsuited(
          "judged for registers, sets that only grow, and transactions: not \(operation.function)")
      }
    }
    for read in reads {
      for name in read.values where written[name] == nil {
        throw .refuted(RegisterView.thinAir(read.operation, history))
      }
      if Set(read.values).count < read.values.count {
        let operation = history.operations[read.operation]
        throw .refuted(
          Refutation(key: read.key, "\(operation) shows a write twice", core: [read.operation]))
      }
    }
  }

  private mutating func write(
    _ index: Int, _ part: Int, _ key: Value?, _ value: Value
  ) throws(RegisterView.Obstacle) {
    if history.plain(value) == .null { throw .unsuited("a write of nothing") }
    if let other = written.updateValue(index, forKey: Name(key: key, value: value)) {
      let lines = [other, index].map { "\(history.operations[$0].line)" }
      throw .unsuited(
        "\(value) was written twice (lines \(lines.joined(separator: " and "))): "
          + "judging this takes distinct values")
    }
    writes.append((index, part, key, value))
  }

  private mutating func read(
    _ index: Int, _ part: Int, _ key: Value?, _ values: [Value], _ kind: Kind
  ) {
    guard history.operations[index].isKnown else { return }
    reads.append(
      Read(
        operation: index, part: part, key: key, values: values.map { Name(key: key, value: $0) },
        kind: kind))
  }

  private mutating func collectTransaction(
    _ index: Int, _ operation: Operation
  ) throws(RegisterView.Obstacle) {
    for (part, one) in (Transaction.microOperations(of: operation) ?? []).enumerated() {
      switch one.function {
      case .append, .write: try write(index, part, one.key, one.value)
      case .read where history.model == .listAppend:
        read(index, part, one.key, one.value.list ?? [], .ordered)
      case .read: read(index, part, one.key, one.value == .null ? [] : [one.value], .last)
      }
    }
  }
}
