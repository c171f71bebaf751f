internal import NIOCore
internal import ZooKeeper

/// What goes to the peers, and how far ahead of the disk and of its own answers each gets.
extension Hub {
  /// Short outputs of one connection are written as one: each write costs a promise and a place in
  /// the call that brings them to the operating system.
  func send(_ outputs: [Output]) {
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

  func pause(_ id: ConnectionID) {
    peers[id]?.isPaused = true
    server.unheard.insert(id)
  }

  func resume() {
    for (id, peer) in peers where peer.isPaused {
      peers[id]?.isPaused = false
      setReading(id)
    }
    server.hearAgain()
  }

  /// Reads a peer, or not.
  func setReading(_ id: ConnectionID) {
    guard let peer = peers[id] else { return }
    let isRead = !peer.isPaused && !peer.isBacklogged
    guard isRead != peer.isRead else { return }
    peers[id]?.isRead = isRead
    peer.channel.setOption(.autoRead, value: isRead).whenFailure { _ in }
  }

  /// In portions, so that it shows when a peer takes something.
  private func write(_ bytes: ByteBuffer, to id: ConnectionID) {
    guard let channel = peers[id]?.channel else { return }
    var rest = bytes
    while let part = rest.readSlice(length: min(rest.readableBytes, Self.portion)),
      part.readableBytes > 0
    {
      let count = part.readableBytes
      channel.write(part).assumeIsolated().whenComplete { [weak self] _ in
        self?.wrote(count, to: id)
      }
    }
    if let waiting = peers[id]?.waiting, waiting > limits.cutOff {
      peers[id]?.reason = .notReading
      channel.close(promise: nil)
    }
  }

  private static let portion = 1 << 17

  /// The operating system has taken something; if little is left, more may be asked for.
  private func wrote(_ count: Int, to id: ConnectionID) {
    peers[id]?.waiting -= count
    guard let peer = peers[id] else { return }
    // What it sends is not read, and yet it is there: it takes what it is sent.
    if peer.isBacklogged { server.hear(id, at: Self.milliseconds(since: start)) }
    if stopping != nil, patience != nil, !isOwed(id, peer) { return end(id, peer) }
    guard peer.waiting <= limits.unread.lowerBound, server.isHeldBack(id), !isLate else { return }
    // Not at once: this may be in the middle of a flush, and would grow the stack.
    loop.assumeIsolated().execute { [weak self] in self?.proceed(id) }
  }

  private func proceed(_ id: ConnectionID) {
    guard let peer = peers[id], peer.waiting <= limits.unread.lowerBound else { return }
    perform { $0.proceed(id) }
    peers[id]?.isBacklogged = server.backlog(of: id) > limits.backlog
    setReading(id)
  }

  /// Says goodbye: what was sent goes out, then our side ends; theirs has a little time.
  ///
  /// Closing at once would lose the last reply where the peer has sent more than was read.
  func end(_ id: ConnectionID, _ peer: Peer) {
    guard !peer.isEnding else { return }
    peers[id]?.isEnding = true
    linger(id)
    let channel = peer.channel
    channel.writeAndFlush(ByteBuffer()).whenComplete { _ in
      channel.close(mode: .output, promise: nil)
    }
    loop.scheduleTask(in: limits.farewell) { channel.close(promise: nil) }
  }

  /// Those that have ended count against no limit of the server's, and yet have descriptors: the
  /// oldest has had its time.
  func linger(_ id: ConnectionID) {
    guard !lingering.contains(id) else { return }
    lingering.append(id)
    if lingering.count > limits.lingering {
      let oldest = peers[lingering.removeFirst()]?.channel
      oldest?.close(promise: nil)
    }
  }
}

extension ByteBuffer {
  /// Puts bytes behind those that are there; the first ones are taken as they are.
  fileprivate mutating func append(_ bytes: ByteBuffer) {
    if readableBytes == 0 { self = bytes } else { writeImmutableBuffer(bytes) }
  }
}
