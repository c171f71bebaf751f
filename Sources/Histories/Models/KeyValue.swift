/// A key's text: `get`, `put` and `append`; before the first of them it is empty.
///
/// A `get` of a key that was never written may answer nothing or the empty text.
public struct KeyValue: Model {
  /// A text, or a value that was put and is none.
  public enum State: Hashable, Sendable, CustomStringConvertible {
    case text(Text)
    case other(Value)

    /// As it is told.
    public var description: String {
      switch self {
      case .text(let text): "\(Value.text(text))"
      case .other(let value): "\(value)"
      }
    }
  }

  /// A key.
  public init() {}

  /// Before the first operation.
  public var initial: State { .text(Text("")) }

  private func holds(_ value: Value) -> State {
    switch value {
    case .text(let text): .text(text)
    case .null: .text(Text(""))
    default: .other(value)
    }
  }

  private func value(of state: State) -> Value {
    switch state {
    case .text(let text): .text(text)
    case .other(let value): value
    }
  }

  /// What a call makes of a state; nil where it cannot be answered so.
  public func step(_ state: State, _ call: Call) -> State? {
    switch call.function {
    case "get":
      guard let output = call.output else { return state }
      return state == holds(output) ? state : nil
    case "put": return holds(call.input)
    case "append":
      if case .text(let text) = state, case .text(let more) = call.input {
        return .text(text.appending(more))
      }
      return .other([value(of: state), call.input])
    default: return nil
    }
  }

  /// Whether a call leaves every state as it is.
  public func isRead(_ call: Call) -> Bool { call.function == "get" }

  /// Texts only grow: what is read begins with what was there before.
  public func admits(_ later: Call, after state: State) -> Bool {
    guard later.function == "get", let output = later.output,
      case .text(let text) = state, case .text(let seen) = holds(output)
    else { return true }
    return text.isPrefix(of: seen)
  }

  /// Whether `admits` can say no.
  public var looksAhead: Bool { true }

  /// Whether nothing is left of the state before a call.
  public func isReset(_ call: Call) -> Bool { call.function == "put" }

  /// What is wrong with an operation; nil when nothing is.
  public func mistake(in operation: Operation) -> String? {
    switch operation.function {
    case "get", "put": return nil
    case "append":
      if case .text = operation.input { return nil }
      return "append is given a text, not \(operation.input)"
    default: return "a key-value store has get, put and append, not \(operation.function)"
    }
  }
}

extension History {
  /// The value, and nothing for the empty text where a key that was never written may answer so.
  func plain(_ value: Value) -> Value {
    model == .keyValue && value == .text(Text("")) ? .null : value
  }
}
