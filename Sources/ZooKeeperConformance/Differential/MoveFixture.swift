import Conformance
public import ZooKeeper

/// A run of moves as a service fixture: what the model answers is what the fixture demands.
///
/// So a difference that was found by comparison becomes a case that anybody can read, replay on
/// any server, and keep.
public struct MoveFixture: Sendable {
  /// The case's id.
  public var id: String
  /// What the case says in a sentence.
  public var title: String
  private let folder: Folder
  private let steps: [Step]
  private let names: [Zxid: String]
  /// Whether the last move's Stat is compared with our clock.
  private let looksAtTimes: Bool

  /// A move, and what the model makes of it.
  private struct Step {
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
    steps = moves.enumerated().map { place, move in
      let consequence = model.play(move)
      return Step(
        move: move, consequence: consequence, sessions: model.sessions, place: place)
    }
    var made: [Zxid: String] = [:]
    for (index, step) in steps.enumerated() where step.move.request.isWrite {
      made[step.consequence.reply.zxid] = "z\(index + 1)"
    }
    let used = Set(steps.flatMap { MoveFixture.zxids(in: $0.consequence.reply.result) })
    names = made.filter { used.contains($0.key) }
  }

  private static let clientNames = ["a", "b", "c", "d", "e", "f"]

  private func name(_ client: Int) -> String {
    MoveFixture.clientNames.indices.contains(client)
      ? MoveFixture.clientNames[client] : "c\(client)"
  }

  /// The whole file.
  public var yaml: String {
    let clients = Set(steps.flatMap { [$0.move.client] + $0.consequence.events.map(\.client) })
    let list = clients.sorted().map(name)
    var lines = [
      "case: \(id)", "title: \(title.quoted)", "level: must", "claims: []",
      "editions: \"3.4..\"", "seen: []", "clients: [\(list.joined(separator: ", "))]", "steps:",
    ]
    for segment in steps.map(\.move).segments {
      lines += self.lines(steps[segment.startIndex..<segment.endIndex])
    }
    lines += list.map { "  - \($0).sees: []" }
    return lines.joined(separator: "\n") + "\n"
  }

  /// The steps of what is sent at once: one, or a pipeline.
  private func lines(_ segment: ArraySlice<Step>) -> [String] {
    guard let first = segment.first else { return [] }
    let client = name(first.move.client)
    var lines =
      first.move.resumesFirst ? ["  - \(client).drops: {}", "  - \(client).resumes: {}"] : []
    if segment.count == 1 {
      lines.append("  - \(client).\(written(first.move.request, indent: 6))")
      lines += besides(first).map { "    " + $0 }
    } else {
      lines.append("  - \(client).pipeline:")
      for step in segment {
        lines.append("      - \(written(step.move.request, indent: 10))")
        lines += besides(step).map { "        " + $0 }
      }
    }
    let told = segment.flatMap(\.consequence.events)
    for other in Set(told.map(\.client)).sorted() where other != first.move.client {
      lines.append("  - \(name(other)).sees: \(written(told, for: other))")
    }
    if segment.last?.move.request == .closeSession { lines.append("  - \(client).connects: {}") }
    return lines
  }

  /// What stands beside a step's verb.
  private func besides(_ step: Step) -> [String] {
    let (move, consequence) = (step.move, step.consequence)
    var lines: [String] = []
    if !move.excess.isEmpty { lines.append("excess: \"\(hexadecimal(move.excess))\"") }
    switch consequence.reply.result {
    case .failure(let code): lines.append("error: \(code)")
    case .success(let answer):
      let own = move.request.isWrite ? consequence.reply.zxid : nil
      let isLast = looksAtTimes && step.place == steps.count - 1
      let scene = Scene(sessions: step.sessions, own: own, looksAtTimes: isLast)
      if let gives = gives(answer, scene) { lines.append("gives: \(gives)") }
    }
    if move.request.isWrite, let name = names[consequence.reply.zxid] {
      lines.append("keep: { \(name): zxid }")
    }
    if consequence.events.contains(where: { $0.client == move.client }) {
      lines.append("sees: \(written(consequence.events, for: move.client))")
    }
    return lines
  }

  private func written(_ events: [Consequence.Told], for client: Int) -> String {
    let told = events.filter { $0.client == client }.map {
      "{ \($0.event.type): \(folder.relative($0.event.path).written) }"
    }
    return "[ \(told.joined(separator: ", ")) ]"
  }

  // MARK: Requests

  private func path(_ path: String) -> String {
    let relative = folder.relative(path)
    return "path: \(relative.hasPrefix("outside:") ? path.written : relative.written)"
  }

  private func written(_ request: Request, indent: Int) -> String {
    func verb(_ name: String, _ parts: [String]) -> String {
      "\(name): { \(parts.filter { !$0.isEmpty }.joined(separator: ", ")) }"
    }
    func watch(_ watch: Bool) -> String { watch ? "watch: true" : "" }
    switch request {
    case .create(let create): return written(.create(create) as ZooKeeper.Operation)
    case .delete(let path, let version):
      return written(.delete(path: path, version: version) as ZooKeeper.Operation)
    case .setData(let path, let data, let version):
      return written(.setData(path: path, data: data, version: version) as ZooKeeper.Operation)
    case .check(let path, let version):
      return written(.check(path: path, version: version) as ZooKeeper.Operation)
    case .exists(let path, let watched):
      return verb("exists", [self.path(path), watch(watched)])
    case .getData(let path, let watched): return verb("get", [self.path(path), watch(watched)])
    case .getACL(let path): return verb("getACL", [self.path(path)])
    case .setACL(let path, let acl, let version):
      return "setACL: { \(self.path(path)), \(written(acl))\(written(version)) }"
    case .getChildren(let path, let watched, let withStat):
      return verb(withStat ? "children2" : "children", [self.path(path), watch(watched)])
    case .sync(let path): return verb("sync", [path.map(self.path) ?? ""])
    case .ping: return "ping: {}"
    case .auth(let scheme, let credentials):
      return verb("auth", ["scheme: \(scheme)", "credentials: \(written(credentials))"])
    case .setWatches(let set):
      func list(_ name: String, _ paths: [String]) -> String {
        "\(name): [ \(paths.map { folder.relative($0).quoted }.joined(separator: ", ")) ]"
      }
      return verb(
        "setWatches",
        [
          "relativeZxid: \(set.relativeZxid.rawValue)", list("data", set.data),
          list("exist", set.exist), list("child", set.child),
        ])
    case .closeSession: return "close: {}"
    case .multi(let operations):
      if operations.isEmpty { return "multi: []" }
      let margin = String(repeating: " ", count: indent)
      return "multi:\n" + operations.map { "\(margin)- \(written($0))" }.joined(separator: "\n")
    }
  }

  private func written(_ operation: ZooKeeper.Operation) -> String {
    switch operation {
    case .create(let create):
      let mode: String
      switch create.mode {
      case .persistent: mode = ""
      case .ephemeral: mode = ", mode: ephemeral"
      case .persistentSequential: mode = ", sequential: true"
      case .ephemeralSequential: mode = ", mode: ephemeral, sequential: true"
      default: mode = ", flags: \(create.mode.rawValue)"
      }
      let acl = create.acl == .open ? "" : ", " + written(create.acl)
      let verb = create.withStat ? "create2" : "create"
      let data = create.data == [] ? "" : ", data: \(written(create.data))"
      return "\(verb): { \(path(create.path))\(data)\(acl)\(mode) }"
    case .delete(let path, let version):
      return "delete: { \(self.path(path))\(written(version)) }"
    case .setData(let path, let data, let version):
      return "set: { \(self.path(path)), data: \(written(data))\(written(version)) }"
    case .check(let path, let version):
      return "check: { \(self.path(path))\(written(version)) }"
    }
  }

  /// Any version is what a fixture means that says none.
  private func written(_ version: Version) -> String {
    version == .any ? "" : ", version: \(version)"
  }

  private func written(_ acl: [ACL]) -> String {
    "acl: [ \(acl.map { ACLNotation.text($0).quoted }.joined(separator: ", ")) ]"
  }

  private func written(_ data: Payload) -> String {
    guard let data else { return "null" }
    if data.allSatisfy({ (0x20..<0x7f).contains($0) }) {
      return String(decoding: data, as: UTF8.self).quoted
    }
    return "{ hex: \"\(hexadecimal(data[...]))\" }"
  }
}

// MARK: Replies

extension MoveFixture {
  /// What a step's Stats may speak of.
  private struct Scene {
    /// Each client's session.
    var sessions: [SessionID]
    /// The zxid that the step itself makes; nil for a read.
    var own: Zxid?
    /// Whether times are compared with our clock.
    var looksAtTimes = false
  }

  private static func zxids(in result: Result<Answer, ErrorCode>) -> [Zxid] {
    guard case .success(let answer) = result else { return [] }
    let stats: [Stat?]
    switch answer {
    case .done, .synced: stats = []
    case .created(_, let stat), .children(_, let stat): stats = [stat]
    case .stat(let stat), .data(_, let stat), .acl(_, let stat): stats = [stat]
    case .multi(let results):
      stats = results.map { result in
        switch result {
        case .created(_, let stat): stat
        case .set(let stat): stat
        case .deleted, .checked, .failed: nil
        }
      }
    }
    return stats.compactMap(\.self).flatMap { [$0.czxid, $0.mzxid, $0.pzxid] }
  }

  private func gives(_ answer: Answer, _ scene: Scene) -> String? {
    func parts(_ parts: String?...) -> String {
      "{ \(parts.compactMap(\.self).joined(separator: ", ")) }"
    }
    func stat(_ stat: Stat?) -> String? { stat.map { written($0, scene) } }
    func names(_ names: [String]) -> String {
      names.isEmpty
        ? "children: []" : "children: [ \(names.map(\.written).joined(separator: ", ")) ]"
    }
    switch answer {
    case .done: return nil
    case .synced(let path): return path.map { parts(self.path($0)) }
    case .created(let path, let made): return parts(self.path(path), stat(made))
    case .stat(let value): return parts(stat(value))
    case .data(let data, let value): return parts("data: \(written(data))", stat(value))
    case .acl(let acl, let value): return parts(written(acl), stat(value))
    case .children(let list, let value): return parts(names(list), stat(value))
    case .multi(let results):
      return "[ \(results.map { written($0, scene) }.joined(separator: ", ")) ]"
    }
  }

  private func written(_ result: OperationResult, _ scene: Scene) -> String {
    switch result {
    case .created(let path, let stat?):
      "{ error: Ok, \(self.path(path)), \(written(stat, scene)) }"
    case .created(let path, nil): "{ error: Ok, \(self.path(path)) }"
    case .set(let stat): "{ error: Ok, \(written(stat, scene)) }"
    case .deleted, .checked: "{ error: Ok }"
    case .failed(let code): "{ error: \(code) }"
    }
  }

  /// What does not depend on the run: counts as they are, zxids by the step that made them.
  ///
  /// A zxid that this very step makes has no name yet; the next step that sees it compares it.
  private func written(_ stat: Stat, _ scene: Scene) -> String {
    var fields: [String] = []
    for (field, zxid) in [("czxid", stat.czxid), ("mzxid", stat.mzxid), ("pzxid", stat.pzxid)] {
      if zxid != scene.own, let name = names[zxid] { fields.append("\(field): $\(name)") }
    }
    if scene.looksAtTimes {
      let near =
        "{ between: [ $clock - \(ReplyNormalizer.skew), $clock + \(ReplyNormalizer.skew) ] }"
      fields += ["ctime: \(near)", "mtime: \(near)"]
    }
    fields += [
      "version: \(stat.version)", "cversion: \(stat.cversion)", "aversion: \(stat.aversion)",
    ]
    if stat.ephemeralOwner == .none {
      fields.append("ephemeralOwner: 0")
    } else if let owner = scene.sessions.firstIndex(of: stat.ephemeralOwner) {
      fields.append("ephemeralOwner: $\(name(owner)).session")
    }
    fields += ["dataLength: \(stat.dataLength)", "numChildren: \(stat.numChildren)"]
    return "stat: { \(fields.joined(separator: ", ")) }"
  }
}

extension String {
  /// As a scalar; of a long name that the letter x fills up its beginning and its size.
  fileprivate var written: String {
    let filler = utf8.reversed().prefix { $0 == UInt8(ascii: "x") }.count
    guard filler > 100 else { return quoted }
    return "{ begins: \(String(dropLast(filler)).quoted), size: \(utf8.count) }"
  }

  /// As a double-quoted YAML scalar.
  fileprivate var quoted: String {
    let body = unicodeScalars.map { scalar -> String in
      switch scalar {
      case "\"": "\\\""
      case "\\": "\\\\"
      case " "..."~": String(Character(scalar))
      default:
        scalar.value > 0xffff
          ? "\\U" + String(scalar.value, radix: 16).leftPadded(8)
          : "\\u" + String(scalar.value, radix: 16).leftPadded(4)
      }
    }
    return "\"\(body.joined())\""
  }

  private func leftPadded(_ width: Int) -> String {
    String(repeating: "0", count: max(0, width - count)) + self
  }
}
