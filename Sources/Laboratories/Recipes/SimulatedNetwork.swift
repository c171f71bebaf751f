import DequeModule
import NIOCore
import Synchronization
import ZooKeeper
import ZooKeeperClient

/// Processes, their connections and a server, all in one thread and in virtual time.
///
/// What can happen next waits in lanes: a process's jobs, the bytes of a connection in each
/// direction. A lane is first in, first out; of all lanes the one whose head has waited longest is
/// next, unless a fault holds it. Only when nothing else can happen, time passes.
final class SimulatedNetwork: Sendable {
  /// Where things wait in order.
  enum Lane: Hashable, Comparable {
    case jobs(Int)
    case toServer(Int)
    case toClient(Int)
  }

  enum Item {
    case job(UnownedJob)
    case open
    case bytes(ByteBuffer)
    case end
  }

  struct Alarm {
    let time: Milliseconds
    let number: Int
    let process: Int
    weak var receiver: (any LinkReceiver)?
  }

  struct State {
    var server: any SimulatedServer
    var now: Milliseconds = 0
    var step = 0
    var arrivals = 0
    var lanes: [Lane: Deque<(number: Int, item: Item)>] = [:]
    var lines: [Int: SimulatedLine] = [:]
    var lastLine = 0
    var alarms: [Alarm] = []
    /// Lanes that are held, and the step at which they are free.
    var held: [Lane: Int] = [:]
    /// Processes that are stopped, and until when.
    var stopped: [Int: Milliseconds] = [:]
    /// Processes that servers cannot reach, and until when.
    var away: [Int: Milliseconds] = [:]
    /// Whose each connection was, also where he has hung up.
    var owners: [Int: Int] = [:]
    /// Until when servers may lag behind others, or have no leader.
    var unsettledUntil: Milliseconds = 0
    /// Processes that are no more.
    var crashed: Set<Int> = []
    /// The run is over: nothing is delivered any more.
    var isOver = false
    var log: [String]?
    /// How what passes on each connection is read, where it is written down.
    var readings: [Int: ConnectionReading] = [:]
  }

  let state: Mutex<State>

  init(_ server: any SimulatedServer, isLogging: Bool) {
    var state = State(server: server)
    if isLogging { state.log = [] }
    self.state = Mutex(state)
  }

  var now: Milliseconds { state.withLock(\.now) }
  var step: Int { state.withLock(\.step) }

  func log(_ line: @autoclosure () -> String) {
    state.withLock { state in
      guard state.log != nil else { return }
      state.log?.append("\(state.step) \(state.now) ms  \(line())")
    }
  }

  /// Writes down what arrives.
  private func log(_ bytes: ByteBuffer, on id: Int, isAnswer: Bool) {
    let (process, lines) = state.withLock { state -> (Int, [String]) in
      guard state.log != nil, let process = state.lines[id]?.process else { return (0, []) }
      var reading = state.readings[id] ?? ConnectionReading()
      let lines = isAnswer ? reading.answers(bytes) : reading.requests(bytes)
      state.readings[id] = reading
      return (process, lines)
    }
    let name = Fault.name(process)
    for line in lines { log(isAnswer ? "  \(name) ← \(line)" : "  \(name) → \(line)") }
  }

  // MARK: What comes in

  func put(_ item: Item, in lane: Lane) {
    state.withLock { $0.put(item, in: lane) }
  }

  func dial(_ process: Int, _ number: Int, _ receiver: any LinkReceiver) -> SimulatedLine {
    let line = state.withLock { state in
      state.lastLine += 1
      let line = SimulatedLine(self, state.lastLine, number, process: process, receiver)
      guard !state.isOver else { return line }
      state.lines[line.id] = line
      state.owners[line.id] = process
      if state.away[process] == nil {
        state.open(line)
      } else {
        state.put(.open, in: .toClient(line.id))
      }
      return line
    }
    if line.isOpen { receiver.opened(number) }
    takeOutput()
    return line
  }

  func hangUp(_ id: Int) {
    state.withLock { state in
      guard let line = state.lines.removeValue(forKey: id) else { return }
      // What was written before the end is under way still.
      if line.isOpen { state.put(.end, in: .toServer(id)) }
      state.lanes[.toClient(id)] = nil
    }
  }

  func wake(at time: Milliseconds, _ process: Int, _ receiver: any LinkReceiver) {
    state.withLock { state in
      state.arrivals += 1
      state.alarms.append(
        Alarm(time: time, number: state.arrivals, process: process, receiver: receiver))
    }
  }

  // MARK: What happens

  /// What the server has to say goes on its way.
  func takeOutput() { state.withLock { $0.takeOutput() } }

  /// One thing happens.
  ///
  /// - Returns: Whether anything could.
  func happen(_ executors: [StepExecutor]) -> Bool {
    guard let (lane, item) = state.withLock({ $0.next() }) else { return false }
    switch (lane, item) {
    case (.jobs(let process), .job(let job)): executors[process].run(job)
    case (.toServer(let id), .bytes(let bytes)):
      log(bytes, on: id, isAnswer: false)
      state.withLock { $0.server.receive(bytes, on: id, now: $0.now) }
    case (.toClient(let id), .open):
      let line = state.withLock { state in state.lines[id].map { state.open($0) } }
      if let line { line.receiver?.opened(line.number) }
    case (.toServer(let id), _): state.withLock { $0.server.close(id, now: $0.now) }
    case (.toClient(let id), .bytes(let bytes)):
      log(bytes, on: id, isAnswer: true)
      if let line = state.withLock({ $0.lines[id] }) {
        line.receiver?.received(bytes, line.number)
      }
    case (.toClient(let id), _):
      if let line = state.withLock({ $0.lines.removeValue(forKey: id) }) {
        line.receiver?.ended(line.number)
      }
    case (.jobs, _): break
    }
    takeOutput()
    return true
  }

  /// Time passes until something is due.
  ///
  /// - Returns: Whether anything is.
  func pass(until end: Milliseconds) -> Bool {
    guard let due = state.withLock({ $0.pass(until: end) }) else { return false }
    for alarm in due { alarm.receiver?.woke(alarm.time) }
    takeOutput()
    return true
  }
}

extension SimulatedNetwork.State {
  mutating func put(_ item: SimulatedNetwork.Item, in lane: SimulatedNetwork.Lane) {
    arrivals += 1
    lanes[lane, default: []].append((arrivals, item))
  }

  /// A connection is made.
  @discardableResult
  mutating func open(_ line: SimulatedLine) -> SimulatedLine {
    server.open(line.id, now: now)
    line.isOpen = true
    return line
  }

  /// Takes out what is next.
  mutating func next() -> (SimulatedNetwork.Lane, SimulatedNetwork.Item)? {
    held = held.filter { $0.value > step }
    var best: (lane: SimulatedNetwork.Lane, number: Int)?
    for (lane, items) in lanes {
      guard let head = items.first, isFree(lane), head.number < best?.number ?? .max else {
        continue
      }
      best = (lane, head.number)
    }
    step += 1
    guard let lane = best?.lane, let head = lanes[lane]?.popFirst() else { return nil }
    if lanes[lane]?.isEmpty == true { lanes[lane] = nil }
    return (lane, head.item)
  }

  /// Whether something could happen that a fault holds, or servers do not know the same.
  var isHeldUp: Bool {
    !held.isEmpty || !stopped.isEmpty || !away.isEmpty || now < unsettledUntil
  }

  private func isFree(_ lane: SimulatedNetwork.Lane) -> Bool {
    guard held[lane] == nil else { return false }
    return switch lane {
    case .jobs(let process): isRunning(process)
    case .toClient(let id): lines[id].map { isRunning($0.process) && isReached($0.process) } ?? true
    case .toServer(let id): owners[id].map(isReached) ?? true
    }
  }

  private func isReached(_ process: Int) -> Bool { away[process] == nil }

  private func isRunning(_ process: Int) -> Bool {
    stopped[process] == nil && !crashed.contains(process)
  }

  /// Lets time pass to what is due next; whose process is stopped waits.
  mutating func pass(until end: Milliseconds) -> [SimulatedNetwork.Alarm]? {
    if !held.isEmpty {
      // Nothing else can happen: what is held comes now.
      held = [:]
      return []
    }
    alarms.removeAll { $0.receiver == nil || crashed.contains($0.process) }
    let deadline = server.deadline.map { max($0, now + 1) }
    let alarm = alarms.filter { stopped[$0.process] == nil }.map(\.time).min()
    let resumptions = [stopped.values.min(), away.values.min()]
    guard let next = ([deadline, alarm] + resumptions).compactMap(\.self).min(), next <= end else {
      return nil
    }
    now = max(now, next)
    server.advance(to: now)
    stopped = stopped.filter { $0.value > now }
    away = away.filter { $0.value > now }
    var due = alarms.filter { $0.time <= now && stopped[$0.process] == nil }
    alarms.removeAll { $0.time <= now && stopped[$0.process] == nil }
    due.sort { ($0.time, $0.number) < ($1.time, $1.number) }
    return due
  }

  mutating func takeOutput() {
    for output in server.takeOutput() {
      switch output {
      case .send(let bytes, let id):
        if lines[id] != nil { put(.bytes(bytes), in: .toClient(id)) }
      case .close(let id):
        if lines[id] != nil { put(.end, in: .toClient(id)) }
      }
    }
  }
}

/// A process's way to the server.
struct SimulatedLink: Link {
  let network: SimulatedNetwork
  let process: Int

  var now: Milliseconds { network.now }

  func dial(_ host: HostAddress, _ number: Int, for receiver: any LinkReceiver) -> any Line {
    network.dial(process, number, receiver)
  }

  func wake(at time: Milliseconds, _ receiver: any LinkReceiver) {
    network.wake(at: time, process, receiver)
  }
}

/// One connection.
final class SimulatedLine: Line {
  let id: Int
  let number: Int
  let process: Int
  weak let receiver: (any LinkReceiver)?
  private let hasOpened = Mutex(false)
  private let network: SimulatedNetwork

  init(
    _ network: SimulatedNetwork, _ id: Int, _ number: Int, process: Int,
    _ receiver: any LinkReceiver
  ) {
    (self.network, self.id, self.number, self.process) = (network, id, number, process)
    self.receiver = receiver
  }

  func write(_ bytes: ByteBuffer) {
    if network.state.withLock({ $0.lines[id] != nil }) {
      network.put(.bytes(bytes), in: .toServer(id))
    }
  }

  /// Whether the server knows of it.
  var isOpen: Bool {
    get { hasOpened.withLock(\.self) }
    set { hasOpened.withLock { $0 = newValue } }
  }

  func hangUp() { network.hangUp(id) }

  // Clients of recipes always read.
  func stopReading() {}
  func readAgain() {}
}
