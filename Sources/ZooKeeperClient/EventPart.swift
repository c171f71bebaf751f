internal import Synchronization

/// The part that hands events out, each to everybody who listens, in the order in which they came.
///
/// Source: Apache ZooKeeper, `ClientCnxn.EventThread`.
struct EventPart {
  private var listeners: [Int: Listener] = [:]
  private var lastListener = 0
  private var isOver = false

  enum Listener {
    case stream(AsyncStream<ArrivedEvent>.Continuation)
    case inbox(EventInbox)
  }

  mutating func add(_ listener: Listener) -> Int {
    lastListener += 1
    if isOver {
      if case .stream(let continuation) = listener { continuation.finish() }
    } else {
      listeners[lastListener] = listener
    }
    return lastListener
  }

  mutating func remove(_ number: Int) { listeners[number] = nil }

  /// The order among listeners means nothing; each gets every event in order.
  func deliver(_ event: ArrivedEvent) {
    for listener in listeners.values {
      switch listener {
      case .stream(let continuation): continuation.yield(event)
      case .inbox(let inbox): inbox.put(event)
      }
    }
  }

  /// There will be no more events.
  ///
  /// - Returns: The sequences that end here. They are to be ended without the lock, since a
  ///   sequence that ends takes its listener out.
  mutating func finish() -> [AsyncStream<ArrivedEvent>.Continuation] {
    isOver = true
    defer { listeners = [:] }
    return listeners.values.compactMap { listener in
      if case .stream(let continuation) = listener { continuation } else { nil }
    }
  }
}

/// The events of one client, kept until somebody takes them out; for tests and suites that look at
/// what has come so far instead of waiting for what comes.
///
/// When a reply has been awaited, every event that came before it is here.
public final class EventInbox: Sendable {
  private let events = Mutex<[ArrivedEvent]>([])

  init() {}

  func put(_ event: ArrivedEvent) { events.withLock { $0.append(event) } }

  /// Takes out all events that have come, in order.
  public func take() -> [ArrivedEvent] {
    events.withLock { events in
      defer { events = [] }
      return events
    }
  }
}
