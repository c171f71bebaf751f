import NIOCore
import NIOPosix
import Testing
import ZooKeeper
import ZooKeeperServer
import ZooKeeperWire

/// A client's end of a TCP connection: what it was sent piles up until it is waited for.
final class Peer: Sendable {
  let channel: any Channel
  private let arrivals: AsyncStream<ByteBuffer>

  /// - Parameter first: What it says as soon as it is connected, however long its test must wait
  ///   to go on: a server waits for a client's first words by the clock.
  init(
    _ port: Int, host: String = "127.0.0.1", reads: Bool = true, saying first: ByteBuffer? = nil
  ) async throws {
    let (arrivals, continuation) = AsyncStream.makeStream(of: ByteBuffer.self)
    self.arrivals = arrivals
    channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .channelOption(.autoRead, value: reads)
      .channelOption(.allowRemoteHalfClosure, value: true)
      .channelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandler(Collector(continuation))
        }
      }
      .connect(host: host, port: port)
      .flatMap { channel in
        guard let first else { return channel.eventLoop.makeSucceededFuture(channel) }
        return channel.writeAndFlush(first).map { channel }
      }
      .get()
  }

  private final class Collector: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    let continuation: AsyncStream<ByteBuffer>.Continuation
    init(_ continuation: AsyncStream<ByteBuffer>.Continuation) { self.continuation = continuation }
    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
      continuation.yield(unwrapInboundIn(data))
    }
    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
      if event as? ChannelEvent == .inputClosed { continuation.finish() }
    }
    func channelInactive(context: ChannelHandlerContext) { continuation.finish() }
    func errorCaught(context: ChannelHandlerContext, error: any Error) {
      // A reset instead of an end: nothing that came before it counts.
      continuation.yield(ByteBuffer(string: "\(error)"))
      continuation.finish()
    }
  }

  func send(_ bytes: ByteBuffer) async throws { try await channel.writeAndFlush(bytes) }

  func send(_ text: String) async throws { try await send(ByteBuffer(string: text)) }

  func connect(timeout: Int32 = 10_000) async throws {
    try await send(Self.greeting(timeout: timeout))
    _ = try await frames(1)
  }

  /// A request for a session.
  static func greeting(timeout: Int32 = 10_000) -> ByteBuffer {
    var bytes = ByteBuffer()
    bytes.writeFrame { ConnectRequest(timeout: timeout).write(to: &$0) }
    return bytes
  }

  func ask(_ requests: Request...) async throws {
    try await send(Self.bytes(requests))
  }

  static func bytes(_ requests: [Request]) -> ByteBuffer {
    var bytes = ByteBuffer()
    for (place, request) in requests.enumerated() {
      ClientFrame(xid: Xid(place + 1), request).write(to: &bytes)
    }
    return bytes
  }

  /// Waits for so many frames.
  func frames(_ count: Int) async throws -> [ByteBuffer] {
    var reader = FrameReader(limit: FrameReader.clientLimit)
    var frames: [ByteBuffer] = []
    for await bytes in arrivals {
      reader.append(bytes)
      while let frame = try reader.next() { frames.append(frame) }
      if frames.count >= count { break }
    }
    return frames
  }

  /// Waits for the end, and gives all that came before it.
  func rest() async -> ByteBuffer {
    var all = ByteBuffer()
    for await bytes in arrivals { all.writeImmutableBuffer(bytes) }
    return all
  }
}

extension Server {
  /// A server for tests that are not about deadlines, which pass by the real clock however busy the
  /// machine is.
  static var patient: Server {
    var settings = Settings()
    settings.timeouts = 3_600_000...7_200_000
    settings.handshakeTimeout = 3_600_000
    return Server(settings)
  }
}

@Suite struct `The server on TCP` {
  /// What a four-letter word says over a connection of its own.
  func word(_ word: String, _ port: Int) async throws -> String {
    let peer = try await Peer(port)
    try await peer.send(word)
    return String(buffer: await peer.rest())
  }

  @Test func `It serves, and when it is stopped its port is free`() async throws {
    let shell = try await Shell.listen(.patient, port: 0)
    let port = shell.port
    let peer = try await Peer(port)
    try await peer.connect()
    try await peer.ask(.create(Create("/a")))
    let reply = try await peer.frames(1)
    #expect(
      try ReplyHeader(decoding: reply[0].getSlice(at: 0, length: 16) ?? ByteBuffer(), .lenient)
        == ReplyHeader(xid: 1, zxid: Zxid(2)))
    try await shell.stop()
    #expect(await peer.rest().readableBytes == 0)
    try await Shell.listen(.patient, port: port).stop()
  }

  @Test func `A port that is taken is an error`() async throws {
    let shell = try await Shell.listen(.patient, port: 0)
    await #expect(throws: (any Error).self) {
      try await Shell.listen(.patient, port: shell.port)
    }
    try await shell.stop()
  }

  @Test func `A peer that has said all it will say is still answered`() async throws {
    let shell = try await Shell.listen(.patient, port: 0)
    let peer = try await Peer(shell.port)
    // In one go: the answer ends the connection, and may be there before a second call.
    let channel = peer.channel
    try await channel.eventLoop.flatSubmit {
      channel.writeAndFlush(ByteBuffer(string: "ruok"), promise: nil)
      return channel.close(mode: .output)
    }.get()
    #expect(String(buffer: await peer.rest()) == "imok")
    try await shell.stop()
  }

  @Test func `The last reply arrives, however much was sent behind the request`() async throws {
    let shell = try await Shell.listen(.patient, port: 0)
    let peer = try await Peer(shell.port)
    try await peer.connect()
    let behind = [Request](
      repeating: .setData(path: "/", data: [UInt8](repeating: 0, count: 10_000)),
      count: 200)
    try await peer.send(Peer.bytes([.closeSession] + behind))
    let bytes = await peer.rest()
    #expect(bytes.readableBytes == 4 + ReplyHeader.size)
    try await shell.stop()
  }

  @Test func `Sessions expire by the real clock`() async throws {
    var settings = Settings()
    settings.tick = 20
    let shell = try await Shell.listen(Server(settings), port: 0)
    let peer = try await Peer(shell.port)
    try await peer.connect(timeout: 40)
    #expect(await peer.rest().readableBytes == 0)
    try await shell.stop()
  }

  @Test func `Who does not read is not read, and delays nobody`() async throws {
    let shell = try await Shell.listen(.patient, port: 0)
    let (glutton, other) = (try await Peer(shell.port), try await Peer(shell.port))
    try await glutton.connect()
    let large = [UInt8](repeating: 1, count: 1_000_000)
    try await glutton.ask(.create(Create("/large", data: large)))
    _ = try await glutton.frames(1)
    try await glutton.channel.setOption(.autoRead, value: false).get()
    // Replies of 400 MB, more than the buffers of both sides can hold.
    for _ in 0..<40 {
      try await glutton.send(
        Peer.bytes([Request](repeating: .getData(path: "/large"), count: 10)))
    }
    try await other.connect()
    try await other.ask(.exists(path: "/large"))
    #expect(try await other.frames(1).count == 1)
    let sent = try await word("srvr", shell.port).split(separator: "\n")
      .first { $0.hasPrefix("Sent:") }.flatMap { Int($0.dropFirst(6)) }
    #expect(try #require(sent) < 200)
    try await glutton.channel.setOption(.autoRead, value: true).get()
    let replies = try await glutton.frames(400)
    #expect(replies.count == 400)
    try await shell.stop()
  }

  @Test func `Who lets too much pile up is cut off`() async throws {
    var limits = Shell.Limits()
    limits.cutOff = 1 << 20
    let shell = try await Shell.listen(.patient, port: 0, limits: limits)
    let (watcher, other) = (try await Peer(shell.port), try await Peer(shell.port))
    try await watcher.connect()
    try await other.connect()
    let large = [UInt8](repeating: 1, count: 900_000)
    try await other.ask(.create(Create("/large", data: large)))
    _ = try await other.frames(1)
    try await watcher.channel.setOption(.autoRead, value: false).get()
    try await watcher.send(Peer.bytes([Request](repeating: .getData(path: "/large"), count: 40)))
    try await other.ask(.exists(path: "/large"))
    #expect(try await other.frames(1).count == 1)
    try await watcher.channel.setOption(.autoRead, value: true).get()
    #expect(await watcher.rest().readableBytes < 40 * large.count)
    try await shell.stop()
  }

  /// Waits until the other side has closed wholly, and takes nothing more.
  private func expectClosed(_ peer: Peer) async {
    for _ in 0..<100_000 {
      do { try await peer.send("x") } catch { return }
    }
    Issue.record("it lingers")
  }

  @Test func `Who is refused is gone at once, and so are all but a few that have ended`()
    async throws
  {
    var settings = Server.patient.settings
    settings.connectionsPerAddress = 2
    var limits = Shell.Limits()
    limits.farewell = .hours(1)
    limits.lingering = 3
    let shell = try await Shell.listen(Server(settings), port: 0, limits: limits)
    let first = try await Peer(shell.port)
    try await first.connect()
    let second = try await Peer(shell.port)
    try await second.connect()
    for _ in 0..<5 {
      let peer = try await Peer(shell.port)
      _ = await peer.rest()
      await expectClosed(peer)
    }
    try await second.ask(.closeSession)
    _ = await second.rest()
    var asked: [Peer] = []
    for _ in 0..<6 {
      let peer = try await Peer(shell.port)
      try await peer.send("ruok")
      #expect(String(buffer: await peer.rest()) == "imok")
      asked.append(peer)
    }
    await expectClosed(second)
    for peer in asked.prefix(3) { await expectClosed(peer) }
    for peer in asked { try? await peer.channel.close() }
    try await shell.stop()
  }

  /// A client that does not read, has asked for twenty large replies, and then for a write.
  private func glutton(_ port: Int) async throws -> Peer {
    let (glutton, other) = (try await Peer(port), try await Peer(port))
    try await glutton.connect()
    try await glutton.ask(.create(Create("/large", data: [UInt8](repeating: 1, count: 1_000_000))))
    _ = try await glutton.frames(1)
    try await glutton.channel.setOption(.autoRead, value: false).get()
    try await glutton.send(
      Peer.bytes([Request](repeating: .getData(path: "/large"), count: 20)))
    var bytes = ByteBuffer()
    ClientFrame(xid: 21, .create(Create("/behind"))).write(to: &bytes)
    ClientFrame(xid: .ping, .ping).write(to: &bytes)
    try await glutton.send(bytes)
    // All is read, though it takes nothing.
    let place = "127.0.0.1:\(try #require(glutton.channel.localAddress?.port))["
    try await other.connect()
    for tries in 1...100_000 {
      let told = try await word("cons", port).split(separator: "\n").first { $0.contains(place) }
      if told?.contains("recved=24,") == true { break }
      if tries == 100_000 { Issue.record("it is not read") }
    }
    try await other.ask(.exists(path: "/behind"))
    #expect(try await other.frames(1).first?.readableBytes == 16)
    return glutton
  }

  @Test func `What was asked before it stops is served to who takes it`() async throws {
    var limits = Shell.Limits()
    limits.farewell = .hours(1)
    let shell = try await Shell.listen(.patient, port: 0, limits: limits)
    let glutton = try await glutton(shell.port)
    async let stopped: Void = shell.stop()
    try await glutton.channel.setOption(.autoRead, value: true).get()
    #expect(try await glutton.frames(22).count == 22)
    try await glutton.channel.close()
    try await stopped
  }

  @Test func `Who takes nothing is not waited for for long when it stops`() async throws {
    var limits = Shell.Limits()
    limits.farewell = .milliseconds(50)
    let shell = try await Shell.listen(.patient, port: 0, limits: limits)
    _ = try await glutton(shell.port)
    try await shell.stop()
  }
}
