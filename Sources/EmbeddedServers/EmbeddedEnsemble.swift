import Lab
import NIOCore
import ProtocolCore
import ZAB
import ZooKeeper
package import ZooKeeperClient
package import ZooKeeperEnsemble

/// An ensemble as a network in memory drives it: its servers in virtual time, without faults, and
/// the bytes of their clients.
///
/// A message takes no time, a disk stores at once; what takes time is what a server waits for.
/// Where a leader is to stop, it does so once, when as many requests have been answered as is said
/// (``EmbeddedEnsemble/stopLeader()``).
package struct EmbeddedEnsemble: MemoryServer {
  typealias Channel = ProtocolCore.Channel

  /// How long one of the replication's ticks takes, in milliseconds.
  private static let tick: Milliseconds = 20

  var hosts: [NodeID: Host<ZooKeeperEnsemble.Server>] = [:]
  let servers: [NodeID]
  /// What is under way, in the order in which it was sent.
  var underWay: CircularBuffer<Parcel> = []
  /// What is on its way to servers that lag, in order.
  var late: CircularBuffer<Parcel> = []
  /// Until when servers hear nothing of others.
  var lags: [NodeID: Milliseconds] = [:]
  var streams: Set<StreamName> = []
  /// When each timer runs out.
  var alarms: [NodeID: [ZooKeeperEnsemble.Words.Timer: Milliseconds]] = [:]
  var clients: [Int: Client] = [:]
  var output: [MemoryServerOutput] = []
  var now: Milliseconds = 0
  /// How much earlier the servers began than whoever drives them.
  var head: Milliseconds = 60_000
  let epoch: Int64
  /// The place of the server to which the next client is connected; nil if all go to one.
  var next = 0
  let only: Int?
  /// Whether clients set their watches again when they have another connection.
  let setsWatchesAgain: Bool
  /// Of clients that are connected, which number their connection has.
  var connections: [NodeID: Int] = [:]
  /// The leader is to stop when so many requests have been answered; nil if it is not.
  package var stopsLeaderAfter: Int?
  /// Counts that.
  package var stops: LeaderStops?
  /// How many requests there have been, greetings among them and pings not.
  var heard = 0
  /// How many answers and events.
  var said = 0
  /// When servers that are down start again.
  var restarts: [NodeID: Milliseconds] = [:]
  /// Whether a leader has stopped and not every server serves again: time stands still for clients.
  var isOutage = false

  enum Parcel {
    case message(ZooKeeperEnsemble.Words.Message, from: NodeID, to: NodeID)
    case end(Channel, from: NodeID, to: NodeID)

    /// Who sends it, and to whom it goes.
    var ends: (sender: NodeID, receiver: NodeID) {
      switch self {
      case .message(_, let sender, let receiver), .end(_, let sender, let receiver):
        (sender, receiver)
      }
    }
  }

  /// Servers of this form, whose wall clock shows `epoch` at time 0.
  package init(_ form: EnsembleForm, epoch: Int64, settings: ZooKeeperEnsemble.Settings) {
    servers = (1...max(form.size, 1)).map { NodeID("s\($0)") }
    self.epoch = epoch
    only = form.only.map { $0 - 1 }
    setsWatchesAgain = !form.without.contains(.watchesSetAgain)
    let ensemble = ZAB.Ensemble(voters: servers.map { .init($0) })
    for (place, server) in servers.enumerated() {
      hosts[server] = Host(
        server,
        ZooKeeperEnsemble.Server(
          server, number: UInt8(truncatingIfNeeded: place + 1), of: ensemble, settings: settings,
          without: form.without))
    }
    for server in servers { take(.start, at: server) }
    settle()
  }

  // MARK: Time

  package var deadline: Milliseconds? { due.map { $0 - head } }

  private var due: Milliseconds? {
    var due = clients.values.lazy.filter { !$0.hasGreeted }.map { $0.greets + head }.min()
    for time in lags.values where time < due ?? .max { due = time }
    for time in restarts.values where time < due ?? .max { due = time }
    for alarms in alarms.values {
      for time in alarms.values where time < due ?? .max { due = time }
    }
    return due
  }

  package mutating func advance(to time: Milliseconds) { pass(until: time + head) }

  mutating func pass(until time: Milliseconds) {
    while let due, due <= time {
      come(to: due)
      restart()
      catchUp()
      for server in servers {
        let timers = alarms[server, default: [:]].filter { $0.value <= due }.keys.sorted()
        for timer in timers where alarms[server]?[timer] != nil {
          alarms[server]?[timer] = nil
          take(.expire(timer), at: server)
          settle()
        }
      }
      closeSilent()
    }
    come(to: time)
  }

  /// It is so late; while time stands still for clients, so it does for the wall clock.
  private mutating func come(to time: Milliseconds) {
    guard time > now else { return }
    if isOutage { head += time - now }
    now = time
  }

  /// Lets time pass until every server that is up serves.
  ///
  /// - Returns: whether they do within a minute.
  mutating func settleLeader() -> Bool {
    let end = now + 60_000
    while !isServing, let due, due <= end { pass(until: due) }
    return isServing
  }

  /// Begins: time is zero when a quorum serves.
  ///
  /// - Returns: whether one does within a minute.
  package mutating func begin() -> Bool {
    let isServing = settleLeader()
    head = now
    return isServing
  }

  var isServing: Bool {
    servers.allSatisfy { hosts[$0]?.node.map(\.zab.isServing) ?? true }
  }

  // MARK: What servers do

  mutating func send(
    _ message: ZooKeeperEnsemble.Words.Message, from sender: NodeID, to receiver: NodeID
  ) {
    if case .stream(let channel) = ZooKeeperEnsemble.Words.carriage(of: message),
      !streams.contains(StreamName(sender, receiver, channel))
    {
      return
    }
    underWay.append(.message(message, from: sender, to: receiver))
  }

  mutating func disconnect(_ id: NodeID, from other: NodeID, _ channel: Channel) {
    guard streams.remove(StreamName(id, other, channel)) != nil else { return }
    let isLost: (Parcel) -> Bool = { parcel in
      guard case .message(let message, other, id) = parcel else { return false }
      return ZooKeeperEnsemble.Words.carriage(of: message) == .stream(channel)
    }
    underWay.removeAll(where: isLost)
    late.removeAll(where: isLost)
    underWay.append(.end(channel, from: id, to: other))
  }

  /// Something happens to a server.
  mutating func take(
    _ stimulus: Stimulus<ZooKeeperEnsemble.Words>, at server: NodeID
  ) {
    guard var host = hosts[server], host.isUp != (stimulus == .start) else { return }
    hosts[server] = nil  // so that it is not copied when it changes
    _ = host.take(.clock(Ticks(Int(epoch + now - head))))
    let happenings = host.take(stimulus)
    hosts[server] = host
    for happening in happenings { carryOut(happening, at: server) }
  }

  private mutating func carryOut(
    _ happening: Happening<ZooKeeperEnsemble.Words>, at server: NodeID
  ) {
    switch happening {
    case .sent(let message, let receiver): send(message, from: server, to: receiver)
    case .set(let timer, let range):
      let unit: Milliseconds
      switch timer {
      case .session, .reap: unit = 1
      default: unit = Self.tick
      }
      alarms[server, default: [:]][timer] = now + Int64(range.upperBound.count) * unit
    case .cancelled(let timer): alarms[server]?[timer] = nil
    case .connects(let other, let channel):
      disconnect(server, from: other, channel)
      if hosts[other]?.isUp == true {
        streams.insert(StreamName(server, other, channel))
      } else {
        underWay.append(.end(channel, from: other, to: server))
      }
    case .disconnects(let other, let channel): disconnect(server, from: other, channel)
    case .started, .crashed, .forgot, .asked, .disconnected, .expired, .stored, .persisted, .held,
      .heldReply, .dropped, .replied, .repliedAgain, .noted:
      break
    }
  }

  /// Stores and delivers until nothing is under way.
  mutating func settle() {
    while true {
      if let server = servers.first(where: { hosts[$0]?.queue.isEmpty == false }) {
        take(.store(.max), at: server)
        continue
      }
      guard let parcel = underWay.popFirst() else { return }
      if isHeldBack(parcel) {
        late.append(parcel)
        continue
      }
      switch parcel {
      case .message(let message, let sender, let receiver):
        if let connection = connections[receiver] {
          tell(message, to: connection)
        } else {
          take(.receive(message, from: sender), at: receiver)
        }
      case .end(let channel, let sender, let receiver):
        if let connection = connections[receiver] {
          part(connection)
        } else {
          take(.disconnect(sender, channel), at: receiver)
        }
      }
    }
  }
}
