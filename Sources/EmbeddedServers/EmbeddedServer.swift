package import NIOCore
package import ZooKeeper
package import ZooKeeperClient
package import ZooKeeperServer

/// The reference server as a network in memory drives it.
package struct EmbeddedServer: MemoryServer {
  private var server: Server
  private var output: [MemoryServerOutput] = []
  /// It hears nothing: what is sent to it meanwhile is lost.
  package var isSilent = false

  package init(_ server: Server) { self.server = server }

  package mutating func open(_ connection: Int, now: Milliseconds) {
    take(server.advance(to: now))
    take(server.open(ConnectionID(connection), from: "127.0.0.1"))
  }

  package mutating func receive(_ bytes: ByteBuffer, on connection: Int, now: Milliseconds) {
    take(server.advance(to: now))
    guard !isSilent else { return }
    server.isOwing = !output.isEmpty
    take(server.receive(bytes, from: ConnectionID(connection)))
  }

  package mutating func close(_ connection: Int, now: Milliseconds) {
    take(server.advance(to: now))
    take(server.disconnected(ConnectionID(connection)))
  }

  package mutating func stall(_ connection: Int) { server.stalled(ConnectionID(connection)) }

  package mutating func relieve(_ connection: Int) {
    take(server.relieved(ConnectionID(connection)))
  }

  package mutating func advance(to now: Milliseconds) { take(server.advance(to: now)) }

  /// A session's time is over, whatever its client does.
  package mutating func expire(_ session: SessionID) { take(server.expire(session)) }

  /// The session that a connection carries.
  package func session(on connection: Int) -> SessionID {
    server.session(of: ConnectionID(connection))
  }

  package var deadline: Milliseconds? { server.nextDeadline }

  /// The names of a node's children.
  package func children(_ path: String) -> [String] {
    server.service.applied[path]?.childNames ?? []
  }

  /// A node, nil if there is none.
  package func node(_ path: String) -> Node? { server.service.applied[path] }

  /// Whether a session is there.
  package func isAlive(_ session: SessionID) -> Bool {
    server.service.applied.timeout(of: session) != nil
  }

  package mutating func takeOutput() -> [MemoryServerOutput] {
    defer { output = [] }
    return output
  }

  private mutating func take(_ wished: [Output]) {
    output += wished.map { wish in
      switch wish {
      case .send(let bytes, let connection): .send(bytes, connection.rawValue)
      case .close(let connection): .close(connection.rawValue)
      }
    }
  }
}
