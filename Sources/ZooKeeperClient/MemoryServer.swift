public import NIOCore

/// A server without sockets and clock, as ``MemoryNetwork`` drives it: connections, bytes and the
/// time go in, bytes and endings come out.
public protocol MemoryServer: Sendable {
  /// A client has connected; `connection` is new.
  mutating func open(_ connection: Int, now: Milliseconds)
  /// A client has sent bytes.
  mutating func receive(_ bytes: ByteBuffer, on connection: Int, now: Milliseconds)
  /// A client has ended its connection.
  mutating func close(_ connection: Int, now: Milliseconds)
  /// What was sent to this client fills the connection, and the client takes nothing.
  mutating func stall(_ connection: Int)
  /// The client takes again what it is sent.
  mutating func relieve(_ connection: Int)
  /// Time has passed.
  mutating func advance(to now: Milliseconds)
  /// When ``advance(to:)`` is due; `nil` if time does not matter.
  var deadline: Milliseconds? { get }
  /// Takes out what is to be done, in order.
  mutating func takeOutput() -> [MemoryServerOutput]
}

extension MemoryServer {
  /// A server that keeps what it cannot send need not care.
  public mutating func stall(_ connection: Int) {}

  /// Nor of when it can send it.
  public mutating func relieve(_ connection: Int) {}
}

/// What a server without sockets wants done.
public enum MemoryServerOutput: Hashable, Sendable {
  /// Send the bytes on this connection.
  case send(ByteBuffer, Int)
  /// End this connection.
  case close(Int)
}
