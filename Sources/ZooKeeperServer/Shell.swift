public import Logging
public import NIOCore
internal import NIOHTTP1
internal import NIOPosix
internal import ZooKeeper

/// A ``Server`` on TCP, by a real clock: one thread, one server, all its connections.
///
/// What it adds are limits that only sockets have. A peer that does not read what it is sent is
/// not served; its pings are still read, so that its session lives, until too much that it asks for
/// waits: then it is not read either (back-pressure), and lives as long as it takes something. When
/// too much waits for it, it is cut off: it delays nobody else and costs a bounded amount of
/// memory.
///
/// With a ``Journal`` it stores what the server does, and nobody is told of anything before that is
/// stable. When the disk fails it ends all connections, and ``failed()`` says so: what the disk
/// holds then only another start can tell.
///
/// ```swift
/// let shell = try await Shell.listen(Server(), host: "127.0.0.1", port: 2181)
/// try await shell.stop()
/// ```
public final class Shell: Sendable {
  /// The bounds of what waits to be sent to one peer, in bytes.
  public struct Limits: Sendable {
    /// Above the upper bound a peer is not served any more, until it is below the lower.
    public var unread: ClosedRange<Int> = 1 << 16...1 << 20
    /// Above this a peer is cut off; a reply may be as long as 64 MiB.
    public var cutOff = 128 << 20
    /// So much may wait of what a peer asks for that is not served, before it is not read either; a
    /// request counts for its bytes and 256 more.
    ///
    /// From then on its session lives only by the bytes that the system takes for it. With large
    /// buffers of sockets that is in steps of a megabyte: too long for short timeouts.
    public var backlog = 1 << 20
    /// How long a peer has to take what was sent before its end.
    public var farewell = TimeAmount.seconds(2)
    /// How many peers have that time; when there is another, the oldest is cut off.
    public var lingering = 12
    /// How many may ask over HTTP at a time.
    public var webConnections = 8
    /// So many transactions may wait for the disk before peers that ask for more are not read:
    /// `globalOutstandingLimit`.
    public var outstanding = 1000

    /// A batch of transactions that takes longer to become stable is told of:
    /// `fsync.warningthresholdms`.
    public var slowSync = TimeAmount.seconds(1)

    /// How long somebody who asks over HTTP may be silent: `admin.idleTimeout`.
    public var webIdleness = TimeAmount.seconds(30)

    /// 64 KiB to 1 MiB, 128 MiB, 1 MiB, two seconds, 12, 8, 1000, a second.
    public init() {}
  }

  /// A place where a server is asked over HTTP.
  public struct WebPlace: Hashable, Sendable {
    /// The address to listen on.
    public var host: String
    /// The port, 0 for any that is free.
    public var port: Int
    /// The path of the AdminServer's commands; nil for what Prometheus collects, `/metrics`.
    public var commands: String?

    /// This place.
    public init(host: String, port: Int, commands: String? = nil) {
      self.host = host
      self.port = port
      self.commands = commands
    }
  }

  /// An address and a port, as one says where somebody listens; one of IPv6 stands in brackets.
  public static func place(_ host: String, _ port: Int) -> String {
    host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
  }

  /// Nobody can listen there.
  public struct ListeningError: Error, CustomStringConvertible {
    /// Where, `127.0.0.1:2181`.
    public let place: String
    /// For whom.
    public let purpose: Purpose
    /// What the operating system says.
    public let cause: any Error

    /// Whom somebody listens for, closed.
    public enum Purpose: Hashable, Sendable {
      case clients
      case clientsWithTLS
      case admin
      case metrics
    }

    /// `cannot listen on …`, why, and which key of a `zoo.cfg` says so.
    public var description: String {
      "cannot listen on \(place): \(words)\n  It is where \(purpose)."
    }

    private var words: String {
      switch cause {
      case let error as IOError: error.words
      case is SocketAddressError, is SocketAddressError.UnknownHost: "no such address"
      default: "\(cause)"
      }
    }
  }

  private let group: MultiThreadedEventLoopGroup
  private let pool: NIOThreadPool
  private let listener: (any Channel)?
  private let secureListener: (any Channel)?
  private let webListeners: [any Channel]
  private let hub: NIOLoopBound<Hub>
  /// What the disk says against it, should it fail.
  private let failures: AsyncStream<any Error>
  private let failure: AsyncStream<any Error>.Continuation

  private init(
    _ group: MultiThreadedEventLoopGroup, _ pool: NIOThreadPool,
    _ listeners: (open: (any Channel)?, secure: (any Channel)?, web: [any Channel]),
    _ hub: NIOLoopBound<Hub>,
    _ failure: (stream: AsyncStream<any Error>, continuation: AsyncStream<any Error>.Continuation)
  ) {
    self.group = group
    self.pool = pool
    listener = listeners.open
    secureListener = listeners.secure
    webListeners = listeners.web
    self.hub = hub
    failures = failure.stream
    self.failure = failure.continuation
  }

  /// Begins to serve.
  ///
  /// - Parameters:
  ///   - server: The server; its time begins now.
  ///   - host: The address to listen on.
  ///   - port: The port, 0 for any that is free; nil if only TLS is spoken.
  ///   - secure: Where it speaks TLS.
  ///   - limits: The bounds of what waits.
  ///   - logger: Told of connections.
  ///   - journal: Where it stores; nil for a server in memory.
  ///   - web: Where it is asked over HTTP.
  /// - Throws: What the operating system says against it, or a ``SecurePlace/Fault``.
  public static func listen(
    _ server: Server, host: String = "127.0.0.1", port: Int?, secure: SecurePlace? = nil,
    limits: Limits = Limits(), logger: Logger? = nil, journal: Journal? = nil,
    web: [WebPlace] = []
  ) async throws -> Shell {
    let layer = try secure.map { try TLSLayer($0) }
    let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    let pool = NIOThreadPool(numberOfThreads: 3)
    if journal != nil { pool.start() }
    let loop = group.any()
    let failure = AsyncStream.makeStream(of: (any Error).self)
    do {
      let hub = try await loop.submit {
        let commit = journal.map { GroupCommit($0, pool: pool, loop: loop) }
        let hub = Hub(server, limits: limits, logger: logger, loop: loop, commit: commit)
        commit?.failed = { [weak hub] error in
          hub?.hangUp()
          failure.continuation.yield(error)
        }
        return NIOLoopBound(hub, eventLoop: loop)
      }.get()
      let open = try await port.asyncMap { port in
        try await Self.serve(host, port, nil, group, hub, limits)
      }
      let encrypted = try await secure.asyncMap { place in
        try await Self.serve(place.host, place.port, layer, group, hub, limits)
      }
      var webListeners: [any Channel] = []
      for place in web {
        webListeners.append(try await Self.serve(place, group, hub, limits))
      }
      return Shell(group, pool, (open, encrypted, webListeners), hub, failure)
    } catch {
      try? await pool.shutdownGracefully()
      try? await group.shutdownGracefully()
      throw error
    }
  }

  /// Listens for clients, behind a layer of TLS if there is one.
  private static func serve(
    _ host: String, _ port: Int, _ layer: TLSLayer?, _ group: MultiThreadedEventLoopGroup,
    _ hub: NIOLoopBound<Hub>, _ limits: Limits
  ) async throws -> any Channel {
    let unread = ChannelOptions.Types.WriteBufferWaterMark(
      low: limits.unread.lowerBound, high: limits.unread.upperBound)
    return try await ServerBootstrap(group: group)
      .serverChannelOption(.backlog, value: 256)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .childChannelOption(.socketOption(.tcp_nodelay), value: 1)
      .childChannelOption(.allowRemoteHalfClosure, value: true)
      .childChannelOption(.writeBufferWaterMark, value: unread)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          let pipeline = channel.pipeline.syncOperations
          try layer?.add(to: pipeline)
          try pipeline.addHandler(PeerHandler(hub.value, isSecure: layer != nil))
        }
      }
      .listening(on: host, port, for: layer == nil ? .clients : .clientsWithTLS)
  }

  private static func serve(
    _ place: WebPlace, _ group: MultiThreadedEventLoopGroup, _ hub: NIOLoopBound<Hub>,
    _ limits: Limits
  ) async throws -> any Channel {
    let site = place.commands.map { WebSite.admin(commands: $0) } ?? .metrics
    return try await ServerBootstrap(group: group)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          let pipeline = channel.pipeline.syncOperations
          try pipeline.configureHTTPServerPipeline()
          try pipeline.addHandler(IdleStateHandler(allTimeout: limits.webIdleness))
          try pipeline.addHandler(WebHandler(site, hub.value, limit: limits.webConnections))
        }
      }
      .listening(on: place.host, place.port, for: place.commands == nil ? .metrics : .admin)
  }

  /// The port that it listens on; 0 if only TLS is spoken.
  public var port: Int { listener?.localAddress?.port ?? 0 }

  /// The port on which it speaks TLS; nil if on none.
  public var securePort: Int? { secureListener?.localAddress?.port }

  /// The ports on which it is asked over HTTP.
  public var webPorts: [Int] { webListeners.map { $0.localAddress?.port ?? 0 } }

  /// Waits until the disk fails, if it ever does, or until the shell is stopped.
  ///
  /// - Returns: What the disk has said; nil if nothing.
  public func failed() async -> (any Error)? {
    for await error in failures { return error }
    return nil
  }

  /// Stops listening and reading; when what was asked before is stored and told, ends all
  /// connections, and returns when all is quiet.
  public func stop() async throws {
    for listener in webListeners + [listener, secureListener].compactMap({ $0 }) {
      try? await listener.close()
    }
    let hub = hub
    try await group.any().flatSubmit { hub.value.stop() }.get()
    failure.finish()
    try await pool.shutdownGracefully()
    try await group.shutdownGracefully()
  }
}

extension ServerBootstrap {
  /// Listens, or says where it cannot.
  ///
  /// All addresses are those of IPv6 too, where there are any, as with Java.
  fileprivate func listening(
    on host: String, _ port: Int, for purpose: Shell.ListeningError.Purpose
  ) async throws -> any Channel {
    do {
      if host == "0.0.0.0", let both = try? await bindBoth(port) { return both }
      return try await bind(host: host, port: port).get()
    } catch {
      throw Shell.ListeningError(
        place: Shell.place(host, port), purpose: purpose, cause: error)
    }
  }

  /// Listens on all addresses of IPv6 and IPv4, by one socket.
  private func bindBoth(_ port: Int) async throws -> any Channel {
    let option = ChannelOptions.Types.SocketOption(level: .ipv6, name: .ipv6_v6only)
    // A socket of IPv4, should there be one after this, knows no such option.
    return try await serverChannelInitializer { channel in
      channel.setOption(option, value: 0).flatMapErrorThrowing { _ in }
    }.bind(host: "::", port: port).get()
  }
}

extension Shell.ListeningError.Purpose: CustomStringConvertible {
  /// Who is served, and the keys that say where.
  public var description: String {
    switch self {
    case .clients: "clients are served (clientPort, clientPortAddress; --port, --host)"
    case .clientsWithTLS: "TLS is spoken (secureClientPort, secureClientPortAddress)"
    case .admin: "the AdminServer is asked (admin.serverPort, admin.serverAddress)"
    case .metrics:
      "Prometheus collects (metricsProvider.httpPort, metricsProvider.httpHost)"
    }
  }
}

extension IOError {
  /// What the operating system says, and no more.
  var words: String {
    let text = String(cString: strerror(errnoCode))
    return text.prefix(1).lowercased() + text.dropFirst()
  }
}

extension Optional {
  /// The value that a call makes of this one, if there is one.
  fileprivate func asyncMap<R>(_ call: (Wrapped) async throws -> R) async rethrows -> R? {
    if let value = self { try await call(value) } else { nil }
  }
}
