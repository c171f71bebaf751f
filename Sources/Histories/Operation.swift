/// An operation of a history: who asked what of which object, when, and what came of it.
public struct Operation: Hashable, Sendable {
  /// Who asked, as a number into `History.processes`.
  public var process: Int
  /// What was asked: `read`, `write`, `cas`, `append`.
  public var function: String
  /// The object that was asked; nil where there is one only.
  public var key: Value?
  /// What was given.
  public var input: Value
  /// What came back.
  public var output: Value
  /// The moment of the call, among all moments of the history.
  public var call: Int
  /// The moment of the return; nil when it is not known whether the operation took place.
  ///
  /// Such an operation can take effect at any time after its call, or never.
  public var end: Int?
  /// When it was called and when it returned, in nanoseconds, where the history tells.
  public var times: ClosedRange<Int>?
  /// The updates that the answering replica had been given, where the history tells.
  public var delivered: [Value]?
  /// The client, where it is another number than its process: a process ends with an operation of
  /// unknown outcome, and its client goes on as another.
  public var client: Int?
  /// The line of the file on which the call stands, from 1; 0 for what no file holds.
  public var line: Int

  /// An operation of known outcome with an `end`, of unknown outcome without.
  public init(
    process: Int, _ function: String, key: Value? = nil, input: Value = .null,
    output: Value = .null, call: Int, end: Int?, line: Int = 0
  ) {
    self.process = process
    self.function = function
    self.key = key
    self.input = input
    self.output = output
    self.call = call
    self.end = end
    self.line = line
  }

  /// Whether it is known that it took place.
  public var isKnown: Bool { end != nil }
}

extension Operation: CustomStringConvertible {
  /// `write x 1`, `read x → 1`, `cas x [1 2] → ?`.
  public var description: String {
    var words = [function]
    if let key { words.append("\(key)") }
    if input != .null { words.append("\(input)") }
    if !isKnown {
      words.append("→ ?")
    } else if output != .null || input == .null {
      words.append("→ \(output)")
    }
    return words.joined(separator: " ")
  }
}

/// A recorded history: operations of processes, each of which asks one thing after the other.
public struct History: Hashable, Sendable {
  /// The processes' names.
  public var processes: [String]
  /// In the order of their calls.
  public var operations: [Operation]
  /// What is known not to have taken place, in the order of the calls: only a transaction's writes
  /// are of interest then, which nobody may read.
  public var failed: [Operation] = []
  /// What the history says that its objects are.
  public var model: ModelName?

  /// A history.
  public init(processes: [String] = [], operations: [Operation] = []) {
    self.processes = processes
    self.operations = operations
  }

  /// The name of an operation's process.
  public func name(of operation: Operation) -> String {
    processes.indices.contains(operation.process)
      ? processes[operation.process] : "\(operation.process)"
  }

  /// The operations of each object, objects in the order in which they were first called.
  public var objects: [(key: Value?, operations: [Int])] {
    var order: [Value?: Int] = [:]
    var objects: [(key: Value?, operations: [Int])] = []
    for (index, operation) in operations.enumerated() {
      if let place = order[operation.key] {
        objects[place].operations.append(index)
      } else {
        order[operation.key] = objects.count
        objects.append((operation.key, [index]))
      }
    }
    return objects
  }
}
