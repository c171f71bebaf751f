package import EmbeddedServers
import NIOCore
import NIOPosix
import Synchronization
import ZooKeeper
package import ZooKeeperClient
package import ZooKeeperWire

/// The reference server on loopback, for clients that somebody else wrote, with faults at the
/// server's end of their connections.
///
/// Each process has a port of its own, by which its connections are known.
package final class SocketServer: Sendable {
  /// What becomes of a request.
  package enum Treatment: Sendable {
    /// It is served.
    case serve
    /// It is never heard, and the connection breaks.
    case loseRequest
    /// It is served, and the connection breaks before its reply is sent.
    case loseReply
    /// It is never heard, the session ends, and with it the connection.
    case expire
    /// It is served; from now on what the server has to say waits until it is let through.
    case delay
  }

  /// What a client says on a connection.
  package enum Heard: Sendable {
    /// It asks for a session.
    case greeting(ConnectRequest)
    /// It asks something else, in these words.
    case request(ClientFrame, String)
    /// It has connected, and is not let in.
    case refused
    /// Its connection is over.
    case closed
  }

  /// Whoever wants to know what passes, and decides what becomes of it.
  package struct Witness: Sendable {
    /// A process says something.
    package var heard: @Sendable (_ process: Int, Heard) -> Treatment
    /// A process is told something, in these words.
    package var told: @Sendable (_ process: Int, String) -> Void

    package init(
      heard: @escaping @Sendable (_ process: Int, Heard) -> Treatment,
      told: @escaping @Sendable (_ process: Int, String) -> Void
    ) {
      (self.heard, self.told) = (heard, told)
    }
  }

  private struct Connection {
    let process: Int
    let channel: any Channel
    var frames = FrameReader(limit: FrameReader.serverLimit)
    var reading = ConnectionReading()
    var hasGreeted = false
    /// It is about to break, and carries nothing more.
    var isBroken = false
  }

  private struct State {
    var server = EmbeddedServer.simulated
    var connections: [Int: Connection] = [:]
    var last = 0
    /// The newest session of each process.
    var sessions: [Int: SessionID] = [:]
    /// Processes that are not let in.
    var shut: Set<Int> = []
    /// What is to be sent later, by process.
    var late: [Int: [(connection: Int, bytes: ByteBuffer)]] = [:]
  }

  private let witness: Witness
  private let state = Mutex(State())
  private let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
  private let began = ContinuousClock.now

  /// How long nobody is let in when it starts again.
  private static let startingTime = Milliseconds(400)

  package init(_ witness: Witness) { self.witness = witness }

  /// How long it has been there.
  package var now: Milliseconds { Milliseconds(ContinuousClock.now - began) }

  /// Begins to listen, once for each process.
  ///
  /// - Returns: The ports.
  package func start(_ processes: Int) async throws -> [Int] {
    var ports: [Int] = []
    for process in 0..<processes {
      let channel = try await ServerBootstrap(group: group)
        .serverChannelOption(.backlog, value: 16)
        .childChannelOption(.socketOption(.tcp_nodelay), value: 1)
        .childChannelInitializer { [self] channel in
          channel.eventLoop.makeCompletedFuture {
            try channel.pipeline.syncOperations.addHandler(ConnectionHandler(self, process))
          }
        }
        .bind(host: "127.0.0.1", port: 0).get()
      ports.append(channel.localAddress?.port ?? 0)
    }
    group.next().scheduleRepeatedTask(initialDelay: .zero, delay: .milliseconds(20)) { [self] _ in
      state.withLock { $0.server.advance(to: now) }
      send()
    }
    return ports
  }

  package func stop() async { try? await group.shutdownGracefully() }

  /// What a judge may look up.
  package var judged: EmbeddedServer { state.withLock(\.server) }

  /// The newest session of a process.
  package func session(of process: Int) -> SessionID {
    state.withLock { $0.sessions[process] ?? .none }
  }

  // MARK: Faults

  /// A process's connections break.
  package func cut(_ process: Int) async { await onLoop { $0.breakConnections { $0 == process } } }

  /// A process's session ends, and with it its connection.
  package func expire(_ process: Int) async { await onLoop { $0.end(process) } }

  /// From now on what the server has to say to a process waits until it is let through.
  package func delay(_ process: Int) async { await onLoop { $0.beginDelay(process) } }

  /// What has waited goes to the process.
  package func letThrough(_ process: Int) async { await onLoop { $0.endDelay(process) } }

  /// All connections break, and for a while nobody is let in.
  package func restart(_ processes: Range<Int>) async {
    await onLoop { server in
      server.setOpen(false, processes)
      server.group.next().scheduleTask(in: .milliseconds(Self.startingTime)) {
        server.setOpen(true, processes)
      }
    }
  }

  /// Lets processes in, or breaks their connections and lets them in no more.
  package func setReachable(_ isReachable: Bool, _ processes: Range<Int>) async {
    await onLoop { $0.setOpen(isReachable, processes) }
  }

  /// Hears nothing any more, and says nothing; or does again.
  package func setSilent(_ isSilent: Bool) async {
    await onLoop { server in server.state.withLock { $0.server.isSilent = isSilent } }
  }

  private func onLoop(_ body: @escaping @Sendable (SocketServer) -> Void) async {
    try? await group.next().submit { [self] in body(self) }.get()
  }

  private func setOpen(_ isOpen: Bool, _ processes: Range<Int>) {
    state.withLock {
      if isOpen { $0.shut.subtract(processes) } else { $0.shut.formUnion(processes) }
    }
    if !isOpen { breakConnections(processes.contains) }
  }

  private func breakConnections(_ isMeant: (Int) -> Bool) {
    let channels = state.withLock { state in
      let ids = state.connections.filter { isMeant($0.value.process) }.keys.sorted()
      for id in ids { state.connections[id]?.isBroken = true }
      return ids.compactMap { state.connections[$0]?.channel }
    }
    for channel in channels { channel.close(promise: nil) }
  }

  private func end(_ process: Int) {
    breakConnections { $0 == process }
    state.withLock { state in
      if let session = state.sessions[process] { state.server.expire(session) }
    }
    send()
  }

  private func beginDelay(_ process: Int) {
    state.withLock { if $0.late[process] == nil { $0.late[process] = [] } }
  }

  private func endDelay(_ process: Int) {
    let due = state.withLock { state in
      (state.late.removeValue(forKey: process) ?? []).map {
        (state.connections[$0.connection]?.channel, $0.bytes)
      }
    }
    for (channel, bytes) in due { channel?.writeAndFlush(bytes, promise: nil) }
  }

  // MARK: Connections

  fileprivate func open(_ channel: any Channel, _ process: Int) -> Int? {
    let now = now
    let id = state.withLock { state -> Int? in
      guard !state.shut.contains(process) else { return nil }
      state.last += 1
      state.connections[state.last] = Connection(process: process, channel: channel)
      state.server.open(state.last, now: now)
      return state.last
    }
    if id == nil { _ = witness.heard(process, .refused) }
    return id
  }

  fileprivate func receive(_ bytes: ByteBuffer, on id: Int) {
    state.withLock { $0.connections[id]?.frames.append(bytes) }
    do {
      while let frame = try next(id) { take(frame, on: id) }
    } catch {
      // What it sends are no frames: that is its own affair, and ends the connection.
      state.withLock { $0.connections[id]?.channel }?.close(promise: nil)
    }
  }

  private func next(_ id: Int) throws(WireError) -> ByteBuffer? {
    try state.withLock { (state) throws(WireError) in
      guard state.connections[id]?.isBroken == false else { return nil }
      return try state.connections[id]?.frames.next()
    }
  }

  private func take(_ frame: ByteBuffer, on id: Int) {
    var bytes = ByteBuffer()
    bytes.writeFrame { $0.writeImmutableBuffer(frame) }
    let (process, heard) = state.withLock { state -> (Int, Heard?) in
      guard var connection = state.connections[id] else { return (0, nil) }
      defer { state.connections[id] = connection }
      let words = connection.reading.requests(bytes).first ?? ""
      if !connection.hasGreeted {
        connection.hasGreeted = true
        let greeting = try? ConnectRequest(decoding: frame, .lenient)
        return (connection.process, greeting.map { .greeting($0) })
      }
      let request = try? ClientFrame(decoding: frame, .lenient)
      return (connection.process, request.map { .request($0, words) })
    }
    let treatment = heard.map { witness.heard(process, $0) } ?? .serve
    switch treatment {
    case .serve: serve(bytes, on: id)
    case .delay:
      beginDelay(process)
      serve(bytes, on: id)
    case .loseRequest: breakConnections { $0 == process }
    case .loseReply:
      state.withLock { $0.connections[id]?.isBroken = true }
      serve(bytes, on: id)
      breakConnections { $0 == process }
    case .expire: end(process)
    }
  }

  private func serve(_ bytes: ByteBuffer, on id: Int) {
    let now = now
    let process = state.withLock { state -> Int? in
      state.server.receive(bytes, on: id, now: now)
      let session = state.server.session(on: id)
      guard let process = state.connections[id]?.process else { return nil }
      guard session == .none else {
        state.sessions[process] = session
        return nil
      }
      return process
    }
    if let process { witness.told(process, "no session: it has expired") }
    send()
  }

  fileprivate func close(_ id: Int) {
    let now = now
    let process = state.withLock { state -> Int? in
      state.server.close(id, now: now)
      return state.connections.removeValue(forKey: id)?.process
    }
    if let process { _ = witness.heard(process, .closed) }
    send()
  }

  /// Says what the server has to say.
  private func send() {
    for output in state.withLock({ $0.server.takeOutput() }) {
      switch output {
      case .send(let bytes, let id): send(bytes, on: id)
      case .close(let id): state.withLock { $0.connections[id]?.channel }?.close(promise: nil)
      }
    }
  }

  private func send(_ bytes: ByteBuffer, on id: Int) {
    let (process, channel, lines) = state.withLock { state -> (Int, (any Channel)?, [String]) in
      guard var connection = state.connections[id], !connection.isBroken else {
        return (0, nil, [])
      }
      let lines = connection.reading.answers(bytes)
      state.connections[id] = connection
      let process = connection.process
      guard state.late[process] == nil else {
        state.late[process]?.append((id, bytes))
        return (process, nil, lines.map { "\($0), later" })
      }
      return (process, connection.channel, lines)
    }
    for line in lines { witness.told(process, line) }
    channel?.writeAndFlush(bytes, promise: nil)
  }
}

private final class ConnectionHandler: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer

  private let server: SocketServer
  private let process: Int
  private var id: Int?

  init(_ server: SocketServer, _ process: Int) { (self.server, self.process) = (server, process) }

  func channelActive(context: ChannelHandlerContext) {
    id = server.open(context.channel, process)
    if id == nil { context.close(promise: nil) }
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    if let id { server.receive(unwrapInboundIn(data), on: id) }
  }

  func channelInactive(context: ChannelHandlerContext) {
    if let id { server.close(id) }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    context.close(promise: nil)
  }
}
