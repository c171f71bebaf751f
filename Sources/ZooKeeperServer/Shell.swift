public import Logging
public import NIOCore
internal import NIOPosix
internal import ZooKeeper

/// A ``Server`` on TCP, by a real clock: one thread, one server, all its connections.
///
/// What it adds are limits that only sockets have. A peer that does not read what it is sent is
/// not read either (back-pressure), and when too much waits for it, it is cut off: it delays nobody
/// else and costs a bounded amount of memory.
///
/// ```swift
/// let shell = try await Shell.listen(Server(), host: "127.0.0.1", port: 2181)
/// try await shell.stop()
/// ```
public final class Shell: Sendable {
  /// The bounds of what waits to be sent to one peer, in bytes.
  public struct Limits: Sendable {
    /// Above the upper bound a peer is not read any more, until it is below the lower.
    public var unread: ClosedRange<Int> = 1 << 16...1 << 20
    /// Above this a peer is cut off; a reply may be as long as 64 MiB.
    public var cutOff = 128 << 20
    /// How long a peer has to take what was sent before its end.
    public var farewell = TimeAmount.seconds(2)

    /// 64 KiB to 1 MiB, 128 MiB, two seconds.
    public init() {}
  }

  private let group: MultiThreadedEventLoopGroup
  private let listener: any Channel
  private let hub: NIOLoopBound<Hub>

  private init(
    _ group: MultiThreadedEventLoopGroup, _ listener: any Channel, _ hub: NIOLoopBound<Hub>
  ) {
    self.group = group
    self.listener = listener
    self.hub = hub
  }

  /// Begins to serve.
  ///
  /// - Parameters:
  ///   - server: The server; its time begins now.
  ///   - host: The address to listen on.
  ///   - port: The port, 0 for any that is free.
  /// - Throws: What the operating system says against it.
  public static func listen(
    _ server: Server, host: String = "127.0.0.1", port: Int, limits: Limits = Limits(),
    logger: Logger? = nil
  ) async throws -> Shell {
    let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    let loop = group.any()
    do {
      let hub = try await loop.submit {
        NIOLoopBound(
          Hub(server, limits: limits, logger: logger, loop: loop), eventLoop: loop)
      }.get()
      let unread = ChannelOptions.Types.WriteBufferWaterMark(
        low: limits.unread.lowerBound, high: limits.unread.upperBound)
      let listener = try await ServerBootstrap(group: group)
        .serverChannelOption(.backlog, value: 256)
        .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
        .childChannelOption(.socketOption(.tcp_nodelay), value: 1)
        .childChannelOption(.allowRemoteHalfClosure, value: true)
        .childChannelOption(.writeBufferWaterMark, value: unread)
        .childChannelInitializer { channel in
          channel.eventLoop.makeCompletedFuture {
            try channel.pipeline.syncOperations.addHandler(PeerHandler(hub.value))
          }
        }
        .bind(host: host, port: port).get()
      return Shell(group, listener, hub)
    } catch {
      try? await group.shutdownGracefully()
      throw error
    }
  }

  /// The port that it listens on.
  public var port: Int { listener.localAddress?.port ?? 0 }

  /// Stops listening, ends all connections, and returns when all is quiet.
  public func stop() async throws {
    try? await listener.close()
    let hub = hub
    try await listener.eventLoop.submit { hub.value.hangUp() }.get()
    try await group.shutdownGracefully()
  }
}

/// Everything of a shell that lives on its event loop.
final class Hub {
  private var server: Server
  private var peers: [ConnectionID: Peer] = [:]
  private var lastConnection = 0
  private let limits: Shell.Limits
  private let logger: Logger?
  private let loop: any EventLoop
  private let start = NIODeadline.now()
  private var alarm: (time: Int64, task: Scheduled<Void>)?

  private struct Peer {
    let channel: any Channel
    /// What was given to the channel and is not with the operating system yet, in bytes.
    var waiting = 0
    /// The server has ended it: what comes is ignored.
    var isEnding = false
  }

  init(_ server: Server, limits: Shell.Limits, logger: Logger?, loop: any EventLoop) {
    self.server = server
    self.server.replyBudget = limits.unread.upperBound
    self.limits = limits
    self.logger = logger
    self.loop = loop
  }

  // What channels say.

  func opened(_ channel: any Channel) -> ConnectionID {
    lastConnection += 1
    let id = ConnectionID(lastConnection)
    peers[id] = Peer(channel: channel)
    let address = channel.remoteAddress?.ipAddress ?? ""
    logger?.debug("connected", metadata: ["peer": "\(id.rawValue)", "address": "\(address)"])
    perform { $0.open(id, from: address) }
    return id
  }

  func received(_ bytes: ByteBuffer, from id: ConnectionID) {
    guard peers[id]?.isEnding == false else { return }
    perform { $0.receive(bytes, from: id) }
  }

  /// The peer will send no more.
  func inputEnded(_ id: ConnectionID) {
    guard let peer = peers[id] else { return }
    perform { $0.disconnected(id) }
    // What was sent to it before may still be on its way.
    end(id, peer)
  }

  func closed(_ id: ConnectionID) {
    guard peers.removeValue(forKey: id) != nil else { return }
    logger?.debug("gone", metadata: ["peer": "\(id.rawValue)"])
    perform { $0.disconnected(id) }
  }

  func hangUp() {
    alarm?.task.cancel()
    for peer in peers.values { peer.channel.close(promise: nil) }
  }

  // What the server wants.

  /// Lets the server do something at the present time, and does what it wants.
  private func perform(_ input: (inout Server) -> [Output]) {
    let now = (NIODeadline.now() - start).nanoseconds / 1_000_000
    var touched: Set<ConnectionID> = []
    for output in server.advance(to: now) + input(&server) {
      switch output {
      case .send(let bytes, let id):
        write(bytes, to: id)
        touched.insert(id)
      case .close(let id):
        if let peer = peers[id] { end(id, peer) }
      }
    }
    for id in touched { peers[id]?.channel.flush() }
    setAlarm()
  }

  private func write(_ bytes: ByteBuffer, to id: ConnectionID) {
    guard let channel = peers[id]?.channel else { return }
    let count = bytes.readableBytes
    peers[id]?.waiting += count
    channel.write(bytes).assumeIsolated().whenComplete { [weak self] _ in
      self?.wrote(count, to: id)
    }
    if let waiting = peers[id]?.waiting, waiting > limits.cutOff {
      logger?.warning("does not read, cut off", metadata: ["peer": "\(id.rawValue)"])
      channel.close(promise: nil)
    }
  }

  /// The operating system has taken something; if little is left, more may be asked for.
  private func wrote(_ count: Int, to id: ConnectionID) {
    peers[id]?.waiting -= count
    guard let peer = peers[id], peer.waiting <= limits.unread.lowerBound, server.isHeldBack(id)
    else { return }
    // Not at once: this may be in the middle of a flush, and would grow the stack.
    loop.assumeIsolated().execute { [weak self] in self?.perform { $0.proceed(id) } }
  }

  /// Says goodbye: what was sent goes out, then our side ends; theirs has a little time.
  ///
  /// Closing at once would lose the last reply where the peer has sent more than was read.
  private func end(_ id: ConnectionID, _ peer: Peer) {
    guard !peer.isEnding else { return }
    peers[id]?.isEnding = true
    let channel = peer.channel
    channel.writeAndFlush(ByteBuffer()).whenComplete { _ in
      channel.close(mode: .output, promise: nil)
    }
    loop.scheduleTask(in: limits.farewell) { channel.close(promise: nil) }
  }

  private func setAlarm() {
    let deadline = server.nextDeadline
    guard deadline != alarm?.time else { return }
    alarm?.task.cancel()
    alarm = deadline.map { time in
      let task = loop.assumeIsolated().scheduleTask(deadline: start + .milliseconds(time)) {
        [weak self] in
        self?.alarm = nil
        self?.perform { _ in [] }
      }
      return (time, task)
    }
  }
}

/// One connection's part in its channel.
private final class PeerHandler: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  private let hub: Hub
  private var id: ConnectionID?

  init(_ hub: Hub) { self.hub = hub }

  func channelActive(context: ChannelHandlerContext) {
    id = hub.opened(context.channel)
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    if let id { hub.received(unwrapInboundIn(data), from: id) }
  }

  /// A peer that does not read is not read.
  func channelWritabilityChanged(context: ChannelHandlerContext) {
    context.channel.setOption(.autoRead, value: context.channel.isWritable)
      .whenFailure { _ in }
    context.fireChannelWritabilityChanged()
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if let event = event as? ChannelEvent, event == .inputClosed {
      if let id { hub.inputEnded(id) }
    } else {
      context.fireUserInboundEventTriggered(event)
    }
  }

  func channelInactive(context: ChannelHandlerContext) {
    if let id { hub.closed(id) }
    context.fireChannelInactive()
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    context.close(promise: nil)
  }
}
