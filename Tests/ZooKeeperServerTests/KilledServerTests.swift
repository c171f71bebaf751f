import Foundation
import Testing
import ZooKeeper
import ZooKeeperClient

/// `quorate serve zookeeper zoo.cfg`, killed and started again on the same folder.
@Suite(.serialized) struct `A stored server` {
  /// How often it is killed; `QUORATE_ROUNDS` says otherwise.
  static let rounds =
    ProcessInfo.processInfo.environment["QUORATE_ROUNDS"].flatMap { Int($0) } ?? 6

  /// A running server.
  struct Running {
    let run: `The command serve`.Run
    let port: Int

    init(
      _ folder: URL, _ lines: String = "", arguments: [String] = [], descriptors: Int? = nil
    ) throws {
      let file = try `A stored server`.configuration(folder, lines)
      run = try `The command serve`.Run([file.path] + arguments, descriptors: descriptors)
      let line = String(
        decoding: run.output.fileHandleForReading.availableData, as: UTF8.self)
      let number = line.split(separator: ":").last?.prefix { $0.isNumber }
      port = try #require(
        number.flatMap { Int($0) }, "\(line)\(`The command serve`.Run.text(run.errors))")
    }

    func connect(_ change: (inout ClientOptions) -> Void = { _ in }) async throws -> Client {
      var options = ClientOptions()
      options.reconnects = false
      options.sessionTimeout = .seconds(60)
      change(&options)
      return try await Client.connect(
        to: "127.0.0.1:\(port)", options: options, timeout: .seconds(20))
    }

    func end(_ signal: Int32) {
      kill(run.process.processIdentifier, signal)
      run.process.waitUntilExit()
    }
  }

  /// Writes a `zoo.cfg` with these lines.
  private static func configuration(_ folder: URL, _ lines: String) throws -> URL {
    let file = folder.appending(path: "zoo.cfg")
    try """
    dataDir=\(folder.path)/data
    clientPort=0
    clientPortAddress=127.0.0.1
    tickTime=30000
    maxClientCnxns=0
    preAllocSize=64
    \(lines)
    """.write(to: file, atomically: true, encoding: .utf8)
    return file
  }

  /// What one client has asked for and what it was told.
  struct Ledger {
    let name: String
    /// The numbers of the writes that were told.
    var told = 0
    var asked = 0
  }

  static func with(_ body: (URL) async throws -> Void) async throws {
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "quorate-\(UInt64.random(in: 0 ... .max))")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try await body(folder)
  }

  @Test func `That is killed under load loses no write that was told, and leaves none half done`()
    async throws
  {
    try await Self.with { folder in
      var ledgers: [Ledger] = []
      var told = 0
      for round in 0..<Self.rounds {
        // Snapshots are under way most of the time.
        let server = try Running(folder, "snapCount=300")
        try await judge(ledgers, server)
        // Of older ones no more would come: a snapshot is as large as its tree.
        let old = ledgers.count - 8
        if old > 0 {
          try await remove(ledgers.prefix(old), server)
          ledgers.removeFirst(old)
        }
        ledgers += try await load(server, round)
        told += ledgers.suffix(4).reduce(0) { $0 + $1.told }
      }
      let server = try Running(folder)
      try await judge(ledgers, server)
      server.end(SIGTERM)
      #expect(server.run.process.terminationStatus == 0)
      #expect(told > 100 * Self.rounds)
    }
  }

  /// Four clients write, each 32 requests ahead, until the server is killed in the middle.
  private func load(_ server: Running, _ round: Int) async throws -> [Ledger] {
    let goal = Int.random(in: 100...1500)
    // All are there before the first writes, and may have it killed.
    var clients: [Client] = []
    for _ in 0..<4 { clients.append(try await server.connect()) }
    let ledgers = await withTaskGroup(of: Ledger.self) { group in
      for (number, client) in clients.enumerated() {
        group.addTask { await write(client, "r\(round)-\(number)", goal, server) }
      }
      return await group.reduce(into: []) { $0.append($1) }
    }
    server.run.process.waitUntilExit()
    return ledgers
  }

  /// Write *n* creates a node and, as one with it, sets two others to *n*.
  private func write(
    _ client: Client, _ name: String, _ goal: Int, _ server: Running
  ) async -> Ledger {
    var ledger = Ledger(name: name)
    var pending = ["", "/a", "/b"].map { client.ask(.create(Create("/\(name)\($0)"))) }[...]
    var setUp = pending.count
    while true {
      while pending.count < 32 {
        ledger.asked += 1
        let data = Array("\(ledger.asked)".utf8)
        pending.append(
          client.ask(
            .multi([
              .setData(path: "/\(name)/a", data: data),
              .create(Create("/\(name)/a-\(ledger.asked)", data: data)),
              .setData(path: "/\(name)/b", data: data),
            ])))
      }
      guard let first = pending.popFirst(), (try? await first.answer()) != nil else { break }
      if setUp > 0 { setUp -= 1 } else { ledger.told += 1 }
      // One of the four gets there first.
      if ledger.told == goal { kill(server.run.process.processIdentifier, SIGKILL) }
    }
    return ledger
  }

  /// What is there of each client's writes is all up to one of them, whole, and no fewer than were
  /// told.
  private func judge(_ ledgers: [Ledger], _ server: Running) async throws {
    let client = try await server.connect()
    let folders = try await client.getChildren("/")
    for ledger in ledgers {
      let isThere = folders.contains(ledger.name)
      let names = isThere ? Set(try await client.getChildren("/" + ledger.name)) : []
      func number(_ name: String) async throws -> Int {
        guard names.contains(name) else { return 0 }
        let data = try await client.getData("/\(ledger.name)/\(name)").data
        return Int(String(decoding: data ?? [], as: UTF8.self)) ?? 0
      }
      let last = try await number("a")
      #expect(last >= ledger.told && last <= ledger.asked, "\(ledger)")
      #expect(try await number("b") == last, "half a multi: \(ledger)")
      for each in 1...max(1, ledger.asked) {
        #expect(names.contains("a-\(each)") == (each <= last), "\(each) \(ledger)")
      }
    }
    await client.close()
  }

  /// Removes what was judged.
  private func remove(_ ledgers: some Sequence<Ledger>, _ server: Running) async throws {
    let client = try await server.connect()
    for ledger in ledgers where try await client.exists("/" + ledger.name) != nil {
      let paths = try await client.getChildren("/" + ledger.name).map { "/\(ledger.name)/\($0)" }
      for start in stride(from: 0, to: paths.count, by: 500) {
        let some = paths[start..<min(start + 500, paths.count)]
        _ = try await client.ask(.multi(some.map { .delete(path: $0) })).answer()
      }
      try await client.delete("/" + ledger.name)
    }
    await client.close()
  }

  @Test(arguments: [SIGKILL, SIGTERM])
  func `Has its sessions, ephemerals and sequence numbers again`(signal: Int32) async throws {
    try await Self.with { folder in
      let first = try Running(folder, "extendedTypesEnabled=true")
      let client = try await first.connect()
      try await client.create("/e", mode: .ephemeral)
      try await client.create("/q")
      #expect(try await client.create("/q/n-", mode: .persistentSequential) == "/q/n-0000000000")
      try await client.delete("/q/n-0000000000")
      let gone = try await first.connect()
      try await gone.create("/gone", mode: .ephemeral)
      await gone.close()
      let ticket = client.session
      first.end(signal)

      let second = try Running(folder, "extendedTypesEnabled=true")
      let resumed = try await second.connect { $0.session = ticket }
      #expect(resumed.session.id == ticket.id)
      #expect(try await resumed.exists("/e")?.ephemeralOwner == ticket.id)
      #expect(try await resumed.exists("/gone") == nil)
      #expect(try await resumed.create("/q/n-", mode: .persistentSequential) == "/q/n-0000000001")
      await resumed.close()
      let other = try await second.connect()
      #expect(other.session.id != ticket.id)
      #expect(try await other.exists("/e") == nil)
      await other.close()
      second.end(SIGTERM)
      let log = `The command serve`.Run.text(second.run.errors)
      #expect(!log.contains(" warning ") && !log.contains(" error "))
      #expect(log.contains("/data/version-2: snapshot.0 and "))
    }
  }

  @Test func `Refuses a folder from which another serves, and a log that is damaged`() async throws
  {
    try await Self.with { folder in
      let first = try Running(folder)
      let client = try await first.connect()
      for name in ["/a", "/b", "/c"] { try await client.create(name) }
      let second = try `The command serve`.Run(folder.appending(path: "zoo.cfg").path)
      second.process.waitUntilExit()
      #expect(second.process.terminationStatus == 3)
      #expect(
        `The command serve`.Run.text(second.errors).hasSuffix(
          "/data/version-2: somebody else serves from this folder\n"))
      first.end(SIGKILL)

      let log = folder.appending(path: "data/version-2/log.1")
      var bytes = try Data(contentsOf: log)
      bytes[60] ^= 1
      try bytes.write(to: log)
      let third = try `The command serve`.Run(folder.appending(path: "zoo.cfg").path)
      third.process.waitUntilExit()
      #expect(third.process.terminationStatus == 3)
      let words = `The command serve`.Run.text(third.errors)
      #expect(words.contains("/data/version-2/log.1, byte 16: the checksum is "))
      let elsewhere = try `The command serve`.Run(
        folder.appending(path: "zoo.cfg").path, "--cut-log", "log.1:60")
      elsewhere.process.waitUntilExit()
      #expect(elsewhere.process.terminationStatus == 3)
      #expect(
        `The command serve`.Run.text(elsewhere.errors)
          .hasSuffix("\n  --cut-log log.1:60 is not that place: nothing was cut.\n"))
      // The sessions' beginning is damaged; what follows it was told to somebody.
      #expect(words.contains("3 whole transactions, up to zxid 0x4. Clients were told of"))
      #expect(words.contains("--cut-log log.1:16 loses these 3"))
      let fourth = try `The command serve`.Run(
        folder.appending(path: "zoo.cfg").path, "--cut-log", "log.1:16")
      _ = fourth.output.fileHandleForReading.availableData
      fourth.process.terminate()
      fourth.process.waitUntilExit()
      #expect(fourth.process.terminationStatus == 0)
      #expect(`The command serve`.Run.text(fourth.errors).contains("/cut-off-16.log.1"))
    }
  }

  /// As the image of Docker writes it.
  @Test func `Serves where the line of the server says it, as the edition that was asked for`()
    async throws
  {
    try await Self.with { folder in
      let file = folder.appending(path: "zoo.cfg")
      try "dataDir=\(folder.path)\nserver.1=localhost:2888:3888:participant;[127.0.0.1]:0\n"
        .write(to: file, atomically: true, encoding: .utf8)
      try "1\n".write(
        to: folder.appending(path: "myid"), atomically: true, encoding: .utf8)
      let run = try `The command serve`.Run(file.path, "--edition", "3.4")
      let line = String(decoding: run.output.fileHandleForReading.availableData, as: UTF8.self)
      #expect(line.hasPrefix("ZooKeeper with edition 3.4 on 127.0.0.1:"))
      run.process.terminate()
      run.process.waitUntilExit()
      let log = `The command serve`.Run.text(run.errors)
      #expect(log.contains(", as 3.4.14-quorate, at 127.0.0.1:"), "\(log)")
    }
  }

  @Test func `Ends, and says so, when its disk fails`() async throws {
    try await Self.with { folder in
      let server = try Running(folder, "snapCount=2")
      let client = try await server.connect()
      try FileManager.default.moveItem(
        at: folder.appending(path: "data/version-2"), to: folder.appending(path: "gone"))
      for number in 0..<100 {
        do { try await client.create("/n-\(number)") } catch { break }
      }
      server.run.process.waitUntilExit()
      #expect(server.run.process.terminationStatus == 3)
      #expect(`The command serve`.Run.text(server.run.errors).contains("the disk has failed: "))
      await client.close()
    }
  }

  @Test func `Keeps logs and snapshots in one folder however that is spelled`() async throws {
    try await Self.with { folder in
      let server = try Running(folder, "dataLogDir=\(folder.path)/data/../data/")
      let client = try await server.connect()
      try await client.create("/a")
      await client.close()
      server.end(SIGTERM)
      #expect(server.run.process.terminationStatus == 0)
      let other = try `The command serve`.Run(
        Self.configuration(folder, "dataLogDir=\(folder.path)/logs").path)
      other.process.waitUntilExit()
      #expect(other.process.terminationStatus == 3)
      #expect(`The command serve`.Run.text(other.errors).contains("files of the other kind"))
    }
  }

  @Test func `Says what is wrong with its zoo_cfg`() async throws {
    try await Self.with { folder in
      let file = folder.appending(path: "zoo.cfg")
      try "dataDir=/d\nclientPort=x\n".write(to: file, atomically: true, encoding: .utf8)
      let run = try `The command serve`.Run(file.path)
      run.process.waitUntilExit()
      #expect(run.process.terminationStatus == 64)
      #expect(
        `The command serve`.Run.text(run.errors)
          == "quorate: \(file.path): line 2: clientPort is 'x', and no number from 0 to 65535\n")
      let quirk = try `The command serve`.Run(file.path, "--quirk", "ephemerals-stay")
      quirk.process.waitUntilExit()
      #expect(quirk.process.terminationStatus == 64)
    }
  }
}
