import NIOCore
import NIOPosix
import ZooKeeper
import ZooKeeperWire

/// Connections that ask one server as fast as it answers, all on one event loop.
struct Load {
  private let loop: any EventLoop
  private let parts: NIOLoopBound<Parts>

  private final class Parts {
    let state = LoadState()
    var connections: [LoadConnection] = []
  }

  /// What one server did in some seconds.
  struct Measure {
    var tally: Tally
    var seconds: Double
    /// What the server's process took of the processor; nil if the process is not known.
    var processorSeconds: Double?
  }

  /// Opens so many connections, each with a session.
  init(_ host: String, _ port: Int, connections: Int) async throws {
    let loop = MultiThreadedEventLoopGroup.singleton.any()
    self.loop = loop
    parts = try await loop.submit { NIOLoopBound(Parts(), eventLoop: loop) }.get()
    for _ in 0..<connections { try await connect(host, port) }
  }

  private func connect(_ host: String, _ port: Int) async throws {
    let promise = loop.makePromise(of: Void.self)
    do {
      _ = try await ClientBootstrap(group: loop)
        .channelOption(.socketOption(.tcp_nodelay), value: 1)
        .channelInitializer { [parts] channel in
          channel.eventLoop.makeCompletedFuture {
            let connection = LoadConnection(parts.value.state, session: promise)
            parts.value.connections.append(connection)
            try channel.pipeline.syncOperations.addHandler(connection)
          }
        }
        .connect(host: host, port: port).get()
    } catch {
      promise.fail(error)
    }
    try await promise.futureResult.get()
  }

  /// Asks without a pause, and counts after a while.
  ///
  /// - Parameters:
  ///   - depth: How many requests each connection has under way.
  ///   - process: The server's.
  ///   - warm: Seconds before it counts.
  ///   - seconds: Seconds in which it counts.
  func run(
    _ workload: Workload, size: Int, depth: Int, folder: String, process: ServerProcess?,
    warm: Double, seconds: Double
  ) async throws -> Measure {
    let running = loop.submit { [parts, loop] in
      parts.value.state.isRunning = true
      parts.value.state.tally = Tally()
      return parts.value.connections.enumerated().map { number, connection in
        let source = RequestSource(workload, size: size, folder: folder, connection: number)
        return connection.run(source, depth: depth, on: loop)
      }
    }
    let answered = try await running.get()
    try await Task.sleep(for: .seconds(warm))
    let begin = (process?.processorTime, ContinuousClock.now)
    try await measuring(true)
    try await Task.sleep(for: .seconds(seconds))
    let end = (process?.processorTime, ContinuousClock.now)
    try await measuring(false)
    let tally = try await loop.submit { [parts] in
      parts.value.state.isRunning = false
      return parts.value.state.tally
    }.get()
    try await EventLoopFuture.andAllSucceed(answered, on: loop).get()
    var took: Double?
    if let before = begin.0, let after = end.0 { took = after - before }
    return Measure(
      tally: tally, seconds: (end.1 - begin.1) / .seconds(1), processorSeconds: took)
  }

  private func measuring(_ isMeasuring: Bool) async throws {
    try await loop.submit { [parts] in parts.value.state.isMeasuring = isMeasuring }.get()
  }

  /// Deletes what ``run(_:size:depth:folder:process:warm:seconds:)`` has created.
  func clear() async throws {
    let answered = try await loop.submit { [parts, loop] in
      parts.value.state.isRunning = true
      return parts.value.connections.map { $0.clear(depth: 32, on: loop) }
    }.get()
    try await EventLoopFuture.andAllSucceed(answered, on: loop).get()
  }

  /// Ends all sessions.
  func close() async throws {
    let closed = try await loop.submit { [parts, loop] in
      parts.value.connections.map { $0.close(on: loop) }
    }.get()
    try await EventLoopFuture.andAllSucceed(closed, on: loop).get()
  }
}
