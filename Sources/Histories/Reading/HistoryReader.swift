/// Reads recorded histories, in a stream: what is held is the history, not the file.
public struct HistoryReader {
  /// How a history is written.
  public enum Format: String, CaseIterable, Sendable {
    /// Our own: a JSON object a line, an event or a whole operation (`Notes/Histories.md`).
    case ndjson
    /// Jepsen's and Porcupine's: EDN maps, one after the other or in a vector.
    case edn
    /// Jepsen's log: `INFO  jepsen.util - 0 :invoke :read nil`.
    case log
  }

  /// How the history is written; nil to see from its beginning.
  public var format: Format?
  /// What the objects are; nil when the history says it, or its functions do.
  public var model: ModelName?
  /// Whether EDN's values are pairs of a key and a value, as `jepsen.independent` makes them.
  public var hasKeyedValues: Bool

  /// A reader.
  public init(format: Format? = nil, model: ModelName? = nil, hasKeyedValues: Bool = false) {
    self.format = format
    self.model = model
    self.hasKeyedValues = hasKeyedValues
  }

  /// Reads a history.
  ///
  /// - Parameter more: gives the next bytes, and none at the end.
  /// - Throws: `HistoryError`, and what `more` throws.
  /// - Complexity: O(length).
  public func read(_ more: @escaping () throws -> [UInt8]) throws -> History {
    var source = ByteSource(more)
    var history =
      switch try format ?? HistoryReader.format(of: &source) {
      case .ndjson: try NDJSONHistory.read(JSONReader(source))
      case .edn: try EDNHistory.read(EDNReader(source), hasKeyedValues: hasKeyedValues)
      case .log: try LogHistory.read(source)
      }
    guard !history.operations.isEmpty || !history.failed.isEmpty else {
      throw HistoryError(1, 1, .empty)
    }
    history.model = try model ?? history.model ?? HistoryReader.model(of: history)
    try HistoryReader.validate(history)
    return history
  }

  /// Reads a history that is in memory.
  public func read(_ text: String) throws -> History {
    var rest: [UInt8]? = Array(text.utf8)
    return try read {
      defer { rest = nil }
      return rest ?? []
    }
  }

  /// JSON and EDN both begin with a brace; what comes behind it tells them apart.
  private static func format(of source: inout ByteSource) throws -> Format {
    var ahead = try source.beginning()
    var isInMap = false
    while let byte = try ahead.next() {
      switch byte {
      case 9, 10, 13, 32: continue
      case UInt8(ascii: "{") where !isInMap: isInMap = true
      case UInt8(ascii: "\""), UInt8(ascii: "}"): return isInMap ? .ndjson : .edn
      case UInt8(ascii: ":") where isInMap: return .edn
      case UInt8(ascii: "["), UInt8(ascii: "("), UInt8(ascii: ";"), UInt8(ascii: "#"): return .edn
      case UInt8(ascii: "A")...UInt8(ascii: "Z"): return .log
      default: throw ahead.error(.expected("JSON, EDN or a log", found: "byte \(byte)"))
      }
    }
    return .ndjson
  }

  private static func model(of history: History) throws -> ModelName {
    let functions = Set((history.operations + history.failed).map(\.function))
    let places = [
      (["read", "write"], ModelName.register), (["read", "write", "cas"], .casRegister),
      (["get", "put", "append"], .keyValue), (["enqueue", "dequeue"], .queue),
      (["acquire", "release"], .lock), (["add", "remove", "contains"], .set),
    ]
    if let known = places.first(where: { functions.isSubset(of: $0.0) }) { return known.1 }
    if functions == ["txn"] {
      let isAppending = (history.operations + history.failed).contains {
        Transaction.microOperations(of: $0)?.contains { $0.function == .append } ?? false
      }
      return isAppending ? .listAppend : .rwRegister
    }
    throw HistoryError(1, 1, .noModel(functions: functions.sorted()))
  }

  private static func validate(_ history: History) throws {
    guard let model = history.model else { return }
    for operation in history.operations + history.failed {
      guard let mistake = model.mistake(in: operation) else { continue }
      throw HistoryError(operation.line, 1, .unsuited(mistake))
    }
  }
}
