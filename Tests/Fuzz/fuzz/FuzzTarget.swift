import NIOCore
import ZooKeeper
import ZooKeeperPersistence
import ZooKeeperServer
import ZooKeeperWire

/// What reads bytes of others.
enum FuzzTarget: String, CaseIterable {
  /// A server, from a connection's first byte on, and from the first behind a handshake.
  case frames
  /// A transaction of a log.
  case records
  /// The log of a data directory.
  case log
  /// Its snapshot.
  case snapshot
  /// A `zoo.cfg`, the environment, and a JAAS file.
  case configuration

  /// Reads bytes; what it takes of them it must be able to write and to read again.
  func take(_ input: [UInt8]) {
    switch self {
    case .frames: takeFrames(input)
    case .records: takeRecord(ByteBuffer(bytes: input))
    case .log: takeFile("log.1", input)
    case .snapshot: takeFile("snapshot.0", input)
    case .configuration: takeConfiguration(input)
    }
  }

  /// What the search begins with.
  var seeds: [[UInt8]] {
    switch self {
    case .frames: Self.frameSeeds
    case .records: Self.transactions.map { Array($0.encoded.readableBytesView) }
    case .log: [Self.bytes(of: "d/log.1"), Array(Self.bytes(of: "d/log.1").prefix(300))]
    case .snapshot: [Self.bytes(of: "d/snapshot.0"), Self.bytes(of: "d/snapshot.14")]
    case .configuration: Self.configurationSeeds
    }
  }

  // MARK: A server

  private func takeFrames(_ input: [UInt8]) {
    var server = Server()
    let (first, second) = (ConnectionID(1), ConnectionID(2))
    _ = server.open(first, from: "127.0.0.1")
    _ = server.receive(ByteBuffer(bytes: input), from: first)
    _ = server.open(second, from: "127.0.0.1")
    var greeting = ByteBuffer()
    greeting.writeFrame { ConnectRequest(timeout: 10_000).write(to: &$0) }
    _ = server.receive(greeting, from: second)
    // In two portions: what is cut there has to be put together.
    let half = input.count / 2
    _ = server.receive(ByteBuffer(bytes: input[..<half]), from: second)
    _ = server.receive(ByteBuffer(bytes: input[half...]), from: second)
    _ = server.advance(to: 100_000)
  }

  private static var frameSeeds: [[UInt8]] {
    let requests: [Request] = [
      .create(Create("/a", data: [1])), .create(Create("/s-", mode: .ephemeralSequential)),
      .create(Create("/t", ttl: 1000)), .create(Create("/c", mode: .container)),
      .getData(path: "/a", watch: true), .setData(path: "/a", data: [2, 3]),
      .exists(path: "/b", watch: true), .delete(path: "/a"), .sync(path: "/"), .ping,
      .auth(scheme: "digest", credentials: Array("a:b".utf8)),
      .multi([.create(Create("/m")), .check(path: "/m", version: 0), .delete(path: "/m")]),
      .multiRead([.getData(path: "/"), .getChildren(path: "/")]), .whoAmI, .closeSession,
    ]
    var all = ByteBuffer()
    var seeds: [[UInt8]] = [Array("ruok".utf8), Array("mntr".utf8)]
    for (number, request) in requests.enumerated() {
      var bytes = ByteBuffer()
      ClientFrame(xid: Xid(number + 1), request).write(to: &bytes)
      all.writeImmutableBuffer(bytes)
      seeds.append(Array(bytes.readableBytesView))
    }
    return seeds + [Array(all.readableBytesView)]
  }

  // MARK: Files

  private func takeRecord(_ record: ByteBuffer) {
    guard let logged = try? LoggedTransaction(decoding: record, .lenient) else { return }
    var tree = Tree()
    tree.apply(logged.transaction)
    // A list of twelve bytes without a digest behind it is read as a digest without a list, as logs
    // of before 3.6 have it; with the session all that it owned goes in either case.
    if case .closeSession = logged.transaction.body, logged.digest == nil { return }
    guard let again = try? LoggedTransaction(decoding: logged.encoded, .lenient) else {
      preconditionFailure("what was written is not read: \(logged)")
    }
    precondition(again.encoded == logged.encoded, "another record was read: \(logged)")
  }

  /// Without checksums: with them hardly an input would get past them.
  private static let rules = Set(Rule.allCases).subtracting([.snapshotChecked, .checksumCompared])

  private func takeFile(_ name: String, _ input: [UInt8]) {
    let disk = SimulatedDisk()
    let folders = DataFolders(snapshots: "d", logs: "d")
    do {
      if name != "snapshot.0" {
        try Snapshot.write(Tree(), digest: Tree().digest, on: disk, folder: "d")
      }
      try disk.create("d/" + name).write(ByteBuffer(bytes: input), at: 0)
      let recovery = try Recovery(disk, folders, Recovery.Options(), rules: Self.rules)
      try Snapshot.write(recovery.tree, digest: recovery.digest, on: disk, folder: "d")
      _ = try Purge.run(on: disk, folders, retaining: 1)
      let again = try Recovery(disk, folders)
      precondition(again.tree.digest == recovery.tree.digest, "another tree was read")
    } catch {
      // It is refused with its place.
      precondition(error is StorageError, "no place: \(error)")
    }
  }

  private static var transactions: [LoggedTransaction] {
    var writes = RandomWrites(Tree(), random: SeededRandom(1))
    return (0..<60).map { _ in writes.next() }
  }

  /// A file of a directory in which twenty transactions are stored.
  private static func bytes(of path: String) -> [UInt8] {
    let disk = SimulatedDisk()
    do {
      try Snapshot.write(Tree(), digest: Tree().digest, on: disk, folder: "d")
      var log = TransactionLog(disk, folder: "d", step: 512)
      try log.append(Array(transactions.prefix(20)))
      let recovery = try Recovery(disk, DataFolders(snapshots: "d", logs: "d"))
      try Snapshot.write(recovery.tree, digest: recovery.digest, on: disk, folder: "d")
      return Array(try disk.contents(of: path).readableBytesView)
    } catch {
      preconditionFailure("no seed: \(error)")
    }
  }

  // MARK: Settings

  private func takeConfiguration(_ input: [UInt8]) {
    let text = String(decoding: input, as: UTF8.self)
    _ = try? Configuration(text)
    let environment = ["JVMFLAGS": text]
    let configuration = try? Configuration(
      "dataDir=/d\nclientPort=1\n" + text, environment: environment
    ) { _ in text }
    guard let configuration else { return }
    _ = configuration.warnings.map(\.description)
    _ = Server(configuration.settings)
  }

  private static var configurationSeeds: [[UInt8]] {
    [
      "dataDir=/d\nclientPort=2181\ntickTime=2000\n4lw.commands.whitelist=stat, ruok\n",
      "Server {\n x.DigestLoginModule required\n user_bob=\"pw\";\n};\n",
      "-Dzookeeper.snapCount=5 -Djava.security.auth.login.config=/j -Djute.maxbuffer=9",
      "server.1=a:1:2\\\n  :3\nadmin.serverPort : 8080\n#c\n!d\nkey \\u0041\\t=x\n",
    ].map { Array($0.utf8) }
  }
}
