import Histogram
import NIOCore
import ZooKeeper
import ZooKeeperWire

/// What was measured of the requests of all connections.
struct Tally {
  var count = 0
  /// Replies that were errors.
  var errors = 0
  /// Times from sending to the reply, in nanoseconds, with three digits.
  var times = Histogram<UInt32>(highestTrackableValue: 60_000_000_000)
}

/// What the connections of a load share, on their event loop.
final class LoadState {
  var tally = Tally()
  var isMeasuring = false
  /// Whether each reply is followed by another request.
  var isRunning = false
}

/// One connection of a load: it has a session, and so many requests under way.
final class LoadConnection: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  private let state: LoadState
  private var context: ChannelHandlerContext?
  private var reader = FrameReader(limit: FrameReader.clientLimit)
  private var session: EventLoopPromise<Void>?
  private var quiet: EventLoopPromise<Void>?
  private var source: RequestSource?
  private var xid: Int32 = 0
  /// When the requests under way were sent, the oldest first, in a ring.
  private var sent: [NIODeadline] = []
  private var first = 0
  private var underWay = 0
  private var isClosing = false

  init(_ state: LoadState, session: EventLoopPromise<Void>) {
    self.state = state
    self.session = session
  }

  /// Why a load ended.
  enum Failure: Error, CustomStringConvertible {
    case closed
    var description: String { "the server has closed a connection" }
  }

  func channelActive(context: ChannelHandlerContext) {
    self.context = context
    var bytes = ByteBuffer()
    bytes.writeFrame { ConnectRequest(timeout: 30_000).write(to: &$0) }
    context.writeAndFlush(wrapOutboundOut(bytes), promise: nil)
  }

  func channelInactive(context: ChannelHandlerContext) {
    session?.fail(Failure.closed)
    session = nil
    if isClosing { quiet?.succeed() } else { quiet?.fail(Failure.closed) }
    quiet = nil
    self.context = nil
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    context.close(promise: nil)
  }

  // MARK: Load

  /// Begins to ask, and goes on while the state says so.
  ///
  /// - Returns: Done when all is answered.
  func run(
    _ source: RequestSource, depth: Int, on loop: any EventLoop
  ) -> EventLoopFuture<Void> {
    let promise = loop.makePromise(of: Void.self)
    guard context != nil else {
      promise.fail(Failure.closed)
      return promise.futureResult
    }
    self.source = source
    quiet = promise
    sent = [NIODeadline](repeating: .uptimeNanoseconds(0), count: depth)
    first = 0
    underWay = 0
    ask(depth)
    return promise.futureResult
  }

  /// Deletes what was created.
  func clear(depth: Int, on loop: any EventLoop) -> EventLoopFuture<Void> {
    guard var source else { return loop.makeSucceededVoidFuture() }
    source.clear()
    return run(source, depth: depth, on: loop)
  }

  /// Ends the session.
  func close(on loop: any EventLoop) -> EventLoopFuture<Void> {
    guard let context else { return loop.makeSucceededVoidFuture() }
    let promise = loop.makePromise(of: Void.self)
    quiet = promise
    isClosing = true
    var bytes = ByteBuffer()
    ClientFrame(xid: xid + 1, .closeSession).write(to: &bytes)
    context.writeAndFlush(wrapOutboundOut(bytes), promise: nil)
    return promise.futureResult
  }

  private func ask(_ count: Int) {
    var bytes = ByteBuffer()
    let now = NIODeadline.now()
    for _ in 0..<count {
      guard source?.next(xid + 1, to: &bytes) == true else { break }
      xid = xid == .max ? 0 : xid + 1
      sent[(first + underWay) % sent.count] = now
      underWay += 1
    }
    if let context, bytes.readableBytes > 0 {
      context.writeAndFlush(wrapOutboundOut(bytes), promise: nil)
    }
    if underWay == 0 {
      quiet?.succeed()
      quiet = nil
    }
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    reader.append(unwrapInboundIn(data))
    do {
      var answered = 0
      while let frame = try reader.next() {
        if let promise = session {
          session = nil
          promise.succeed()
        } else if !isClosing, underWay > 0 {
          take(frame)
          answered += 1
        }
      }
      if answered > 0 { ask(state.isRunning ? answered : 0) }
    } catch {
      context.close(promise: nil)
    }
  }

  private func take(_ frame: ByteBuffer) {
    if state.isMeasuring {
      state.tally.count += 1
      let time = (NIODeadline.now() - sent[first]).nanoseconds
      state.tally.times.record(UInt64(max(1, min(time, 60_000_000_000))))
      // Behind the number and the zxid.
      if frame.getInteger(at: frame.readerIndex + 12, as: Int32.self) != 0 {
        state.tally.errors += 1
      }
    }
    first = (first + 1) % sent.count
    underWay -= 1
  }
}
