import Conformance

extension FixtureFormat {
  /// The format's JSON Schema (draft 2020-12), for editors and for readers in other languages.
  ///
  /// It is looser than the reader where a schema cannot look: the order of steps, what a name is
  /// bound to, rows of `each`.
  package static var schema: String {
    let root = Shape.record(top, named: "a fixture").bare
    guard case .object(let fields) = root else { return "" }
    let head: [(String, JSON)] = [
      ("$schema", .text("https://json-schema.org/draft/2020-12/schema")),
      ("title", .text("Quorate service fixture")),
    ]
    return JSON.object(head + fields + [("$defs", .object(definitions))]).description + "\n"
  }

  /// The shapes that have names.
  private static var named: [(String, Shape)] {
    [stat, ACLNotation.list, error, events].compactMap { shape in
      guard case .named(let name, let shape) = shape else { return nil }
      return (name, shape)
    }
  }

  private static var definitions: [(String, JSON)] {
    return [
      ("reference", .object([("type", .text("string")), ("pattern", .text(#"^\$[a-z]"#))]))
    ]
      + (named + Shape.common).map { ($0, $1.unshared) }
      + besides.map { ("beside-\($0.name)", $0.shape.unshared) }
      + verbs.map { ("does-\($0.name)", $0.arguments.unshared) }
      + verbs.map { ("gives-\($0.name)", $0.gives.unshared) }
      + StepList.allCases.map { kind in
        var steps = verbs(in: kind).map { schema(of: $0, in: kind) }
        if kind == .script { steps.append(schemaOfPasses) }
        // A row of `each` may bring a whole step, or its verb.
        steps.append(.object([("propertyNames", .object([("pattern", .text(#"\$|^[a-z]+$"#))]))]))
        return (
          kind.rawValue, .object([("type", .text("array")), ("items", Shape.any(of: steps))])
        )
      }
  }

  private static var schemaOfPasses: JSON {
    .object([
      ("type", .text("object")),
      ("properties", .object([(Action.Act.passes.rawValue, Shape.form(span).schema)])),
      ("required", .texts([Action.Act.passes.rawValue])), ("additionalProperties", .flag(false)),
    ])
  }

  private static func schema(of verb: Verb, in kind: StepList) -> JSON {
    let allowed = allowed(beside: verb, in: kind)
    var properties: [(String, JSON)] = []
    for beside in Beside.allCases where allowed.contains(beside.rawValue) {
      properties.append((beside.rawValue, schema(of: beside, of: verb)))
    }
    let isNamed = kind.namesClients && !verb.isNobodys
    let key =
      isNamed ? #"^[a-z][a-zA-Z0-9]*\."# + verb.name + "$" : "^" + verb.name + "$"
    return .fields([
      ("description", .text(verb.about)),
      ("type", .text("object")),
      ("patternProperties", .object([(key, .reference("does-\(verb.name)"))])),
      ("properties", .object(properties)),
      ("additionalProperties", .flag(false)),
      (
        "not",
        .object([("propertyNames", .object([("enum", .texts(besides.map(\.name)))]))])
      ),
    ])
  }

  private static func schemaOfAlternatives(of verb: Verb) -> JSON {
    let expected = Beside.inAlternatives.map { ($0.rawValue, schema(of: $0, of: verb)) }
    return .alternatives(expected + [(because.name, because.shape.schema)])
  }

  private static func schema(of beside: Beside, of verb: Verb) -> JSON {
    switch beside {
    case .gives: .reference("gives-\(verb.name)")
    case .or: schemaOfAlternatives(of: verb)
    case .error, .keep, .sees, .excess, .times, .closes, .after, .within:
      .reference("beside-\(beside.rawValue)")
    }
  }
}
