import ZooKeeper
import ZooKeeperClient
import ZooKeeperWire

/// A client's fault, planted from outside: it edits what the client says to servers or tells its
/// user, and nothing in the client knows of it.
///
/// A case about clients that no flaw fails proves nothing.
public struct ClientFlaw: Sendable {
  /// A few words with hyphens.
  public let name: String
  /// One sentence: what the client does.
  public let summary: String
  /// How a connection begins; the number counts the client's connections from 1.
  var hello: @Sendable (inout ConnectRequest, Int) -> Void = { _, _ in }
  /// The requests that are sent together.
  var requests: @Sendable (inout [ClientFrame], Int) -> Void = { _, _ in }
  /// Whether it takes the zxid of an event for one that it has seen, as that of a reply is.
  var countsEvents = false
  /// What the user is told.
  var events: @Sendable (inout [ArrivedEvent]) -> Void = { _ in }
  /// How the client is set up.
  var options: @Sendable (inout ClientOptions) -> Void = { _ in }

  private init(_ name: String, _ summary: String, _ change: (inout ClientFlaw) -> Void) {
    self.name = name
    self.summary = summary
    change(&self)
  }
}

extension ClientFlaw {
  /// All of them.
  public static let all: [ClientFlaw] = sessionFlaws + requestFlaws + eventFlaws

  private static let sessionFlaws: [ClientFlaw] = [
    ClientFlaw("begins-anew", "Each connection asks for a new session.") {
      $0.hello = { hello, _ in
        hello.session = .none
        hello.password = [UInt8](repeating: 0, count: ConnectRequest.passwordLength)
      }
    },
    ClientFlaw("forgets-what-it-saw", "A connection begins as if nothing had been seen.") {
      $0.hello = { hello, _ in hello.lastZxidSeen = .zero }
    },
    ClientFlaw("takes-events-for-replies", "The zxid of an event counts as seen.") {
      $0.countsEvents = true
    },
    ClientFlaw("asks-for-no-timeout", "The timeout that the user wants is not asked for.") {
      $0.hello = { hello, _ in hello.timeout = 0 }
    },
    ClientFlaw("pings-never", "An idle client says nothing.") {
      $0.options = { $0.keepsAlive = false }
    },
    ClientFlaw("gives-up", "A lost connection is not replaced.") {
      $0.options = { $0.reconnects = false }
    },
    ClientFlaw("leaves-without-a-word", "Closing does not tell the server.") {
      $0.requests = { frames, _ in frames.removeAll { $0.header.opcode == .closeSession } }
    },
  ]

  private static let requestFlaws: [ClientFlaw] = [
    ClientFlaw("forgets-credentials", "Only the first connection is told who the client is.") {
      $0.requests = { frames, connection in
        if connection > 1 { frames.removeAll { $0.header.opcode == .auth } }
      }
    },
    ClientFlaw("credentials-come-last", "Credentials are sent behind what needs them.") {
      $0.requests = { frames, connection in
        guard connection > 1 else { return }
        frames =
          frames.filter { $0.header.opcode != .auth } + frames.filter { $0.header.opcode == .auth }
      }
    },
    ClientFlaw("forgets-watches", "Watches are not set again on a new connection.") {
      $0.requests = { frames, _ in frames.removeAll { $0.header.opcode == .setWatches } }
    },
    ClientFlaw("watches-from-now-on", "Watches are set again as if all had been seen.") {
      $0.requests = { frames, _ in
        frames = frames.map { frame in
          guard case .request(.setWatches(var watches)) = frame.content else { return frame }
          watches.relativeZxid = Zxid(.max)
          return ClientFrame(xid: frame.header.xid, .setWatches(watches))
        }
      }
    },
    ClientFlaw("what-waits-is-turned-round", "Requests that waited are sent last come first.") {
      $0.requests = { frames, _ in
        let first = frames.firstIndex { $0.header.xid.isOrdinary } ?? frames.endIndex
        frames = frames[..<first] + frames[first...].reversed()
      }
    },
  ]

  private static let eventFlaws: [ClientFlaw] = [
    ClientFlaw("does-not-say-connected", "The user is not told of a connection.") {
      $0.events = { events in events.removeAll { $0.event.state == .syncConnected && $0.isOwn } }
    },
    ClientFlaw("does-not-say-disconnected", "The user is not told of a connection's end.") {
      $0.events = { events in events.removeAll { $0.event.state == .disconnected } }
    },
    ClientFlaw("does-not-say-the-end", "The user is not told that the session is over.") {
      $0.events = { events in
        events.removeAll { [.closed, .expired, .authFailed].contains($0.event.state) }
      }
    },
    ClientFlaw("events-turned-round", "The user is told of events in reverse order.") {
      $0.events = { $0.reverse() }
    },
    ClientFlaw("events-behind-replies", "An event is told after the reply that came behind it.") {
      $0.events = { events in
        for place in events.indices { events[place].place += 10 }
      }
    },
    ClientFlaw("tells-twice", "The user is told of each event twice.") {
      $0.events = { events in events = events.flatMap { [$0, $0] } }
    },
  ]
}

extension ArrivedEvent {
  /// Whether the client made it, and no server.
  fileprivate var isOwn: Bool { event.type == .none }
}

extension Xid {
  /// Whether it is that of a request with a number of its own.
  fileprivate var isOrdinary: Bool { self > 0 }
}
