import Foundation
import NIOCore
import Testing
import ZooKeeper
import ZooKeeperClient
import ZooKeeperServer
import ZooKeeperWire

/// What an operator reads of a server that runs: its log, and its latencies.
@Suite struct `The log of a server` {
  /// A server on disk that tells everything, and what it has logged when it has ended.
  private func log(
    _ lines: String = "", _ arguments: String...,
    body: (`A stored server`.Running) async throws -> Void
  ) async throws -> [String] {
    var log: [String] = []
    try await `A stored server`.with { folder in
      let server = try `A stored server`.Running(
        folder, "4lw.commands.whitelist=*\n" + lines, arguments: arguments)
      try await body(server)
      server.end(SIGTERM)
      #expect(server.run.process.terminationStatus == 0)
      log = `The command serve`.Run.text(server.run.errors)
        .split(separator: "\n").map(String.init)
    }
    return log
  }

  private func has(_ log: [String], _ level: String, _ words: String) -> Bool {
    log.contains { $0.contains(" \(level) ") && $0.contains(words) }
  }

  @Test func `Says where it is, what it has found, and when it stops`() async throws {
    let log = try await log { _ in }
    #expect(has(log, "info", "/data/version-2, which was empty"))
    #expect(has(log, "info", "snapshot.0 is written, zxid 0x0"))
    #expect(has(log, "info", "AdminServer: none; admin.serverPort=8080 gives it one"))
    #expect(has(log, "info", "ready: quorate "))
    #expect(has(log, "info", "SIGTERM received: stopping"))
    #expect(log.last?.hasSuffix("stopped") == true)
    #expect(!log.contains { $0.contains(" debug ") || $0.contains(" warning ") })
  }

  @Test func `Tells of snapshots, and of sessions if it is to`() async throws {
    let log = try await log("snapCount=4", "--verbose") { server in
      let client = try await server.connect()
      for number in 0..<20 { try await client.create("/n-\(number)") }
      await client.close()
    }
    #expect(log.contains { $0.contains(/info .*snapshot\.[1-9a-f]+ is written, zxid 0x/) })
    #expect(has(log, "debug", " opened, timeout 60000 ms"))
    #expect(has(log, "debug", "connection ended: the client closed its session"))
  }

  @Test func `Warns of clients that are refused, and of what cannot be read, with the address`()
    async throws
  {
    let log = try await log("jute.maxbuffer=1000") { server in
      var unknown = Peer.greeting()
      ClientFrame(xid: 1, Opcode(rawValue: 77), body: ByteBuffer()).write(to: &unknown)
      for bytes in [
        ByteBuffer(string: "GET / HTTP/1.1\r\n\r\n"),
        ByteBuffer(bytes: [0x16, 3, 1, 0, 0xf4, 1, 0, 0]), ByteBuffer(bytes: [0, 0, 0, 2, 1, 2]),
        unknown,
      ] {
        let peer = try await Peer(server.port, saying: bytes)
        _ = await peer.rest()
      }
    }
    for words in [
      "a frame of 1195725856 bytes, jute.maxbuffer is 1000 (the first bytes are 'GET ')",
      "jute.maxbuffer is 1000 (a client that speaks TLS?)",
      "what comes first is no connect request: ", "connection ended: unknown operation 77",
    ] {
      #expect(has(log, "warning", words), "\(words)")
    }
    #expect(log.filter { $0.contains("warning") }.allSatisfy { $0.contains(" 127.0.0.1:") })
  }

  @Test func `Bounds the warnings that clients can cause`() async throws {
    let began = ContinuousClock.now
    // A session that outlives the test, which may have to wait for others.
    let hour: Int32 = 3_600_000
    let log = try await log("maxClientCnxns=1\nmaxSessionTimeout=\(hour)") { server in
      let first = try await Peer(server.port, saying: Peer.greeting(timeout: hour))
      _ = try await first.frames(1)
      for _ in 0..<40 {
        let peer = try await Peer(server.port)
        _ = await peer.rest()
      }
      try await first.channel.close()
    }
    let refused = log.filter { $0.contains("refused: its address has 1 others, maxClientCnxns") }
    // Ten in each ten seconds that it took.
    let periods = Int((ContinuousClock.now - began) / .seconds(10)) + 2
    #expect((10...10 * periods).contains(refused.count), "\(refused.count) in \(periods)")
  }

  @Test func `The last zxid and the latencies of each connection are told`() async throws {
    let shell = try await Shell.listen(.patient, port: 0)
    let client = try await Client.connect(to: "127.0.0.1:\(shell.port)", timeout: .seconds(20))
    for _ in 0..<50 { _ = try await client.getData("/") }
    let peer = try await Peer(shell.port)
    try await peer.send("cons")
    let told = String(buffer: await peer.rest())
    let match = try #require(
      told.firstMatch(of: /lcxid=0x([0-9a-f]+),.*,minlat=(\d+),avglat=(\d+),maxlat=(\d+)/))
    #expect(Int(match.1, radix: 16) ?? 0 >= 49)
    let latencies = [match.2, match.3, match.4].compactMap { Int($0) }
    #expect(latencies.count == 3 && latencies == latencies.sorted())
    await client.close()
    try await shell.stop()
  }
}
