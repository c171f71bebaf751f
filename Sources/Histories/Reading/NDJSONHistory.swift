/// Our own format: a JSON object a line (`Fixtures/history.schema.json`).
enum NDJSONHistory {
  private enum Shape { case events, operations }

  static func read(_ reader: JSONReader) throws -> History {
    var reader = reader
    var builder = HistoryBuilder()
    var model: ModelName?
    var shape: Shape?
    while true {
      guard let datum = try reader.next() else { break }
      let line = try Fields(datum, reader.source)
      if builder.count == 0, line.has("history") {
        model = try header(line)
        continue
      }
      let this = line.has("call") ? Shape.operations : .events
      guard shape == nil || shape == this else { throw line.error(.mixedLines) }
      shape = this
      if this == .events {
        try builder.take(event(line))
      } else {
        let whole = try operation(line)
        builder.take(whole.operation, process: whole.process, isFailed: whole.isFailed)
      }
    }
    var history = try builder.finished()
    history.model = model
    return history
  }

  private static func header(_ line: Fields) throws -> ModelName? {
    try line.only(["history", "model"])
    guard try line.int("history") == 1 else {
      throw line.error(.wrongField("history", expected: "1, this format's version"))
    }
    guard let name = try line.name("model") else { return nil }
    guard let model = ModelName(rawValue: name) else {
      let names = ModelName.allCases.map(\.rawValue).joined(separator: ", ")
      throw line.error(.wrongField("model", expected: names), at: "model")
    }
    return model
  }

  private static func event(_ line: Fields) throws -> HistoryEvent {
    try line.only(["process", "type", "f", "key", "value", "time", "saw"])
    guard let kind = HistoryEvent.Kind(rawValue: try line.required("type")) else {
      throw line.error(.wrongField("type", expected: "invoke, ok, fail or info"), at: "type")
    }
    return HistoryEvent(
      process: try line.required("process"), kind: kind, function: try line.name("f"),
      key: line["key"]?.value, value: line["value"]?.value ?? .null, time: try line.int("time"),
      delivered: try line.list("saw"), line: line.line, column: line.column)
  }

  private static func operation(
    _ line: Fields
  ) throws -> (operation: Operation, process: String, isFailed: Bool) {
    try line.only([
      "process", "type", "f", "key", "input", "output", "call", "return", "saw",
    ])
    let kind = try line.name("type") ?? (line.has("return") ? "ok" : "info")
    guard ["ok", "fail", "info"].contains(kind) else {
      throw line.error(.wrongField("type", expected: "ok, fail or info"), at: "type")
    }
    guard let call = try line.int("call") else {
      throw line.error(.wrongField("call", expected: "a whole number"), at: "call")
    }
    let end = try line.int("return")
    if let end, end < call {
      throw line.error(.wrongField("return", expected: "no less than call"), at: "return")
    }
    if kind == "ok", end == nil { throw line.error(.missingField("return")) }
    var operation = Operation(
      process: 0, try line.required("f"), key: line["key"]?.value,
      input: line["input"]?.value ?? .null, output: line["output"]?.value ?? .null, call: call,
      end: kind == "ok" ? end : nil, line: line.line)
    if let end, kind == "ok" { operation.times = call...end }
    operation.delivered = try line.list("saw")
    return (operation, try line.required("process"), kind == "fail")
  }
}

/// The fields of an object, and their places.
struct Fields {
  private let fields: [Datum.Field]
  let line: Int
  let column: Int

  /// The fields of what ended at this place.
  init(_ datum: Datum, _ source: ByteSource) throws {
    guard case .map(let fields) = datum else {
      throw source.error(.expected("an object with fields", found: "\(datum.value)"))
    }
    self.fields = fields
    line = fields.first?.line ?? source.line
    column = fields.first?.column ?? source.column
  }

  subscript(name: String) -> Datum? { fields.last { $0.name == name }?.value }

  func has(_ name: String) -> Bool { fields.contains { $0.name == name } }

  func error(_ reason: HistoryError.Reason, at name: String? = nil) -> HistoryError {
    guard let name, let field = fields.last(where: { $0.name == name }) else {
      return HistoryError(line, column, reason)
    }
    return HistoryError(field.line, field.column, reason)
  }

  /// Refuses fields of other names.
  func only(_ names: [String]) throws {
    for field in fields where !names.contains(field.name) {
      throw error(.unknownField(field.name), at: field.name)
    }
  }

  /// A text or a number, as a name; nil without the field.
  func name(_ name: String) throws -> String? {
    guard let datum = self[name] else { return nil }
    if case .null = datum { return nil }
    guard let text = datum.name else {
      throw error(.wrongField(name, expected: "a text or a number"), at: name)
    }
    return text
  }

  func required(_ name: String) throws -> String {
    guard let text = try self.name(name) else { throw error(.missingField(name)) }
    return text
  }

  func int(_ name: String) throws -> Int? {
    switch self[name] {
    case nil, .null: return nil
    case .int(let number): return number
    default: throw error(.wrongField(name, expected: "a whole number of 64 bits"), at: name)
    }
  }

  func list(_ name: String) throws -> [Value]? {
    switch self[name] {
    case nil, .null: return nil
    case .list(let members): return members.map(\.value)
    default: throw error(.wrongField(name, expected: "a list"), at: name)
    }
  }
}
