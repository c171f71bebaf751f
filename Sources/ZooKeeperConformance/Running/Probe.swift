public import Conformance
import ZooKeeper

/// Finds out what a target is and can by asking it, on connections of their own: an operation that
/// a server does not know ends the connection.
///
/// Nothing is asked that could harm any edition of any server: the wish to reconfigure follows a
/// configuration that no ensemble has.
public struct Probe: Sendable {
  let target: any ServiceTarget
  let world: any ServiceWorld
  let workspace: Workspace
  let folder: Folder

  /// Asks `target`.
  ///
  /// - Throws: If it cannot be reached, is of another kind, or refuses what nothing works without.
  public static func profile(of target: any ServiceTarget) async throws(TargetError) -> Profile {
    let world = try await target.world()
    let workspace: Workspace
    do throws(TargetError) {
      workspace = try await Workspace.opened(in: world, address: target.url)
    } catch {
      if error.reason == .hangsUp, let profile = await readOnlyProfile(of: target, in: world) {
        return profile
      }
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

  func dial(_ timeout: Int32 = 10_000) async throws(TargetError) -> (
    any ServiceLine, Welcome
  ) {
    var greeting = Greeting(timeout: timeout)
    greeting.readOnly = workspace.onlyReads
    return try await world.dial(greeting, until: world.now + Self.patience)
  }

  /// What a server is that only reads, as far as reads tell; nil if it takes no reader either.
  private static func readOnlyProfile(
    of target: any ServiceTarget, in world: any ServiceWorld
  ) async -> Profile? {
    guard
      let workspace = try? await Workspace.opened(
        in: world, address: target.url, readOnly: true), workspace.onlyReads
    else { return nil }
    let probe = Probe(
      target: target, world: world, workspace: workspace, folder: Folder("/zookeeper"))
    guard let shortest = try? await probe.timeout(asking: 1),
      let longest = try? await probe.timeout(asking: .max)
    else { return nil }
    var found = await probe.knownOperations()
    found.insert(.readOnly)
    if await probe.resumes() { found.insert(.resume) }
    found.formUnion(await probe.words())
    await workspace.leave()
    return Profile(
      capabilities: found, tick: Int64(max(shortest / 2, 1)), shortest: shortest, longest: longest)
  }

  static let patience: Int64 = 5000

  private func capabilities() async -> Set<Capability> {
    var found = await knownOperations()
    if await reconfigures() { found.insert(.reconfig) }
    found.formUnion(await flags())
    if found.contains(.multi) { found.formUnion(await multiDialect()) }
    if found.contains(.addWatch) { found.formUnion(await watchDialect()) }
    if found.contains(.checkWatches), await checksOwnWatches() { found.insert(.ownWatches) }
    if target.root.isEmpty { found.formUnion(await quotas()) }
    if await resumes() { found.insert(.resume) }
    found.formUnion(await accessDialect())
    found.formUnion(await events())
    found.formUnion(await words())
    return found
  }

  /// The operations that it does not answer as unknown.
  private func knownOperations() async -> Set<Capability> {
    var found: Set<Capability> = []
    for (capability, request) in operations {
      switch await reply(to: [.request(request)]) {
      case .failure(.unimplemented), nil: break
      default: found.insert(capability)
      }
    }
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
      if !answer.isEmpty, !answer.contains("is not executed because") { found.insert(word) }
    }
    return found
  }

  private static let shortPatience: Int64 = 2000

  /// The last reply to these outgoing on a connection of its own; nil without any.
  func reply(to outgoing: [Outgoing]) async -> Response.Content? {
    guard let (line, _) = try? await dial() else { return nil }
    let tickets = line.send(outgoing)
    let reply = await reply(to: tickets.last ?? 0, on: line)
    _ = line.send([.request(.closeSession)])
    await line.hangUp()
    return reply
  }

  func reply(to ticket: Int, on line: any ServiceLine) async -> Response.Content? {
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
    var greeting = Greeting(timeout: 10_000, session: id, password: password)
    greeting.readOnly = workspace.onlyReads
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
    for (place, scheme) in Self.schemes.enumerated() {
      let acl = [ACL(.read, Identity(scheme: scheme.name, id: scheme.id)), ACL(.all, .anyone)]
      let create = Request.create(Create(folder.absolute("/scheme-\(place)"), acl: acl))
      let shown = Request.auth(scheme: "digest", credentials: Array("quorate:probe".utf8))
      if case .answer = await reply(to: [.request(shown), .request(create)]) {
        found.insert(scheme.capability)
      }
    }
    if case .answer(.token(let token?)) = await reply(to: [.request(.sasl(token: []))]),
      String(decoding: token, as: UTF8.self).contains("nonce=")
    {
      found.insert(.saslDigest)
      if await shows("bob") { found.insert(.saslBob) }
      // Only now is there a password that a server could take for another's.
      if await !shows("nobody") { found.insert(.saslNames) }
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
