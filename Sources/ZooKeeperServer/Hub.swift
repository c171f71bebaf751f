internal import Logging
internal import NIOCore
internal import ZooKeeper
internal import ZooKeeperPersistence

/// Everything of a shell that lives on its event loop.
final class Hub {
  private var server: Server
  private var peers: [ConnectionID: Peer] = [:]
  private var lastConnection = 0
  private let limits: Shell.Limits
  private let logger: Logger?
  private let log: EventLog?
  private let loop: any EventLoop
  private let commit: GroupCommit?
  private let start = NIODeadline.now()
  /// What the server wants done once so many transactions are stable, in order.
  private var held: ArraySlice<Held> = []
  /// No more is read: when all is told that was asked, this is told.
  private var stopping: EventLoopPromise<Void>?
  private var alarm: (time: Int64, task: Scheduled<Void>)?

  /// What waits until so many transactions are stable.
  private struct Held {
    let behind: Int
    let since: NIODeadline
    let action: Action

    enum Action {
      case output(Output)
      /// Requests of these connections are answered.
      case answered([ConnectionID])
      /// Somebody who has asked beside the clients is told.
      case telling(() -> Void)
    }
  }

  private struct Peer {
    let channel: any Channel
    /// What was given to the channel and is not with the operating system yet, in bytes.
    var waiting = 0
    /// The server has ended it: what comes is ignored.
    var isEnding = false
    /// It is not read while the disk is behind.
    var isPaused = false
    /// Why it will be gone, if nobody else says.
    var reason = ConnectionEnd.byPeer
  }

  init(
    _ server: Server, limits: Shell.Limits, logger: Logger?, loop: any EventLoop,
    commit: GroupCommit?
  ) {
    self.server = server
    self.commit = commit
    self.server.replyBudget = limits.unread.upperBound
    self.limits = limits
    self.logger = logger
    self.loop = loop
    log = logger.map { EventLog($0, loop: loop) }
    self.server.observations = Observations()
    commit?.progressed = { [weak self] in self?.release() }
    commit?.snapshotted = { [weak self] in
      self.map { ($0.server.service.applied, $0.server.digest) }
    }
    commit?.committed = { [weak self] count, time in self?.committed(count, time) }
    commit?.wroteSnapshot = { [weak self] zxid, time in
      guard let self else { return }
      self.server.measures.snapshotTimes.add(time)
      self.server.lastSnapshot = (zxid, self.server.time)
      self.logger?.info("\(Snapshot.name(zxid)) is written, zxid \(zxid), in \(time) ms")
    }
  }

  /// A batch of so many transactions is stable, after so many milliseconds.
  private func committed(_ count: Int, _ time: Int64) {
    server.measures.batchSizes.add(Int64(count))
    server.measures.syncTimes.add(time)
    guard .milliseconds(time) > limits.slowSync else { return }
    server.measures.slowSyncs += 1
    logger?.warning("storing \(count) transactions took \(time) ms: the disk is slow")
  }

  /// Asks the server something beside its clients.
  ///
  /// - Parameters:
  ///   - waits: Whether the answer may tell of transactions, and waits until these are stable.
  ///   - question: Asks it.
  ///   - then: Told the answer.
  func ask<R>(
    waits: Bool, _ question: (inout Server) -> R, then: @escaping (R) -> Void
  ) {
    perform { _ in [] }
    let answer = question(&server)
    guard waits, let commit, !commit.isIdle else { return then(answer) }
    held.append(
      Held(behind: commit.made, since: .now(), action: .telling { then(answer) }))
  }

  // What channels say.

  func opened(_ channel: any Channel, isSecure: Bool) -> ConnectionID {
    lastConnection += 1
    let id = ConnectionID(lastConnection)
    peers[id] = Peer(channel: channel)
    let address = channel.remoteAddress?.plainAddress ?? ""
    let port = channel.remoteAddress?.port
    perform { $0.open(id, from: address, port: port, isSecure: isSecure) }
    return id
  }

  func shown(_ certificate: ShownCertificate, on id: ConnectionID) {
    perform {
      $0.show(certificate.subject, on: id)
      return []
    }
  }

  func received(_ bytes: ByteBuffer, from id: ConnectionID) {
    guard peers[id]?.isEnding == false, stopping == nil else { return }
    server.measures.bytesReceived += Int64(bytes.readableBytes)
    perform { $0.receive(bytes, from: id) }
    guard let commit, !commit.isIdle else { return }
    // What is held back for a peer is in memory, however slow the disk is.
    let isFull = peers[id].map { $0.waiting > limits.unread.upperBound } ?? false
    if isFull || commit.made - commit.stable > limits.outstanding { pause(id) }
  }

  /// The peer will send no more.
  func inputEnded(_ id: ConnectionID) {
    guard let peer = peers[id] else { return }
    perform { $0.disconnected(id, .byPeer) }
    // What was sent to it before may still be on its way.
    end(id, peer)
  }

  func closed(_ id: ConnectionID) {
    guard let peer = peers.removeValue(forKey: id) else { return }
    let reason = stopping == nil ? peer.reason : .serverEnds
    perform { $0.disconnected(id, reason) }
  }

  /// The operating system, or TLS, says something against a connection, which ends.
  func broke(_ id: ConnectionID, _ error: any Error) {
    peers[id]?.reason = .broken((error as? IOError)?.words ?? "\(error)")
  }

  /// Ends all connections, at once.
  func hangUp() {
    alarm?.task.cancel()
    held = []
    for peer in peers.values { peer.channel.close(promise: nil) }
  }

  /// Reads no more, and ends all connections when what was asked is told.
  func stop() -> EventLoopFuture<Void> {
    let promise = loop.makePromise(of: Void.self)
    stopping = promise
    commit?.isEnding = true
    finishIfIdle()
    return promise.futureResult
  }

  private func finishIfIdle() {
    guard let stopping, commit?.isIdle != false || commit?.failure != nil else { return }
    hangUp()
    stopping.succeed()
  }

  // What the server wants.

  /// Lets the server do something at the present time, and does what it wants, or holds it back
  /// until the transactions that it has made by then are stable.
  private func perform(_ input: (inout Server) -> [Output]) {
    let arrival = NIODeadline.now()
    let now = (arrival - start).nanoseconds / 1_000_000
    server.outstanding = commit.map { $0.made - $0.stable } ?? 0
    let expired = server.advance(to: now)
    server.setClock()
    let outputs = expired + input(&server)
    let atOnce = server.takeAtOnce()
    for case .send(let bytes, let id) in outputs { peers[id]?.waiting += bytes.readableBytes }
    let observed = server.takeObservations()
    log?.tell(observed.remarks)
    if let commit {
      commit.take(server.takeLogged())
      if commit.isIdle {
        server.answered(observed.served, after: Self.milliseconds(since: arrival))
        send(outputs)
      } else {
        if !observed.served.isEmpty {
          let action = Held.Action.answered(observed.served)
          held.append(Held(behind: commit.made, since: arrival, action: action))
        }
        send(outputs.filter { atOnce.contains($0.connection) })
        for output in outputs where !atOnce.contains(output.connection) {
          held.append(Held(behind: commit.made, since: arrival, action: .output(output)))
        }
      }
    } else {
      server.answered(observed.served, after: Self.milliseconds(since: arrival))
      send(outputs)
    }
    setAlarm()
  }

  private static func milliseconds(since start: NIODeadline) -> Int64 {
    (NIODeadline.now() - start).nanoseconds / 1_000_000
  }

  /// More is stable: what was held back behind it goes out.
  private func release() {
    guard let commit else { return }
    let ready = held.prefix { $0.behind <= commit.stable }
    held = held.dropFirst(ready.count)
    if held.isEmpty { held = [] }
    var outputs: [Output] = []
    for each in ready {
      switch each.action {
      case .output(let output): outputs.append(output)
      case .answered(let ids):
        server.answered(ids, after: Self.milliseconds(since: each.since))
      case .telling(let tell): tell()
      }
    }
    send(outputs)
    if commit.made - commit.stable <= limits.outstanding / 2 { resume() }
    finishIfIdle()
  }

  /// Short outputs of one connection are written as one: each write costs a promise and a place in
  /// the call that brings them to the operating system.
  private func send(_ outputs: [Output]) {
    var gathered: [ConnectionID: ByteBuffer] = [:]
    for output in outputs {
      switch output {
      case .send(let bytes, let id):
        if bytes.readableBytes > Self.short {
          writeAll(gathered.removeValue(forKey: id), to: id)
          writeAll(bytes, to: id)
        } else {
          gathered[id, default: ByteBuffer()].append(bytes)
        }
      case .close(let id):
        writeAll(gathered.removeValue(forKey: id), to: id)
        if let peer = peers[id] { end(id, peer) }
      }
    }
    for (id, bytes) in gathered { writeAll(bytes, to: id) }
  }

  /// So many bytes are rather copied than written by themselves.
  private static let short = 1 << 14

  private func writeAll(_ bytes: ByteBuffer?, to id: ConnectionID) {
    guard let bytes else { return }
    write(bytes, to: id)
    peers[id]?.channel.flush()
  }

  // How far ahead of the disk anybody gets.

  private func pause(_ id: ConnectionID) {
    guard let peer = peers[id], !peer.isPaused else { return }
    peers[id]?.isPaused = true
    peer.channel.setOption(.autoRead, value: false).whenFailure { _ in }
  }

  private func resume() {
    for (id, peer) in peers where peer.isPaused {
      peers[id]?.isPaused = false
      guard peer.channel.isWritable else { continue }
      peer.channel.setOption(.autoRead, value: true).whenFailure { _ in }
    }
  }

  /// Whether a peer may be read, as far as the disk is concerned.
  func mayRead(_ id: ConnectionID?) -> Bool {
    id.flatMap { peers[$0]?.isPaused } != true
  }

  private func write(_ bytes: ByteBuffer, to id: ConnectionID) {
    guard let channel = peers[id]?.channel else { return }
    let count = bytes.readableBytes
    channel.write(bytes).assumeIsolated().whenComplete { [weak self] _ in
      self?.wrote(count, to: id)
    }
    if let waiting = peers[id]?.waiting, waiting > limits.cutOff {
      peers[id]?.reason = .notReading
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

extension ByteBuffer {
  /// Puts bytes behind those that are there; the first ones are taken as they are.
  fileprivate mutating func append(_ bytes: ByteBuffer) {
    if readableBytes == 0 { self = bytes } else { writeImmutableBuffer(bytes) }
  }
}

extension SocketAddress {
  /// The address as text; one of IPv4 is written as such, whatever socket it has come to.
  fileprivate var plainAddress: String? {
    guard let text = ipAddress else { return nil }
    let prefix = "::ffff:"
    guard text.hasPrefix(prefix), text.contains(".") else { return text }
    return String(text.dropFirst(prefix.count))
  }
}
