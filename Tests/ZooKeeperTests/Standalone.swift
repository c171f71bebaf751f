import Testing
import ZooKeeper

/// A server alone, without a wire: each request is prepared and committed before the next.
struct Standalone {
  var service: Service
  var watches = Watches()
  var sessions = Sessions()
  var identities: [SessionID: [Identity]] = [:]
  var time: Int64 = 1000
  /// Fires between a change and its reply.
  var notifications: [Notification] = []
  /// The reply to the last request.
  var reply = Reply(zxid: .zero, .success(.done))

  init(_ tree: Tree? = nil, dialect: Dialect = .reference) {
    service = Service(tree, dialect: dialect)
    watches = Watches(dialect)
  }

  var zxid: Zxid { service.applied.zxid }
  var next: Zxid { Zxid(service.proposed.zxid.rawValue + 1) }

  mutating func open(_ identities: Identity...) -> SessionID {
    let session = sessions.open(requesting: 10_000, now: 0).session
    let transaction = service.prepareSession(session, timeout: 10_000, zxid: next, time: time)
    _ = service.commit(transaction)
    self.identities[session] = identities
    return session
  }

  func author(_ session: SessionID) -> Author {
    Author(session, identities: identities[session, default: []])
  }

  /// Asks, and gives the result; a watcher is named after its session.
  @discardableResult
  mutating func ask(_ session: SessionID, _ request: Request) -> Result<Answer, ErrorCode> {
    notifications = []
    let watcher = WatcherID(Int(session.rawValue & 0xffff))
    switch request {
    case .exists, .getData, .getACL, .getChildren, .sync, .ping, .multiRead, .getEphemerals,
      .getAllChildrenNumber, .whoAmI:
      reply = service.answer(request, by: author(session))
      watches.leave(after: request, reply.result, by: watcher)
    case .setWatches(let earlier):
      let events = watches.restore(earlier, by: watcher, in: service.applied)
      notifications = events.map { Notification(watcher, $0) }
      reply = Reply(zxid: zxid, .success(.done))
    case .addWatch, .checkWatches, .removeWatches:
      reply = Reply(zxid: zxid, watches.answer(request, by: watcher))
    default:
      let transaction = service.prepare(
        request, by: author(session), cxid: 0, zxid: next, time: time)
      commit(transaction)
    }
    return reply.result
  }

  mutating func commit(_ transaction: Transaction) {
    let outcome = service.commit(transaction)
    let (service, identities) = (service, identities)
    notifications += watches.trigger(outcome.changes) { watcher, acl in
      let session = identities.keys.first { Int($0.rawValue & 0xffff) == watcher.rawValue }
      return !service.dialect.eventsNeedRead
        || acl.allows(.read, to: session.flatMap { identities[$0] } ?? [])
    }
    reply = outcome.reply
  }

  /// Asks for something that has to succeed, to set the stage.
  mutating func given(
    _ session: SessionID, _ requests: Request..., sourceLocation: SourceLocation = #_sourceLocation
  ) {
    for request in requests {
      if case .failure(let code) = ask(session, request) {
        Issue.record("\(request) gives \(code)", sourceLocation: sourceLocation)
      }
    }
  }

  func stat(_ path: String) -> Stat? { service.applied[path]?.stat }

  /// Events as `watcher type path`.
  var told: [String] {
    notifications.map { "\($0.watcher.rawValue) \($0.event.type) \($0.event.path)" }
  }
}

extension Request {
  static func create(
    _ path: String, _ data: Payload = [], _ mode: CreateMode = .persistent,
    acl: [ACL] = .open, withStat: Bool = false
  ) -> Request {
    .create(Create(path, data: data, acl: acl, mode: mode, withStat: withStat))
  }
  static func delete(_ path: String, _ version: Version = .any) -> Request {
    .delete(path: path, version: version)
  }
  static func set(_ path: String, _ data: Payload = [1], _ version: Version = .any) -> Request {
    .setData(path: path, data: data, version: version)
  }
  static func setACL(_ path: String, _ acl: [ACL] = .open, _ version: Version = .any) -> Request {
    .setACL(path: path, acl: acl, version: version)
  }
  static func exists(_ path: String, watch: Bool = false) -> Request {
    .exists(path: path, watch: watch)
  }
  static func get(_ path: String, watch: Bool = false) -> Request {
    .getData(path: path, watch: watch)
  }
  static func children(_ path: String, watch: Bool = false, withStat: Bool = false) -> Request {
    .getChildren(path: path, watch: watch, withStat: withStat)
  }
}

extension Operation {
  static func create(_ path: String, _ mode: CreateMode = .persistent) -> Operation {
    .create(Create(path, mode: mode))
  }
}

func failure(_ code: ErrorCode) -> Result<Answer, ErrorCode> { .failure(code) }
func created(_ path: String) -> Result<Answer, ErrorCode> { .success(.created(path: path)) }
