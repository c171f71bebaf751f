public import ZooKeeper

/// The reference without a connection: what a generated run is drawn from, and what a server's
/// answers are compared with.
///
/// A value: a run can be tried on a copy.
public struct Model: Sendable {
  /// The tree, as it is after every move so far.
  public private(set) var service: Service
  /// The session of each client.
  public private(set) var sessions: [SessionID] = []
  private var identities: [[Identity]] = []
  private var watches: Watches
  private var watchers: [WatcherID] = []
  private var clients: [WatcherID: Int] = [:]
  private var opened = 0
  private var resumptions = 0
  private let address: String

  /// A server that so many clients have just connected to.
  ///
  /// - Parameters:
  ///   - clients: How many.
  ///   - root: Nodes that exist when the run begins, each below the one before.
  ///   - dialect: How it answers where editions differ.
  ///   - address: Where the clients come from.
  public init(
    clients: Int, root: [String] = [], dialect: Dialect = .reference,
    address: String = "127.0.0.1"
  ) {
    service = Service(dialect: dialect)
    watches = Watches(dialect)
    self.address = address
    for client in 0..<clients { connect(client) }
    for path in root { _ = write(.create(Create(path, data: Array("quorate".utf8))), by: 0) }
  }

  /// The last zxid.
  public var zxid: Zxid { service.applied.zxid }

  /// Plays a move.
  public mutating func play(_ move: Move) -> Consequence {
    let client = move.client
    if move.resumesFirst { resume(client) }
    switch move.request {
    case .closeSession:
      let consequence = write(move.request, by: client)
      watches.forget(watchers[client])
      connect(client)
      return consequence
    case .auth(let scheme, let credentials):
      return authenticate(client, scheme, credentials)
    case .setWatches(let set):
      let events = watches.restore(set, by: watchers[client], in: service.applied)
      return Consequence(
        reply: Reply(zxid: zxid, .success(.done)),
        events: events.map { Consequence.Told(client: client, event: $0) })
    case .addWatch, .checkWatches, .removeWatches:
      return Consequence(
        reply: Reply(zxid: zxid, watches.answer(move.request, by: watchers[client])), events: [])
    case let request where request.isWrite:
      return write(request, by: client)
    case let request:
      let reply = service.answer(request, by: author(client))
      watches.leave(after: request, reply.result, by: watchers[client])
      return Consequence(reply: reply, events: [])
    }
  }

  private func author(_ client: Int) -> Author {
    Author(sessions[client], identities: identities[client])
  }

  private mutating func connect(_ client: Int) {
    opened += 1
    let session = SessionID(Int64(opened))
    let watcher = WatcherID(opened)
    if client < sessions.count {
      sessions[client] = session
      watchers[client] = watcher
      identities[client] = Authentication.initial(address: address)
    } else {
      sessions.append(session)
      watchers.append(watcher)
      identities.append(Authentication.initial(address: address))
    }
    clients[watcher] = client
    let transaction = service.prepareSession(
      session, timeout: 30_000, zxid: Zxid(zxid.rawValue + 1), time: 0)
    _ = service.commit(transaction)
  }

  /// The session goes on, on a connection that has shown nothing and watches nothing.
  private mutating func resume(_ client: Int) {
    watches.forget(watchers[client])
    resumptions += 1
    let watcher = WatcherID(Int.max - resumptions)
    watchers[client] = watcher
    clients[watcher] = client
    identities[client] = Authentication.initial(address: address)
  }

  private mutating func write(_ request: Request, by client: Int) -> Consequence {
    let transaction = service.prepare(
      request, by: author(client), cxid: 0, zxid: Zxid(zxid.rawValue + 1), time: 0)
    let outcome = service.commit(transaction)
    guard !outcome.changes.isEmpty else { return Consequence(reply: outcome.reply, events: []) }
    let notifications = watches.trigger(outcome.changes) { watcher, acl in
      guard service.dialect.eventsNeedRead, let client = clients[watcher] else { return true }
      return acl.allows(.read, to: identities[client])
    }
    return Consequence(
      reply: outcome.reply,
      events: notifications.compactMap { notification in
        clients[notification.watcher].map {
          Consequence.Told(client: $0, event: notification.event)
        }
      })
  }

  private mutating func authenticate(
    _ client: Int, _ scheme: String, _ credentials: Payload
  ) -> Consequence {
    guard
      let gained = Authentication().identities(
        scheme: scheme, credentials: credentials, address: address)
    else { return Consequence(reply: Reply(zxid: .zero, .failure(.authFailed)), events: []) }
    for identity in gained where !identities[client].contains(identity) {
      identities[client].append(identity)
    }
    return Consequence(reply: Reply(zxid: .zero, .success(.done)), events: [])
  }
}
