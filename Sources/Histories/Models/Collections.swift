/// A set: `add` and `remove` an element, `contains` answers true or false, `read` gives all.
public struct ElementSet: Model {
  /// A set.
  public init() {}

  /// Before the first operation.
  public var initial: Set<Value> { [] }

  /// What a call makes of a state; nil where it cannot be answered so.
  public func step(_ state: Set<Value>, _ call: Call) -> Set<Value>? {
    switch call.function {
    case "add": return state.union([call.input])
    case "remove": return state.subtracting([call.input])
    case "contains":
      return call.output == nil || call.output == .flag(state.contains(call.input)) ? state : nil
    case "read":
      guard let output = call.output else { return state }
      let seen = output.list ?? []
      return seen.count == state.count && Set(seen) == state ? state : nil
    default: return nil
    }
  }

  /// Whether a call leaves every state as it is.
  public func isRead(_ call: Call) -> Bool {
    call.function == "read" || call.function == "contains"
  }

  /// What is wrong with an operation; nil when nothing is.
  public func mistake(in operation: Operation) -> String? {
    switch operation.function {
    case "add", "remove": return nil
    case "contains":
      if case .flag = operation.output { return nil }
      return operation.isKnown ? "contains answers true or false, not \(operation.output)" : nil
    case "read":
      let isGood = !operation.isKnown || operation.output == .null || operation.output.list != nil
      return isGood ? nil : "a set's read answers a list, not \(operation.output)"
    default: return "a set has add, remove, contains and read, not \(operation.function)"
    }
  }
}

/// A queue, first in, first out: `enqueue`, and `dequeue`, which answers nothing when it is empty.
///
/// Source: Herlihy & Wing, Linearizability, TOPLAS 1990, figure 1.
public struct Queue: Model {
  /// A queue.
  public init() {}

  /// Before the first operation.
  public var initial: [Value] { [] }

  /// What a call makes of a state; nil where it cannot be answered so.
  public func step(_ state: [Value], _ call: Call) -> [Value]? {
    switch call.function {
    case "enqueue": return state + [call.input]
    case "dequeue":
      guard let output = call.output else { return Array(state.dropFirst()) }
      guard let first = state.first else { return output == .null ? state : nil }
      return first == output ? Array(state.dropFirst()) : nil
    default: return nil
    }
  }

  /// Whether a call leaves every state as it is.
  public func isRead(_ call: Call) -> Bool {
    call.function == "dequeue" && call.output == Value.null
  }

  /// What is wrong with an operation; nil when nothing is.
  public func mistake(in operation: Operation) -> String? {
    switch operation.function {
    case "dequeue": nil
    case "enqueue":
      operation.input == .null ? "nothing is enqueued: a dequeue could not tell it" : nil
    default: "a queue has enqueue and dequeue, not \(operation.function)"
    }
  }
}

/// A counter, zero at first: `add` a number, which may be negative, and `read`.
///
/// An `add` that was answered with a number was answered with the sum.
public struct Counter: Model {
  /// A counter.
  public init() {}

  /// Before the first operation.
  public var initial: Int { 0 }

  /// What a call makes of a state; nil where it cannot be answered so.
  public func step(_ state: Int, _ call: Call) -> Int? {
    switch call.function {
    case "add":
      guard let number = call.input.int else { return nil }
      let sum = state &+ number
      guard let output = call.output, output != .null else { return sum }
      return output == .int(sum) ? sum : nil
    case "read": return call.output == nil || call.output == .int(state) ? state : nil
    default: return nil
    }
  }

  /// Whether a call leaves every state as it is.
  public func isRead(_ call: Call) -> Bool { call.function == "read" }

  /// What is wrong with an operation; nil when nothing is.
  public func mistake(in operation: Operation) -> String? {
    switch operation.function {
    case "add": operation.input.int == nil ? "add is given a number, not \(operation.input)" : nil
    case "read":
      operation.isKnown && operation.output.int == nil
        ? "a counter's read answers a number, not \(operation.output)" : nil
    default: "a counter has add and read, not \(operation.function)"
    }
  }
}

/// A lock with an owner: `acquire`, and `release`, which only the owner can.
///
/// Either may answer `false`: the lock was held, or not held by the one who asked.
public struct Lock: Model {
  /// Who holds it.
  public enum State: Hashable, Sendable {
    case free
    case held(by: Value)
  }

  /// A lock.
  public init() {}

  /// Before the first operation.
  public var initial: State { .free }

  /// What is given is the client that asks.
  public func call(of operation: Operation) -> Call {
    Call(
      operation.function, .int(operation.client ?? operation.process),
      output: operation.isKnown ? operation.output : nil)
  }

  /// What a call makes of a state; nil where it cannot be answered so.
  public func step(_ state: State, _ call: Call) -> State? {
    let owned = State.held(by: call.input)
    let change: (from: State, to: State)
    switch call.function {
    case "acquire": change = (.free, owned)
    case "release": change = (owned, .free)
    default: return nil
    }
    let isDone = state == change.from
    if let output = call.output, isDone == (output == .flag(false)) { return nil }
    return isDone ? change.to : state
  }

  /// Whether a call leaves every state as it is.
  public func isRead(_ call: Call) -> Bool { call.output == .flag(false) }

  /// What is wrong with an operation; nil when nothing is.
  public func mistake(in operation: Operation) -> String? {
    operation.function == "acquire" || operation.function == "release"
      ? nil : "a lock has acquire and release, not \(operation.function)"
  }
}
