import Conformance

extension DatabaseFormat {
  /// The format's JSON Schema (draft 2020-12), for editors and for readers in other languages.
  ///
  /// It is looser than the reader where a schema cannot look: the order of steps, who waits, what a
  /// name is bound to, rows of `each`.
  package static var schema: String {
    guard case .object(let fields) = Shape.record(top, named: "a fixture").bare else { return "" }
    let head: [(String, JSON)] = [
      ("$schema", .text("https://json-schema.org/draft/2020-12/schema")),
      ("title", .text("Quorate database fixture")),
    ]
    return JSON.object(head + fields + [("$defs", .object(definitions))]).description + "\n"
  }

  private static var definitions: [(String, JSON)] {
    let verbs = DatabaseStep.Verb.allCases
    let reference: JSON = .object([
      ("type", .text("string")), ("pattern", .text(#"^\$[a-z]"#)),
    ])
    // A row of `each` may bring a step's verb.
    let brought: JSON = .object([
      ("propertyNames", .object([("pattern", .text(#"\$|^[a-z]+$"#))]))
    ])
    let steps = Shape.any(of: verbs.map(schema) + [brought])
    let null: JSON = .object([("type", .text("null"))])
    return [("reference", reference), ("error", error.unshared)]
      + [("cell", Shape.any(of: [cell.unshared, null]))]
      + Shape.common.map { ($0, $1.unshared) }
      + verbs.map { ("does-\($0.rawValue)", arguments(of: $0).unshared) }
      + verbs.filter(\.isAnswered).map { ("gives-\($0.rawValue)", gives(of: $0).unshared) }
      + [(script, .object([("type", .text("array")), ("items", steps)]))]
  }

  /// A step with this verb.
  private static func schema(of verb: DatabaseStep.Verb) -> JSON {
    let client = verb.isServers ? DatabaseFixture.server : "[a-z][a-zA-Z0-9]*"
    let key = "^\(client)\\.\(verb.rawValue)$"
    let properties = besides(verb).map { ($0, schema(beside: $0, verb)) }
    return .fields([
      ("type", .text("object")),
      ("patternProperties", .object([(key, .reference("does-\(verb.rawValue)"))])),
      ("properties", properties.isEmpty ? nil : .object(properties)),
      ("additionalProperties", .flag(false)),
      ("not", .object([("propertyNames", .object([("enum", .texts(allBesides))]))])),
    ])
  }

  private static func schema(beside key: String, _ verb: DatabaseStep.Verb) -> JSON {
    switch key {
    case "gives": .reference("gives-\(verb.rawValue)")
    case "error": error.schema
    case "keep": keep.schema
    case "waits": mustWait.schema
    case "or": alternatives(verb)
    default: Shape.text.schema
    }
  }

  private static func alternatives(_ verb: DatabaseStep.Verb) -> JSON {
    .alternatives(["gives", "error", "because"].map { ($0, schema(beside: $0, verb)) })
  }
}
