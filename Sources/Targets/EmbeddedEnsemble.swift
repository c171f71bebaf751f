import Lab
import NIOCore
import ProtocolCore
import ZAB
import ZooKeeper
import ZooKeeperClient
import ZooKeeperEnsemble
import ZooKeeperWire

/// An ensemble as a network in memory drives it: its servers in virtual time, without faults, and
/// the bytes of their clients.
///
/// A message takes no time, a disk stores at once; what takes time is what a server waits for.
struct EmbeddedEnsemble: MemoryServer {
  private typealias Channel = ProtocolCore.Channel

  /// How long one of the replication's ticks takes, in milliseconds.
  private static let tick: Milliseconds = 20

  private var hosts: [NodeID: Host<ZooKeeperEnsemble.Server>] = [:]
  private let servers: [NodeID]
  /// What is under way, in the order in which it was sent.
  private var underWay: CircularBuffer<Parcel> = []
  private var streams: Set<StreamName> = []
  /// When each timer runs out.
  private var alarms: [NodeID: [ZooKeeperEnsemble.Words.Timer: Milliseconds]] = [:]
  private var clients: [Int: Client] = [:]
  private var output: [MemoryServerOutput] = []
  private var now: Milliseconds = 0
  /// How much earlier the servers began than whoever drives them.
  private var head: Milliseconds = 60_000
  private let epoch: Int64
  /// The place of the server to which the next client is connected; nil if all go to one.
  private var next = 0
  private let only: Int?

  private enum Parcel {
    case message(ZooKeeperEnsemble.Words.Message, from: NodeID, to: NodeID)
    case end(Channel, from: NodeID, to: NodeID)
  }

  /// A client's connection.
  private struct Client {
    let server: NodeID
    var reader = FrameReader(limit: FrameReader.serverLimit)
    var hasGreeted = false
    /// Whether its greeting had the byte that says whether it puts up with reads alone.
    var saysReadOnly = false
  }

  /// So many servers, whose wall clock shows `epoch` at time 0; clients go to each in turn, or all
  /// to one.
  init(_ count: Int, epoch: Int64, settings: ZooKeeperEnsemble.Settings, only: Int? = nil) {
    servers = (1...max(count, 1)).map { NodeID("s\($0)") }
    self.epoch = epoch
    self.only = only
    let ensemble = ZAB.Ensemble(voters: servers.map { .init($0) })
    for (place, server) in servers.enumerated() {
      hosts[server] = Host(
        server,
        ZooKeeperEnsemble.Server(
          server, number: UInt8(truncatingIfNeeded: place + 1), of: ensemble, settings: settings))
    }
    for server in servers { take(.start, at: server) }
    settle()
  }

  // MARK: Time

  var deadline: Milliseconds? { due.map { $0 - head } }

  private var due: Milliseconds? { alarms.values.flatMap(\.values).min() }

  mutating func advance(to time: Milliseconds) { pass(until: time + head) }

  private mutating func pass(until time: Milliseconds) {
    while let due, due <= time {
      now = max(now, due)
      for server in servers {
        let timers = alarms[server, default: [:]].filter { $0.value <= due }.keys.sorted()
        for timer in timers where alarms[server]?[timer] != nil {
          alarms[server]?[timer] = nil
          take(.expire(timer), at: server)
          settle()
        }
      }
    }
    now = max(now, time)
  }

  /// Lets time pass until a quorum serves.
  ///
  /// - Returns: whether one does within a minute.
  private mutating func settleLeader() -> Bool {
    let end = now + 60_000
    while !isServing, let due, due <= end { pass(until: due) }
    return isServing
  }

  /// Begins: time is zero when a quorum serves.
  ///
  /// - Returns: whether one does within a minute.
  mutating func begin() -> Bool {
    let isServing = settleLeader()
    head = now
    return isServing
  }

  private var isServing: Bool {
    servers.allSatisfy { hosts[$0]?.node.map(\.zab.isServing) ?? true }
  }

  // MARK: Clients

  private static func name(_ connection: Int) -> NodeID { NodeID("c\(connection)") }

  /// Which of the clients that are connected has this name.
  private func connection(of id: NodeID) -> Int? { clients.keys.first { Self.name($0) == id } }

  mutating func open(_ connection: Int, now: Milliseconds) {
    advance(to: now)
    let place = only ?? next
    if only == nil { next = (next + 1) % servers.count }
    let server = servers[place % servers.count]
    clients[connection] = Client(server: server)
    streams.insert(StreamName(Self.name(connection), server, Channel.clients))
  }

  mutating func close(_ connection: Int, now: Milliseconds) {
    advance(to: now)
    guard let client = clients.removeValue(forKey: connection) else { return }
    disconnect(Self.name(connection), from: client.server, Channel.clients)
    settle()
  }

  mutating func receive(_ bytes: ByteBuffer, on connection: Int, now: Milliseconds) {
    advance(to: now)
    clients[connection]?.reader.append(bytes)
    while clients[connection] != nil {
      do throws(WireError) {
        guard let frame = try clients[connection]?.reader.next() else { break }
        try hear(frame, on: connection)
      } catch {
        hangUp(connection)
      }
    }
    settle()
  }

  mutating func takeOutput() -> [MemoryServerOutput] {
    defer { output = [] }
    return output
  }

  /// A client has sent a frame.
  private mutating func hear(_ frame: ByteBuffer, on connection: Int) throws(WireError) {
    guard let client = clients[connection] else { return }
    guard client.hasGreeted else {
      var reader = JuteReader(frame, .lenient)
      let asked = try ConnectRequest(from: &reader)
      clients[connection]?.hasGreeted = true
      clients[connection]?.saysReadOnly = asked.readOnly != nil
      var hello = ZooKeeperEnsemble.ConnectRequest(timeout: asked.timeout)
      hello.lastZxidSeen = asked.lastZxidSeen
      (hello.session, hello.password) = (asked.session, asked.password ?? [])
      hello.canBeReadOnly = asked.readOnly == true
      hello.identities = Authentication.initial(address: "127.0.0.1")
      send(.connect(hello), from: Self.name(connection), to: client.server)
      return settle()
    }
    let asked = try ClientFrame(decoding: frame, .lenient)
    switch asked.content {
    case .request(let request):
      // Whatever number a ping carries, its answer carries its own.
      send(
        .request(request == .ping ? .ping : asked.header.xid, request), from: Self.name(connection),
        to: client.server)
      settle()
    case .malformed:
      guard case .reply(let code) = asked.refusal else { return hangUp(connection) }
      write(
        .reply(xid: asked.header.xid, Reply(zxid: shown(by: client.server), .failure(code))),
        to: connection)
    case .raw:
      write(
        .reply(xid: asked.header.xid, Reply(zxid: ZooKeeper.Zxid(-1), .failure(.unimplemented))),
        to: connection)
      hangUp(connection)
    }
  }

  private func shown(by server: NodeID) -> ZooKeeper.Zxid {
    hosts[server]?.node?.delivered?.zxid ?? .zero
  }

  /// A server has said something to a client.
  private mutating func tell(_ message: ZooKeeperEnsemble.Words.Message, to connection: Int) {
    switch message {
    case .connected(let session, let timeout, let isReadOnly):
      let readOnly: Bool? = clients[connection]?.saysReadOnly == true ? isReadOnly : nil
      let response =
        session == .none
        ? ConnectResponse.expired(readOnly: readOnly)
        : ConnectResponse(
          timeout: timeout, session: session, password: session.password, readOnly: readOnly)
      var bytes = ByteBuffer()
      bytes.writeFrame { response.write(to: &$0) }
      output.append(.send(bytes, connection))
    case .reply(let xid, let reply): write(.reply(xid: xid, reply), to: connection)
    case .event(let event, let zxid): write(.event(event, zxid: zxid), to: connection)
    case .peer, .touched, .revalidate, .revalidated, .sync, .synced, .connect, .request: break
    }
  }

  private mutating func write(_ frame: ServerFrame, to connection: Int) {
    var bytes = ByteBuffer()
    frame.write(to: &bytes)
    output.append(.send(bytes, connection))
  }

  private mutating func hangUp(_ connection: Int) {
    guard let client = clients.removeValue(forKey: connection) else { return }
    output.append(.close(connection))
    disconnect(Self.name(connection), from: client.server, Channel.clients)
  }

  // MARK: What servers do

  private mutating func send(
    _ message: ZooKeeperEnsemble.Words.Message, from sender: NodeID, to receiver: NodeID
  ) {
    if case .stream(let channel) = ZooKeeperEnsemble.Words.carriage(of: message),
      !streams.contains(StreamName(sender, receiver, channel))
    {
      return
    }
    underWay.append(.message(message, from: sender, to: receiver))
  }

  private mutating func disconnect(_ id: NodeID, from other: NodeID, _ channel: Channel) {
    guard streams.remove(StreamName(id, other, channel)) != nil else { return }
    underWay.removeAll { parcel in
      guard case .message(let message, other, id) = parcel else { return false }
      return ZooKeeperEnsemble.Words.carriage(of: message) == .stream(channel)
    }
    underWay.append(.end(channel, from: id, to: other))
  }

  /// Something happens to a server.
  private mutating func take(
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
  private mutating func settle() {
    while true {
      if let server = servers.first(where: { hosts[$0]?.queue.isEmpty == false }) {
        take(.store(.max), at: server)
        continue
      }
      guard let parcel = underWay.popFirst() else { return }
      switch parcel {
      case .message(let message, let sender, let receiver):
        if let connection = connection(of: receiver) {
          tell(message, to: connection)
        } else {
          take(.receive(message, from: sender), at: receiver)
        }
      case .end(let channel, let sender, let receiver):
        if let connection = connection(of: receiver) {
          if clients.removeValue(forKey: connection) != nil { output.append(.close(connection)) }
        } else {
          take(.disconnect(sender, channel), at: receiver)
        }
      }
    }
  }
}
