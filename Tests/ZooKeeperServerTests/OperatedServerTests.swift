import Foundation
import NIOCore
import Synchronization
import Testing
import ZooKeeper
import ZooKeeperClient
import ZooKeeperPersistence
import ZooKeeperServer

/// What somebody relies on who runs a server for long, and looks at it from time to time.
@Suite struct `A server that is operated` {
  private static let quickly = Journal(commit: { _ in [] }, prepare: {}, snapshot: { _, _ in })

  private static func settings(_ change: (inout Settings.Storage) -> Void) -> Settings {
    var settings = Server.patient.settings
    var storage = Settings.Storage(dataFolder: "/d", logFolder: "/l", port: 2181) { _ in 7 }
    change(&storage)
    settings.storage = storage
    return settings
  }

  private func word(_ word: String, _ peer: Peer) async throws -> String {
    try await peer.send(word)
    return String(buffer: await peer.rest())
  }

  @Test func `Tells the port of each client, and how many descriptors are open`() async throws {
    let settings = Self.settings { $0.descriptors = { (17, 1024) } }
    let shell = try await Shell.listen(Server(settings), port: 0, journal: Self.quickly)
    let peer = try await Peer(shell.port)
    try await peer.connect()
    let port = try #require(peer.channel.localAddress?.port)
    #expect(try await word("cons", try await Peer(shell.port)).contains(" /127.0.0.1:\(port)[1]("))
    let measured = try await word("mntr", try await Peer(shell.port))
    #expect(measured.contains("\nzk_open_file_descriptor_count\t17\n"))
    #expect(measured.contains("\nzk_max_file_descriptor_count\t1024\n"))
    try await shell.stop()
  }

  @Test func `Goes by the wall clock, also when somebody has set it`() async throws {
    let wall = Mutex<Int64>(1_796_031_770_000)
    let settings = Self.settings { $0.wallTime = { wall.withLock { $0 } } }
    let shell = try await Shell.listen(Server(settings), port: 0, journal: Self.quickly)
    let client = try await Client.connect(to: "127.0.0.1:\(shell.port)", timeout: .seconds(20))
    func time(_ path: String) async throws -> Int64 {
      try await client.create(path)
      let stat = try #require(try await client.exists(path))
      return stat.ctime
    }
    // Between two readings no more passes than this machine takes.
    let first = try await time("/a")
    #expect(abs(first - 1_796_031_770_000) < 60_000)
    for set in [Int64(1_896_031_770_000), 1_700_000_000_000] {
      wall.withLock { $0 = set }
      #expect(abs(try await time("/n-\(set)") - set) < 60_000)
    }
    await client.close()
    try await shell.stop()
  }

  @Test func `Counts how often the disk is slow`() async throws {
    var limits = Shell.Limits()
    limits.slowSync = .milliseconds(5)
    let journal = Journal(
      commit: { batch in
        // A disk takes its time, this one too much.
        let start = ContinuousClock.now
        let isSlow = batch.contains { $0.transaction.zxid == Zxid(2) }
        while isSlow, start.duration(to: .now) < .milliseconds(30) {}
        return []
      }, prepare: {}, snapshot: { _, _ in })
    let shell = try await Shell.listen(
      Server(Self.settings { _ in }), port: 0, limits: limits, journal: journal,
      web: [Shell.WebPlace(host: "127.0.0.1", port: 0, commands: "/commands")])
    let peer = try await Peer(shell.port)
    try await peer.connect()
    try await peer.ask(.create(Create("/a")))
    _ = try await peer.frames(1)
    let web = try await Peer(try #require(shell.webPorts.first))
    try await web.send(
      "GET /commands/server_stats HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    let answer = String(buffer: await web.rest())
    let count = try #require(answer.firstMatch(of: /"fsync_threshold_exceed_count" : (\d+)/)).1
    // A busy machine may make another one slow.
    #expect(try #require(Int(count)) > 0)
    try await shell.stop()
  }

  /// Whether this machine has an address of IPv6.
  static let hasIPv6 =
    (try? String(contentsOfFile: "/proc/net/if_inet6", encoding: .utf8))?.isEmpty == false

  @Test(.enabled(if: hasIPv6))
  func `Is there for IPv6 too where it listens on all addresses`() async throws {
    let shell = try await Shell.listen(.patient, host: "0.0.0.0", port: 0)
    for (host, shown) in [
      ("127.0.0.1", " /127.0.0.1:"), ("::1", " /[0:0:0:0:0:0:0:1]:"),
    ] {
      let peer = try await Peer(shell.port, host: host)
      #expect(try await word("cons", peer).hasPrefix(shown))
    }
    try await shell.stop()
  }

  @Test func `Has room for its own files, however many clients there are`() async throws {
    try await `A stored server`.with { folder in
      // Every few transactions another log has to be opened.
      let server = try `A stored server`.Running(folder, "snapCount=2", descriptors: 64)
      let client = try await server.connect()
      var peers: [Peer] = []
      // Most are refused, and stay on their side.
      for _ in 0..<200 { peers.append(try await Peer(server.port)) }
      for number in 0..<20 { try await client.create("/n-\(number)") }
      await client.close()
      server.end(SIGTERM)
      #expect(server.run.process.terminationStatus == 0)
      #expect(peers.count == 200)
    }
  }

  /// As Apache's server leaves it, which writes its snapshots while sessions end.
  @Test func `Keeps what clients store where a snapshot has a node of a session that is not open`()
    async throws
  {
    try await `A stored server`.with { folder in
      let (disk, data) = (LocalFileSystem(), folder.path + "/data/version-2")
      try disk.makeFolder(data)
      var tree = Tree()
      let orphan = Transaction.Creation(
        path: "/o", data: nil, acl: .open, isEphemeral: true, parentCVersion: -1)
      tree.apply(
        Transaction(
          session: SessionID(7), cxid: 0, zxid: Zxid(3), time: 0, body: .create(orphan)))
      try Snapshot.write(tree, digest: tree.digest, on: disk, folder: data)
      // It takes the room of what is written.
      _ = try disk.create(data + "/next.log")
      let first = try `A stored server`.Running(folder)
      let client = try await first.connect()
      try await client.create("/o", data: .utf8("mine"))
      try await client.create("/o/kid")
      await client.close()
      first.end(SIGTERM)
      let log = `The command serve`.Run.text(first.run.errors)
      #expect(log.contains("owned nodes and is not open; they are gone"))

      let second = try `A stored server`.Running(folder)
      let reader = try await second.connect()
      #expect(try await reader.getData("/o").data == Array("mine".utf8))
      #expect(try await reader.exists("/o/kid") != nil)
      await reader.close()
      second.end(SIGTERM)
      #expect(!`The command serve`.Run.text(second.run.errors).contains(" warning "))
    }
  }
}
