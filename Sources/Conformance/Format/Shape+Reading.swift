import ProtocolCore

extension Shape {
  /// The value that is written here.
  ///
  /// A plain scalar that begins with `$` is a reference wherever a value may stand; in quotation
  /// marks it is text.
  package func read(_ yaml: YAML) throws(FixtureError) -> Value {
    if case .scalar(let text, plain: true) = yaml.content, text.hasPrefix("$"),
      acceptsReference, let reference = Self.reference(text.dropFirst(), yaml.place)
    {
      return .reference(reference)
    }
    switch self {
    case .list(let shape, let ordered): return try readList(yaml, of: shape, ordered: ordered)
    case .record(let fields, let name): return try readRecord(yaml, fields, name)
    case .map(let form, let shape, _): return try readMap(yaml, form, shape)
    case .either(let shapes): return try readEither(yaml, shapes)
    case .named(_, let shape): return try shape.read(yaml)
    case .payload: return try readPayload(yaml)
    case .bounded: return try readBounded(yaml)
    case .long: return try readLong(yaml)
    case .kept: throw wrongKind(yaml)
    case .steps, .anything: return .null
    case .text, .form, .word, .number, .flag, .hex: return try readScalar(yaml)
    }
  }

  /// `name`, or `name + 1`, `name - 1`.
  private static func reference(_ text: Substring, _ place: Place) -> Value.Reference? {
    let words = text.split(separator: " ", omittingEmptySubsequences: false)
    if words.count == 3, ["+", "-"].contains(words[1]), let number = UInt32(words[2]) {
      let offset = words[1] == "-" ? -Int64(number) : Int64(number)
      return Value.Reference(name: String(words[0]), offset: offset, place: place)
    }
    return text.nonEmpty.map { Value.Reference(name: $0, place: place) }
  }

  /// Whether `$name` may stand here.
  var acceptsReference: Bool {
    switch self {
    case .word, .steps, .anything: false
    case .either(let shapes): shapes.contains { $0.acceptsReference }
    case .named(_, let shape): shape.acceptsReference
    default: true
    }
  }

  /// The kind of value that is wanted, for an error.
  package var words: String {
    switch self {
    case .text: "a text"
    case .form(let form): form.words
    case .word(let words): "one of \(words.joined(separator: ", "))"
    case .number: "a number"
    case .flag: "true or false"
    case .payload: "data: a text, null, { hex: … } or { size: … }"
    case .hex: "hexadecimal digits, two a byte"
    case .named(_, let shape): shape.words
    case .bounded: "a number, a $name or a condition such as { above: $name }"
    case .long: "a text, or { begins: …, size: … }"
    case .kept: "a $name that was kept"
    case .list, .steps: "a list"
    case .record(_, let name), .map(_, _, let name): "a map (\(name))"
    case .either(let shapes): shapes.map(\.words).joined(separator: ", or ")
    case .anything: "a value"
    }
  }

  private func wrongKind(_ yaml: YAML) -> FixtureError {
    FixtureError(yaml.place, .wrongKind(expected: words, found: yaml.kind))
  }

  private func readScalar(_ yaml: YAML) throws(FixtureError) -> Value {
    guard case .scalar(let text, let plain) = yaml.content else { throw wrongKind(yaml) }
    switch self {
    case .form(let form):
      guard form.accepts(text), let normal = form.normal(text) else {
        throw FixtureError(yaml.place, .malformed(text, expected: form.words))
      }
      return .text(normal)
    case .word(let words):
      guard words.contains(text) else {
        throw FixtureError(
          yaml.place, .unknownWord(text, allowed: words, nearest: nearest(to: text, among: words)))
      }
      return .text(text)
    case .number(let range):
      guard plain, let number = Self.number(text) else { throw wrongKind(yaml) }
      guard range.contains(number) else {
        throw FixtureError(yaml.place, .outOfRange(number, range))
      }
      return .number(number)
    case .flag:
      guard plain, text == "true" || text == "false" else { throw wrongKind(yaml) }
      return .flag(text == "true")
    case .hex:
      guard let bytes = bytes(hexadecimal: text) else { throw wrongKind(yaml) }
      return .bytes(bytes)
    default:
      if plain, text.isEmpty { throw wrongKind(yaml) }
      return .text(text)
    }
  }

  package static func number(_ text: String) -> Int64? {
    guard text.hasPrefix("0x") else {
      return text.hasPrefix("+") ? nil : Int64(text)
    }
    return UInt64(text.dropFirst(2), radix: 16).map { Int64(bitPattern: $0) }
  }

  private func readPayload(_ yaml: YAML) throws(FixtureError) -> Value {
    switch yaml.content {
    case .scalar("null", plain: true): return .null
    case .scalar(let text, let plain):
      if plain, text.isEmpty { throw wrongKind(yaml) }
      return .bytes(Array(text.utf8))
    case .map:
      let written = try Shape.record(Self.payloadFields, named: "data").read(yaml)
      guard written.references.isEmpty else { throw wrongKind(yaml) }
      let begin = Array((written["begins"]?.description ?? "").utf8)
      switch (written["hex"], written["size"]?.integer) {
      case (.bytes(let bytes), nil) where begin.isEmpty: return .bytes(bytes)
      case (nil, let size?) where size >= begin.count:
        return .bytes(begin + Array(repeating: 0x78, count: Int(size) - begin.count))
      default: throw wrongKind(yaml)
      }
    case .list: throw wrongKind(yaml)
    }
  }

  static let payloadFields = [
    Field("hex", .hex, "These bytes."),
    Field("size", .number(0...(1 << 24)), "So many bytes, each the letter x."),
    Field("begins", .text, "With size: what stands before the letters."),
  ]

  package static let anyNumber = Shape.number(Int64.min...Int64.max)

  private func readBounded(_ yaml: YAML) throws(FixtureError) -> Value {
    guard case .map(let pairs) = yaml.content else { return try Self.anyNumber.read(yaml) }
    let value = try Shape.record(Self.conditions, named: "a condition").read(yaml)
    guard pairs.count == 1, case .record(let members) = value, let only = members.first,
      let bound = Value.Bound(rawValue: only.name)
    else { throw wrongKind(yaml) }
    if bound == .between {
      guard case .list(let ends) = only.value, ends.count == 2 else {
        throw FixtureError(
          pairs[0].value.place, .wrongKind(expected: "two numbers", found: pairs[0].value.kind))
      }
    }
    return .bound(bound, only.value)
  }

  static let conditions = Value.Bound.allCases.map { bound in
    Field(bound.rawValue, bound == .between ? .list(anyNumber) : anyNumber, "")
  }

  private func readLong(_ yaml: YAML) throws(FixtureError) -> Value {
    guard case .map = yaml.content else { return try Shape.text.read(yaml) }
    let written = try Shape.record(Self.longFields, named: "a long name").read(yaml)
    guard case .text(let begin)? = written["begins"], let size = written["size"]?.integer,
      case let rest = Int(size) - begin.utf8.count, rest >= 0
    else { throw wrongKind(yaml) }
    return .text(begin + String(decoding: Array(repeating: 0x78, count: rest), as: UTF8.self))
  }

  static let longFields = [
    Field("begins", .text, required: true, "Its beginning."),
    Field(
      "size", .number(1...(1 << 20)), required: true,
      "How many bytes it has; the letter x fills it up."),
  ]

  private func readList(
    _ yaml: YAML, of shape: Shape, ordered: Bool
  ) throws(FixtureError) -> Value {
    guard case .list(let items) = yaml.content else { throw wrongKind(yaml) }
    var values: [Value] = []
    for item in items { values.append(try shape.read(item)) }
    return ordered ? .list(values) : .set(values)
  }

  private func readRecord(
    _ yaml: YAML, _ fields: [Field], _ name: String
  ) throws(FixtureError) -> Value {
    let pairs: [YAML.Pair]
    switch yaml.content {
    case .map(let written): pairs = written
    case .scalar("", plain: true): pairs = []
    default: throw wrongKind(yaml)
    }
    var members: [Value.Member] = []
    for pair in pairs {
      guard let field = fields.first(where: { $0.name == pair.key }) else {
        let near = nearest(to: pair.key, among: fields.map(\.name))
        throw FixtureError(pair.keyPlace, .unknownKey(pair.key, in: name, nearest: near))
      }
      members.append(Value.Member(name: field.name, value: try field.shape.read(pair.value)))
    }
    for field in fields
    where field.isRequired && !members.contains(where: { $0.name == field.name }) {
      throw FixtureError(yaml.place, .missingKey(field.name, in: name))
    }
    return .record(members)
  }

  private func readMap(_ yaml: YAML, _ form: Form, _ shape: Shape) throws(FixtureError) -> Value {
    guard case .map(let pairs) = yaml.content else { throw wrongKind(yaml) }
    var members: [Value.Member] = []
    for pair in pairs {
      guard form.accepts(pair.key) else {
        throw FixtureError(pair.keyPlace, .malformed(pair.key, expected: form.words))
      }
      members.append(Value.Member(name: pair.key, value: try shape.read(pair.value)))
    }
    return .record(members)
  }

  private func readEither(_ yaml: YAML, _ shapes: [Shape]) throws(FixtureError) -> Value {
    for shape in shapes where shape.accepts(kindOf: yaml) { return try shape.read(yaml) }
    throw wrongKind(yaml)
  }

  /// Whether a value of this kind may be of this shape, so that its errors are the ones to tell.
  private func accepts(kindOf yaml: YAML) -> Bool {
    switch (self, yaml.content) {
    case (.anything, _): true
    case (.list, .list), (.steps, .list): true
    case (.record, .map), (.map, .map), (.payload, .map), (.bounded, .map): true
    case (.word(let words), .scalar(let text, _)): words.contains(text)
    case (.number, .scalar(let text, plain: true)): Self.number(text) != nil
    case (.text, .scalar), (.form, .scalar), (.flag, .scalar), (.hex, .scalar): true
    case (.payload, .scalar), (.bounded, .scalar), (.long, .scalar), (.long, .map): true
    case (.either(let shapes), _): shapes.contains { $0.accepts(kindOf: yaml) }
    case (.named(_, let shape), _): shape.accepts(kindOf: yaml)
    default: false
    }
  }
}

extension Substring {
  fileprivate var nonEmpty: String? { isEmpty ? nil : String(self) }
}
