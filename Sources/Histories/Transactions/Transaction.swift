/// What a transaction did, one thing after the other.
public struct MicroOperation: Hashable, Sendable {
  /// The kinds of micro-operations.
  public enum Function: Sendable {
    case append
    case write
    case read
  }
  /// What it is.
  public var function: Function
  /// The list or register.
  public var key: Value
  /// What was appended or written, or what was read.
  public var value: Value
}

/// How transactions stand in histories: `txn` with a list of `[append k v]`, `[w k v]`, `[r k v]`.
enum Transaction {
  /// What an operation did, as far as it is known: what came back, else what was asked.
  ///
  /// - Returns: nil when it is no such list.
  static func microOperations(of operation: Operation) -> [MicroOperation]? {
    let value = operation.output == .null ? operation.input : operation.output
    guard operation.function == "txn", let members = value.list else { return nil }
    var all: [MicroOperation] = []
    for member in members {
      guard let parts = member.list, parts.count == 3, case .text(let name) = parts[0] else {
        return nil
      }
      switch name.string {
      case "append": all.append(MicroOperation(function: .append, key: parts[1], value: parts[2]))
      case "w": all.append(MicroOperation(function: .write, key: parts[1], value: parts[2]))
      case "r": all.append(MicroOperation(function: .read, key: parts[1], value: parts[2]))
      default: return nil
      }
    }
    return all
  }

  static func mistake(in operation: Operation, _ model: ModelName) -> String? {
    guard operation.function == "txn" else {
      return "\(model.rawValue) has txn, not \(operation.function)"
    }
    guard let all = microOperations(of: operation) else {
      return "a txn is a list of [append k v], [w k v] and [r k v]"
    }
    let isAppending = model == .listAppend
    for one in all {
      switch one.function {
      case .append where !isAppending: return "append in a history of registers"
      case .write where isAppending: return "w in a history of lists"
      case .read
      where isAppending && operation.isKnown && one.value != .null
        && one.value.list == nil:
        return "a list is read, not \(one.value)"
      default: continue
      }
    }
    return nil
  }
}
