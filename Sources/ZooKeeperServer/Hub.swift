internal import Logging
internal import NIOCore
internal import ZooKeeper
internal import ZooKeeperPersistence

/// Everything of a shell that lives on its event loop.
final class Hub {
  var server: Server
  var peers: [ConnectionID: Peer] = [:]
  private var lastConnection = 0
  let limits: Shell.Limits
  private let logger: Logger?
  private let log: EventLog?
  let loop: any EventLoop
  let commit: GroupCommit?
  let start = NIODeadline.now()
  /// What the server wants done once so many transactions are stable, in order.
  var held: ArraySlice<Held> = []
  /// What can be told of the tree at once, and what can be when so many transactions are stable.
  private var stored = Figures()
  private var storing: ArraySlice<(behind: Int, Figures)> = []
  /// The connections that have ended and not gone, the oldest first.
  var lingering: [ConnectionID] = []
  /// No more is read: when all is told that was asked, this is told.
  var stopping: EventLoopPromise<Void>?
  /// The end of the time in which clients can take what they are owed.
  var patience: Scheduled<Void>?
  var isLate = false
  var isStopped = false
  /// How many ask over HTTP.
  var webConnections = 0
  var alarm: (time: Int64, task: Scheduled<Void>)?

  /// What waits until so many transactions are stable.
  struct Held {
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

  struct Peer {
    let channel: any Channel
    /// What was given to the channel and is not with the operating system yet, in bytes.
    var waiting = 0
    /// The server has ended it: what comes is ignored.
    var isEnding = false
    /// It is not read while the disk is behind.
    var isPaused = false
    /// It is not read while too much that it has asked for waits until it takes its answers.
    var isBacklogged = false
    var isRead = true
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
    commit?.fellShort = { [weak self] what, error in
      self?.logger?.error("cannot \(what): \(error); what is stored goes to the log that is there")
    }
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

  /// The name of a connection, for whoever is about to open it.
  func nextConnection() -> ConnectionID {
    lastConnection += 1
    return ConnectionID(lastConnection)
  }

  /// There is another connection; if it is refused, it is closed when this returns.
  func opened(_ id: ConnectionID, _ channel: any Channel, isSecure: Bool) {
    peers[id] = Peer(channel: channel)
    let address = channel.remoteAddress?.plainAddress ?? ""
    let port = channel.remoteAddress?.port
    var isRefused = false
    perform { server in
      let outputs = server.open(id, from: address, port: port, isSecure: isSecure)
      isRefused = outputs.contains(.close(id))
      return isRefused ? [] : outputs
    }
    // At once: it is told nothing, and its descriptor counts against no limit.
    if isRefused {
      peers[id]?.isEnding = true
      channel.close(promise: nil)
    }
  }

  func shown(_ certificate: ShownCertificate, on id: ConnectionID) {
    perform {
      $0.show(certificate.subject, on: id)
      return []
    }
  }

  func received(_ bytes: ByteBuffer, from id: ConnectionID) {
    guard let peer = peers[id], !peer.isEnding, stopping == nil else { return }
    server.measures.bytesReceived += Int64(bytes.readableBytes)
    // It is read though it does not take its answers, so that its pings count; what it asks for
    // waits.
    let isFull = peer.waiting > limits.unread.upperBound
    perform { $0.receive(bytes, from: id, serving: !isFull) }
    peers[id]?.isBacklogged = server.backlog(of: id) > limits.backlog
    // Who only pings is not to blame.
    if let commit, commit.made - commit.stable > limits.outstanding, server.hasAsked { pause(id) }
    setReading(id)
  }

  /// The peer will send no more.
  func inputEnded(_ id: ConnectionID) {
    guard let peer = peers[id], !peer.isEnding else { return }
    perform { $0.disconnected(id, .byPeer) }
    guard let commit, !commit.isIdle, !held.isEmpty else { return end(id, peer) }
    // What it is owed may wait for the disk.
    linger(id)
    held.append(Held(behind: commit.made, since: .now(), action: .output(.close(id))))
  }

  func closed(_ id: ConnectionID) {
    guard let peer = peers.removeValue(forKey: id) else { return }
    let reason = stopping == nil ? peer.reason : .serverEnds
    lingering.removeAll { $0 == id }
    perform { $0.disconnected(id, reason) }
    finishIfIdle()
  }

  /// The operating system, or TLS, says something against a connection, which ends.
  func broke(_ id: ConnectionID, _ error: any Error) {
    peers[id]?.reason = .broken((error as? IOError)?.words ?? "\(error)")
  }

  // What the server wants.

  /// Lets the server do something at the present time, and does what it wants, or holds it back
  /// until the transactions that it has made by then are stable.
  func perform(_ input: (inout Server) -> [Output]) {
    let arrival = NIODeadline.now()
    let now = (arrival - start).nanoseconds / 1_000_000
    server.outstanding = commit.map { $0.made - $0.stable } ?? 0
    if let commit {
      if commit.isIdle { stored = server.figures }
      server.stored = stored
    }
    let expired = server.advance(to: now)
    server.setClock()
    let outputs = expired + input(&server)
    var atOnce = server.takeAtOnce()
    for case .send(let bytes, let id) in outputs { peers[id]?.waiting += bytes.readableBytes }
    let observed = server.takeObservations()
    log?.tell(observed.remarks)
    if let commit {
      let logged = server.takeLogged()
      commit.take(logged)
      if !logged.isEmpty { storing.append((commit.made, server.figures)) }
      if commit.isIdle {
        server.answered(observed.served, after: Self.milliseconds(since: arrival))
        send(outputs)
      } else {
        if !observed.served.isEmpty {
          let action = Held.Action.answered(observed.served)
          held.append(Held(behind: commit.made, since: arrival, action: action))
        }
        var early: [Output] = []
        for output in outputs {
          if let left = atOnce[output.connection], left > 0 {
            atOnce[output.connection] = left - 1
            early.append(output)
          } else {
            held.append(Held(behind: commit.made, since: arrival, action: .output(output)))
          }
        }
        send(early)
      }
    } else {
      server.answered(observed.served, after: Self.milliseconds(since: arrival))
      send(outputs)
    }
    setAlarm()
  }

  static func milliseconds(since start: NIODeadline) -> Int64 {
    (NIODeadline.now() - start).nanoseconds / 1_000_000
  }

  /// More is stable: what was held back behind it goes out.
  private func release() {
    guard let commit else { return }
    let ready = held.prefix { $0.behind <= commit.stable }
    held = held.dropFirst(ready.count)
    if held.isEmpty { held = [] }
    while let next = storing.first, next.behind <= commit.stable {
      stored = next.1
      storing = storing.dropFirst()
    }
    if storing.isEmpty { storing = [] }
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

extension SocketAddress {
  /// The address as Java writes it: eight numbers for one of IPv6.
  ///
  /// One of IPv4 is written as such, whatever socket it has come to.
  fileprivate var plainAddress: String? {
    guard let text = ipAddress, text.contains(":") else { return ipAddress }
    let prefix = "::ffff:"
    if text.hasPrefix(prefix), text.contains(".") { return String(text.dropFirst(prefix.count)) }
    let halves = text.split(separator: "::", omittingEmptySubsequences: false)
      .map { $0.split(separator: ":") }
    let zeros = [Substring](repeating: "0", count: max(0, 8 - halves.joined().count))
    return halves.joined(separator: zeros).joined(separator: ":")
  }
}
