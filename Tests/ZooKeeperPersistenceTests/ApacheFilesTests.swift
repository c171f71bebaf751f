import Foundation
import Testing
import ZooKeeper
import ZooKeeperClient
import ZooKeeperPersistence

/// Data directories that go from Apache's server to ours and back.
@Suite(.enabled(if: ApacheServer.isThere, "there is no Apache server"), .serialized)
struct `A data directory` {
  func folders(_ folder: URL) -> DataFolders {
    let path = folder.appending(path: "data/version-2").path
    return DataFolders(snapshots: path, logs: path)
  }

  /// Asks for what chance says, by two sessions that stay open.
  func write(_ count: Int, to server: ApacheServer, seed: UInt64) async throws -> [Client] {
    var writes = RandomWrites(Tree(), random: SeededRandom(seed))
    let clients = [try await server.connect(), try await server.connect()]
    try await clients[0].addAuth(scheme: "digest", credentials: .utf8("bob:secret"))
    _ = try? await clients[0].create("/mine-\(seed)", acl: .creator)
    _ = try? await clients[0].create("/zookeeper/quota/1")
    _ = try? await clients[0].create("/zookeeper/quota/1/zookeeper_limits", data: .utf8("count=9"))
    _ = try? await clients[0].create("/zookeeper/quota/1/zookeeper_stats")
    let pending = (0..<count).map { clients[$0 % 2].ask(writes.request()) }
    for each in pending { _ = try await each.reply() }
    let third = try await server.connect()
    _ = try await third.create("/gone-\(seed)", mode: .ephemeral)
    await third.close()
    return clients
  }

  @Test(arguments: ["", "snapCount=40"])
  func `Of Apache's server is read by ours, node by node and digest by digest`(
    lines: String
  ) async throws {
    try await withFolder { folder in
      let server = try ApacheServer(folder, lines)
      let clients = try await write(600, to: server, seed: 1)
      let seen = try await clients[0].all()
      server.kill()
      let recovery = try Recovery(LocalFileSystem(), folders(folder))
      #expect(recovery.notes == [])
      #expect(seen.count > 20)
      expectSame(recovery.tree.all, seen)
      #expect(Set(recovery.tree.openSessions) == Set(clients.map(\.session.id)))
      for client in clients { await client.close() }
    }
  }

  @Test(arguments: [false, true])
  func `Of ours is read by Apache's server, which goes on, and ours goes on with that`(
    throughSnapshots: Bool
  ) async throws {
    try await withFolder { folder in
      let folders = folders(folder)
      let disk = LocalFileSystem()
      try disk.makeFolder(folders.logs)
      var writes = RandomWrites(Tree(), random: SeededRandom(2))
      var options = Store<LocalFileSystem>.Options()
      options.snapshotInterval = throughSnapshots ? 50 : 100_000
      let store = Store(disk, folders, options)
      try store.snapshot(writes.service.applied, digest: writes.digest)
      for _ in 0..<200 {
        if try store.commit((0..<3).map { _ in writes.next() }).contains(.snapshot) {
          try store.snapshot(writes.service.applied, digest: writes.digest)
        }
      }
      #expect(try store.purge().isEmpty != throughSnapshots)

      let server = try ApacheServer(folder)
      #expect(try server.say("mntr").contains("zk_digest_mismatches_count\t0\n"))
      let reader = try await server.connect()
      let seen = try await reader.all()
      expectSame(seen, writes.service.applied.all)
      await reader.close()
      let clients = try await write(100, to: server, seed: 3)
      let later = try await clients[0].all()
      #expect(try server.say("mntr").contains("zk_digest_mismatches_count\t0\n"))
      server.kill()

      let recovery = try Recovery(disk, folders)
      #expect(recovery.notes == [])
      expectSame(recovery.tree.all, later)
      for client in clients { await client.close() }
    }
  }

  /// Tells of the nodes that differ, not of all.
  private func expectSame(_ a: [String: Seen], _ b: [String: Seen]) {
    for path in Set(a.keys).union(b.keys).sorted() where a[path] != b[path] {
      #expect(a[path] == b[path], "\(path)")
    }
  }

  @Test func `Of ours with a torn end is mended, so that Apache's server takes it`() async throws {
    try await withFolder { folder in
      let folders = folders(folder)
      let disk = LocalFileSystem()
      try disk.makeFolder(folders.logs)
      var writes = RandomWrites(Tree(), random: SeededRandom(4))
      let store = Store(disk, folders)
      try store.snapshot(writes.service.applied, digest: writes.digest)
      _ = try store.commit((0..<100).map { _ in writes.next() })
      // The end of the last record is lost.
      let log = URL(filePath: folders.logs + "/log.1")
      var bytes = try Data(contentsOf: log)
      let last = try #require(bytes.lastIndex { $0 == UInt8(ascii: "B") })
      bytes.resetBytes(in: last - 14...last)
      try bytes.write(to: log)

      let recovery = try Recovery(disk, folders)
      #expect(recovery.tree.zxid == Zxid(99) && recovery.notes.count == 1)
      let server = try ApacheServer(folder)
      let client = try await server.connect()
      #expect(try await client.all() == recovery.tree.all)
      await client.close()
      server.kill()
    }
  }
}
