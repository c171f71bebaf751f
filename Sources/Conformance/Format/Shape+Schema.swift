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

  private static var definitions: [(String, JSON)] {
    let kinds: [(String, Shape.Steps)] = [
      ("script", .script), ("pipeline", .pipeline), ("multi", .multi),
    ]
    return [
      ("reference", .object([("type", .text("string")), ("pattern", .text(#"^\$[a-z]"#))]))
    ]
      + Shape.shared.map { ($0, $1.unshared) }
      + besides.map { ("beside-\($0.name)", $0.shape.unshared) }
      + verbs.map { ("does-\($0.name)", $0.arguments.unshared) }
      + verbs.map { ("gives-\($0.name)", $0.gives.unshared) }
      + kinds.map { name, kind in
        var steps = verbs(in: kind).map { schema(of: $0, in: kind) }
        if kind == .script { steps.append(schemaOfPasses) }
        // A row of `each` may bring a whole step, or its verb.
        steps.append(.object([("propertyNames", .object([("pattern", .text(#"\$|^[a-z]+$"#))]))]))
        return (name, .object([("type", .text("array")), ("items", Shape.any(of: steps))]))
      }
  }

  private static var schemaOfPasses: JSON {
    .object([
      ("type", .text("object")),
      ("properties", .object([(passes, Shape.form(span).schema)])),
      ("required", .texts([passes])), ("additionalProperties", .flag(false)),
    ])
  }

  private static func schema(of verb: Verb, in kind: Shape.Steps) -> JSON {
    let allowed = allowed(beside: verb, in: kind)
    var properties: [(String, JSON)] = []
    for field in besides where allowed.contains(field.name) {
      properties.append((field.name, schema(beside: field, of: verb)))
    }
    let key =
      kind == .script ? #"^[a-z][a-zA-Z0-9]*\."# + verb.name + "$" : "^" + verb.name + "$"
    return .fields([
      ("description", .text(verb.about)),
      ("type", .text("object")),
      ("patternProperties", .object([(key, reference("does-\(verb.name)"))])),
      ("properties", .object(properties)),
      ("additionalProperties", .flag(false)),
      (
        "not",
        .object([("propertyNames", .object([("enum", .texts(besides.map(\.name)))]))])
      ),
    ])
  }

  private static func schemaOfAlternatives(of verb: Verb) -> JSON {
    let properties = alternative.map { field in
      (field.name, field.name == "because" ? field.shape.schema : schema(beside: field, of: verb))
    }
    return .object([
      ("type", .text("array")),
      (
        "items",
        .object([
          ("type", .text("object")), ("properties", .object(properties)),
          ("required", .texts(["because"])), ("additionalProperties", .flag(false)),
        ])
      ),
    ])
  }

  private static func schema(beside field: Shape.Field, of verb: Verb) -> JSON {
    switch field.name {
    case "gives": reference("gives-\(verb.name)")
    case "or": schemaOfAlternatives(of: verb)
    default: reference("beside-\(field.name)")
    }
  }

  private static func reference(_ name: String) -> JSON {
    .object([("$ref", .text("#/$defs/\(name)"))])
  }
}

extension Shape {
  /// Shapes that stand in many places: each is written once.
  static let shared: [(String, Shape)] = [
    ("stat", FixtureFormat.stat), ("payload", .payload), ("acl", .acl), ("bounded", .bounded),
    ("error", .word(FixtureFormat.errorNames)), ("events", FixtureFormat.events), ("text", .text),
    ("long", .long), ("flag", .flag),
    ("int32", .number(Int64(Int32.min)...Int64(Int32.max))), ("int64", anyNumber),
  ]

  /// The name that the shape has among those shared.
  private var sharedName: String? {
    switch self {
    case .payload: "payload"
    case .acl: "acl"
    case .bounded: "bounded"
    case .text: "text"
    case .long: "long"
    case .flag: "flag"
    case .number(let range):
      range.upperBound == Int64(Int32.max)
        ? "int32" : range == Int64.min...Int64.max ? "int64" : nil
    case .record(_, named: "a stat"): "stat"
    case .word(let words) where words == FixtureFormat.errorNames: "error"
    case .list(.either(let kinds), _) where kinds.count == 2: "events"
    default: nil
    }
  }

  /// The shape's schema, written once for all or here.
  var schema: JSON {
    guard let sharedName else { return unshared }
    return .object([("$ref", .text("#/$defs/\(sharedName)"))])
  }

  /// The shape's schema, with `$name` allowed.
  var unshared: JSON {
    if case .anything = self { return .flag(true) }
    if case .kept = self { return bare }
    return Shape.any(of: [bare, .object([("$ref", .text("#/$defs/reference"))])])
  }

  static func any(of schemas: [JSON]) -> JSON { .object([("anyOf", .list(schemas))]) }

  /// The shape's schema for a written value.
  var bare: JSON {
    switch self {
    case .text: .object([("type", .texts(["string", "number", "boolean"]))])
    case .form(let form):
      .object([
        ("description", .text(form.words)), ("type", .texts(["string", "number"])),
        // A row of `each` may bring a part of it: `world:anyone:${perms}`.
        ("pattern", .text("^(\(form.pattern))$|\\$\\{[a-z]")),
      ])
    case .word(let words): .object([("enum", .texts(words))])
    case .number(let range):
      Shape.any(of: [
        .object([
          ("type", .text("integer")), ("minimum", .number(range.lowerBound)),
          ("maximum", .number(range.upperBound)),
        ]),
        .object([("type", .text("string")), ("pattern", .text("^0x[0-9a-f]+$"))]),
      ])
    case .flag: .object([("type", .text("boolean"))])
    case .payload:
      Shape.any(of: [
        .object([("type", .texts(["string", "number", "boolean", "null"]))]),
        Shape.record(Shape.payloadFields, named: "data").bare,
      ])
    case .hex:
      .object([("type", .texts(["string", "number"])), ("pattern", .text("^[0-9a-fA-F ]*$"))])
    case .acl: Shape.list(.form(ACLNotation.form)).bare
    case .bounded:
      Shape.any(of: [
        Shape.anyNumber.bare,
        Shape.record(Shape.conditions, named: "").bare,
      ])
    case .long: Shape.any(of: [Shape.text.bare, Shape.record(Shape.longFields, named: "").bare])
    case .kept: .object([("$ref", .text("#/$defs/reference"))])
    case .list(let shape, _):
      .object([("type", .text("array")), ("items", shape.schema)])
    case .record(let fields, let name): Shape.schema(of: fields, named: name)
    case .map(let form, let shape, _):
      .object([
        ("type", .text("object")),
        ("patternProperties", .object([("^(\(form.pattern))$", shape.schema)])),
        ("additionalProperties", .flag(false)),
      ])
    case .either(let shapes): Shape.any(of: shapes.map(\.schema))
    case .steps(.script): .object([("$ref", .text("#/$defs/script"))])
    case .steps(.pipeline): .object([("$ref", .text("#/$defs/pipeline"))])
    case .steps(.multi): .object([("$ref", .text("#/$defs/multi"))])
    case .anything: .flag(true)
    }
  }

  private static func schema(of fields: [Field], named name: String) -> JSON {
    let required = fields.filter(\.isRequired).map(\.name)
    let properties: [(String, JSON)] = fields.map { field in
      let schema = field.shape.schema
      guard !field.about.isEmpty, case .object(let parts) = schema else {
        return (field.name, schema)
      }
      return (field.name, .object([("description", .text(field.about))] + parts))
    }
    let object: JSON = .fields([
      ("type", .text("object")), ("properties", .object(properties)),
      ("required", required.isEmpty ? nil : .texts(required)),
      ("additionalProperties", .flag(false)),
    ])
    // Nothing is as good as an empty record: `a.drops:`.
    return fields.isEmpty ? any(of: [object, .object([("type", .text("null"))])]) : object
  }
}
