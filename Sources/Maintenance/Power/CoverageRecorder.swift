import Synchronization
import ZooKeeper
import ZooKeeperConformance
import ZooKeeperServer
import ZooKeeperWire

/// Looks at every request that a server is asked, and changes nothing.
final class CoverageRecorder: Sendable {
  private struct State {
    var coverage = Coverage()
    var resumed: Set<SessionID> = []
  }

  private let state = Mutex(State())

  var coverage: Coverage { state.withLock(\.coverage) }

  /// To be built into the server, like a quirk that does nothing.
  var quirk: Quirk {
    Quirk("recorder", .flaw, "Writes down what is asked.", source: "") { quirk in
      quirk.admission = { [self] admission, _ in
        guard admission.verdict == .resumed else { return }
        state.withLock { _ = $0.resumed.insert(admission.request.session) }
      }
      quirk.transactions = { [self] transactions, asked, server in
        guard let request = asked.request, let last = transactions.last else { return }
        note(write: request, last.body, asked, server)
      }
      quirk.reply = { [self] answered, asked, server in
        guard let request = asked.request, !request.isWrite, let reply = answered.reply else {
          return
        }
        note(read: request, reply, asked, server)
      }
    }
  }

  private func note(
    write request: Request, _ body: Transaction.Body, _ asked: Asked, _ server: Server
  ) {
    switch (request, body) {
    case (.multi(let operations), .multi(let parts)):
      for (operation, part) in zip(operations, parts) {
        note(
          "multi/" + operation.name, part, of: operation.path,
          operation.create.map(CoverageRecorder.mode), asked, server)
      }
    case (.closeSession, _):
      let isPoor = server.service.applied.ephemerals(of: asked.author.session).isEmpty
      count(
        Coverage.Cell(
          operation: "closeSession", result: "Ok", node: isPoor ? "no ephemerals" : "ephemerals",
          watch: "-", session: session(asked.author.session)))
    default:
      let create: Create? = if case .create(let create) = request { create } else { nil }
      note(
        request.operation, body, of: request.paths.first ?? "", create.map(CoverageRecorder.mode),
        asked,
        server)
    }
  }

  private func note(
    _ operation: String, _ body: Transaction.Body, of path: String, _ mode: String?,
    _ asked: Asked, _ server: Server
  ) {
    let tree = server.service.applied
    let result: String =
      switch body {
      case .error(.ok): "rolled back"
      case .error(let code): code.description
      default: "Ok"
      }
    let parent = Path.parent(of: path)
    let node =
      mode.map { "\($0) in \(kind(of: parent, tree, asked.author))" }
      ?? kind(of: path, tree, asked.author)
    for watch in watches(on: path, below: parent, asked, server) {
      count(
        Coverage.Cell(
          operation: operation, result: result, node: node, watch: watch,
          session: session(asked.author.session)))
    }
  }

  private func note(read request: Request, _ reply: Reply, _ asked: Asked, _ server: Server) {
    let watch: String =
      switch request {
      case .exists(_, true), .getData(_, true), .getChildren(_, true, _): "leaves"
      case .addWatch: "stays"
      default: "none"
      }
    let result: String =
      if case .failure(let code) = reply.result { code.description } else { "Ok" }
    count(
      Coverage.Cell(
        operation: request.operation, result: result,
        node: kind(of: request.paths.first ?? "", server.service.applied, asked.author),
        watch: watch,
        session: session(asked.author.session)))
  }

  private func count(_ cell: Coverage.Cell) { state.withLock { $0.coverage.count(cell) } }

  private func session(_ id: SessionID) -> String {
    state.withLock { $0.resumed.contains(id) } ? "resumed" : "new"
  }

  /// The watches that a write meets: on the node itself, and on its parent's children.
  private func watches(
    on path: String, below parent: String, _ asked: Asked, _ server: Server
  ) -> [String] {
    let own = asked.connection
    func whose(_ watchers: Set<WatcherID>, _ kind: String) -> [String] {
      guard !watchers.isEmpty else { return [] }
      let mine = own.map(watchers.contains) ?? false
      let areOthers = watchers.count > (mine ? 1 : 0)
      return (mine ? ["own " + kind] : []) + (areOthers ? ["other's " + kind] : [])
    }
    let met =
      whose(server.watches.watchers(ofDataAt: path), "data")
      + whose(server.watches.watchers(ofChildrenAt: path), "child")
      + whose(server.watches.watchers(ofChildrenAt: parent), "parent")
    return met.isEmpty ? ["none"] : met
  }

  private static func mode(_ create: Create) -> String {
    switch create.mode {
    case .persistent: "persistent"
    case .ephemeral: "ephemeral"
    case .persistentSequential: "sequential"
    case .ephemeralSequential: "ephemeral sequential"
    case .container: "container"
    case .persistentWithTTL: "TTL"
    case .persistentSequentialWithTTL: "sequential TTL"
    default: "flags \(create.mode.rawValue)"
    }
  }

  private func kind(of path: String, _ tree: Tree, _ author: Author) -> String {
    guard let node = tree[path] else { return "missing" }
    if path == "/" { return "root" }
    if path.hasPrefix("/zookeeper") { return "system" }
    let acl = node.acl == .open ? "" : "guarded "
    if node.isEphemeral {
      return acl + (node.ephemeralOwner == author.session ? "own" : "other's") + " ephemeral"
    }
    return acl + (node.childCount > 0 ? "parent" : "leaf")
  }
}

extension ZooKeeper.Operation {
  fileprivate var create: Create? { if case .create(let create) = self { create } else { nil } }
}
