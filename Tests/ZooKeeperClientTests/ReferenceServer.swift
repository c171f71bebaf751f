import NIOCore
import ZooKeeper
import ZooKeeperClient
import ZooKeeperServer

/// The server without I/O, as a network within the process drives it.
struct ReferenceServer: MemoryServer {
  private(set) var server: Server
  private var output: [Output] = []

  init(_ settings: Settings = Settings(), quirks: [Quirk] = []) {
    server = Server(settings, quirks: quirks)
  }

  var openConnections: Int { server.openConnections.count }

  mutating func open(_ connection: Int, now: Milliseconds) {
    advance(to: now)
    output += server.open(ConnectionID(connection), from: "127.0.0.1")
  }

  mutating func receive(_ bytes: ByteBuffer, on connection: Int, now: Milliseconds) {
    advance(to: now)
    output += server.receive(bytes, from: ConnectionID(connection))
  }

  mutating func close(_ connection: Int, now: Milliseconds) {
    advance(to: now)
    output += server.disconnected(ConnectionID(connection))
  }

  mutating func advance(to now: Milliseconds) { output += server.advance(to: now) }

  var deadline: Milliseconds? { server.nextDeadline }

  mutating func takeOutput() -> [MemoryServerOutput] {
    defer { output = [] }
    return output.map { each in
      switch each {
      case .send(let bytes, let id): .send(bytes, id.rawValue)
      case .close(let id): .close(id.rawValue)
      }
    }
  }
}
