package import Conformance
import ZooKeeper

extension ServiceFixture {
  /// The cases that `text` writes: one, or a family.
  ///
  /// - Throws: ``FixtureError`` for whatever the format does not allow.
  package static func read(_ text: String, file: String) throws(FixtureError) -> [ServiceFixture] {
    let document = try YAML(text, file: file)
    var cases: [ServiceFixture] = []
    for member in try Family.members(of: document) {
      cases.append(try ServiceFixture(member, file: file))
    }
    return cases
  }

  private init(_ member: Family.Member, file: String) throws(FixtureError) {
    let document = member.document
    let top = try Shape.record(FixtureFormat.top, named: "a fixture").read(document)
    func text(_ key: String) -> String? {
      if case .text(let text) = top[key] { text } else { nil }
    }
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
    seen = texts("seen")
    needs = texts("needs")
    unless = texts("unless")
    why = text("why")
    source = text("source")
    place = document["case"]?.place ?? document.place
    guard let editions = text("editions").flatMap(Editions.init) else {
      throw FixtureError(place, .malformed("editions", expected: FixtureFormat.editions.words))
    }
    self.editions = editions
    for key in ["needs", "unless"] {
      try Self.checkCapabilities(document[key])
    }
    try Self.checkClaims(document["claims"])
    clients = Self.clients(top["clients"])
    guard let written = document["steps"] else {
      throw FixtureError(document.place, .missingKey("steps", in: "a fixture"))
    }
    var reader = StepReader(clients: clients.map(\.name))
    steps = try reader.script(written)
    try checkClients(document["clients"])
  }

  /// Somebody who does nothing, and is not looked at, is a mistake.
  private func checkClients(_ yaml: YAML?) throws(FixtureError) {
    let named = Set(steps.flatMap(\.named))
    for client in clients where !named.contains(client.name) {
      let place = yaml?.places[client.name] ?? place
      throw FixtureError(place, .contradiction("no step is of '\(client.name)'"))
    }
  }

  private static func checkCapabilities(_ list: YAML?) throws(FixtureError) {
    guard let list, case .list(let items) = list.content else { return }
    let known = Capability.allCases.map(\.rawValue)
    for item in items { _ = try Shape.word(known).read(item) }
  }

  private static func checkClaims(_ list: YAML?) throws(FixtureError) {
    guard let list, case .list(let items) = list.content else { return }
    for item in items {
      guard case .scalar(let claim, _) = item.content else { continue }
      try Claims.zooKeeper.check(claim, at: item.place)
    }
  }

  private static func clients(_ value: Value?) -> [Client] {
    switch value {
    case .list(let names):
      names.map { Client(name: "\($0)", timeout: .usual, connectsLater: false) }
    case .record(let members):
      members.map { member in
        Client(
          name: member.name,
          timeout: Timeout(member.value["timeout"]) ?? .usual,
          connectsLater: member.value["connects"] == .text("later"),
          overhears: member.value["overhears"] == .flag(true))
      }
    default: []
    }
  }
}

extension ServiceFixture.Timeout {
  /// What a client asks for of which the fixture does not say it.
  static let usual = Self.milliseconds(10_000)

  /// The timeout that `value` says.
  package init?(_ value: Value?) {
    switch value {
    case .text("shortest"): self = .shortest
    case .text("longest"): self = .longest
    case let value?:
      guard let number = value.integer, let milliseconds = Int32(exactly: number) else {
        return nil
      }
      self = .milliseconds(milliseconds)
    case nil: return nil
    }
  }
}

extension Step {
  /// The clients that it names: whose it is, whose time it counts.
  fileprivate var named: [String] {
    [client, after?.client, within?.client].compactMap { $0 } + parts.flatMap(\.named)
  }
}

extension YAML {
  /// Where each name of a list, or each key of a map, is written.
  fileprivate var places: [String: Place] {
    let pairs: [(String, Place)] =
      switch content {
      case .list(let items):
        items.compactMap { item in
          if case .scalar(let name, _) = item.content { (name, item.place) } else { nil }
        }
      case .map(let pairs): pairs.map { ($0.key, $0.keyPlace) }
      case .scalar: []
      }
    return Dictionary(pairs) { first, _ in first }
  }
}
