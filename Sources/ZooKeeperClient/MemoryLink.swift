internal import NIOCore

/// Connections within the process, see ``MemoryNetwork``.
public struct MemoryLink<Server: MemoryServer>: Link {
  let network: MemoryNetwork<Server>

  /// The network's virtual time.
  public var now: Milliseconds { network.now }

  /// Connects at once; any address will do that was not made unreachable.
  public func dial(
    _ host: HostAddress, _ number: Int, for receiver: any LinkReceiver
  ) -> any Line {
    network.dial(host, number, for: receiver)
  }

  /// Wakes the receiver when the network's time has come that far.
  public func wake(at time: Milliseconds, _ receiver: any LinkReceiver) {
    network.wake(at: time, receiver)
  }
}

/// One connection within the process.
final class MemoryLine<Server: MemoryServer>: Line {
  let connection: Int
  let number: Int
  weak let receiver: (any LinkReceiver)?
  private let network: MemoryNetwork<Server>

  init(
    _ network: MemoryNetwork<Server>, _ connection: Int, _ number: Int,
    _ receiver: any LinkReceiver
  ) {
    self.network = network
    self.connection = connection
    self.number = number
    self.receiver = receiver
  }

  func write(_ bytes: ByteBuffer) { network.write(bytes, connection) }

  func hangUp() { network.hangUp(connection) }

  func stopReading() { network.stopReading(connection) }

  func readAgain() { network.readAgain(connection, for: self) }
}
