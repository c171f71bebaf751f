import ProtocolCore

/// How the parts of a chapter's states look when two nodes that are alike change names.
struct Renaming<C: Model>: Sendable {
  /// The nodes that are alike, in order.
  let alike: [NodeID]
  /// The swaps of neighbours among them.
  let swaps: [Swap]
  /// The host with other names in it, its own perhaps.
  let host: @Sendable (Host<C.Node>, Swap) -> Host<C.Node>
  /// The message with other names in it.
  let message: @Sendable (C.Words.Message, Swap) -> C.Words.Message
  /// The monitor with other names in it.
  let monitor: @Sendable (C.Monitor, Swap) -> C.Monitor
}

extension Renaming where C: Symmetric {
  init(of topology: [Member<C.Role>]) {
    let alike = C.alike(in: topology)
    self.alike = alike
    swaps = zip(alike, alike.dropFirst()).map { Swap($0, $1) }
    host = { Renaming.renamed($0, by: $1) }
    message = { C.renamed(message: $0, by: $1) }
    monitor = { C.renamed(monitor: $0, by: $1) }
  }

  private static func renamed(_ host: Host<C.Node>, by swap: Swap) -> Host<C.Node> {
    var image = host.moved(to: swap(host.id), birth: C.renamed(node: host.birth, by: swap))
    image.node = host.node.map { C.renamed(node: $0, by: swap) }
    image.disk = host.disk.map { C.renamed(record: $0, by: swap) }
    image.queue = host.queue.map { waiting in
      switch waiting {
      case .record(let record): .record(C.renamed(record: record, by: swap))
      case .send(let message, let receiver):
        .send(C.renamed(message: message, by: swap), to: swap(receiver))
      case .reply(let reply, let request): .reply(C.renamed(reply: reply, by: swap), to: request)
      }
    }
    image.alarms = host.alarms.map {
      Host<C.Node>.Alarm(timer: C.renamed(timer: $0.timer, by: swap), range: $0.range)
    }
    image.alarms.sort { $0.timer < $1.timer }
    return image
  }
}
