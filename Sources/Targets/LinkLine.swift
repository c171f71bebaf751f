import NIOCore
import Synchronization
import ZooKeeper
import ZooKeeperClient
import ZooKeeperConformance
import ZooKeeperWire

/// A connection to a service over the client's own ``ZooKeeperClient/Connection``, whatever link
/// carries it.
///
/// The link calls from wherever its events happen. What it brings is put into one queue under a
/// lock, and given out in that order; nothing is called while the lock is held.
final class LinkLine<L: Link>: ServiceLine, LinkReceiver {
  private let link: L
  /// Whether it never asks for a session.
  private let isMute: Bool
  private let state: Mutex<LineState>

  /// No more unclaimed arrivals than this are kept: a server that floods ends its connection.
  private static var limit: Int { 20_000 }

  /// A line that begins with this greeting.
  init(_ greeting: Greeting, over link: L, until deadline: Int64, isMute: Bool = false) {
    self.link = link
    self.isMute = isMute
    let request = ConnectRequest(
      lastZxidSeen: greeting.lastSeen, timeout: greeting.timeout, session: greeting.session,
      password: greeting.password, readOnly: greeting.readOnly)
    let now = link.now
    state = Mutex(
      LineState(
        connection: ZooKeeperClient.Connection(
          greeting: request, until: deadline, reading: .strict, now: now),
        lastSent: now, lastHeard: now))
  }

  /// Connects; whatever comes of it comes through the queue.
  func dial(_ host: HostAddress) {
    let line = link.dial(host, 1, for: self)
    let early = state.withLock { state -> [ByteBuffer] in
      state.line = line
      defer { state.early = [] }
      return state.early
    }
    for bytes in early { line.write(bytes) }
  }

  /// Whether there was a connection at all.
  var isOpened: Bool { state.withLock(\.isOpened) }

  // MARK: Link receiver

  func opened(_ number: Int) {
    state.withLock { $0.isOpened = true }
    flush()
  }

  func received(_ bytes: ByteBuffer, _ number: Int) {
    let now = link.now
    take { state in
      state.lastHeard = now
      state.frames.append((false, Array(bytes.readableBytesView)))
      guard !isMute else { return [] }
      return state.connection.receive(bytes, now: now)
    }
    flush()
  }

  func ended(_ number: Int) {
    guard !isMute else {
      state.withLock { state in
        state.isOver = true
        state.queue.append(.arrival(.closed))
      }
      return wakeWaiter()
    }
    take { $0.connection.end(.peerClosed) }
  }

  func woke(_ time: Milliseconds) {
    guard !isMute else { return wakeWaiter() }
    take { state in
      state.alarm = nil
      return state.connection.tick(now: link.now)
    }
    flush()
    wakeWaiter()
  }

  // MARK: Service line

  func send(_ outgoing: [Outgoing]) -> [Int] {
    guard !isMute else {
      for case .bytes(let bytes) in outgoing { sendRaw(bytes) }
      return []
    }
    let now = link.now
    let tickets = state.withLock { state in
      outgoing.map { state.send($0, now: now) }
    }
    flush()
    return tickets
  }

  func next(until deadline: Int64) async -> Arrival? {
    while true {
      if case .arrival(let arrival)? = pop() { return arrival }
      guard await waitForMore(until: deadline) else { return nil }
    }
  }

  /// The server's first word; nil if none came until then.
  func welcome(until deadline: Int64) async -> Welcome? {
    while true {
      switch pop() {
      case .welcome(let welcome): return welcome
      case .arrival(.rubbish(let what)): return .rubbish(what)
      case .arrival: return .closed
      case nil: guard await waitForMore(until: deadline) else { return nil }
      }
    }
  }

  func sendRaw(_ bytes: [UInt8]) {
    let line = state.withLock { state in
      state.frames.append((true, bytes))
      return state.line
    }
    line?.write(ByteBuffer(bytes: bytes))
  }

  func hangUp() async {
    let line = state.withLock { state -> (any Line)? in
      _ = state.connection.end(.dropped)
      state.isOver = true
      return state.line
    }
    line?.hangUp()
  }

  func stopPinging() { state.withLock { $0.connection.keepsAlive = false } }

  func stopReading() {
    let line = state.withLock { state -> (any Line)? in
      state.connection.keepsAlive = false
      return state.line
    }
    line?.stopReading()
  }

  func readAgain() {
    let line = state.withLock { state -> (any Line)? in
      state.connection.keepsAlive = true
      return state.line
    }
    line?.readAgain()
  }

  var welcomeFields: WelcomeFields? { state.withLock(\.welcome) }

  var lastSent: Int64 { state.withLock(\.lastSent) }

  var lastHeard: Int64 { state.withLock(\.lastHeard) }

  func takeFrames() -> [(isSent: Bool, bytes: [UInt8])] {
    state.withLock { state in
      defer { state.frames = [] }
      return state.frames
    }
  }

  // MARK: Queue

  private func pop() -> LineState.Item? { state.withLock { $0.queue.popFirst() } }

  private func take(_ change: (inout LineState) -> [ZooKeeperClient.Connection.Arrival]) {
    state.withLock { state in
      for arrival in change(&state) { state.append(arrival) }
      if state.queue.count > Self.limit, !state.isOver {
        state.isOver = true
        _ = state.connection.end(.dropped)
        state.queue.append(
          .arrival(.rubbish("more than \(Self.limit) frames that nobody asked for")))
      }
    }
    wakeWaiter()
  }

  private func wakeWaiter() {
    let waiter = state.withLock { state -> CheckedContinuation<Void, Never>? in
      defer { state.waiter = nil }
      return state.waiter
    }
    waiter?.resume()
  }

  /// Sends what the connection has to say, and asks to be woken when it will have more.
  private func flush() {
    guard !isMute else { return }
    let now = link.now
    let (bytes, line, alarm) = state.withLock {
      state -> (ByteBuffer?, (any Line)?, Milliseconds?) in
      guard state.isOpened else { return (nil, nil, state.newAlarm(now: now)) }
      let bytes = state.connection.takeOutput()
      if let bytes {
        state.lastSent = now
        state.frames.append((true, Array(bytes.readableBytesView)))
        if state.line == nil { state.early.append(bytes) }
      }
      return (bytes, state.line, state.newAlarm(now: now))
    }
    if let bytes, let line { line.write(bytes) }
    if let alarm { link.wake(at: alarm, self) }
  }

  /// Waits for the queue to have something; false when it is later than `deadline` or the line is
  /// over, and it has nothing.
  private func waitForMore(until deadline: Int64) async -> Bool {
    if let virtual = link as? any VirtualTime {
      guard link.now < deadline, !state.withLock(\.isOver) else { return false }
      virtual.advance(upTo: deadline)
      return true
    }
    guard link.now < deadline, !Task.isCancelled else { return false }
    link.wake(at: deadline, self)
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let isWaiting = state.withLock { state in
          guard state.queue.isEmpty, !state.isOver, link.now < deadline else { return false }
          state.waiter = continuation
          return true
        }
        if !isWaiting { continuation.resume() }
        if Task.isCancelled { wakeWaiter() }
      }
    } onCancel: {
      wakeWaiter()
    }
    return state.withLock { !$0.queue.isEmpty || !$0.isOver }
  }
}
