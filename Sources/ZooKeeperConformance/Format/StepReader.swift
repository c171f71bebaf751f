import Conformance
import ProtocolCore
import ZooKeeper

/// Reads the steps of a case in order, and knows at each what names mean there.
struct StepReader {
  private let clients: [String]
  /// What is kept under which name.
  private var kept: [String: Shape] = [:]

  init(clients: [String]) { self.clients = clients }

  /// The steps of a whole case.
  mutating func script(_ list: YAML) throws(FixtureError) -> [Step] {
    var steps: [Step] = []
    for item in try items(list) { steps.append(try step(item, in: .script)) }
    return steps
  }

  private func items(_ list: YAML) throws(FixtureError) -> [YAML] {
    guard case .list(let items) = list.content else {
      throw FixtureError(list.place, .wrongKind(expected: "a list of steps", found: list.kind))
    }
    return items
  }

  private mutating func step(_ yaml: YAML, in kind: StepList) throws(FixtureError) -> Step {
    guard case .map(let pairs) = yaml.content else {
      throw FixtureError(yaml.place, .wrongKind(expected: "a step", found: yaml.kind))
    }
    let (pair, client, verb) = try subject(of: yaml, pairs, in: kind)
    var step = Step(
      place: Place(file: yaml.place.file, line: pair.keyPlace.line, column: pair.keyPlace.column),
      client: client, does: verb.map { kind.action(of: $0) } ?? .act(.passes),
      arguments: .record([]), expected: Step.Expected(gives: nil))
    guard let verb else {
      step.arguments = .text("")
      step.after = try span(pair.value)
      try forbid(pairs, except: [], beside: pair.key)
      return step
    }
    try readArguments(verb, pair.value, in: kind, into: &step)
    let besides = YAML(content: .map(pairs.filter { $0.key != pair.key }), place: yaml.place)
    try readBesides(verb, besides, in: kind, into: &step)
    return step
  }

  /// The pair that names the verb: the one key that is nothing else.
  private func subject(
    of yaml: YAML, _ pairs: [YAML.Pair], in kind: StepList
  ) throws(FixtureError) -> (YAML.Pair, String?, Verb?) {
    let beside = Set(FixtureFormat.besides.map(\.name))
    let candidates = pairs.filter { !beside.contains($0.key) }
    let named = candidates.filter { kind.namesClients ? $0.key.contains(".") : true }
    let subjects = named.isEmpty ? candidates : named
    if kind == .script, let pair = candidates.first(where: { Self.nobodys.contains($0.key) }) {
      return (pair, nil, verb(pair.key, in: kind))
    }
    let known = subjects.filter { verb($0.key, in: kind) != nil }
    if known.count > 1 {
      throw FixtureError(known[1].keyPlace, .twoVerbs(known[0].key, known[1].key))
    }
    guard let pair = known.first ?? subjects.first else {
      throw FixtureError(yaml.place, .noVerb)
    }
    if let other = candidates.first(where: { $0.key != pair.key }) {
      let near = nearest(to: other.key, among: beside)
      throw FixtureError(other.keyPlace, .unknownKey(other.key, in: "a step", nearest: near))
    }
    let parts = pair.key.split(separator: ".", maxSplits: 1).map(String.init)
    if kind.namesClients {
      guard parts.count == 2 else {
        let near = nearest(to: pair.key, among: beside)
        throw near == nil
          ? FixtureError(yaml.place, .noVerb)
          : FixtureError(pair.keyPlace, .unknownKey(pair.key, in: "a step", nearest: near))
      }
      guard clients.contains(parts[0]) else {
        throw FixtureError(
          pair.keyPlace, .unknownClient(parts[0], nearest: nearest(to: parts[0], among: clients)))
      }
    }
    guard let verb = verb(pair.key, in: kind), !verb.isNobodys else {
      let known = verbs(in: kind).map(\.name)
      let word = parts.last ?? pair.key
      throw FixtureError(
        pair.keyPlace, .unknownVerb(word, nearest: nearest(to: word, among: known)))
    }
    return (pair, kind.namesClients ? parts[0] : nil, verb)
  }

  /// The steps that no client takes alone.
  private static let nobodys = [Action.Act.passes, .together].map(\.rawValue)

  private func verbs(in kind: StepList) -> [Verb] {
    FixtureFormat.verbs(in: kind)
  }

  private func verb(_ key: String, in kind: StepList) -> Verb? {
    let name = kind.namesClients ? key.split(separator: ".").last.map(String.init) ?? key : key
    return verbs(in: kind).first { $0.name == name }
  }

  /// More than this no pipeline sends, and no multi holds.
  private static let mostParts: Int64 = 100_000

  private mutating func readArguments(
    _ verb: Verb, _ yaml: YAML, in kind: StepList, into step: inout Step
  ) throws(FixtureError) {
    switch verb.arguments {
    case .steps(let name):
      guard let parts = StepList(rawValue: name) else { return }
      var count: Int64 = 0
      for item in try items(yaml) {
        let part = try self.step(item, in: parts)
        let times = item["times"].flatMap { try? Shape.anyNumber.read($0) }?.integer ?? 1
        count += times * Int64(1 + part.parts.count)
        guard count <= Self.mostParts else {
          throw FixtureError(item.place, .outOfRange(count, 1...Self.mostParts))
        }
        step.parts += Array(repeating: part, count: Int(times))
      }
      if verb.isNobodys, Set(step.parts.map(\.client)).count < 2 {
        throw FixtureError(yaml.place, .contradiction("'\(verb.name)' is for two clients or more"))
      }
    default:
      step.arguments = try verb.arguments.read(yaml)
      try check(step.arguments)
      try forbidPoison(verb, step.arguments, in: kind, yaml.place)
      if Self.isNoPath(step.does, step.arguments) {
        throw FixtureError(
          yaml["path"]?.place ?? yaml.place,
          .contradiction("a path begins with '/'; one that shall not says 'absolute: true'"))
      }
      if verb.does == .act(.sees) {
        step.expected.sees = sightings(step.arguments)
        step.arguments = .record([])
      }
    }
  }

  /// Whether what stands for a node's path is none, and does not say that it shall go as it is.
  static func isNoPath(_ action: Action, _ arguments: Value) -> Bool {
    // Ephemerals are listed by how their paths begin.
    guard case .text(let path)? = arguments["path"], action != .request(.getEphemerals) else {
      return false
    }
    return arguments["absolute"] != .flag(true) && !path.isEmpty && !path.hasPrefix("/")
      && !path.hasPrefix(Folder.outside)
  }

  /// Refuses what destroys servers that people run: a suite that did so would be run once.
  private func forbidPoison(
    _ verb: Verb, _ arguments: Value, in kind: StepList, _ place: Place
  ) throws(FixtureError) {
    switch (verb.does, arguments["opcode"]?.integer, arguments["flags"]?.integer) {
    case (.raw, let opcode?, _) where [19, 20, 21, -10].contains(opcode):
      throw FixtureError(
        place, .contradiction("opcode \(opcode) can destroy a server: it stands in no fixture"))
    case (.request(.createContainer), _, let flags?) where flags != 4:
      throw FixtureError(
        place, .contradiction("flags \(flags) make a container that an ensemble disagrees on"))
    case (.request(.createTTL), _, let flags?)
    where ![5, 6].contains(flags) && (arguments["ttl"]?.integer ?? 0) < 0:
      throw FixtureError(
        place, .contradiction("flags \(flags) without a time destroy a server: in no fixture"))
    case (.request(.create), _, 4) where kind != .multi,
      (.request(.create2), _, 4) where kind != .multi:
      throw FixtureError(
        place, .contradiction("flags 4 make a server disagree with its ensemble: in no fixture"))
    default: break
    }
  }

  private mutating func readBesides(
    _ verb: Verb, _ yaml: YAML, in kind: StepList, into step: inout Step
  ) throws(FixtureError) {
    let written = try Shape.record(FixtureFormat.besides, named: "a step").read(yaml)
    if case .map(let pairs) = yaml.content {
      try forbid(pairs, except: FixtureFormat.allowed(beside: verb, in: kind), beside: verb.name)
    }
    let sees = step.expected.sees
    step.expected = try expected(yaml, written, verb)
    try checkCount(of: step.expected, for: step, yaml)
    if let sees { step.expected.sees = sees }
    for alternative in listed(yaml["or"]) {
      let fields = try Shape.record(FixtureFormat.alternative, named: "an alternative")
        .read(alternative)
      let other = try expected(alternative, fields, verb)
      try checkCount(of: other, for: step, alternative)
      step.alternatives.append(
        Step.Alternative(expected: other, because: fields["because"]?.description ?? ""))
    }
    if case .bytes(let excess) = written["excess"] { step.excess = excess }
    if let after = yaml["after"] { step.after = try span(after) }
    if let within = yaml["within"] { step.within = try span(within) }
    if let keep = yaml["keep"] { try readKeep(verb, keep, into: &step) }
  }

  private mutating func readKeep(
    _ verb: Verb, _ yaml: YAML, into step: inout Step
  ) throws(FixtureError) {
    guard case .map(let pairs) = yaml.content else {
      throw FixtureError(yaml.place, .wrongKind(expected: "a map (keep)", found: yaml.kind))
    }
    for pair in pairs {
      let place = pair.value.place
      let field = try Shape.form(FixtureFormat.field).read(pair.value).description
      let shape = try FixtureFormat.kept(of: verb).shape(at: field, in: "the reply", place)
      let parts = field.split(separator: ".")
      if ["replies", "results"].contains(parts.first), parts.count > 1, let item = Int(parts[1]),
        item >= step.parts.count
      {
        let range = 0...Int64(max(0, step.parts.count - 1))
        throw FixtureError(place, .outOfRange(Int64(item), range))
      }
      try bind(pair.key, shape, at: yaml.place)
      step.keep.append(Step.Keep(name: pair.key, field: field))
    }
  }

  /// Each request, and each operation of a multi, has a reply of its own.
  private func checkCount(
    of expected: Step.Expected, for step: Step, _ yaml: YAML
  ) throws(FixtureError) {
    let isOfSeveral =
      [.act(.together), .request(.multi), .request(.multiRead)].contains(step.does)
    guard isOfSeveral, case .list(let replies)? = expected.gives,
      replies.count != step.parts.count
    else { return }
    throw FixtureError(
      yaml["gives"]?.place ?? yaml.place,
      .contradiction("'gives' lists \(replies.count) for \(step.parts.count) that are sent"))
  }

  private func listed(_ yaml: YAML?) -> [YAML] {
    if case .list(let items) = yaml?.content { items } else { [] }
  }

  private func expected(
    _ yaml: YAML, _ written: Value, _ verb: Verb
  ) throws(FixtureError) -> Step.Expected {
    var expected = Step.Expected(gives: .record([]))
    if let gives = yaml["gives"] {
      let value = try verb.gives.read(gives)
      try check(value)
      expected.gives = value
      if written["error"] != nil {
        throw FixtureError(gives.place, .contradiction("'gives' and 'error' are both given"))
      }
    } else if let error = written["error"] {
      expected.gives = .record([Value.Member(name: "error", value: error)])
    }
    expected.closes = written["closes"] == .flag(true)
    if expected.closes, yaml["gives"] == nil, written["error"] == nil, verb.does != .request(.close)
    {
      expected.gives = nil
    }
    if let sees = written["sees"] {
      try check(sees)
      expected.sees = sightings(sees)
    }
    return expected
  }

  private func forbid(
    _ pairs: [YAML.Pair], except allowed: [String], beside key: String
  ) throws(FixtureError) {
    for pair in pairs where pair.key != key && !allowed.contains(pair.key) {
      throw FixtureError(
        pair.keyPlace, .unknownKey(pair.key, in: "a step with '\(key)'", nearest: nil))
    }
  }

  private func span(_ yaml: YAML) throws(FixtureError) -> Span {
    let value = try Shape.form(FixtureFormat.span).read(yaml)
    guard case .text(let text) = value, let span = Span(text) else {
      throw FixtureError(
        yaml.place, .malformed(value.description, expected: FixtureFormat.span.words))
    }
    for case let client? in span.terms.map(\.client) where !clients.contains(client) {
      throw FixtureError(
        yaml.place, .unknownClient(client, nearest: nearest(to: client, among: clients)))
    }
    return span
  }

  private mutating func bind(
    _ name: String, _ shape: Shape, at place: Place
  ) throws(FixtureError) {
    guard !clients.contains(name), name != FixtureFormat.clock, kept[name] == nil else {
      throw FixtureError(place, .rebound(name))
    }
    kept[name] = shape
  }

  private func check(_ value: Value) throws(FixtureError) {
    for reference in value.references {
      let parts = reference.name.split(separator: ".", maxSplits: 1).map(String.init)
      let name = parts.first ?? ""
      if reference.name == FixtureFormat.clock { continue }
      if let shape = kept[name] {
        _ = try shape.shape(at: parts.dropFirst().joined(), in: "$\(name)", reference.place)
        continue
      }
      if clients.contains(name), parts.count == 2, FixtureFormat.properties.contains(parts[1]) {
        continue
      }
      let ofClients = clients.flatMap { c in FixtureFormat.properties.map { "\(c).\($0)" } }
      let known = kept.keys + ofClients
      throw FixtureError(
        reference.place,
        .unbound(reference.name, nearest: nearest(to: reference.name, among: known)))
    }
  }

  private func sightings(_ value: Value) -> [Sighting] {
    guard case .list(let items) = value else { return [] }
    return items.flatMap { item -> [Sighting] in
      guard case .record(let members) = item,
        let told = members.first(where: { !["zxid", "numbered"].contains($0.name) })
      else { return [.closed] }
      guard let type = EventType(named: told.name) else { return [] }
      let count = item["numbered"]?.integer.map(Int32.init)
      let paths =
        count.map { (0..<$0).map { .text(Path.numbered(told.value.description, $0)) } }
        ?? [told.value]
      return paths.map { path in
        item["zxid"].map { .stamped(type, path, zxid: $0) } ?? .event(type, path)
      }
    }
  }
}
