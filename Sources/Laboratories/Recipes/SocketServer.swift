import EmbeddedServers
import NIOCore
import NIOPosix
import Synchronization
import ZooKeeper
import ZooKeeperClient

/// The reference server on loopback, for clients that somebody else wrote, with faults at the
/// server's end of their connections.
///
/// Each process has a port of its own, by which its connections are known.
final class SocketServer: Sendable {
  private struct State {
    var server = EmbeddedServer.simulated
    var channels: [Int: any Channel] = [:]
    var processes: [Int: Int] = [:]
    var last = 0
    /// Connections whose answers are lost, because they are about to break.
    var mute: Set<Int> = []
  }

  private let state = Mutex(State())
  private let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
  private let began = ContinuousClock.now

  private var now: Milliseconds { Milliseconds(ContinuousClock.now - began) }

  /// Begins to listen, once for each process.
  ///
  /// - Returns: The ports.
  func start(_ processes: Int) async throws -> [Int] {
    var ports: [Int] = []
    for process in 0..<processes {
      let channel = try await ServerBootstrap(group: group)
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

  func stop() async { try? await group.shutdownGracefully() }

  /// What a judge may look up.
  var judged: EmbeddedServer { state.withLock(\.server) }

  /// A process's connections break; with `losingReplies` what it asks until then is done.
  func cut(_ process: Int, losingReplies: Bool) {
    let ids = state.withLock { state in
      state.processes.filter { $0.value == process }.map(\.key).sorted()
    }
    if losingReplies { state.withLock { $0.mute.formUnion(ids) } }
    let wait: TimeAmount = losingReplies ? .milliseconds(150) : .zero
    for id in ids {
      group.next().scheduleTask(in: wait) { [self] in
        state.withLock { $0.channels[id] }?.close(promise: nil)
      }
    }
  }

  // MARK: Connections

  fileprivate func open(_ channel: any Channel, _ process: Int) -> Int {
    let now = now
    return state.withLock { state in
      state.last += 1
      state.channels[state.last] = channel
      state.processes[state.last] = process
      state.server.open(state.last, now: now)
      return state.last
    }
  }

  fileprivate func receive(_ bytes: ByteBuffer, on id: Int) {
    let now = now
    state.withLock { $0.server.receive(bytes, on: id, now: now) }
    send()
  }

  fileprivate func close(_ id: Int) {
    let now = now
    state.withLock { state in
      (state.channels[id], state.processes[id]) = (nil, nil)
      state.mute.remove(id)
      state.server.close(id, now: now)
    }
    send()
  }

  /// Says what the server has to say.
  private func send() {
    let wished = state.withLock { state in
      state.server.takeOutput().map { output -> (MemoryServerOutput, (any Channel)?) in
        switch output {
        case .send(_, let id): (output, state.mute.contains(id) ? nil : state.channels[id])
        case .close(let id): (output, state.channels[id])
        }
      }
    }
    for (output, channel) in wished {
      switch output {
      case .send(let bytes, _): channel?.writeAndFlush(bytes, promise: nil)
      case .close: channel?.close(promise: nil)
      }
    }
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
