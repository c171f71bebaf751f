/// Jepsen's histories, and Porcupine's key-value ones, which name the key beside the value.
///
/// What failed did not take place, as Knossos has it. Processes that are no numbers (`:nemesis`)
/// are no clients, and passed over.
enum EDNHistory {
  /// Of the others Jepsen's clients give back what they were given.
  static let answering = ["read", "get", "dequeue", "contains", "txn"]

  static func read(_ reader: EDNReader, hasKeyedValues: Bool) throws -> History {
    var reader = reader
    var builder = HistoryBuilder()
    while let datum = try reader.next() {
      let map = try Fields(datum, reader.source)
      guard let process = map["process"] else { throw map.error(.missingField("process")) }
      guard case .int(let number) = process else { continue }
      guard let kind = HistoryEvent.Kind(rawValue: try map.required("type")) else {
        throw map.error(.wrongField("type", expected: "invoke, ok, fail or info"), at: "type")
      }
      var event = HistoryEvent(
        process: "\(number)", kind: kind, function: try map.required("f"),
        key: map["key"]?.value, value: map["value"]?.value ?? .null, line: map.line,
        column: map.column)
      if case .int(let time) = map["time"] { event.time = time }
      if hasKeyedValues {
        guard let pair = event.value.list, pair.count == 2 else {
          throw map.error(.wrongField("value", expected: "a pair [key value]"), at: "value")
        }
        event.key = pair[0]
        event.value = pair[1]
      }
      if kind == .invoke, ["read", "get", "dequeue"].contains(event.function) {
        event.value = .null
      }
      if kind == .ok, !answering.contains(event.function ?? "") { event.value = .null }
      try builder.take(event)
    }
    return try builder.finished()
  }
}

/// Jepsen's log of old: an event a line, its parts separated by spaces.
///
/// A `cas` that failed was refused: the register held something else. A read that failed did not
/// take place. Other lines of the log are passed over.
enum LogHistory {
  static func read(_ source: ByteSource) throws -> History {
    var source = source
    var builder = HistoryBuilder()
    while try source.peek() != nil {
      let line = source.line
      var bytes: [UInt8] = []
      while let byte = try source.next(), byte != 10 { bytes.append(byte) }
      guard let text = String(validating: bytes, as: UTF8.self) else {
        throw HistoryError(line, 1, .notUTF8)
      }
      if let event = try event(text, line) { try builder.take(event) }
    }
    return try builder.finished()
  }

  private static func event(_ text: String, _ line: Int) throws -> HistoryEvent? {
    let words = text.split(maxSplits: 6) { $0.isWhitespace }.map(String.init)
    guard words.count >= 6, words[0] == "INFO", words[1] == "jepsen.util", words[2] == "-",
      Int(words[3]) != nil
    else { return nil }
    func error(_ field: String, _ expected: String) -> HistoryError {
      let place = text.range(of: field)
      let column = place.map { text.utf8.distance(from: text.startIndex, to: $0) + 1 } ?? 1
      return HistoryError(line, column, .expected(expected, found: field))
    }
    guard let kind = HistoryEvent.Kind(rawValue: String(words[4].dropFirst())) else {
      throw error(words[4], ":invoke, :ok, :fail or :info")
    }
    var event = HistoryEvent(
      process: words[3], kind: kind, function: String(words[5].dropFirst()), line: line, column: 1)
    var reader = EDNReader(ByteSource(words.dropFirst(6).joined(separator: " ")))
    guard let datum = try? reader.member() else { throw error(words[5], "a value behind it") }
    event.value = datum.value
    switch (event.kind, event.function) {
    case (.invoke, "read"), (.ok, "write"), (.ok, "cas"): event.value = .null
    case (.fail, "cas"):
      event.kind = .ok
      event.value = false
    default: break
    }
    return event
  }
}

extension String {
  /// Where another text begins in this one.
  fileprivate func range(of other: String) -> Index? {
    indices.first { self[$0...].hasPrefix(other) }
  }
}
