import ZooKeeper

/// Whether operations, flags and schemes are known at all.
extension Probe {
  /// For each operation, a harmless request.
  var operations: [(Capability, Request)] {
    let node = folder.path
    let none = folder.absolute("/none")
    func create(_ name: String) -> Create { Create(folder.absolute(name)) }
    let container = Create(folder.absolute("/container"), mode: .container)
    return [
      (.create, .create(create("/create"))), (.delete, .delete(path: none)),
      (.exists, .exists(path: node)), (.getData, .getData(path: node)),
      (.setData, .setData(path: node, data: [])), (.getACL, .getACL(path: node)),
      (.setACL, .setACL(path: node, acl: .open)), (.getChildren, .getChildren(path: node)),
      (.sync, .sync(path: node)), (.ping, .ping),
      (.getChildren2, .getChildren(path: node, withStat: true)),
      (.check, .multi([.check(path: node, version: .any)])), (.multi, .multi([])),
      (.create2, .create(Create(folder.absolute("/create2"), withStat: true))),
      (.checkWatches, .checkWatches(path: node, type: .any)),
      (.removeWatches, .removeWatches(path: node, type: .any)),
      (.containers, .create(container)),
      (.ttl, .create(Create(folder.absolute("/ttl"), ttl: 3_600_000))),
      (.ttlSequential, .create(Create(folder.absolute("/ttl-"), ttl: 3_600_000, sequential: true))),
      (.multiRead, .multiRead([])),
      (.auth, .auth(scheme: "digest", credentials: Array("quorate:probe".utf8))),
      (.setWatches, .setWatches(SetWatches(relativeZxid: .zero))),
      (.sasl, .sasl(token: [])), (.getEphemerals, .getEphemerals(prefix: node)),
      (.countChildren, .getAllChildrenNumber(path: node)),
      (
        .setWatches2,
        .setWatches(SetWatches(relativeZxid: .zero, lasting: SetWatches.Lasting()))
      ),
      (.addWatch, .addWatch(path: node, mode: .persistent)),
      (.addWatchRecursive, .addWatch(path: node, mode: .persistentRecursive)),
      (.whoAmI, .whoAmI), (.closeSession, .closeSession),
    ]
  }

  /// Whether a wish for another ensemble is understood.
  ///
  /// A server alone answers as if it were not, but under a zxid: what it does not know has none.
  func reconfigures() async -> Bool {
    let wish = Request.reconfig(Reconfiguration(version: .max))
    guard let (line, _) = try? await dial() else { return false }
    let ticket = line.send([.request(wish)]).first
    let response = await line.reply(to: ticket, until: world.now + Self.patience).response
    await line.hangUp()
    return response.map { $0.zxid > .zero } ?? false
  }

  /// The flags of a create that no operation stands for.
  func flags() async -> Set<Capability> {
    var found: Set<Capability> = []
    for (capability, mode) in [
      (Capability.ephemeral, CreateMode.ephemeral), (.sequential, .persistentSequential),
      (.ephemeralSequential, .ephemeralSequential),
    ] {
      let path = folder.absolute("/mode-\(mode.rawValue)")
      guard
        case .answer(.created(let made, _)) = await reply(
          to: [.request(.create(Create(path, mode: mode)))])
      else { continue }
      if made == path || mode.isSequential { found.insert(capability) }
    }
    return found
  }

  /// The schemes of access control, each with an id that it takes.
  static let schemes: [(name: String, id: String, capability: Capability)] = [
    ("world", "anyone", .schemeWorld), ("auth", "", .schemeAuth),
    ("digest", "nobody:x", .schemeDigest), ("ip", "192.0.2.1", .schemeIP),
    ("ip", "10.0.0.0/8", .ipPrefixes), ("ip", "::1", .ipVersion6),
    ("sasl", "nobody", .schemeSASL), ("x509", "CN=nobody", .schemeX509),
  ]

  /// Whether SASL takes the password `secret` for this name's.
  func shows(_ user: String) async -> Bool {
    guard let (line, _) = try? await dial() else { return false }
    var isShown = false
    let first = line.send([.request(.sasl(token: []))]).first ?? 0
    if case .answer(.token(let challenge?)) = await reply(to: first, on: line),
      let response = DigestMD5.response(
        to: challenge, user: user, password: "secret", cnonce: "quorate")
    {
      let second = line.send([.request(.sasl(token: response))]).first ?? 0
      if case .answer = await reply(to: second, on: line) { isShown = true }
    }
    await line.hangUp()
    return isShown
  }

  /// Whether each kind of watch is one of its own.
  func watchDialect() async -> Set<Capability> {
    guard let (line, _) = try? await dial() else { return [] }
    let path = folder.absolute("/modes")
    let set = Request.setData(path: path, data: [1])
    let tickets = line.send(
      [
        .create(Create(path)), .addWatch(path: path, mode: .persistent),
        .getData(path: path, watch: true), set, set,
      ].map(Outgoing.request))
    var events = 0
    _ = await line.reply(to: tickets.last, until: world.now + Self.patience) { _, _ in events += 1 }
    _ = line.send([.request(.closeSession)])
    await line.hangUp()
    return events == 2 ? [.watchModes] : []
  }

  /// Whether another session's watch is not taken for one's own.
  func checksOwnWatches() async -> Bool {
    guard let (line, _) = try? await dial() else { return false }
    let path = folder.absolute("/watched-by-another")
    let ticket = line.send([.request(.exists(path: path, watch: true))]).first ?? 0
    _ = await reply(to: ticket, on: line)
    let answer = await reply(to: [.request(.checkWatches(path: path, type: .any))])
    _ = line.send([.request(.closeSession)])
    await line.hangUp()
    return answer == .failure(.noWatcher)
  }

  /// Whether what is used of a quota is counted, and a hard one enforced.
  func quotas() async -> Set<Capability> {
    var found: Set<Capability> = []
    let subject = folder.path
    let nodes = Int64(await workspace.children(subject)?.count ?? 0) + 1
    let limits = Quota(nodes: -1, bytes: -1, hardNodes: nodes)
    let usage = Quota(nodes: 0, bytes: 0)
    for (path, data) in [
      (Quota.folder + subject, Workspace.mark),
      (Quota.limits(of: subject), Array(limits.text.utf8)),
      (Quota.usage(of: subject), Array(usage.text.utf8)),
    ] {
      _ = await workspace.ask(.create(Create(path, data: data)))
    }
    if case .answer(.data(let data, _)) = await workspace.ask(
      .getData(path: Quota.usage(of: subject))), Quota(data).nodes == nodes
    {
      found.insert(.quotas)
    }
    let beyond = Create(folder.absolute("/beyond"))
    if case .failure(.quotaExceeded) = await workspace.ask(.create(beyond)) {
      found.insert(.hardQuotas)
    }
    _ = await workspace.clear(Quota.folder + subject)
    return found
  }
}
