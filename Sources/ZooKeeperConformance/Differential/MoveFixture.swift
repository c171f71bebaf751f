import Conformance
public import ZooKeeper

/// A run of moves as a service fixture: what the model answers is what the fixture demands.
///
/// So a difference that was found by comparison becomes a case that anybody can read, replay on
/// any server, and keep. The fixture is made of values; its text, which says the same, is printed
/// only for those who read it.
public struct MoveFixture: Sendable {
  /// The case's id.
  public var id: String
  /// What the case says in a sentence.
  public var title: String
  private let folder: Folder
  private let exchanges: [Exchange]
  let names: [Zxid: String]
  /// Whether the last move's Stat is compared with our clock.
  private let looksAtTimes: Bool

  /// A move, and what the model makes of it.
  private struct Exchange {
    var move: Move
    var consequence: Consequence
    /// Each client's session after it.
    var sessions: [SessionID]
    /// Its place in the run.
    var place: Int
  }

  /// The fixture of these moves, which work below `root`.
  ///
  /// - Parameter looksAtTimes: Whether the times in the last reply must be near our clock.
  public init(
    id: String, title: String, _ moves: [Move], below root: String, clients: Int,
    dialect: Dialect = .reference, looksAtTimes: Bool = false
  ) {
    self.id = id
    self.title = title
    self.looksAtTimes = looksAtTimes
    folder = Folder(root)
    var model = Model(clients: clients, root: Differential.ancestors(of: root), dialect: dialect)
    exchanges = moves.enumerated().map { place, move in
      let consequence = model.play(move)
      return Exchange(
        move: move, consequence: consequence, sessions: model.sessions, place: place)
    }
    var made: [Zxid: String] = [:]
    for (index, exchange) in exchanges.enumerated() where exchange.move.request.isWrite {
      made[exchange.consequence.reply.zxid] = "z\(index + 1)"
    }
    let used = Set(exchanges.flatMap { MoveFixture.zxids(in: $0.consequence.reply.result) })
    names = made.filter { used.contains($0.key) }
  }

  private static let clientNames = ["a", "b", "c", "d", "e", "f"]

  func name(_ client: Int) -> String {
    MoveFixture.clientNames.indices.contains(client)
      ? MoveFixture.clientNames[client] : "c\(client)"
  }

  /// The whole file.
  public var yaml: String { FixtureText(fixture(called: id)).text }

  /// The fixture that its text writes.
  ///
  /// - Parameter name: What its file is called.
  package func fixture(called name: String) -> ServiceFixture {
    let clients = Set(exchanges.flatMap { [$0.move.client] + $0.consequence.events.map(\.client) })
    let names = clients.sorted().map(self.name)
    var steps: [Step] = []
    for segment in exchanges.map(\.move).segments {
      steps += self.steps(exchanges[segment.startIndex..<segment.endIndex])
    }
    steps += names.map { Step($0, .act(.sees), sees: []) }
    return ServiceFixture(
      id: id, slug: FixtureName.stem(name), title: title, level: .must, claims: [],
      editions: Editions(first: Edition(3, 4), last: nil), seen: [], needs: [], unless: [],
      clients: names.map {
        ServiceFixture.Client(name: $0, timeout: .usual, connectsLater: false)
      },
      steps: FixtureText.placed(steps, in: name), place: FixtureText.beginning(of: name))
  }

  /// The steps of what is sent at once: one, or a pipeline.
  private func steps(_ segment: ArraySlice<Exchange>) -> [Step] {
    guard let first = segment.first else { return [] }
    let client = name(first.move.client)
    var steps =
      first.move.resumesFirst ? [Step(client, .act(.drops)), Step(client, .act(.resumes))] : []
    if segment.count == 1 {
      steps.append(step(first, by: client))
    } else {
      var pipeline = Step(client, .act(.pipeline))
      pipeline.parts = segment.map { step($0, by: nil) }
      steps.append(pipeline)
    }
    let told = segment.flatMap(\.consequence.events)
    for other in Set(told.map(\.client)).sorted() where other != first.move.client {
      steps.append(Step(name(other), .act(.sees), sees: sightings(told, by: other)))
    }
    if segment.last?.move.request == .closeSession { steps.append(Step(client, .act(.connects))) }
    return steps
  }

  private func step(_ exchange: Exchange, by client: String?) -> Step {
    let (move, consequence) = (exchange.move, exchange.consequence)
    var step = request(move.request, by: client)
    step.excess = move.excess
    switch consequence.reply.result {
    case .failure(let code): step.expected.gives = ["error": .text("\(code)")]
    case .success(let answer):
      let own = move.request.isWrite ? consequence.reply.zxid : nil
      let isLast = looksAtTimes && exchange.place == exchanges.count - 1
      let scene = Scene(sessions: exchange.sessions, own: own, looksAtTimes: isLast)
      step.expected.gives = gives(answer, scene)
    }
    if move.request.isWrite, let name = names[consequence.reply.zxid] {
      step.keep = [Step.Keep(name: name, field: "zxid")]
    }
    if consequence.events.contains(where: { $0.client == move.client }) {
      step.expected.sees = sightings(consequence.events, by: move.client)
    }
    return step
  }

  private func sightings(_ events: [Consequence.Told], by client: Int) -> [Sighting] {
    events.filter { $0.client == client }.map {
      .event($0.event.type, .text(folder.relative($0.event.path)))
    }
  }

  // MARK: Requests

  func path(_ path: String) -> Value {
    let relative = folder.relative(path)
    return .text(relative.hasPrefix("outside:") ? path : relative)
  }

  private func request(_ request: Request, by client: String?) -> Step {
    func step(_ request: Action.Request, _ arguments: Value = [:]) -> Step {
      Step(client, .request(request), arguments)
    }
    func about(_ path: String, _ watch: Bool) -> Value {
      watch ? ["path": self.path(path), "watch": .flag(true)] : ["path": self.path(path)]
    }
    switch request {
    case .create(let create): return self.step(.create(create), by: client)
    case .delete(let path, let version):
      return self.step(.delete(path: path, version: version), by: client)
    case .setData(let path, let data, let version):
      return self.step(.setData(path: path, data: data, version: version), by: client)
    case .check(let path, let version):
      return self.step(.check(path: path, version: version), by: client)
    case .exists(let path, let watch): return step(.exists, about(path, watch))
    case .getData(let path, let watch): return step(.get, about(path, watch))
    case .getACL(let path): return step(.getACL, about(path, false))
    case .setACL(let path, let acl, let version):
      return step(.setACL, Value.fields(["path": self.path(path), "acl": list(acl)], version))
    case .getChildren(let path, let watch, let withStat):
      return step(withStat ? .children2 : .children, about(path, watch))
    case .sync(let path): return step(.sync, path.map { about($0, false) } ?? [:])
    case .ping: return step(.ping)
    case .auth(let scheme, let credentials):
      return step(.auth, ["scheme": .text(scheme), "credentials": payload(credentials)])
    case .setWatches(let set):
      return step(set.lasting == nil ? .setWatches : .setWatches2, arguments(set))
    case .closeSession: return step(.close)
    case .multi(let operations):
      var multi = step(.multi)
      multi.parts = operations.map { self.step($0, by: nil, isPart: true) }
      return multi
    case .multiRead(let operations):
      var read = step(.multiRead)
      read.parts = operations.map { self.step($0) }
      return read
    case .getEphemerals(let prefix):
      return step(.getEphemerals, prefix.map { about($0, false) } ?? [:])
    case .getAllChildrenNumber(let path): return step(.countChildren, about(path, false))
    case .whoAmI: return step(.whoAmI)
    case .addWatch(let path, let mode):
      let isKnown = RequestBuilding.modes.contains(mode)
      let word: Value = isKnown ? .text("\(mode)") : .number(Int64(mode.rawValue))
      return step(.addWatch, ["path": self.path(path), "mode": word])
    case .checkWatches(let path, let type):
      return step(.checkWatches, ["path": self.path(path), "type": word(for: type)])
    case .removeWatches(let path, let type):
      return step(.removeWatches, ["path": self.path(path), "type": word(for: type)])
    case .reconfig(let change):
      return step(.reconfig, ["version": .number(change.version)])
    case .sasl(let token): return step(.sasl, ["token": payload(token)])
    }
  }

  private func word(for type: WatcherType) -> Value {
    WatcherType.named.contains(type) ? .text("\(type)") : .number(Int64(type.rawValue))
  }

  private func arguments(_ set: SetWatches) -> Value {
    func list(_ paths: [String]) -> Value { .list(paths.map { .text(folder.relative($0)) }) }
    let lists = [("data", set.data), ("exist", set.exist), ("child", set.child)]
    let more =
      set.lasting == nil ? [] : [("persistent", set.persistent), ("recursive", set.recursive)]
    return Value(
      [("relativeZxid", .number(set.relativeZxid.rawValue))]
        + (lists + more).map { ($0.0, list($0.1)) })
  }

  private func step(_ operation: ReadOperation) -> Step {
    switch operation {
    case .getData(let path): Step(nil, .operation(.get), ["path": self.path(path)])
    case .getChildren(let path): Step(nil, .operation(.children), ["path": self.path(path)])
    }
  }

  private func step(
    _ operation: ZooKeeper.Operation, by client: String?, isPart: Bool = false
  ) -> Step {
    func step(_ part: Action.Operation, _ arguments: Value) -> Step {
      let request = Action.Request(rawValue: part.rawValue).map(Action.request)
      return Step(client, isPart ? .operation(part) : request ?? .operation(part), arguments)
    }
    switch operation {
    case .create(let create):
      return step(Action.Operation(rawValue: create.operation) ?? .create, arguments(create))
    case .delete(let path, let version):
      return step(.delete, Value.fields(["path": self.path(path)], version))
    case .setData(let path, let data, let version):
      return step(.set, Value.fields(["path": self.path(path), "data": payload(data)], version))
    case .check(let path, let version):
      return step(.check, Value.fields(["path": self.path(path)], version))
    }
  }

  private func arguments(_ create: Create) -> Value {
    var fields: [(String, Value)] = [("path", path(create.path))]
    if create.data != [] { fields.append(("data", payload(create.data))) }
    if create.acl != .open { fields.append(("acl", list(create.acl))) }
    let (ephemeral, sequential) = (Value.text("ephemeral"), Value.flag(true))
    switch create.mode {
    case .persistent: break
    case .ephemeral: fields.append(("mode", ephemeral))
    case .persistentSequential: fields.append(("sequential", sequential))
    case .ephemeralSequential: fields += [("mode", ephemeral), ("sequential", sequential)]
    case .container where create.form == .container: break
    case .persistentWithTTL where create.ttl != nil: break
    case .persistentSequentialWithTTL where create.ttl != nil:
      fields.append(("sequential", sequential))
    default: fields.append(("flags", .number(Int64(create.mode.rawValue))))
    }
    if let ttl = create.ttl { fields.append(("ttl", .number(ttl))) }
    return Value(fields)
  }

  func list(_ acl: [ACL]) -> Value { .list(acl.map { .text(ACLNotation.text($0)) }) }

  func payload(_ data: Payload) -> Value { data.map { .bytes($0) } ?? .null }
}

extension Value {
  /// This record and a field more.
  fileprivate func adding(_ name: String, _ value: Value) -> Value {
    guard case .record(let members) = self else { return self }
    return .record(members + [Member(name: name, value: value)])
  }
}

extension Step {
  /// A step of a fixture whose places are not known yet.
  fileprivate init(
    _ client: String?, _ does: Action, _ arguments: Value = .record([]), sees: [Sighting]? = nil
  ) {
    self.init(
      place: Place(file: ""), client: client, does: does,
      arguments: StepReader.isNoPath(does, arguments)
        ? arguments.adding("absolute", .flag(true)) : arguments,
      expected: Expected(gives: .record([]), sees: sees))
  }
}
