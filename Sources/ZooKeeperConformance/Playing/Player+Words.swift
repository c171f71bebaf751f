import Conformance

/// Connections that ask for no session, and words of four letters, whose answers end them.
extension Player {
  /// Opens a connection, and perhaps says a word.
  mutating func open(_ step: Step, _ client: String) async throws(Stop) {
    await drop(client)
    let line: any ServiceLine
    do throws(TargetError) {
      line = try await world.open(until: world.now + pace.patience)
    } catch {
      throw Stop(verdict: .error, message: "the target cannot be reached: \(error)")
    }
    people[client]?.line = line
    guard case .text(let word) = resolved(step.arguments)["says"] else { return }
    line.sendRaw(Array(word.utf8))
    let isClosed = try await closing(client)
    let bytes = line.takeFrames().filter { !$0.isSent }.flatMap(\.bytes)
    let answer = String(decoding: bytes, as: UTF8.self)
    tell(answer.prefix { $0 != "\n" }.description)
    guard isClosed else {
      throw Stop(
        verdict: .fail, message: "the answer is not the last",
        differences: [
          CaseResult.Difference("the connection", expected: "closed", got: "open")
        ])
    }
    if let gives = step.expected.gives { try judge(answer, gives) }
  }

  private func judge(_ answer: String, _ gives: Value) throws(Stop) {
    if case .text(let begin) = gives["begins"], !answer.hasPrefix(begin) {
      throw Stop(
        verdict: .fail, message: "the answer does not begin with '\(begin)'",
        differences: [
          CaseResult.Difference("the answer", expected: begin, got: String(answer.prefix(60)))
        ])
    }
    for (name, isWanted) in [("has", true), ("lacks", false)] {
      guard case .list(let patterns) = gives[name] else { continue }
      for case .text(let pattern) in patterns
      where Self.matches(answer, filled(pattern)) != isWanted {
        throw Stop(
          verdict: .fail, message: "the answer \(isWanted ? "lacks" : "has") \(pattern)",
          differences: [
            CaseResult.Difference(
              "the answer", expected: (isWanted ? "with " : "without ") + filled(pattern),
              got: answer.shortened)
          ])
      }
    }
    if let fields = gives["fields"], case .record(let members) = fields {
      let wanted = Value.record(members.map(extreme))
      if let stop = stop(for: matching.differences(wanted, Self.fields(of: answer), at: "")) {
        throw stop
      }
    }
  }

  private func extreme(_ member: Value.Member) -> Value.Member {
    switch member.value {
    case .text("shortest"):
      Value.Member(name: member.name, value: .number(Int64(pace.shortest)))
    case .text("longest"): Value.Member(name: member.name, value: .number(Int64(pace.longest)))
    default: member
    }
  }

  /// Whether the answer has the pattern; `^` and `$` are the ends of a line.
  private static func matches(_ answer: String, _ pattern: String) -> Bool {
    guard let regex = try? Regex(pattern) else { return false }
    return answer.firstMatch(of: regex.anchorsMatchLineEndings()) != nil
  }

  /// The pattern with a client's properties for `<a.session>`, and paths for `</path>`.
  private func filled(_ pattern: String) -> String {
    var result = ""
    var rest = pattern[...]
    while let open = rest.firstIndex(of: "<"), let close = rest[open...].firstIndex(of: ">") {
      let name = rest[rest.index(after: open)..<close]
      result += rest[..<open]
      if name.hasPrefix("/") {
        result += folder.absolute(String(name)).map {
          $0 == "." || $0 == "[" || $0 == "]" ? "\\\($0)" : "\($0)"
        }.joined()
      } else {
        let reference = Value.Reference(name: String(name), place: fixture.place)
        result += resolved(.reference(reference)).description
      }
      rest = rest[rest.index(after: close)...]
    }
    return result + rest
  }

  /// The answer's lines that give a name something: a number, decimal or hexadecimal, or a text.
  private static func fields(of answer: String) -> Value {
    let members = answer.split(whereSeparator: \.isNewline).compactMap { line -> Value.Member? in
      guard let mark = line.firstIndex(where: { ":=\t".contains($0) }) else { return nil }
      let text = line[line.index(after: mark)...].drop { $0 == " " }
      let value = Shape.number(String(text)).map(Value.number) ?? .text(String(text))
      return Value.Member(name: String(line[..<mark]), value: value)
    }
    return .record(members)
  }
}
