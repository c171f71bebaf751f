import NIOCore
import Synchronization
import Testing
import ZooKeeper
import ZooKeeperPersistence
import ZooKeeperServer
import ZooKeeperWire

/// A disk that stores at once, until it stands still.
private final class Gate: Sendable {
  private let isShut = Mutex(false)

  func shut() { isShut.withLock { $0 = true } }
  func open() { isShut.withLock { $0 = false } }

  var journal: Journal {
    Journal(
      commit: { _ in
        while self.isShut.withLock({ $0 }) {}
        return []
      }, prepare: {}, snapshot: { _, _ in })
  }
}

@Suite struct `A server whose disk stands still` {
  private func listen(
    _ gate: Gate, _ change: (inout Shell.Limits) -> Void = { _ in }
  ) async throws -> Shell {
    var settings = Server.patient.settings
    settings.storage = Settings.Storage(dataFolder: "", logFolder: "", port: 0) { _ in 0 }
    var limits = Shell.Limits()
    change(&limits)
    return try await Shell.listen(
      Server(settings), port: 0, limits: limits, journal: gate.journal,
      web: [Shell.WebPlace(host: "127.0.0.1", port: 0)])
  }

  private func word(_ word: String, _ port: Int) async throws -> String {
    String(buffer: try await Peer(port, saying: ByteBuffer(string: word)).rest())
  }

  /// Waits until a connection has sent so many frames, as `cons` tells it.
  private func wait(for count: Int, from peer: Peer, _ port: Int) async throws {
    let place = "127.0.0.1:\(try #require(peer.channel.localAddress?.port))["
    for _ in 0..<100_000 {
      let line = try await word("cons", port).split(separator: "\n").first { $0.contains(place) }
      if line?.contains("recved=\(count),") == true { return }
    }
    Issue.record("\(count) frames are not read")
  }

  @Test func `Tells what is stored, and nothing else`() async throws {
    let gate = Gate()
    let shell = try await listen(gate)
    let writer = try await Peer(shell.port)
    try await writer.connect()
    let before = try await word("srvr", shell.port)
    #expect(before.contains("Zxid: 0x1\n"))
    gate.shut()
    try await writer.ask(.create(Create("/a")))
    try await wait(for: 2, from: writer, shell.port)
    let now = try await word("srvr", shell.port)
    #expect(now.contains("Zxid: 0x1\n") && now.contains("Outstanding: 1\n"))
    let line = try #require(before.split(separator: "\n").first { $0.hasPrefix("Node count") })
    #expect(now.contains(line))
    #expect(try await word("mntr", shell.port).contains("zk_znode_count\t\(line.dropFirst(12))\n"))
    #expect(try await word("stat", shell.port).contains("Zxid: 0x1\n"))
    #expect(!(try await word("cons", shell.port)).contains("lzxid=0x2"))
    let web = try await Peer(try #require(shell.webPorts.first))
    try await web.send("GET /metrics HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    #expect(String(buffer: await web.rest()).contains("\nznode_count "))
    gate.open()
    #expect(try await writer.frames(1).count == 1)
    #expect(try await word("srvr", shell.port).contains("Zxid: 0x2\n"))
    try await shell.stop()
  }

  @Test func `Resumes a session that is stored, and answers no request that it brings`()
    async throws
  {
    let gate = Gate()
    let shell = try await listen(gate)
    let (writer, first) = (try await Peer(shell.port), try await Peer(shell.port))
    try await writer.connect()
    try await first.send(Peer.greeting())
    let frame = try #require(try await first.frames(1).first)
    let response = try ConnectResponse(decoding: frame, .strict)
    gate.shut()
    try await writer.ask(.create(Create("/a")))
    try await wait(for: 2, from: writer, shell.port)
    var bytes = ByteBuffer()
    bytes.writeFrame {
      ConnectRequest(timeout: 10_000, session: response.session, password: response.password)
        .write(to: &$0)
    }
    bytes.writeImmutableBuffer(Peer.bytes([.exists(path: "/a")]))
    let second = try await Peer(shell.port, saying: bytes)
    let frames = try await second.frames(1)
    #expect(frames.count == 1)
    #expect(
      try ConnectResponse(decoding: try #require(frames.first), .strict).session
        == response.session)
    gate.open()
    #expect(try await second.frames(1).count == 1)
    try await shell.stop()
  }

  @Test func `Answers who has said all and waits for the disk`() async throws {
    let gate = Gate()
    let shell = try await listen(gate)
    let (writer, asking) = (try await Peer(shell.port), try await Peer(shell.port))
    try await writer.connect()
    gate.shut()
    try await writer.ask(.create(Create("/a")))
    try await wait(for: 2, from: writer, shell.port)
    try await asking.send("dump")
    try await asking.channel.close(mode: .output)
    // It has noticed the end by then.
    #expect(try await word("ruok", shell.port) == "imok")
    gate.open()
    #expect(String(buffer: await asking.rest()).hasPrefix("SessionTracker dump:"))
    try await shell.stop()
  }

  @Test func `Reads who only pings, however much others have asked`() async throws {
    let gate = Gate()
    let shell = try await listen(gate) { $0.outstanding = 10 }
    let (writer, pinging) = (try await Peer(shell.port), try await Peer(shell.port))
    try await writer.connect()
    try await pinging.connect()
    gate.shut()
    try await writer.send(
      Peer.bytes([Request](repeating: .setData(path: "/", data: []), count: 100)))
    try await wait(for: 101, from: writer, shell.port)
    for count in 1...3 {
      var bytes = ByteBuffer()
      ClientFrame(xid: .ping, .ping).write(to: &bytes)
      try await pinging.send(bytes)
      try await wait(for: 1 + count, from: pinging, shell.port)
    }
    gate.open()
    #expect(try await writer.frames(100).count == 100)
    #expect(try await pinging.frames(3).count == 3)
    try await shell.stop()
  }

  @Test func `Goes on with the log that it has where there is no room for more`() async throws {
    let tries = Mutex(0)
    let full = Journal(
      commit: { _ in .space },
      prepare: {
        tries.withLock { $0 += 1 }
        throw SystemCallError("write", "next.log", number: 28)  // ENOSPC
      }, snapshot: { _, _ in })
    var settings = Server.patient.settings
    settings.storage = Settings.Storage(dataFolder: "", logFolder: "", port: 0) { _ in 0 }
    let shell = try await Shell.listen(Server(settings), port: 0, journal: full)
    let peer = try await Peer(shell.port)
    try await peer.connect()
    for number in 0..<20 {
      try await peer.ask(.create(Create("/n-\(number)")))
      #expect(try await peer.frames(1).count == 1)
    }
    #expect(tries.withLock { $0 } > 0)
    try await shell.stop()
  }
}
