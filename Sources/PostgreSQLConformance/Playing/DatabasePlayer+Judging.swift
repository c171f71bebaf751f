import Conformance
import PostgreSQLClient

/// What came of a step.
struct StepOutcome {
  /// In a few words.
  var told: String
  /// What is wrong, without any value of this run; nil if nothing is.
  var message: String?
  var differences: [CaseResult.Difference] = []
  /// Why an alternative that was taken is allowed.
  var because: String?
  /// Whether the case could not be judged.
  var isTrouble = false

  /// All went as it should.
  static let done = StepOutcome(told: "ok")

  /// The case cannot be judged, and why.
  static func trouble(_ what: String) -> StepOutcome {
    StepOutcome(told: "", message: what, isTrouble: true)
  }
}

extension Premises {
  /// The statement that a step sends.
  func statement(_ step: DatabaseStep) -> String {
    switch step.verb {
    case .begin:
      "BEGIN ISOLATION LEVEL \(Self.level(step.arguments))"
        + (step.arguments["readOnly"] == .flag(true) ? " READ ONLY" : "")
    case .exec, .query: filled(step.arguments.description)
    case .commit: "COMMIT"
    case .rollback: "ROLLBACK"
    case .prepare: "PREPARE TRANSACTION \(literal(step))"
    case .commitPrepared: "COMMIT PREPARED \(literal(step))"
    case .rollbackPrepared: "ROLLBACK PREPARED \(literal(step))"
    case .prepared:
      "SELECT substr(gid, \(prefix.count + 1)) FROM pg_prepared_xacts "
        + "WHERE starts_with(gid, \(prefix.sqlLiteral)) ORDER BY prepared, gid"
    case .waits, .answers, .drops, .races, .fills, .kill, .stop, .start: ""
    }
  }

  private static func level(_ arguments: Value) -> String {
    switch arguments["isolation"] {
    case .text("serializable"): "SERIALIZABLE"
    case .text("repeatable"): "REPEATABLE READ"
    default: "READ COMMITTED"
    }
  }

  private func literal(_ step: DatabaseStep) -> String {
    name(of: step.arguments).sqlLiteral
  }

  /// The text with the server's name of a transaction where `<name>` stands.
  private func filled(_ text: String) -> String {
    text.replacing(/<([a-z][a-zA-Z0-9]*)>/) { name(of: String($0.1)).sqlLiteral }
  }
}

extension DatabasePlayer {
  /// An answer in a few words.
  func told(_ answer: Result<Answer, DatabaseError>) -> String {
    switch answer {
    case .success(let answer):
      answer.rows.isEmpty
        ? answer.tag.isEmpty ? "ok" : answer.tag : Self.value(of: answer)["rows"]?.description ?? ""
    case .failure(.refused(let message)):
      "\(Condition.words(message.sqlState)): \(message.text)"
    case .failure(.connectionLost): Condition.connectionLost.name
    case .failure(let error): "\(error)"
    }
  }

  /// Holds an answer against what a step expects.
  mutating func judge(
    _ step: DatabaseStep, _ answer: Result<Answer, DatabaseError>
  ) -> StepOutcome {
    var outcome = StepOutcome(told: told(answer))
    if case .failure(.connectionLost) = answer {
      sessions[step.client] = nil
    }
    guard let wrong = differences(step.expected, answer) ?? untold(step, answer) else {
      keep(step, answer)
      return outcome
    }
    for alternative in step.alternatives where differences(alternative.expected, answer) == nil {
      outcome.because = alternative.because
      keep(step, answer)
      return outcome
    }
    // Its room for what is prepared is shared with whoever else uses it.
    if case .failure(let error) = answer, error.sqlState == Condition.outOfMemory.sqlState,
      !fixture.id.hasPrefix("PG-LIMIT-")
    {
      return .trouble("the server has no room: \(error)")
    }
    outcome.message = wrong.message
    outcome.differences = wrong.differences
    return outcome
  }

  /// That an error does not tell what it should; nil if it does.
  private func untold(
    _ step: DatabaseStep, _ answer: Result<Answer, DatabaseError>
  ) -> (message: String, differences: [CaseResult.Difference])? {
    guard let told = step.told, case .failure(.refused(let message)) = answer else { return nil }
    var wanted = told.description
    if case .reference(let reference) = told {
      wanted = kept[reference.name]?.value.description ?? wanted
    }
    let words = [message.text, message.detail, message.hint].compactMap(\.self)
    guard !words.contains(where: { $0.contains(wanted) }) else { return nil }
    return (
      "the error does not tell it",
      [
        CaseResult.Difference(
          "the error", expected: wanted, got: words.joined(separator: "; ").shortened)
      ]
    )
  }

  /// Where an answer is not as expected; nil if it is.
  private func differences(
    _ expected: DatabaseStep.Expected, _ answer: Result<Answer, DatabaseError>
  ) -> (message: String, differences: [CaseResult.Difference])? {
    switch (expected, answer) {
    case (.answer(let wanted), .success(let answer)):
      let found = Matching(
        lookUp: { kept[$0.name].map { ($0.value, $0.words) } ?? (.null, $0.name) },
        origin: { _ in nil }, spelledOut: { wanted, _ in wanted }
      ).differences(wanted, Self.value(of: answer), at: "")
      guard let first = found.first else { return nil }
      return (first.message, found.map(\.difference))
    case (.error(.connectionLost), .failure(.connectionLost)): return nil
    case (.error(let condition), .failure(let error))
    where condition.sqlState != nil && condition.sqlState == error.sqlState:
      return nil
    case (.error(let condition), _):
      return (
        "the statement is not refused with \(condition)",
        [
          CaseResult.Difference(
            "the answer", expected: condition.description, got: told(answer).shortened)
        ]
      )
    case (.answer, .failure(let error)):
      let state = error.sqlState.map(Condition.words) ?? Condition.connectionLost.name
      let what = error.sqlState == nil ? "is not answered" : "is refused with \(state)"
      return (
        "the statement \(what)",
        [CaseResult.Difference("the answer", expected: "ok", got: told(answer).shortened)]
      )
    }
  }

  /// An answer in the fixture's terms: numbers where the server's text is one.
  static func value(of answer: Answer) -> Value {
    let rows = answer.rows.map { row in
      Value.list(
        row.map { cell in
          guard let cell else { return .text("null") }
          if let number = Int64(cell), "\(number)" == cell { return .number(number) }
          return .text(cell)
        })
    }
    return .record([
      Value.Member(name: "tag", value: .text(answer.tag)),
      Value.Member(name: "rows", value: .list(rows)),
    ])
  }

  private mutating func keep(_ step: DatabaseStep, _ answer: Result<Answer, DatabaseError>) {
    guard case .success(let answer) = answer else { return }
    for keep in step.keep {
      kept[keep.name] = (
        Self.value(of: answer).at(keep.field) ?? .null, "\(keep.field) of line \(step.place.line)"
      )
    }
  }
}
