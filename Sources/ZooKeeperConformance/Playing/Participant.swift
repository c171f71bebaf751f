import ZooKeeper

/// A client of a case: its session, its connection, and what it has seen.
struct Participant {
  let name: String
  /// The timeout to ask for.
  var wish: Int32
  /// What others change outside the case's folder, and no step expects, is passed over.
  var overhears = false
  var line: (any ServiceLine)?
  var session = SessionID.none
  var password: [UInt8] = []
  var timeout: Int32 = 0
  /// The largest zxid of a reply.
  var lastSeen = Zxid.zero
  /// What it has seen and no step has claimed.
  var inbox: [Seen] = []
  /// Requests whose replies nobody waits for.
  var ignored: Set<Int> = []
  /// What it has said to authenticate.
  var identities: [Request] = []
  /// What the server last said of SASL.
  var challenge: [UInt8] = []
  /// When it last spoke and was last spoken to on connections that are over.
  var spoke: Int64 = 0
  var heard: Int64 = 0

  /// A sighting and its time.
  struct Seen {
    var sighting: Sighting
    var time: Int64
  }

  /// When something of this client last may have reached the server, at the earliest.
  var lastSent: Int64 { max(spoke, line?.lastSent ?? 0) }

  /// When something of this client last may have reached the server, at the latest.
  var lastTouched: Int64 { max(lastSent, heard, line?.lastHeard ?? 0) }

  /// The connection is over; its times are kept.
  mutating func leaveLine() {
    (spoke, heard) = (lastSent, lastTouched)
    ignored = []
    line = nil
  }

  /// Takes what was seen out of the inbox.
  mutating func takeInbox() -> [Seen] {
    defer { inbox = [] }
    return inbox
  }
}

/// What a case may presume of the server that it talks to.
package struct Pace: Hashable, Sendable {
  /// A tick, in milliseconds: sessions last between 2 and 20 of them unless told otherwise.
  package var tick: Int64
  /// The shortest session timeout that the server grants.
  package var shortest: Int32
  /// The longest.
  package var longest: Int32
  /// How long to wait for a reply.
  package var patience: Int64

  package init(tick: Int64, shortest: Int32, longest: Int32, patience: Int64 = 10_000) {
    self.tick = tick
    self.shortest = shortest
    self.longest = longest
    self.patience = patience
  }

  /// The timeout to ask for.
  func wish(_ timeout: ServiceFixture.Timeout) -> Int32 {
    switch timeout {
    case .shortest: 1
    case .longest: .max
    case .milliseconds(let number): number
    }
  }
}
