public import ProtocolCore

/// A machine with its disk, its timers and all that waits for the disk: the one interpreter of
/// effects, for every driver.
///
/// A host is a value, and what it does is a function: the same host and stimulus give the same
/// host and happenings. Time and the network are the driver's.
public struct Host<Node: Machine>: Hashable, Sendable {
  /// What the machine speaks about.
  public typealias Words = Node.Words

  /// The node's name.
  public let id: NodeID
  /// The machine as it is now; nil when the host is down.
  public internal(set) var node: Node?
  /// Whether it is up; asked of `node`, it would cost a copy of the machine.
  public private(set) var isUp = false
  /// What is stable, settled.
  public internal(set) var disk: [Words.Record] = []
  /// The records that are not stable yet, and what is held behind them; it begins with a record.
  public internal(set) var queue: [Waiting] = []
  /// The timers that are set, in their order.
  public internal(set) var alarms: [Alarm] = []

  var birth: Node
  private let flaw: Flaw<Node>?
  /// The requests whose numbers are taken, in order.
  private var open: [Open] = []
  /// What its clock reads.
  public internal(set) var reading: Ticks = 0

  /// A host that was never started, or whose disk holds what an earlier life has left.
  ///
  /// - Parameters:
  ///   - id: The node's name.
  ///   - machine: The machine that every life begins with.
  ///   - disk: The stable records, in order.
  ///   - flaw: What the machine does otherwise.
  public init(
    _ id: NodeID, _ machine: Node, disk: [Words.Record] = [], flaw: Flaw<Node>? = nil
  ) {
    self.id = id
    self.birth = machine
    self.flaw = flaw
    for record in disk { Words.settle(record, on: &self.disk) }
  }

  /// The same host with another name and another first machine.
  func moved(to id: NodeID, birth: Node) -> Host {
    var host = Host(id, birth, flaw: flaw)
    (host.node, host.isUp, host.disk) = (node, isUp, disk)
    (host.queue, host.alarms, host.open, host.reading) = (queue, alarms, open, reading)
    return host
  }

  /// An unstable record, or what is held until all records before it are stable.
  public enum Waiting: Hashable, Sendable {
    /// A record.
    case record(Words.Record)
    /// A message.
    case send(Words.Message, to: NodeID)
    /// A reply.
    case reply(Words.Reply, to: RequestID)

    /// Whether it is a reply to this request.
    func answers(_ request: RequestID) -> Bool {
      if case .reply(_, request) = self { true } else { false }
    }
  }

  /// A timer that is set.
  public struct Alarm: Hashable, Sendable {
    /// Which.
    public let timer: Words.Timer
    /// What its time was drawn from.
    public let range: ClosedRange<Ticks>
  }

  /// The records that are not stable yet.
  public var unstable: [Words.Record] {
    queue.compactMap { waiting in
      if case .record(let record) = waiting { return record }
      return nil
    }
  }

  /// How many these are.
  var unstableCount: Int {
    queue.count { waiting in
      if case .record = waiting { true } else { false }
    }
  }

  /// A request whose number is taken: by a client's until it is answered; by one for whose answer
  /// no client waits until the host crashes, since nobody gives that number back.
  private struct Open: Hashable {
    let number: RequestID
    let hasClient: Bool
    var isAnswered = false
  }

  /// The number that the next request gets: the least that is not taken.
  var nextRequest: RequestID {
    var number = 0
    while open.contains(where: { $0.number.number == number }) { number += 1 }
    return RequestID(number)
  }

  /// Whether an answer to this request is still awaited.
  private func isOpen(_ request: RequestID) -> Bool {
    open.contains { $0.number == request && !$0.isAnswered }
  }

  /// Whether the timer is set.
  public func isSet(_ timer: Words.Timer) -> Bool { alarms.contains { $0.timer == timer } }
}

/// What a driver can do to a host.
public enum Stimulus<Words: Vocabulary>: Hashable, Sendable {
  /// Start it, for the first time or again.
  case start
  /// Hand it a message.
  case receive(Words.Message, from: NodeID)
  /// Let it hear that a stream has ended.
  case disconnect(NodeID, Channel)
  /// Let a timer that is set run out.
  case expire(Words.Timer)
  /// Ask it; a client waits for the answer, or nobody does.
  case ask(Words.Request, hasClient: Bool = false)
  /// Make so many of its unstable records stable, from the oldest.
  case store(Int)
  /// Crash it; so many of its unstable records are lost, from the newest. (A torn record is one
  /// that its checksum refutes: it is lost.)
  case crash(losing: Int)
  /// Let its disk lose so many stable records, from the newest, or all.
  case forget(Int?)
  /// Let its clock come to a reading.
  case clock(Ticks)
}

/// What comes of a stimulus, in order.
public enum Happening<Words: Vocabulary>: Hashable, Sendable {
  /// The host started.
  case started
  /// It crashed, and these records were lost.
  case crashed(lost: [Words.Record])
  /// Its disk lost these records, which had been stable.
  case forgot([Words.Record])
  /// It was asked.
  case asked(Words.Request, RequestID)
  /// It heard that a stream has ended.
  case disconnected(NodeID, Channel)
  /// A timer ran out.
  case expired(Words.Timer)
  /// These records became stable.
  case stored([Words.Record])
  /// A record was written, and is not stable yet.
  case persisted(Words.Record)
  /// A message waits for the disk.
  case held(Words.Message, to: NodeID)
  /// A reply waits for the disk.
  case heldReply(Words.Reply, to: RequestID)
  /// A message left.
  case sent(Words.Message, to: NodeID)
  /// A message went to a stream that is not there.
  case dropped(Words.Message, to: NodeID)
  /// A stream was opened.
  case connects(NodeID, Channel)
  /// A stream was closed.
  case disconnects(NodeID, Channel)
  /// A reply left.
  case replied(Words.Reply, to: RequestID)
  /// A reply left for a request that is not open.
  case repliedAgain(Words.Reply, to: RequestID)
  /// A timer was set; the driver draws its time.
  case set(Words.Timer, ClosedRange<Ticks>)
  /// A timer was stopped.
  case cancelled(Words.Timer)
  /// The machine said something.
  case noted(Words.Note)
}

extension Happening {
  /// Whether a monitor sees anything of it; told without a copy of what it holds.
  var isObserved: Bool {
    switch self {
    case .started, .crashed, .forgot, .asked, .expired, .replied, .repliedAgain, .noted: true
    case .stored, .persisted, .held, .heldReply, .sent, .dropped, .set, .cancelled, .connects,
      .disconnects, .disconnected:
      false
    }
  }

  /// What a monitor sees of it, if anything.
  public var observation: Observation<Words>? {
    switch self {
    case .started: .restarted
    case .crashed: .crashed
    case .forgot: .forgot
    case .asked(let request, let id): .asked(request, id)
    case .expired(let timer): .expired(timer)
    case .replied(let reply, let id):
      Words.isRefusal(reply) ? .refused(reply, id) : .replied(reply, id)
    case .repliedAgain(let reply, let id): .repliedAgain(reply, id)
    case .noted(let note): .noted(note)
    case .stored, .persisted, .held, .heldReply, .sent, .dropped, .set, .cancelled, .connects,
      .disconnects, .disconnected:
      nil
    }
  }

  /// Whether a request is refused, at once or when the disk has stored.
  func refuses(_ request: RequestID) -> Bool {
    switch self {
    case .replied(let reply, request), .heldReply(let reply, request): Words.isRefusal(reply)
    default: false
    }
  }
}

extension Array {
  /// What a monitor sees of what came of a stimulus: a request that is refused in the same step
  /// has not arrived.
  func observations<Words: Vocabulary>() -> [Observation<Words>]
  where Element == Happening<Words> {
    compactMap { happening in
      if case .asked(_, let request) = happening, contains(where: { $0.refuses(request) }) {
        return nil
      }
      return happening.observation
    }
  }
}

// MARK: What comes of a stimulus

extension Host {
  /// Does something to the host and returns what comes of it.
  ///
  /// - Precondition: a host that starts is down, any other is up; a timer that expires is set.
  public mutating func take(_ stimulus: Stimulus<Words>) -> [Happening<Words>] {
    switch stimulus {
    case .start:
      precondition(!isUp, "\(id) is up")
      (node, isUp) = (birth, true)
      return step(.started(disk), after: .started)
    case .receive(let message, let sender):
      return step(.received(message, from: sender))
    case .expire(let timer):
      precondition(isSet(timer), "\(timer) is not set at \(id)")
      alarms.removeAll { $0.timer == timer }
      return step(.expired(timer), after: .expired(timer))
    case .disconnect(let other, let channel):
      dropHeld(for: other, channel)
      return step(.disconnected(other, channel), after: .disconnected(other, channel))
    case .ask(let request, let hasClient):
      let number = nextRequest
      open.insert(
        Open(number: number, hasClient: hasClient),
        at: open.firstIndex { $0.number > number } ?? open.endIndex)
      return step(.asked(request, number), after: .asked(request, number))
    case .store(let count):
      return store(count)
    case .crash(let losing):
      return crash(losing: losing)
    case .forget(let count):
      let lost = Array(disk.suffix(count ?? disk.count))
      disk.removeLast(lost.count)
      return [.forgot(lost)]
    case .clock(let reading):
      self.reading = reading
      return []
    }
  }

  /// What comes of an event, behind what happened before it.
  private mutating func step(
    _ event: Event<Words>, after first: Happening<Words>? = nil
  ) -> [Happening<Words>] {
    var happenings: [Happening<Words>] = []
    if let first { happenings.append(first) }
    step(event, &happenings)
    return happenings
  }

  private mutating func step(_ event: Event<Words>, _ happenings: inout [Happening<Words>]) {
    precondition(isUp, "\(id) is down")
    var effects: [Effect<Words>] = []
    if let flaw, var machine = node {
      node = nil  // so that the machine is not copied when it changes
      effects = flaw.step(&machine, event, reading)
      node = machine
    } else {
      effects = node?.step(event, at: reading) ?? []
    }
    happenings.reserveCapacity(happenings.count + effects.count)
    for effect in effects {
      if let happening = carryOut(effect) { happenings.append(happening) }
    }
  }

  /// Carries out an effect; nil when nothing comes of it.
  private mutating func carryOut(_ effect: Effect<Words>) -> Happening<Words>? {
    switch effect {
    case .persist(let record):
      queue.append(.record(record))
      return .persisted(record)
    case .send(let message, let receiver, let release):
      if release == .atOnce || queue.isEmpty { return .sent(message, to: receiver) }
      queue.append(.send(message, to: receiver))
      return .held(message, to: receiver)
    case .reply(let reply, let request, let release):
      guard isOpen(request), !queue.contains(where: { $0.answers(request) }) else {
        return .repliedAgain(reply, to: request)
      }
      if release == .atOnce || queue.isEmpty { return answer(reply, to: request) }
      queue.append(.reply(reply, to: request))
      return .heldReply(reply, to: request)
    case .set(let timer, let range):
      alarms.removeAll { $0.timer == timer }
      let place = alarms.firstIndex { timer < $0.timer } ?? alarms.endIndex
      alarms.insert(Alarm(timer: timer, range: range), at: place)
      return .set(timer, range)
    case .cancel(let timer):
      guard isSet(timer) else { return nil }
      alarms.removeAll { $0.timer == timer }
      return .cancelled(timer)
    case .note(let note):
      return .noted(note)
    case .connect(let other, let channel):
      dropHeld(for: other, channel)
      return .connects(other, channel)
    case .disconnect(let other, let channel):
      dropHeld(for: other, channel)
      return .disconnects(other, channel)
    }
  }

  private mutating func answer(
    _ reply: Words.Reply, to request: RequestID
  ) -> Happening<Words> {
    if let place = open.firstIndex(where: { $0.number == request }) {
      if open[place].hasClient { open.remove(at: place) } else { open[place].isAnswered = true }
    }
    return .replied(reply, to: request)
  }

  /// What is held for a stream belongs to the connection of which it was said.
  private mutating func dropHeld(for other: NodeID, _ channel: Channel) {
    queue.removeAll { waiting in
      if case .send(let message, other) = waiting {
        Words.carriage(of: message) == .stream(channel)
      } else {
        false
      }
    }
  }

  /// Records become stable, what was held behind them leaves, and the machine hears of it.
  private mutating func store(_ count: Int) -> [Happening<Words>] {
    var stored: [Words.Record] = []
    var released: [Happening<Words>] = []
    var rest = queue[...]
    scan: while let waiting = rest.first {
      switch waiting {
      case .record(let record):
        guard stored.count < count else { break scan }
        stored.append(record)
        Words.settle(record, on: &disk)
      case .send(let message, let receiver): released.append(.sent(message, to: receiver))
      case .reply(let reply, let request): released.append(answer(reply, to: request))
      }
      rest.removeFirst()
    }
    queue = Array(rest)
    guard !stored.isEmpty else { return [] }
    var happenings = [.stored(stored)] + released
    step(.stored(stored), &happenings)
    return happenings
  }

  private mutating func crash(losing count: Int) -> [Happening<Words>] {
    precondition(isUp, "\(id) is down")
    let records = unstable
    let kept = max(0, records.count - count)
    for record in records.prefix(kept) { Words.settle(record, on: &disk) }
    (node, isUp) = (nil, false)
    queue = []
    alarms = []
    open = []
    return [.crashed(lost: Array(records.suffix(records.count - kept)))]
  }
}
