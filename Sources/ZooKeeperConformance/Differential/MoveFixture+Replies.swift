package import Conformance
import ZooKeeper

extension MoveFixture {
  /// What a step's Stats may speak of.
  struct Scene {
    /// Each client's session.
    var sessions: [SessionID]
    /// The zxid that the step itself makes; nil for a read.
    var own: Zxid?
    /// Whether times are compared with our clock.
    var looksAtTimes = false
  }

  static func zxids(in result: Result<Answer, ErrorCode>) -> [Zxid] {
    guard case .success(let answer) = result else { return [] }
    let stats: [Stat?]
    switch answer {
    case .done, .synced, .ephemerals, .count, .identities, .watchAdded, .token: stats = []
    case .multiRead(let results):
      stats = results.map { if case .data(_, let stat) = $0 { stat } else { nil } }
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

  func gives(_ answer: Answer, _ scene: Scene) -> Value {
    func with(_ stat: Stat?, _ fields: (String, Value)...) -> Value {
      Value(fields + (stat.map { [("stat", value($0, scene))] } ?? []))
    }
    switch answer {
    case .done, .watchAdded: return [:]
    case .synced(let path): return path.map { ["path": self.path($0)] } ?? [:]
    case .created(let path, let made): return with(made, ("path", self.path(path)))
    case .stat(let stat): return with(stat)
    case .data(let data, let stat): return with(stat, ("data", payload(data)))
    case .acl(let acl, let stat): return with(stat, ("acl", list(acl)))
    case .children(let names, let stat):
      return with(stat, ("children", .set(names.map { .text($0) })))
    case .multi(let results): return .list(results.map { value($0, scene) })
    case .multiRead(let results): return .list(results.map { value($0, scene) })
    case .ephemerals(let paths): return ["paths": .set(paths.map(self.path))]
    case .count(let count): return ["count": .number(Int64(count))]
    case .identities(let identities):
      return ["identities": .set(identities.map { .text(ReplyValue.words(of: $0)) })]
    case .token(let token): return ["token": payload(token)]
    }
  }

  private func value(_ result: OperationResult, _ scene: Scene) -> Value {
    let ok = Value.text("\(ErrorCode.ok)")
    switch result {
    case .created(let path, let stat?):
      return ["error": ok, "path": self.path(path), "stat": value(stat, scene)]
    case .created(let path, nil): return ["error": ok, "path": self.path(path)]
    case .set(let stat): return ["error": ok, "stat": value(stat, scene)]
    case .deleted, .checked: return ["error": ok]
    case .failed(let code): return ["error": .text("\(code)")]
    }
  }

  private func value(_ result: ReadResult, _ scene: Scene) -> Value {
    let ok = Value.text("\(ErrorCode.ok)")
    return switch result {
    case .data(let data, let stat):
      ["error": ok, "data": payload(data), "stat": value(stat, scene)]
    case .children(let names): ["error": ok, "children": .set(names.map { .text($0) })]
    case .failed(let code): ["error": .text("\(code)")]
    }
  }

  /// What does not depend on the run: counts as they are, zxids by the step that made them.
  ///
  /// A zxid that this very step makes has no name yet; the next step that sees it compares it.
  private func value(_ stat: Stat, _ scene: Scene) -> Value {
    func reference(_ name: String, plus offset: Int64 = 0) -> Value {
      .reference(Value.Reference(name: name, offset: offset, place: Place(file: id)))
    }
    var fields: [(String, Value)] = []
    for (field, zxid) in [("czxid", stat.czxid), ("mzxid", stat.mzxid), ("pzxid", stat.pzxid)] {
      if zxid != scene.own, let name = names[zxid] { fields.append((field, reference(name))) }
    }
    if scene.looksAtTimes {
      let skew = ReplyNormalizer.skew
      let near = Value.bound(
        .between,
        .list([
          reference(FixtureFormat.clock, plus: -skew), reference(FixtureFormat.clock, plus: skew),
        ]))
      fields += [("ctime", near), ("mtime", near)]
    }
    fields += [
      ("version", .number(Int64(stat.version))), ("cversion", .number(Int64(stat.cversion))),
      ("aversion", .number(Int64(stat.aversion))),
    ]
    if stat.ephemeralOwner == .none {
      fields.append(("ephemeralOwner", .number(0)))
    } else if let owner = scene.sessions.firstIndex(of: stat.ephemeralOwner) {
      fields.append(("ephemeralOwner", reference("\(name(owner)).session")))
    }
    fields += [
      ("dataLength", .number(Int64(stat.dataLength))),
      ("numChildren", .number(Int64(stat.numChildren))),
    ]
    return Value(fields)
  }
}

extension Value {
  init(_ fields: [(String, Value)]) {
    self = .record(fields.map { Member(name: $0.0, value: $0.1) })
  }

  /// These fields and a version, if it is not any: that is what a fixture means that says none.
  static func fields(_ fields: Value, _ version: Version) -> Value {
    guard version != .any, case .record(let members) = fields else { return fields }
    return .record(members + [Member(name: "version", value: .number(Int64(version)))])
  }
}

extension Value: ExpressibleByDictionaryLiteral {
  /// A record of these fields, in this order.
  package init(dictionaryLiteral fields: (String, Value)...) {
    self.init(fields)
  }
}
