internal import Synchronization
internal import ZooKeeper

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
    /// The events of a watch that stays.
    case watch(WatchedPath, AsyncStream<WatchEvent>.Continuation)

    func finish() {
      switch self {
      case .stream(let continuation): continuation.finish()
      case .watch(_, let continuation): continuation.finish()
      case .inbox: break
      }
    }
  }

  mutating func add(_ listener: Listener) -> Int {
    lastListener += 1
    if isOver {
      listener.finish()
    } else {
      listeners[lastListener] = listener
    }
    return lastListener
  }

  mutating func remove(_ number: Int) { listeners[number] = nil }

  /// Listeners are told in the order in which they came, so that a run is the same each time; each
  /// gets every event in order, those of a watch the events that are its own.
  ///
  /// - Parameter holds: Whether a watch is still there.
  /// - Returns: The listeners that end here, as ``finish()`` does.
  mutating func deliver(_ event: ArrivedEvent, holds: (WatchedPath) -> Bool) -> [Listener] {
    var ended: [Listener] = []
    for (number, listener) in listeners.sorted(by: { $0.key < $1.key }) {
      switch listener {
      case .stream(let continuation): continuation.yield(event)
      case .inbox(let inbox): inbox.put(event)
      case .watch(let watched, let continuation):
        guard watched.concerns(event.event) else { continue }
        continuation.yield(event.event)
        if event.event.type == .persistentWatchRemoved, !holds(watched) {
          listeners[number] = nil
          ended.append(listener)
        }
      }
    }
    return ended
  }

  /// There will be no more events.
  ///
  /// - Returns: The listeners that end here. They are to be ended without the lock, since a
  ///   sequence that ends takes its listener out.
  mutating func finish() -> [Listener] {
    isOver = true
    defer { listeners = [:] }
    return listeners.sorted { $0.key < $1.key }.map(\.value)
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

  /// What has come and was not taken out, in order.
  public var all: [ArrivedEvent] { events.withLock(\.self) }

  /// Takes out all events that have come, in order.
  public func take() -> [ArrivedEvent] {
    events.withLock { events in
      defer { events = [] }
      return events
    }
  }
}
