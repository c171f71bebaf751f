internal import NIOCore
internal import Synchronization
internal import ZooKeeper
internal import ZooKeeperWire

/// The part that joins the session's machine to a link: what happens goes in, commands are carried
/// out.
///
/// One lock guards everything. Commands are carried out without it, since a link may call back at
/// once; by one thread at a time, which takes them from a queue, so that their order is kept.
///
/// Source: Apache ZooKeeper, `ClientCnxn.SendThread`.
final class SendPart: LinkReceiver {
  fileprivate struct Guarded {
    var cnxn: ClientCnxn
    var commands: [ClientCnxn.Command] = []
    var isCarryingOut = false
    var line: (any Line)?
    var wakes: Milliseconds?
    var slots: [Ticket: Slot] = [:]
    var lastTicket = 0
    var events = EventPart()
    var endedListeners: [EventPart.Listener] = []
  }

  typealias Waiter = CheckedContinuation<Result<ArrivedReply, ClientError>, Never>

  /// Where an answer goes, until nobody can ask for it any more.
  fileprivate enum Slot {
    case awaited([Waiter])
    case settled(Result<ArrivedReply, ClientError>)
  }

  private let link: any Link
  private let tap: (@Sendable (Tapped) -> Void)?
  private let requestTimeout: Milliseconds?
  private let guarded: Mutex<Guarded>

  init(_ target: ConnectString, _ options: ClientOptions, link: any Link) {
    self.link = link
    self.tap = options.tap
    self.requestTimeout = options.requestTimeout.map { Milliseconds($0) }
    var chance = SystemRandomNumberGenerator()
    self.guarded = Mutex(Guarded(cnxn: ClientCnxn(target, options, seed: chance.next())))
  }

  // MARK: What happens

  func step(_ input: ClientCnxn.Input) {
    let now = link.now
    guarded.withLock { $0.step(input, now: now) }
    carryOut()
  }

  func opened(_ number: Int) { step(.opened(number)) }

  func received(_ bytes: ByteBuffer, _ number: Int) {
    tap?(.received(Array(bytes.readableBytesView)))
    step(.received(bytes, number))
  }

  func ended(_ number: Int) {
    tap?(.ended)
    step(.ended(number))
  }

  func woke(_ time: Milliseconds) {
    // A wake-up that was wished before an earlier one comes too late to matter.
    guarded.withLock { if $0.wakes == time { $0.wakes = nil } }
    step(.tick)
  }

  // MARK: Asking

  /// Asks, at once and in the order of the calls; the answer can be awaited later.
  func ask(_ asking: ClientCnxn.Asking, timeout: Milliseconds?) -> Ticket {
    let now = link.now
    let deadline = (timeout ?? requestTimeout)?.after(now)
    return submit(now) { .ask($0, asking, deadline: deadline) }
  }

  /// Ends the session.
  func close() -> Ticket { submit(link.now) { .close($0) } }

  private func submit(_ now: Milliseconds, _ input: (Ticket) -> ClientCnxn.Input) -> Ticket {
    let ticket = guarded.withLock { guarded in
      guarded.lastTicket += 1
      let ticket = Ticket(number: guarded.lastTicket)
      guarded.slots[ticket] = .awaited([])
      guarded.step(input(ticket), now: now)
      return ticket
    }
    carryOut()
    return ticket
  }

  /// Waits for the answer.
  func answer(_ ticket: Ticket) async -> Result<ArrivedReply, ClientError> {
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let result = guarded.withLock { guarded -> Result<ArrivedReply, ClientError>? in
          switch guarded.slots[ticket] {
          case .settled(let result):
            return result
          case .awaited(let others):
            guarded.slots[ticket] = .awaited(others + [continuation])
            return nil
          case nil:
            return .failure(ClientError(.cancelled(sent: true)))
          }
        }
        if let result { continuation.resume(returning: result) }
      }
    } onCancel: {
      step(.abandon(ticket))
    }
  }

  /// Whether the answer is there.
  func isSettled(_ ticket: Ticket) -> Bool {
    guarded.withLock { if case .awaited = $0.slots[ticket] { false } else { true } }
  }

  /// Nobody will await the answer.
  func forget(_ ticket: Ticket) { guarded.withLock { $0.slots[ticket] = nil } }

  // MARK: Queries

  func read<T: Sendable>(_ query: (borrowing ClientCnxn) -> T) -> T {
    guarded.withLock { query($0.cnxn) }
  }

  func listen(_ listener: EventPart.Listener) -> Int {
    guarded.withLock { $0.events.add(listener) }
  }

  func unlisten(_ number: Int) { guarded.withLock { $0.events.remove(number) } }

  // MARK: Commands

  /// Carries out what is queued, unless another thread, or a caller of this one, is at it.
  private func carryOut() {
    guard guarded.withLock({ $0.startCarryingOut() }) else { return }
    while let commands = guarded.withLock({ $0.takeCommands() }) {
      for command in commands { carryOut(command) }
    }
    for listener in guarded.withLock({ $0.takeEndedListeners() }) { listener.finish() }
    guard let time = guarded.withLock({ $0.takeWake() }) else { return }
    link.wake(at: time, self)
  }

  private func carryOut(_ command: ClientCnxn.Command) {
    switch command {
    case .dial(let host, let number):
      tap?(.dialed(host))
      let line = link.dial(host, number, for: self)
      guarded.withLock { $0.line = line }
    case .write(let bytes, _):
      tap?(.sent(Array(bytes.readableBytesView)))
      guarded.withLock({ $0.line })?.write(bytes)
    case .hangUp:
      tap?(.hungUp)
      guarded.withLock { guarded in
        defer { guarded.line = nil }
        return guarded.line
      }?.hangUp()
    case .settle(let ticket, let result):
      for waiter in guarded.withLock({ $0.settle(ticket, result) }) {
        waiter.resume(returning: result)
      }
    case .deliver:
      break
    }
  }
}

extension SendPart.Guarded {
  /// Events are handed out here, under the lock: whoever gets a reply has the events before it.
  fileprivate mutating func step(_ input: ClientCnxn.Input, now: Milliseconds) {
    for command in cnxn.step(input, now: now) {
      if case .deliver(let event) = command {
        endedListeners += events.deliver(event) { cnxn.holds($0) }
      } else {
        commands.append(command)
      }
    }
    if cnxn.state.isFinal { endedListeners += events.finish() }
  }

  fileprivate mutating func startCarryingOut() -> Bool {
    defer { isCarryingOut = true }
    return !isCarryingOut
  }

  fileprivate mutating func takeCommands() -> [ClientCnxn.Command]? {
    guard !commands.isEmpty else {
      isCarryingOut = false
      return nil
    }
    defer { commands = [] }
    return commands
  }

  fileprivate mutating func takeEndedListeners() -> [EventPart.Listener] {
    defer { endedListeners = [] }
    return endedListeners
  }

  /// When to be woken, if it is earlier than what was asked of the link before.
  fileprivate mutating func takeWake() -> Milliseconds? {
    guard let deadline = cnxn.deadline, deadline < wakes ?? .max else { return nil }
    wakes = deadline
    return deadline
  }

  fileprivate mutating func settle(
    _ ticket: Ticket, _ result: Result<ArrivedReply, ClientError>
  ) -> [SendPart.Waiter] {
    guard case .awaited(let waiters) = slots[ticket] else { return [] }
    slots[ticket] = .settled(result)
    return waiters
  }
}
