import ProtocolCore
import ReplicatedLog

// Reads behind a SYNC, which asks no quorum: a client of a leader that is deposed and does not know
// it, or of a server that follows such a leader, may be answered by what is over.

extension ZAB.Monitor {
  /// A read that a client waits for.
  struct Read: Hashable {
    /// What it reads.
    let key: String
    /// The server that was asked last.
    var server: NodeID?
    /// Whether that led, or followed, a deposed one at some time since.
    var isExcused = false
  }

  /// A server was asked.
  mutating func ask(_ request: Node.Words.Request, of id: NodeID) {
    guard case .command(let command) = request else { return }
    reads[ClientID(command.client)]?.server = id
    reads[ClientID(command.client)]?.isExcused = false
    excuse()
  }

  /// A client asked, or was answered.
  mutating func read(_ event: ClientEvent<Node.Words>, _ client: ClientID) {
    switch event {
    case .invoked(.command(let command)):
      if case .get(let key) = command.operation, reads[client] == nil {
        reads[client] = Read(key: key)
      }
      log.observe(event, of: client)
    case .returned(let reply):
      if let read = reads[client], read.isExcused {
        if !isOfPrefix(reply, read.key) { broken.insert(.linearizable) }
        log.observe(ClientEvent<Node.Words>.gaveUp, of: client)  // however old it is
      } else {
        log.observe(event, of: client)
      }
      reads[client] = nil
    case .gaveUp:
      reads[client] = nil
      log.observe(event, of: client)
    case .invoked, .refused, .unknown: log.observe(event, of: client)
    }
  }

  /// Whom a server follows, by what it does.
  mutating func follow(_ server: Node, _ id: NodeID) {
    switch server.role {
    case .leading(let leading): followed[id] = leading.isEstablished ? id : nil
    case .learning(let learning): followed[id] = learning.leader
    case .idle, .looking: followed[id] = nil
    }
    excuse()
  }

  private mutating func excuse() {
    guard let newest = primaries.map(\.epoch).max() else { return }
    for (client, read) in reads where !read.isExcused {
      guard let server = read.server, let leader = followed[server],
        let epoch = leading[leader], epoch < newest
      else { continue }
      reads[client]?.isExcused = true
    }
  }

  /// Whether a text is what some of what was delivered has made, with all that came before it.
  private func isOfPrefix(_ reply: Node.Words.Reply, _ key: String) -> Bool {
    reply == .value(nil) || deliveries.contains { reply == .value($0.made[key]) }
  }
}
