import Lab
package import NIOCore
import ProtocolCore
import ZAB
import ZooKeeper
package import ZooKeeperClient
import ZooKeeperEnsemble
import ZooKeeperServer
import ZooKeeperWire

// The clients of an ensemble, whose bytes its servers hear and say as messages.

extension EmbeddedEnsemble {
  /// A client's connection.
  struct Client {
    var server: NodeID
    var reader = FrameReader(limit: FrameReader.serverLimit)
    var hasGreeted = false
    /// When the connection is closed if it has not greeted until then.
    var greets: Milliseconds
    /// Whether its greeting had the byte that says whether it puts up with reads alone.
    var saysReadOnly = false
    /// What its library would go on with at another server.
    var kept = KeptSession()
    /// Whether its server has stopped serving, and it has not come to another.
    var isParted = false
    /// Whether it is about to come with its session to a server: it hears of that nothing.
    var isResuming = false
  }

  static func name(_ connection: Int) -> NodeID { NodeID("c\(connection)") }

  package mutating func open(_ connection: Int, now: Milliseconds) {
    advance(to: now)
    let server = servers[(only ?? nextUp()) % servers.count]
    clients[connection] = Client(server: server, greets: now + Self.handshakeTimeout)
    connections[Self.name(connection)] = connection
    streams.insert(StreamName(Self.name(connection), server, Channel.clients))
  }

  /// The place of the next server that is up.
  private mutating func nextUp() -> Int {
    for _ in servers {
      let place = next
      next = (next + 1) % servers.count
      if hosts[servers[place]]?.isUp == true { return place }
    }
    return next
  }

  package mutating func close(_ connection: Int, now: Milliseconds) {
    advance(to: now)
    guard let client = forget(connection) else { return }
    disconnect(Self.name(connection), from: client.server, Channel.clients)
    settle()
  }

  package mutating func receive(_ bytes: ByteBuffer, on connection: Int, now: Milliseconds) {
    advance(to: now)
    clients[connection]?.reader.append(bytes)
    if let client = clients[connection], !client.hasGreeted,
      let word = client.reader.pending.getString(at: client.reader.pending.readerIndex, length: 4),
      let answer = answer(to: word, at: client.server)
    {
      output.append(.send(ByteBuffer(string: answer), connection))
      return hangUp(connection)
    }
    while clients[connection] != nil {
      do throws(WireError) {
        guard let frame = try clients[connection]?.reader.next() else { break }
        try hear(frame, on: connection)
      } catch {
        hangUp(connection)
      }
      settle()
      if !isOutage, stopsLeaderAfter == heard { stopLeader() }
    }
  }

  package mutating func takeOutput() -> [MemoryServerOutput] {
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
      heard += 1
      var hello = ZooKeeperEnsemble.ConnectRequest(timeout: asked.timeout)
      hello.lastZxidSeen = asked.lastZxidSeen
      (hello.session, hello.password) = (asked.session, asked.password ?? [])
      hello.canBeReadOnly = asked.readOnly == true
      hello.identities = Authentication.initial(address: "127.0.0.1")
      clients[connection]?.kept.hello = hello
      return send(.connect(hello), from: Self.name(connection), to: client.server)
    }
    let asked = try ClientFrame(decoding: frame, .server)
    if asked.content != .request(.ping) { heard += 1 }
    switch asked.content {
    // Outside a multi it is refused. (3.9)
    case .request(.check): refuse(asked, on: connection)
    case .request(let request):
      clients[connection]?.kept.note(request, asked.header.xid)
      // Whatever number a ping carries, its answer carries its own.
      send(
        .request(request == .ping ? .ping : asked.header.xid, request), from: Self.name(connection),
        to: client.server)
    case .malformed:
      guard case .reply(let code) = asked.refusal else { return hangUp(connection) }
      write(
        .reply(xid: asked.header.xid, Reply(zxid: shown(by: client.server), .failure(code))),
        to: connection)
    case .raw: refuse(asked, on: connection)
    }
  }

  private mutating func refuse(_ asked: ClientFrame, on connection: Int) {
    write(
      .reply(xid: asked.header.xid, Reply(zxid: ZooKeeper.Zxid(-1), .failure(.unimplemented))),
      to: connection)
    hangUp(connection)
  }

  /// What a server says to a word of four letters that stands in place of a greeting; nil if it is
  /// none.
  ///
  /// Unless an operator allows more, `srvr` alone is answered.
  private func answer(to word: String, at server: NodeID) -> String? {
    guard FourLetterWord(rawValue: word) != nil else { return nil }
    guard word == "srvr" else {
      return "\(word) is not executed because it is not in the whitelist.\n"
    }
    let tree = hosts[server]?.node?.delivered
    let mode = hosts[server]?.node?.zab.isEstablished == true ? "leader" : "follower"
    return """
      Zookeeper version: \(Settings().version), in memory
      Latency min/avg/max: 0/0.0/0
      Received: \(heard)
      Sent: \(said)
      Connections: \(clients.values.count { $0.server == server })
      Outstanding: 0
      Zxid: \(tree?.zxid ?? .zero)
      Mode: \(mode)
      Node count: \(tree?.nodeCount ?? 0)

      """
  }

  /// A connection that asks for no session is closed after this time. (NIOServerCnxnFactory)
  static let handshakeTimeout: Milliseconds = 10_000

  /// Closes the connections that have asked for no session in time.
  mutating func closeSilent() {
    for connection in clients.keys.sorted() {
      guard let client = clients[connection], !client.hasGreeted, client.greets <= now - head else {
        continue
      }
      hangUp(connection)
    }
  }

  private func shown(by server: NodeID) -> ZooKeeper.Zxid {
    hosts[server]?.node?.delivered?.zxid ?? .zero
  }

  /// A server has said something to a client.
  mutating func tell(_ message: ZooKeeperEnsemble.Words.Message, to connection: Int) {
    guard clients[connection]?.isResuming != true else { return resume(connection, message) }
    switch message {
    case .connected(let session, let timeout, let isReadOnly):
      clients[connection]?.kept.session = session
      let readOnly: Bool? = clients[connection]?.saysReadOnly == true ? isReadOnly : nil
      let response =
        session == .none
        ? ConnectResponse.expired(readOnly: readOnly)
        : ConnectResponse(
          timeout: timeout, session: session, password: session.password, readOnly: readOnly)
      var bytes = ByteBuffer()
      bytes.writeFrame { response.write(to: &$0) }
      said += 1
      output.append(.send(bytes, connection))
    case .reply(let xid, let reply):
      clients[connection]?.kept.note(reply, xid)
      write(.reply(xid: xid, reply), to: connection)
    case .event(let event, let zxid):
      clients[connection]?.kept.watches.note(event)
      write(.event(event, zxid: zxid), to: connection)
    case .peer, .touched, .revalidate, .revalidated, .sync, .synced, .connect, .request: break
    }
  }

  mutating func write(_ frame: ServerFrame, to connection: Int) {
    var bytes = ByteBuffer()
    frame.write(to: &bytes)
    said += 1
    output.append(.send(bytes, connection))
  }

  mutating func hangUp(_ connection: Int) {
    guard let client = forget(connection) else { return }
    output.append(.close(connection))
    disconnect(Self.name(connection), from: client.server, Channel.clients)
  }

  private mutating func forget(_ connection: Int) -> Client? {
    connections[Self.name(connection)] = nil
    return clients.removeValue(forKey: connection)
  }

  /// A server has ended a client's connection; while time stands still the client hears nothing.
  mutating func part(_ connection: Int) {
    guard !isOutage || clients[connection]?.isResuming == true else {
      clients[connection]?.isParted = true
      return
    }
    if forget(connection) != nil { output.append(.close(connection)) }
  }
}
