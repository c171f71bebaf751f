public import Conformance
import ZooKeeper

/// Finds out what a target is and can by asking it, on connections of their own: an operation that
/// a server does not know ends the connection.
///
/// Nothing is asked that could harm any edition of any server; so whether it reconfigures its
/// ensemble is not asked.
public struct Probe: Sendable {
  private let target: any ServiceTarget
  private let world: any ServiceWorld
  private let workspace: Workspace
  private let folder: Folder

  /// Asks `target`.
  ///
  /// - Throws: If it cannot be reached, is of another kind, or refuses what nothing works without.
  public static func profile(of target: any ServiceTarget) async throws(TargetError) -> Profile {
    let world = try await target.world()
    let workspace: Workspace
    do throws(TargetError) {
      workspace = try await Workspace.opened(in: world, address: target.url)
    } catch {
      let mayBeOther = error.reason == .noAnswer || error.reason == .hangsUp
      guard mayBeOther, let other = await target.otherVoice() else { throw error }
      throw TargetError(target.url, other)
    }
    if !target.root.isEmpty,
      case .failure(.noNode) = await workspace.ask(.exists(path: target.root))
    {
      await workspace.leave()
      let server = target.url.hasSuffix(target.root) ? target.root.count : 0
      let url = target.url.dropLast(server)
      let host = url.firstRange(of: "://").map { url[$0.upperBound...] } ?? url
      throw TargetError(String(host), .noRoot(target.root))
    }
    let name = Remains.newFolder(below: target.root, for: "probe")
    try await workspace.make(name, address: target.url)
    let probe = Probe(target: target, world: world, workspace: workspace, folder: Folder(name))
    let shortest = try await probe.timeout(asking: 1)
    let longest = try await probe.timeout(asking: .max)
    let capabilities = await probe.capabilities()
    _ = await workspace.clear(name)
    await workspace.leave()
    var profile = Profile(
      capabilities: capabilities, tick: Int64(max(shortest / 2, 1)), shortest: shortest,
      longest: longest)
    profile.isConfined = !target.root.isEmpty
    return profile
  }

  private func timeout(asking wish: Int32) async throws(TargetError) -> Int32 {
    let (line, welcome) = try await dial(wish)
    await line.hangUp()
    guard case .session(_, _, let timeout) = welcome else {
      throw TargetError(target.url, .unusable("it grants no session of \(wish) ms"))
    }
    return timeout
  }

  private func dial(_ timeout: Int32 = 10_000) async throws(TargetError) -> (
    any ServiceLine, Welcome
  ) {
    try await world.dial(Greeting(timeout: timeout), until: world.now + Self.patience)
  }

  private static let patience: Int64 = 5000

  private func capabilities() async -> Set<Capability> {
    var found: Set<Capability> = []
    for (capability, outgoing) in operations {
      let reply = await reply(to: [outgoing])
      switch reply {
      case .failure(.unimplemented), nil: break
      default: found.insert(capability)
      }
    }
    if found.contains(.multi) { found.formUnion(await multiDialect()) }
    if await resumes() { found.insert(.resume) }
    found.formUnion(await accessDialect())
    found.formUnion(await events())
    found.formUnion(await words())
    return found
  }

  // MARK: Four-letter words

  /// The words that are answered with anything but a refusal.
  ///
  /// A server that says nothing to one and leaves the connection open knows none.
  private func words() async -> Set<Capability> {
    var found: Set<Capability> = []
    for word in Capability.fourLetterWords {
      let deadline = world.now + Self.shortPatience
      guard let line = try? await world.open(until: deadline) else { break }
      line.sendRaw(Array(word.rawValue.utf8))
      var isClosed = false
      while let arrival = await line.next(until: deadline), !isClosed {
        if case .closed = arrival { isClosed = true }
      }
      let bytes = line.takeFrames().filter { !$0.isSent }.flatMap(\.bytes)
      await line.hangUp()
      guard isClosed else { break }
      let answer = String(decoding: bytes, as: UTF8.self)
      if !answer.isEmpty, !answer.contains("not in the whitelist") { found.insert(word) }
    }
    return found
  }

  private static let shortPatience: Int64 = 2000

  // MARK: Operations

  /// For each operation, a harmless request.
  private var operations: [(Capability, Outgoing)] {
    func raw(_ opcode: Int32, _ body: [Value.Member]...) -> Outgoing {
      .raw(
        opcode: opcode,
        body: Pieces.bytes(.list(body.map(Value.record)), placing: folder.absolute), xid: nil)
    }
    func piece(_ name: String, _ value: Value) -> [Value.Member] {
      [Value.Member(name: name, value: value)]
    }
    let path = piece("path", .text("/"))
    let open = piece("acl", .list([.text("world:anyone:cdrwa")]))
    func create(_ name: String, _ flags: Int64) -> [Value.Member] {
      piece("path", .text(name)) + piece("buffer", .bytes([])) + open + piece("int", .number(flags))
    }
    return [
      (.multi, .request(.multi([]))),
      (.create2, .request(.create(Create(folder.absolute("/create2"), withStat: true)))),
      (.removeWatches, raw(18, path, piece("int", .number(3)))),
      (.containers, raw(19, create("/container", 4))),
      (.ttl, raw(21, create("/ttl", 5), piece("long", .number(1000)))),
      (.multiRead, raw(22, piece("hex", .bytes([255, 255, 255, 255, 1, 255, 255, 255, 255])))),
      (.getEphemerals, raw(103, path)),
      (.countChildren, raw(104, path)),
      (.addWatch, raw(106, path, piece("int", .number(0)))),
      (.whoAmI, raw(107)),
    ]
  }

  /// The last reply to these outgoing on a connection of its own; nil without any.
  private func reply(to outgoing: [Outgoing]) async -> Response.Content? {
    guard let (line, _) = try? await dial() else { return nil }
    let tickets = line.send(outgoing)
    let reply = await reply(to: tickets.last ?? 0, on: line)
    _ = line.send([.request(.closeSession)])
    await line.hangUp()
    return reply
  }

  private func reply(to ticket: Int, on line: any ServiceLine) async -> Response.Content? {
    await line.reply(to: ticket, until: world.now + Self.patience).response?.content
  }

  // MARK: Dialects

  private func multiDialect() async -> Set<Capability> {
    var found: Set<Capability> = []
    let missing = folder.absolute("/missing")
    if case .answer(.multi) = await workspace.ask(.multi([.check(path: missing, version: 0)])) {
      found.insert(.multiFates)
    }
    let create = Create(folder.absolute("/in-multi"), withStat: true)
    if case .answer(.multi(let results)) = await workspace.ask(.multi([.create(create)])),
      case .created(_, .some) = results.first
    {
      found.insert(.multiStats)
    }
    return found
  }

  private func resumes() async -> Bool {
    guard let (first, welcome) = try? await dial(), case .session(let id, let password, _) = welcome
    else { return false }
    await first.hangUp()
    let greeting = Greeting(timeout: 10_000, session: id, password: password)
    guard let (second, answer) = try? await world.dial(greeting, until: world.now + Self.patience)
    else { return false }
    _ = second.send([.request(.closeSession)])
    await second.hangUp()
    if case .session(id, _, _) = answer { return true }
    return false
  }

  private func accessDialect() async -> Set<Capability> {
    var found: Set<Capability> = []
    let closed = folder.absolute("/closed")
    let mine = ACL(.all, Identity(scheme: "digest", id: "nobody:x"))
    _ = await workspace.ask(.create(Create(closed, acl: [mine])))
    if case .failure(.noAuth) = await workspace.ask(.exists(path: closed)) {
      found.insert(.existsNeedsRead)
    }
    for (name, id, capability) in [
      ("/prefix", "10.0.0.0/8", Capability.ipPrefixes), ("/six", "::1", .ipVersion6),
    ] {
      let acl = [ACL(.read, Identity(scheme: "ip", id: id)), ACL(.all, .anyone)]
      let create = Create(folder.absolute(name), acl: acl)
      if case .answer = await workspace.ask(.create(create)) { found.insert(capability) }
    }
    let showing = Request.auth(scheme: "digest", credentials: Array("super:admin".utf8))
    let reading = Request.getData(path: closed)
    if case .answer = await reply(to: [.request(showing), .request(reading)]) {
      found.insert(.superDigest)
    }
    return found
  }

  /// What an event looks like, and who gets it.
  private func events() async -> Set<Capability> {
    var found: Set<Capability> = []
    guard let (watcher, _) = try? await dial() else { return found }
    let open = folder.absolute("/watched")
    let closing = folder.absolute("/closing")
    for path in [open, closing] {
      _ = await workspace.ask(.create(Create(path)))
      let ticket = watcher.send([.request(.exists(path: path, watch: true))]).first ?? 0
      _ = await reply(to: ticket, on: watcher)
    }
    let hidden = [ACL([.write, .admin], .anyone)]
    _ = await workspace.ask(.setACL(path: closing, acl: hidden))
    for path in [open, closing] { _ = await workspace.ask(.setData(path: path, data: [1])) }
    var seen: [String: Zxid] = [:]
    let fence = watcher.send([
      .request(.sync(path: folder.path)), .request(.exists(path: folder.path)),
    ])
    _ = await watcher.reply(to: fence.last, until: world.now + Self.patience) { event, zxid in
      seen[event.path] = zxid
    }
    if let zxid = seen[open], zxid > .zero { found.insert(.eventZxid) }
    if seen[open] != nil, seen[closing] == nil { found.insert(.eventsNeedRead) }
    _ = watcher.send([.request(.closeSession)])
    await watcher.hangUp()
    return found
  }
}
