import Foundation
import NIOCore
import Synchronization
import Testing
import ZooKeeper
import ZooKeeperPersistence
import ZooKeeperServer
import ZooKeeperWire

/// A journal that is looked at: what came in which batch, and what is stable.
private final class WatchedJournal: Sendable {
  struct State {
    var batches: [[Zxid]] = []
    var stable = Zxid.zero
    var isCommitting = false
    var overlaps = 0
    var snapshots: [Zxid] = []
  }

  struct Broken: Error {}

  let state = Mutex(State())
  /// At which batch the disk breaks.
  let breaksAt: Int
  /// How many batches it takes until there is a snapshot.
  let snapshotsEvery: Int
  /// What a snapshot waits for before it ends.
  let whileWriting: @Sendable () -> Void

  init(
    breaksAt: Int = .max, snapshotsEvery: Int = .max,
    whileWriting: @escaping @Sendable () -> Void = {}
  ) {
    self.breaksAt = breaksAt
    self.snapshotsEvery = snapshotsEvery
    self.whileWriting = whileWriting
  }

  var journal: Journal {
    Journal(
      commit: { batch in
        let count = try self.begin(batch)
        // A disk takes its time: an answer that does not wait for it is long out.
        let start = ContinuousClock.now
        while start.duration(to: .now) < .milliseconds(2) {}
        return self.state.withLock { state in
          state.isCommitting = false
          state.stable = batch.last?.transaction.zxid ?? state.stable
          return count % self.snapshotsEvery == 0 ? .snapshot : []
        }
      },
      prepare: {},
      snapshot: { tree, digest in
        #expect(tree.digest == digest)
        self.state.withLock { $0.snapshots.append(tree.zxid) }
        self.whileWriting()
      })
  }

  private func begin(_ batch: [LoggedTransaction]) throws -> Int {
    try state.withLock { state in
      if state.batches.count + 1 >= breaksAt { throw Broken() }
      if state.isCommitting { state.overlaps += 1 }
      state.isCommitting = true
      state.batches.append(batch.map(\.transaction.zxid))
      return state.batches.count
    }
  }

  var stable: Zxid { state.withLock { $0.stable } }
}

extension Server {
  /// A patient server that stores.
  fileprivate static var storing: Server {
    var settings = patient.settings
    settings.storage = Settings.Storage(dataFolder: "", logFolder: "", port: 0) { _ in 0 }
    return Server(settings)
  }
}

@Suite struct `A server that stores` {
  func header(_ frame: ByteBuffer) throws -> ReplyHeader {
    try ReplyHeader(decoding: frame.getSlice(at: 0, length: 16) ?? ByteBuffer(), .lenient)
  }

  @Test func `Tells nobody of what is not stable, not even somebody who reads`() async throws {
    let watched = WatchedJournal()
    let shell = try await Shell.listen(.storing, port: 0, journal: watched.journal)
    let (writer, reader) = (try await Peer(shell.port), try await Peer(shell.port))
    try await writer.connect()
    try await reader.connect()
    try await writer.ask(.create(Create("/a")))
    _ = try await writer.frames(1)
    for _ in 0..<30 {
      try await writer.ask(.setData(path: "/a", data: [1]))
      try await reader.ask(.getData(path: "/a"))
      let read = try header(#require(try await reader.frames(1).first))
      #expect(read.zxid <= watched.stable)
      let written = try header(#require(try await writer.frames(1).first))
      #expect(written.zxid <= watched.stable)
    }
    try await shell.stop()
  }

  @Test func `Stores together what comes while the disk works`() async throws {
    let watched = WatchedJournal(snapshotsEvery: 2)
    let shell = try await Shell.listen(.storing, port: 0, journal: watched.journal)
    let peer = try await Peer(shell.port)
    try await peer.connect()
    try await peer.ask(.create(Create("/a")))
    for _ in 0..<100 {
      try await peer.send(
        Peer.bytes([Request](repeating: .setData(path: "/a", data: []), count: 10)))
    }
    #expect(try await peer.frames(1001).count == 1001)
    try await shell.stop()
    watched.state.withLock { state in
      #expect(state.overlaps == 0 && state.batches.count < 500)
      #expect(state.batches.joined().map(\.rawValue) == Array(1...1002))
      #expect(state.snapshots.count > 0 && state.snapshots == state.snapshots.sorted())
    }
  }

  @Test func `Writes no snapshot right behind one in whose time others were due`() async throws {
    let gate = DispatchSemaphore(value: 0)
    let watched = WatchedJournal(snapshotsEvery: 1) { gate.wait() }
    let shell = try await Shell.listen(.storing, port: 0, journal: watched.journal)
    let peer = try await Peer(shell.port)
    try await peer.connect()
    for number in 0..<20 {
      try await peer.ask(.create(Create("/n-\(number)")))
      _ = try await peer.frames(1)
    }
    #expect(watched.state.withLock { $0.snapshots.count } == 1)
    gate.signal()
    for _ in 0..<50 {
      try await peer.ask(.getData(path: "/n-0"))
      _ = try await peer.frames(1)
    }
    #expect(watched.state.withLock { $0.snapshots.count } == 1)
    // The first may still be about to end: then the next write asks for none.
    var next = 0
    while watched.state.withLock({ $0.snapshots.count }) < 2, next < 10_000 {
      try await peer.ask(.create(Create("/next-\(next)")))
      _ = try await peer.frames(1)
      next += 1
    }
    gate.signal()
    try await shell.stop()
    #expect(watched.state.withLock { $0.snapshots.count } == 2)
  }

  @Test func `Says that it is alive while the disk does not answer`() async throws {
    let gate = DispatchSemaphore(value: 0)
    let (begun, commits) = AsyncStream.makeStream(of: Void.self)
    let stuck = Journal(
      commit: { _ in
        commits.yield()
        gate.wait()
        return []
      }, prepare: {}, snapshot: { _, _ in })
    let shell = try await Shell.listen(.storing, port: 0, journal: stuck)
    let writer = try await Peer(shell.port)
    // The session itself waits for the disk.
    var bytes = ByteBuffer()
    bytes.writeFrame { ConnectRequest(timeout: 10_000).write(to: &$0) }
    try await writer.send(bytes)
    for await _ in begun { break }
    for (word, answer) in [("ruok", "imok"), ("isro", "rw"), ("gtmk", "306")] {
      let asking = try await Peer(shell.port)
      try await asking.send(ByteBuffer(string: word))
      #expect(String(buffer: await asking.rest()) == answer)
    }
    for _ in 0..<10 { gate.signal() }
    try await shell.stop()
  }

  @Test func `Tells nothing more when the disk has failed, and says so`() async throws {
    let watched = WatchedJournal(breaksAt: 3)
    let shell = try await Shell.listen(.storing, port: 0, journal: watched.journal)
    let peer = try await Peer(shell.port)
    try await peer.connect()
    try await peer.ask(.create(Create("/a")))
    #expect(try await peer.frames(1).count == 1)
    try await peer.ask(.create(Create("/b")))
    #expect(await peer.rest().readableBytes == 0)
    #expect(await shell.failed() is WatchedJournal.Broken)
    try await shell.stop()
  }

  @Test func `Tells what was asked before it stops`() async throws {
    let shell = try await Shell.listen(.storing, port: 0, journal: WatchedJournal().journal)
    let peer = try await Peer(shell.port)
    try await peer.connect()
    let requests = [Request](repeating: .setData(path: "/", data: []), count: 20)
    try await peer.send(Peer.bytes(requests))
    // The first answer shows that the server has read what came with it.
    #expect(try await peer.frames(1).count >= 1)
    try await shell.stop()
    #expect(await shell.failed() == nil)
  }

  @Test func `Does not read who asks for more than the disk takes`() async throws {
    var limits = Shell.Limits()
    limits.outstanding = 50
    let watched = WatchedJournal()
    let shell = try await Shell.listen(.storing, port: 0, limits: limits, journal: watched.journal)
    let peer = try await Peer(shell.port)
    try await peer.connect()
    let large = [UInt8](repeating: 1, count: 60_000)
    for _ in 0..<200 {
      try await peer.send(Peer.bytes([.setData(path: "/", data: large)]))
    }
    #expect(try await peer.frames(200).count == 200)
    try await shell.stop()
    // What arrives in one portion is one batch at most; the socket's buffers hold a few of these.
    #expect(watched.state.withLock { $0.batches.map(\.count).max() ?? 0 } < 150)
  }
}
