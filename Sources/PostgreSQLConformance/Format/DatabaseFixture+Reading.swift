package import Conformance
import ProtocolCore

extension DatabaseFixture {
  /// The cases that `text` writes: one, or a family.
  ///
  /// - Parameters:
  ///   - text: The fixture.
  ///   - file: What the file is called.
  ///   - claims: The claims that a case may cite.
  /// - Throws: `FixtureError` for whatever the format does not allow.
  package static func read(
    _ text: String, file: String, claims: Claims
  ) throws(FixtureError) -> [DatabaseFixture] {
    let document = try YAML(text, file: file)
    var cases: [DatabaseFixture] = []
    for member in try Family.members(of: document) {
      cases.append(try DatabaseFixture(member, file: file, claims))
    }
    return cases
  }

  private init(_ member: Family.Member, file: String, _ known: Claims) throws(FixtureError) {
    let document = member.document
    let top = try Shape.record(DatabaseFormat.top, named: "a fixture").read(document)
    func text(_ key: String) -> String? { top[key]?.description }
    func texts(_ key: String) -> [String] {
      guard case .list(let items) = top[key] else { return [] }
      return items.map(\.description)
    }
    let base = text("case") ?? ""
    id = base + (member.id.map { "[\($0)]" } ?? "")
    slug = FixtureName(file)?.slug(of: base) ?? FixtureName.stem(file)
    title = text("title") ?? ""
    level = text("level").flatMap(Level.init(rawValue:)) ?? .must
    claims = texts("claims")
    needs = texts("needs").compactMap(Capability.init(rawValue:))
    why = text("why")
    source = text("source")
    given = texts("given")
    place = document["case"]?.place ?? document.place
    if let list = document["claims"], case .list(let items) = list.content {
      for item in items {
        guard case .scalar(let claim, _) = item.content else { continue }
        try known.check(claim, at: item.place)
      }
    }
    let clients: [Client] =
      switch top["clients"] {
      case .list(let names):
        names.map { Client(name: "\($0)", isAnother: false, isElsewhere: false) }
      case .record(let members):
        members.map { member in
          Client(
            name: member.name, isAnother: member.value["user"] != nil,
            isElsewhere: member.value["database"] != nil)
        }
      default: []
      }
    if let doubled = clients.first(where: { each in
      each.name == Self.server || clients.count(where: { $0.name == each.name }) > 1
    }) {
      throw FixtureError(
        document["clients"]?.place ?? place, .rebound(doubled.name))
    }
    self.clients = clients
    var reader = DatabaseStepReader(clients: clients.map(\.name), needs: needs)
    steps = try reader.steps(document["steps"] ?? document)
  }

  /// What the server is called in a step.
  static let server = "server"
}

/// Reads the steps of a case in order, and knows at each what names mean there.
private struct DatabaseStepReader {
  let clients: [String]
  let needs: [Capability]
  private var kept: Set<String> = []
  /// The clients that wait for an answer.
  private var waiting: Set<String> = []

  init(clients: [String], needs: [Capability]) {
    self.clients = clients
    self.needs = needs
  }

  mutating func steps(_ yaml: YAML) throws(FixtureError) -> [DatabaseStep] {
    guard case .list(let items) = yaml.content, !items.isEmpty else {
      throw FixtureError(yaml.place, .wrongKind(expected: "a list of steps", found: yaml.kind))
    }
    var steps: [DatabaseStep] = []
    for item in items { steps.append(try step(item)) }
    guard waiting.isEmpty else {
      let names = waiting.sorted().joined(separator: ", ")
      throw FixtureError(
        yaml.place, .contradiction("nobody takes the answer that \(names) still waits for"))
    }
    return steps
  }

  private mutating func step(_ yaml: YAML) throws(FixtureError) -> DatabaseStep {
    guard case .map(let pairs) = yaml.content else {
      throw FixtureError(yaml.place, .wrongKind(expected: "a step", found: yaml.kind))
    }
    let subjects = pairs.filter { !DatabaseFormat.allBesides.contains($0.key) }
    guard let subject = subjects.first else { throw FixtureError(yaml.place, .noVerb) }
    if subjects.count > 1 {
      throw FixtureError(subjects[1].keyPlace, .twoVerbs(subject.key, subjects[1].key))
    }
    let (client, verb) = try named(subject)
    for pair in pairs where pair.key != subject.key {
      let allowed = DatabaseFormat.besides(verb)
      guard allowed.contains(pair.key) else {
        throw FixtureError(
          pair.keyPlace,
          .unknownKey(
            pair.key, in: "a step with '\(verb.rawValue)'",
            nearest: nearest(to: pair.key, among: allowed)))
      }
    }
    var step = DatabaseStep(
      place: Place(
        file: yaml.place.file, line: subject.keyPlace.line, column: subject.keyPlace.column),
      client: client, verb: verb,
      arguments: try DatabaseFormat.arguments(of: verb).read(subject.value),
      expected: try expected(yaml, verb), mustWait: try mustWait(yaml),
      told: try told(yaml), alternatives: [], keep: [])
    try check(step.arguments)
    if let other = step.speakers.dropFirst().first, other == client || !clients.contains(other) {
      throw FixtureError(yaml.place, .unknownClient(other, nearest: nil))
    }
    try follow(&step, yaml)
    return step
  }

  /// What is read once it is known whether the step is answered.
  private mutating func follow(
    _ step: inout DatabaseStep, _ yaml: YAML
  ) throws(FixtureError) {
    if step.mustWait {
      for key in ["gives", "error", "tells", "or", "keep"] where yaml[key] != nil {
        throw FixtureError(
          yaml.place, .contradiction("the answer of who waits is taken by 'answers': no '\(key)'"))
      }
      waiting.insert(step.client)
    } else if step.verb == .answers || step.verb == .waits {
      guard waiting.contains(step.client) else {
        throw FixtureError(
          yaml.place, .contradiction("\(step.client) does not wait for an answer here"))
      }
      if step.verb == .answers { waiting.remove(step.client) }
    } else if step.verb.sendsStatement,
      let busy = step.speakers.first(where: waiting.contains)
    {
      throw FixtureError(yaml.place, .contradiction("\(busy) still waits for an answer here"))
    } else if step.verb == .drops {
      waiting.remove(step.client)
    }
    if let or = yaml["or"] {
      guard case .list(let items) = or.content else {
        throw FixtureError(or.place, .wrongKind(expected: "a list", found: or.kind))
      }
      for item in items {
        guard let because = item["because"] else {
          throw FixtureError(item.place, .missingKey("because", in: "an alternative"))
        }
        step.alternatives.append(
          DatabaseStep.Alternative(
            expected: try expected(item, step.verb),
            because: try Shape.text.read(because).description))
      }
    }
    guard let keep = yaml["keep"], case .record(let members) = try DatabaseFormat.keep.read(keep)
    else { return }
    for member in members {
      guard kept.insert(member.name).inserted else {
        throw FixtureError(keep.place, .rebound(member.name))
      }
      step.keep.append(
        DatabaseStep.Keep(name: member.name, field: member.value.description))
    }
  }

  private func named(
    _ pair: YAML.Pair
  ) throws(FixtureError) -> (client: String, verb: DatabaseStep.Verb) {
    let parts = pair.key.split(separator: ".", maxSplits: 1).map(String.init)
    guard parts.count == 2 else { throw FixtureError(pair.keyPlace, .noVerb) }
    let isServer = parts[0] == DatabaseFixture.server
    let known = DatabaseStep.Verb.allCases.filter { $0.isServers == isServer }
    guard isServer || clients.contains(parts[0]) else {
      throw FixtureError(
        pair.keyPlace, .unknownClient(parts[0], nearest: nearest(to: parts[0], among: clients)))
    }
    guard let verb = known.first(where: { $0.rawValue == parts[1] }) else {
      throw FixtureError(
        pair.keyPlace,
        .unknownVerb(parts[1], nearest: nearest(to: parts[1], among: known.map(\.rawValue))))
    }
    guard !(isServer || verb == .fills) || needs.contains(.control) else {
      throw FixtureError(
        pair.keyPlace,
        .contradiction("what troubles the whole server stands in a case that needs control"))
    }
    return (parts[0], verb)
  }

  private func mustWait(_ yaml: YAML) throws(FixtureError) -> Bool {
    guard let waits = yaml["waits"] else { return false }
    _ = try DatabaseFormat.mustWait.read(waits)
    return true
  }

  private func told(_ yaml: YAML) throws(FixtureError) -> Value? {
    guard let tells = yaml["tells"] else { return nil }
    guard yaml["error"] != nil else {
      throw FixtureError(tells.place, .contradiction("'tells' stands beside 'error'"))
    }
    let told = try Shape.text.read(tells)
    try check(told)
    return told
  }

  private func expected(
    _ yaml: YAML, _ verb: DatabaseStep.Verb
  ) throws(FixtureError) -> DatabaseStep.Expected {
    if let error = yaml["error"] {
      if yaml["gives"] != nil {
        throw FixtureError(error.place, .contradiction("'gives' and 'error' exclude each other"))
      }
      let name = try DatabaseFormat.error.read(error).description
      guard let condition = Condition.named(name) else {
        throw FixtureError(error.place, .unknownWord(name, allowed: [], nearest: nil))
      }
      return .error(condition)
    }
    let tag = verb.tag.map { [Value.Member(name: "tag", value: .text($0))] } ?? []
    guard let gives = yaml["gives"] else { return .answer(.record(tag)) }
    let value = try DatabaseFormat.gives(of: verb).read(gives)
    try check(value)
    guard case .list(let rows) = value else { return .answer(value) }
    // Names of transactions stand in a list, each a row of its own.
    let inRows = verb == .prepared ? rows.map { Value.list([$0]) } : rows
    return .answer(.record([Value.Member(name: "rows", value: .list(inRows))]))
  }

  private func check(_ value: Value) throws(FixtureError) {
    for reference in value.references where !kept.contains(reference.name) {
      throw FixtureError(
        reference.place, .unbound(reference.name, nearest: nearest(to: reference.name, among: kept))
      )
    }
  }
}
