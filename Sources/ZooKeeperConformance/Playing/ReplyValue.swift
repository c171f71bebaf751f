import Conformance
import ZooKeeper

/// Replies in a fixture's terms.
struct ReplyValue {
  let folder: Folder
  /// What shows that the server knows the password by which it was asked, if it was.
  var proof: [UInt8]?

  /// The reply as a record: `error` and `zxid` always, else what the reply brings.
  ///
  /// - Parameter isRaw: Whether it is to be looked at in bytes: with its `body`.
  func value(_ response: Response, isRaw: Bool = false) -> Value {
    var members: [Value.Member] = []
    func add(_ name: String, _ value: Value) {
      members.append(Value.Member(name: name, value: value))
    }
    switch response.content {
    case .failure(let code): add("error", .text(code.description))
    case .malformed(let problem): add("error", .text("a body that does not decode: \(problem)"))
    case .raw: add("error", .text("Ok"))
    case .answer(let answer):
      add("error", .text("Ok"))
      members += fields(answer)
    }
    if isRaw { add("body", .bytes(response.body)) }
    add("zxid", .zxid(response.zxid.rawValue))
    add("xid", .number(Int64(response.xid)))
    return .record(members)
  }

  private func fields(_ answer: Answer) -> [Value.Member] {
    func member(_ name: String, _ value: Value) -> Value.Member {
      Value.Member(name: name, value: value)
    }
    func stat(_ stat: Stat?) -> [Value.Member] {
      stat.map { [member("stat", ReplyValue.stat($0))] } ?? []
    }
    switch answer {
    case .done, .watchAdded: return []
    case .created(let path, let created):
      return [member("path", .text(folder.relative(path)))] + stat(created)
    case .stat(let value): return stat(value)
    case .data(let data, let value):
      return [member("data", data.map(Value.bytes) ?? .null)] + stat(value)
    case .acl(let entries, let value):
      return [member("acl", .list(entries.map { .text(ACLNotation.text($0)) }))] + stat(value)
    case .children(let names, let value):
      return [member("children", .set(names.sorted().map(Value.text)))] + stat(value)
    case .synced(let path):
      return [member("path", path.map { .text(folder.relative($0)) } ?? .null)]
    case .multi(let results): return [member("results", .list(results.map(result)))]
    case .multiRead(let results): return [member("results", .list(results.map(result)))]
    case .ephemerals(let paths):
      return [member("paths", .set(paths.sorted().map { .text(folder.relative($0)) }))]
    case .count(let count): return [member("count", .number(Int64(count)))]
    case .identities(let identities):
      return [member("identities", .set(identities.map(Self.words).sorted().map(Value.text)))]
    case .token(let token): return [member("says", .text(says(token)))]
    }
  }

  static let saslWords = ["nothing", "challenge", "proof"]

  /// What a token of SASL is: each server's and each run's is another.
  private func says(_ token: Payload) -> String {
    guard let token else { return Self.saslWords[0] }
    let text = String(decoding: token, as: UTF8.self)
    if text.contains("nonce=\""), text.contains("md5-sess") { return Self.saslWords[1] }
    return token == proof ? Self.saslWords[2] : text.shortened
  }

  /// As fixtures write an identity: `digest:ann`.
  static func words(of identity: ClientInfo) -> String { "\(identity.scheme):\(identity.user)" }

  private func result(_ result: ReadResult) -> Value {
    func record(_ members: (String, Value)...) -> Value {
      .record(members.map { Value.Member(name: $0.0, value: $0.1) })
    }
    let ok = ("error", Value.text("Ok"))
    switch result {
    case .data(let data, let stat):
      return record(ok, ("data", data.map(Value.bytes) ?? .null), ("stat", Self.stat(stat)))
    case .children(let names):
      return record(ok, ("children", .set(names.sorted().map(Value.text))))
    case .failed(let code): return record(("error", .text(code.description)))
    }
  }

  private func result(_ result: OperationResult) -> Value {
    func record(_ members: (String, Value)...) -> Value {
      .record(members.map { Value.Member(name: $0.0, value: $0.1) })
    }
    let ok = ("error", Value.text("Ok"))
    switch result {
    case .created(let path, let stat?):
      return record(ok, ("path", .text(folder.relative(path))), ("stat", Self.stat(stat)))
    case .created(let path, nil): return record(ok, ("path", .text(folder.relative(path))))
    case .deleted, .checked: return record(ok)
    case .set(let stat): return record(ok, ("stat", Self.stat(stat)))
    case .failed(let code): return record(("error", .text(code.description)))
    }
  }

  /// A Stat, its fields in the order of the wire.
  static func stat(_ stat: Stat) -> Value {
    let fields: [(String, Value)] = [
      ("czxid", .zxid(stat.czxid.rawValue)), ("mzxid", .zxid(stat.mzxid.rawValue)),
      ("ctime", .number(stat.ctime)), ("mtime", .number(stat.mtime)),
      ("version", .number(Int64(stat.version))), ("cversion", .number(Int64(stat.cversion))),
      ("aversion", .number(Int64(stat.aversion))),
      ("ephemeralOwner", .session(stat.ephemeralOwner.rawValue)),
      ("dataLength", .number(Int64(stat.dataLength))),
      ("numChildren", .number(Int64(stat.numChildren))), ("pzxid", .zxid(stat.pzxid.rawValue)),
    ]
    return .record(fields.map { Value.Member(name: $0.0, value: $0.1) })
  }
}
