/// A register that is read and written: the last written value is read.
///
/// Source: Lamport, On interprocess communication, 1986 (atomic register).
public struct Register: Model {
  /// Before the first operation.
  public let initial: Value

  /// A register that holds `initial` first.
  public init(initial: Value = .null) { self.initial = initial }

  /// What a call makes of a state; nil where it cannot be answered so.
  public func step(_ state: Value, _ call: Call) -> Value? {
    switch call.function {
    case "read": call.output == nil || call.output == state ? state : nil
    case "write": call.input
    default: nil
    }
  }

  /// Whether a call leaves every state as it is.
  public func isRead(_ call: Call) -> Bool { call.function == "read" }

  /// What is wrong with an operation; nil when nothing is.
  public func mistake(in operation: Operation) -> String? {
    operation.function == "read" || operation.function == "write"
      ? nil : "a register has read and write, not \(operation.function)"
  }
}

/// A register with compare-and-set: `cas [from to]` writes `to` where `from` is held, and answers
/// `false` where it is not.
public struct CASRegister: Model {
  /// Before the first operation.
  public let initial: Value

  /// A register that holds `initial` first.
  public init(initial: Value = .null) { self.initial = initial }

  /// What a call makes of a state; nil where it cannot be answered so.
  public func step(_ state: Value, _ call: Call) -> Value? {
    switch call.function {
    case "read": return call.output == nil || call.output == state ? state : nil
    case "write": return call.input
    case "cas":
      guard let pair = call.input.list, pair.count == 2 else { return nil }
      let isEqual = state == pair[0]
      guard let output = call.output else { return isEqual ? pair[1] : state }
      return isEqual == (output != .flag(false)) ? (isEqual ? pair[1] : state) : nil
    default: return nil
    }
  }

  /// Whether a call leaves every state as it is.
  public func isRead(_ call: Call) -> Bool {
    call.function == "read" || call.function == "cas" && call.output == .flag(false)
  }

  /// What is wrong with an operation; nil when nothing is.
  public func mistake(in operation: Operation) -> String? {
    switch operation.function {
    case "read", "write": nil
    case "cas":
      operation.input.list?.count == 2
        ? nil : "cas is given [from to], not \(operation.input)"
    default: "a cas-register has read, write and cas, not \(operation.function)"
    }
  }
}

/// A register whose reads may be stale: each returns one of the last `versions` values written.
///
/// With one version it is a register. Source: Aiyer, Alvisi, Bazzi, On the availability of
/// non-strict quorum systems, 2005 (k-atomicity).
public struct StaleRegister: Model {
  /// How many of the last values may be read, at least 1.
  public let versions: Int
  /// Before the first operation.
  public let initial: [Value]

  /// A register of which the last `versions` values may be read.
  public init(versions: Int, initial: Value = .null) {
    self.versions = max(1, versions)
    self.initial = [initial]
  }

  /// What a call makes of a state; nil where it cannot be answered so.
  public func step(_ state: [Value], _ call: Call) -> [Value]? {
    switch call.function {
    case "read", "get":
      return call.output.map { state.contains(plain($0, call)) } ?? true ? state : nil
    case "write", "put": return Array((state + [plain(call.input, call)]).suffix(versions))
    default: return nil
    }
  }

  /// A key-value store answers nothing or the empty text for what was never written.
  private func plain(_ value: Value, _ call: Call) -> Value {
    ["get", "put"].contains(call.function) && value == .text(Text("")) ? .null : value
  }

  /// Whether a call leaves every state as it is.
  public func isRead(_ call: Call) -> Bool { call.function == "read" || call.function == "get" }

  /// What is wrong with an operation; nil when nothing is.
  public func mistake(in operation: Operation) -> String? {
    ["read", "write", "get", "put"].contains(operation.function)
      ? nil : "staleness is counted for registers, which have no \(operation.function)"
  }
}
