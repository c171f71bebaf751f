import NIOCore
import ZooKeeper
import ZooKeeperClient
import ZooKeeperServer

/// The reference server as a network in memory drives it.
struct EmbeddedServer: MemoryServer {
  private var server: Server
  private var output: [MemoryServerOutput] = []
  /// It hears nothing: what is sent to it meanwhile is lost.
  var isSilent = false

  init(_ server: Server) { self.server = server }

  mutating func open(_ connection: Int, now: Milliseconds) {
    take(server.advance(to: now))
    take(server.open(ConnectionID(connection), from: "127.0.0.1"))
  }

  mutating func receive(_ bytes: ByteBuffer, on connection: Int, now: Milliseconds) {
    take(server.advance(to: now))
    guard !isSilent else { return }
    take(server.receive(bytes, from: ConnectionID(connection)))
  }

  mutating func close(_ connection: Int, now: Milliseconds) {
    take(server.advance(to: now))
    take(server.disconnected(ConnectionID(connection)))
  }

  mutating func stall(_ connection: Int) { server.stalled(ConnectionID(connection)) }

  mutating func relieve(_ connection: Int) { take(server.relieved(ConnectionID(connection))) }

  mutating func advance(to now: Milliseconds) { take(server.advance(to: now)) }

  var deadline: Milliseconds? { server.nextDeadline }

  /// The names of a node's children.
  func children(_ path: String) -> [String] {
    server.service.applied[path]?.childNames ?? []
  }

  mutating func takeOutput() -> [MemoryServerOutput] {
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
