extension Shape {
  /// Shapes without a name of their own that stand in many places.
  package static let common: [(String, Shape)] = [
    ("payload", .payload), ("bounded", .bounded), ("text", .text), ("long", .long), ("flag", .flag),
    ("int32", .number(Int64(Int32.min)...Int64(Int32.max))), ("int64", anyNumber),
  ]

  /// The name that the shape has among those that the schema writes once.
  private var sharedName: String? {
    switch self {
    case .payload: "payload"
    case .bounded: "bounded"
    case .text: "text"
    case .long: "long"
    case .flag: "flag"
    case .number(let range):
      range.upperBound == Int64(Int32.max)
        ? "int32" : range == Int64.min...Int64.max ? "int64" : nil
    case .named(let name, _): name
    default: nil
    }
  }

  /// The shape's schema, written once for all or here.
  package var schema: JSON {
    guard let sharedName else { return unshared }
    return .reference(sharedName)
  }

  /// The shape's schema, with `$name` allowed.
  package var unshared: JSON {
    if case .anything = self { return .flag(true) }
    if case .kept = self { return bare }
    return Shape.any(of: [bare, .reference("reference")])
  }

  package static func any(of schemas: [JSON]) -> JSON { .object([("anyOf", .list(schemas))]) }

  /// The shape's schema for a written value.
  package var bare: JSON {
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
    case .named(_, let shape): shape.bare
    case .bounded:
      Shape.any(of: [
        Shape.anyNumber.bare,
        Shape.record(Shape.conditions, named: "").bare,
      ])
    case .long: Shape.any(of: [Shape.text.bare, Shape.record(Shape.longFields, named: "").bare])
    case .kept: .reference("reference")
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
    case .steps(let kind): .object([("$ref", .text("#/$defs/\(kind)"))])
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

extension JSON {
  /// The schema that is written once, under this name.
  package static func reference(_ name: String) -> JSON {
    .object([("$ref", .text("#/$defs/\(name)"))])
  }

  /// The schema of answers that are allowed instead of the one that is wanted; each says why.
  package static func alternatives(_ properties: [(String, JSON)]) -> JSON {
    .object([
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
}
