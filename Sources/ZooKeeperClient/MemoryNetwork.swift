internal import NIOCore
internal import Synchronization

/// A network of one server and any number of clients within the process, in virtual time.
///
/// Bytes arrive as soon as they are sent, and everything that follows from a call has happened when
/// it returns. Time stands still until it is told to ``advance(by:)``: a session's expiry costs
/// no waiting, and a run is the same each time.
///
/// ```swift
/// let network = MemoryNetwork(server)
/// let client = try await Client.connect(to: "memory", over: network.link)
/// client.keepAlive(false)
/// network.advance(by: .seconds(60))      // the session has expired
/// ```
public final class MemoryNetwork<Server: MemoryServer>: Sendable {
  fileprivate struct Guarded {
    var server: Server
    var now: Milliseconds = 0
    var lines: [Int: MemoryLine<Server>] = [:]
    var lastConnection = 0
    var unreachable: Set<HostAddress> = []
    /// What waits for clients that do not read.
    var unread: [Int: Unread] = [:]
    var alarms: [Alarm] = []
    var deliveries = CircularBuffer<Delivery>()
    var isDelivering = false
  }

  fileprivate struct Unread {
    var bytes: [ByteBuffer] = []
    var count = 0
  }

  fileprivate struct Alarm {
    let time: Milliseconds
    weak var receiver: (any LinkReceiver)?
  }

  fileprivate enum Delivery {
    case bytes(ByteBuffer, MemoryLine<Server>)
    case ended(MemoryLine<Server>)
  }

  /// How many bytes a connection holds whose client does not read.
  fileprivate static var window: Int { 1 << 20 }

  private let guarded: Mutex<Guarded>

  /// A network around this server, at time 0.
  public init(_ server: Server) { guarded = Mutex(Guarded(server: server)) }

  /// The link by which clients reach the server.
  public var link: MemoryLink<Server> { MemoryLink(network: self) }

  /// The time.
  public var now: Milliseconds { guarded.withLock(\.now) }

  /// Looks at the server, or changes something in it; what it wants done then is done.
  public func withServer<T: Sendable>(_ body: (inout Server) -> T) -> T {
    let result = guarded.withLock { body(&$0.server) }
    deliver()
    return result
  }

  /// Lets time pass: what is due at the server and at the clients happens in order.
  public func advance(by duration: Duration) {
    let target = Milliseconds(duration).after(now)
    while let time = guarded.withLock({ $0.nextTime(until: target) }) {
      let due = guarded.withLock { guarded -> [Alarm] in
        guarded.now = time
        guarded.server.advance(to: time)
        let due = guarded.alarms.filter { $0.time <= time }
        guarded.alarms.removeAll { $0.time <= time }
        return due
      }
      deliver()
      for alarm in due { alarm.receiver?.woke(alarm.time) }
    }
    guarded.withLock { $0.now = max($0.now, target) }
  }

  /// Breaks every connection; both sides learn of it.
  public func breakConnections() {
    guarded.withLock { guarded in
      for (connection, line) in guarded.lines.sorted(by: { $0.key < $1.key }) {
        guarded.lines[connection] = nil
        guarded.unread[connection] = nil
        guarded.server.close(connection, now: guarded.now)
        guarded.deliveries.append(.ended(line))
      }
    }
    deliver()
  }

  /// Lets clients send before any of them gets what is sent to it, as if all of it were under way.
  public func together(_ send: () -> Void) {
    let isFirst = guarded.withLock { $0.startDelivering() }
    send()
    guard isFirst else { return }
    guarded.withLock { $0.isDelivering = false }
    deliver()
  }

  /// From now on nothing listens at this address; or something does again.
  public func setReachable(_ isReachable: Bool, _ host: HostAddress) {
    guarded.withLock {
      if isReachable {
        $0.unreachable.remove(host)
      } else {
        $0.unreachable.insert(host)
      }
    }
  }

  /// The number of wake-ups that clients have wished for.
  public var alarmCount: Int { guarded.withLock(\.alarms.count) }

  // MARK: Lines

  func dial(
    _ host: HostAddress, _ number: Int, for receiver: any LinkReceiver
  ) -> MemoryLine<Server> {
    let line = guarded.withLock { guarded -> MemoryLine<Server> in
      guarded.lastConnection += 1
      let line = MemoryLine(self, guarded.lastConnection, number, receiver)
      guard !guarded.unreachable.contains(host) else { return line }
      guarded.lines[line.connection] = line
      guarded.server.open(line.connection, now: guarded.now)
      return line
    }
    if guarded.withLock({ $0.lines[line.connection] != nil }) {
      receiver.opened(number)
    } else {
      receiver.ended(number)
    }
    deliver()
    return line
  }

  func write(_ bytes: ByteBuffer, _ connection: Int) {
    guarded.withLock { guarded in
      guard guarded.lines[connection] != nil else { return }
      guarded.server.receive(bytes, on: connection, now: guarded.now)
    }
    deliver()
  }

  func hangUp(_ connection: Int) {
    guarded.withLock { guarded in
      guard guarded.lines.removeValue(forKey: connection) != nil else { return }
      guarded.unread[connection] = nil
      guarded.server.close(connection, now: guarded.now)
    }
    deliver()
  }

  func stopReading(_ connection: Int) {
    guarded.withLock { guarded in
      if guarded.lines[connection] != nil { guarded.unread[connection] = Unread() }
    }
  }

  func readAgain(_ connection: Int, for line: MemoryLine<Server>) {
    guarded.withLock { guarded in
      guard let unread = guarded.unread.removeValue(forKey: connection) else { return }
      guarded.deliveries += unread.bytes.map { .bytes($0, line) }
      guarded.server.relieve(connection)
    }
    deliver()
  }

  func wake(at time: Milliseconds, _ receiver: any LinkReceiver) {
    guarded.withLock { $0.alarms.append(Alarm(time: time, receiver: receiver)) }
  }

  /// Delivers what the server has to send, unless a caller of this one, or another thread, is at
  /// it.
  private func deliver() {
    guard guarded.withLock({ $0.startDelivering() }) else { return }
    while let delivery = guarded.withLock({ $0.nextDelivery() }) {
      switch delivery {
      case .bytes(let bytes, let line): line.receiver?.received(bytes, line.number)
      case .ended(let line): line.receiver?.ended(line.number)
      }
    }
  }
}

extension MemoryNetwork.Guarded {
  /// When the next thing is due.
  fileprivate func nextTime(until target: Milliseconds) -> Milliseconds? {
    // A server that stays overdue is asked again a millisecond later.
    let server = server.deadline.map { $0 <= now ? now + 1 : $0 }
    let alarm = alarms.map(\.time).min().map { max($0, now) }
    guard let next = [server, alarm].compactMap(\.self).min(), next <= target else { return nil }
    return next
  }

  fileprivate mutating func startDelivering() -> Bool {
    defer { isDelivering = true }
    return !isDelivering
  }

  fileprivate mutating func nextDelivery() -> MemoryNetwork.Delivery? {
    for output in server.takeOutput() {
      switch output {
      case .send(let bytes, let connection) where unread[connection] != nil:
        unread[connection]?.bytes.append(bytes)
        unread[connection]?.count += bytes.readableBytes
        if unread[connection, default: .init()].count > MemoryNetwork.window {
          server.stall(connection)
        }
      case .send(let bytes, let connection):
        if let line = lines[connection] { deliveries.append(.bytes(bytes, line)) }
      case .close(let connection):
        unread[connection] = nil
        if let line = lines.removeValue(forKey: connection) { deliveries.append(.ended(line)) }
      }
    }
    if deliveries.isEmpty { isDelivering = false }
    return deliveries.popFirst()
  }
}
