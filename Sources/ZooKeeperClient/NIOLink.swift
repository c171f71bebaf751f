public import NIOCore
internal import NIOPosix

/// Connections over TCP, on SwiftNIO, in real time.
///
/// All of a link happens on one event loop. After the process has been held up, the loop reads what
/// has come in the meantime before it looks at the clock, and nobody is taken for silent.
public struct NIOLink: Link {
  private let loop: any EventLoop

  /// A link that lives on a loop of `group`, of the process's own group if not given.
  public init(group: (any EventLoopGroup)? = nil) {
    loop = (group ?? MultiThreadedEventLoopGroup.singleton).next()
  }

  /// Milliseconds since some moment of this process; they pass while the machine sleeps, too.
  ///
  /// Servers count that time, so whoever holds something for a time must.
  public var now: Milliseconds {
    Milliseconds((ContinuousClock.now - Self.start) / .milliseconds(1))
  }

  private static let start = ContinuousClock.now

  /// Begins to connect.
  public func dial(
    _ host: HostAddress, _ number: Int, for receiver: any LinkReceiver
  ) -> any Line {
    let line = NIOLine(loop: loop, number: number, receiver: receiver)
    line.dial(host)
    return line
  }

  /// Schedules a wake-up.
  public func wake(at time: Milliseconds, _ receiver: any LinkReceiver) {
    let wait = TimeAmount.milliseconds(max(time - now, 1))
    loop.scheduleTask(in: min(wait, .hours(24))) { [weak receiver] in receiver?.woke(time) }
  }
}

/// One TCP connection.
///
/// All that concerns the channel happens on its event loop, in the order in which it was wished:
/// even what is wished on the loop itself goes through the loop's queue.
private final class NIOLine: Line {
  private let loop: any EventLoop
  private let number: Int
  private weak let receiver: (any LinkReceiver)?
  private let channel: NIOLoopBoundBox<ChannelState>

  enum ChannelState {
    /// Being made, or to be ended as soon as it is made.
    case dialing(isUnwanted: Bool)
    case open(any Channel)
    case over
  }

  init(loop: any EventLoop, number: Int, receiver: any LinkReceiver) {
    self.loop = loop
    self.number = number
    self.receiver = receiver
    self.channel = .makeBoxSendingValue(.dialing(isUnwanted: false), eventLoop: loop)
  }

  func dial(_ host: HostAddress) {
    ClientBootstrap(group: loop)
      .channelOption(.socketOption(.tcp_nodelay), value: 1)
      .channelOption(.autoRead, value: false)
      .channelInitializer { [self] channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandler(
            LineHandler(number: number, receiver: receiver, line: self))
        }
      }
      .connect(host: host.host, port: host.port)
      .hop(to: loop)
      .whenComplete { [self] result in connected(result) }
  }

  private func connected(_ result: Result<any Channel, any Error>) {
    switch (result, channel.value) {
    case (.success(let made), .dialing(isUnwanted: false)):
      channel.value = .open(made)
      receiver?.opened(number)
      // Reading starts only now, so that nothing is received before `opened`.
      made.setOption(.autoRead, value: true).whenFailure { _ in made.close(promise: nil) }
    case (.success(let made), _):
      channel.value = .over
      made.close(promise: nil)
    case (.failure, .dialing(let isUnwanted)):
      channel.value = .over
      if !isUnwanted { receiver?.ended(number) }
    case (.failure, _):
      break
    }
  }

  func write(_ bytes: ByteBuffer) {
    loop.execute { [self] in
      guard case .open(let channel) = channel.value else { return }
      channel.writeAndFlush(bytes, promise: nil)
    }
  }

  func hangUp() {
    loop.execute { [self] in
      switch channel.value {
      case .dialing: channel.value = .dialing(isUnwanted: true)
      case .open(let made):
        channel.value = .over
        made.close(promise: nil)
      case .over: break
      }
    }
  }

  func stopReading() { setReading(false) }

  func readAgain() { setReading(true) }

  private func setReading(_ isReading: Bool) {
    loop.execute { [self] in
      guard case .open(let channel) = channel.value else { return }
      channel.setOption(.autoRead, value: isReading).whenFailure { _ in
        channel.close(promise: nil)
      }
    }
  }

  /// The channel has ended by itself.
  func inactive() {
    guard case .open = channel.value else { return }
    channel.value = .over
    receiver?.ended(number)
  }
}

private final class LineHandler: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer

  private let number: Int
  private weak var receiver: (any LinkReceiver)?
  private let line: NIOLine

  init(number: Int, receiver: (any LinkReceiver)?, line: NIOLine) {
    self.number = number
    self.receiver = receiver
    self.line = line
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    receiver?.received(unwrapInboundIn(data), number)
  }

  func channelInactive(context: ChannelHandlerContext) {
    line.inactive()
    context.fireChannelInactive()
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    context.close(promise: nil)
  }
}
