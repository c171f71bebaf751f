import Conformance
import Foundation
import Logging
import ProtocolCore
import ZooKeeper
import ZooKeeperPersistence
import ZooKeeperQuirks
import ZooKeeperServer

/// A ZooKeeper server that stores what it does where its `zoo.cfg` says.
struct StoredServer {
  let configuration: Configuration
  let logger: Logger
  /// The text of its `zoo.cfg`.
  private let text: String
  private let disk = LocalFileSystem()

  /// Reads a `zoo.cfg` and says what is strange in it.
  init(configurationFile path: String, logger: Logger) throws {
    let text: String
    do {
      text = try String(contentsOf: URL(filePath: path), encoding: .utf8)
    } catch {
      let refusal = Refusal(error)
      throw failure(refusal.code, "quorate: \(refusal.sentence)")
    }
    do {
      configuration = try Configuration(
        text, environment: ProcessInfo.processInfo.environment
      ) { try? String(contentsOf: URL(filePath: $0), encoding: .utf8) }
    } catch {
      throw failure(.usage, "quorate: \(path): \(error)\(Self.meant(by: error))")
    }
    self.logger = logger
    self.text = text
    for warning in configuration.warnings {
      logger.warning("\(path): \(warning)\(Self.meant(by: warning))")
    }
  }

  /// What may be the key that is missing.
  private static func meant(by error: ConfigurationError) -> String {
    let near = error.strangers.first { nearest(to: $0.key, among: [error.key]) != nil }
    return near.map { "; is '\($0.key)' on \($0.place) meant to be it?" } ?? ""
  }

  private static func meant(by warning: ConfigurationWarning) -> String {
    guard warning.reason == .unknown else { return "" }
    return nearest(to: warning.key, among: Configuration.keys).map { "; did you mean '\($0)'?" }
      ?? ""
  }

  /// Where the snapshots and the logs lie.
  var folders: DataFolders {
    DataFolders(
      snapshots: configuration.dataFolder + "/version-2",
      logs: configuration.logFolder + "/version-2")
  }

  /// Recovers what is stored and serves it, until it is asked to end.
  ///
  /// - Parameters:
  ///   - quirks: What it does otherwise; an edition.
  ///   - cut: Where the newest log is to be cut, if it is damaged there.
  ///   - host: The address to listen on.
  ///   - port: The port, 0 for any that is free; nil if only TLS is spoken.
  ///   - signals: Ask it to end.
  ///   - started: Told where it listens.
  func run(
    quirks: [Quirk], cut: Cut?, host: String, port: Int?, until signals: AsyncStream<Int32>,
    started: (_ places: [String]) -> Void
  ) async throws {
    let (shell, store, locks) = try await start(quirks, cut, host, port)
    let open = port == nil ? [] : [Shell.place(host, shell.port)]
    let secure = configuration.secure.map { place in
      Shell.place(place.host, shell.securePort ?? 0) + " (TLS)"
    }
    let places = open + [secure].compactMap { $0 }
    started(places)
    tell(shell, places, quirks)
    let purging = purge(store)
    let error = await withTaskGroup(of: (any Error)?.self) { group in
      group.addTask { await shell.failed() }
      group.addTask {
        for await number in signals {
          logger.info("\(EndingSignals.name(number)) received: stopping")
          break
        }
        return nil
      }
      let first = await group.next() ?? nil
      if let first { logger.critical("the disk has failed: \(first)") }
      try? await shell.stop()
      group.cancelAll()
      return first
    }
    purging?.cancel()
    withExtendedLifetime(locks) {}
    if let error { throw failure(.error, "quorate: the disk has failed: \(error)") }
    logger.info("stopped")
  }

  /// Tells an operator where it can be asked, and who it is.
  private func tell(_ shell: Shell, _ places: [String], _ quirks: [Quirk]) {
    for (place, port) in zip(configuration.web, shell.webPorts) {
      let url = "http://\(Shell.place(place.host, port))"
      let name = place.commands.map { "AdminServer: \(url)\($0)" }
      logger.info("\(name ?? "Prometheus: \(url)/metrics")")
    }
    if !configuration.web.contains(where: { $0.commands != nil }) {
      logger.info("AdminServer: none; admin.serverPort=8080 gives it one, as Apache's server has")
    }
    let settings = Server(configuration.settings, quirks: quirks).settings
    let version = "quorate \(Version.number), as \(settings.version)"
    logger.info("ready: \(version), at \(places.joined(separator: " and "))")
  }

  private func start(
    _ quirks: [Quirk], _ cut: Cut?, _ host: String, _ port: Int?
  ) async throws -> (Shell, Store<LocalFileSystem>, [LocalFile]) {
    do {
      let folders = try madeFolders()
      let locks = try lock(folders)
      var options = Recovery.Options()
      options.trustsNoSnapshot = configuration.trustsNoSnapshot
      options.cut = cut
      options.dialect = configuration.settings.dialect
      options.time = Int64(Date().timeIntervalSince1970 * 1000)
      let store = Store(disk, folders, configuration.store)
      try store.removeUnfinished()
      let recovery = try Recovery(disk, folders, options)
      for note in recovery.notes { logger.warning("\(note)") }
      tell(recovery, folders)
      // What follows needs room.
      if configuration.purgeInterval > 0 { purgeOnce(store) }
      if !recovery.endings.isEmpty { _ = try store.commit(recovery.endings) }
      if recovery.snapshot != recovery.tree.zxid { try snapshot(recovery, store) }
      try store.prepare()
      let newest = recovery.tree.zxid
      let server = Server(settings(port, newest), quirks: quirks, tree: recovery.tree)
      let shell = try await Shell.listen(
        server, host: host, port: port, secure: configuration.secure,
        limits: configuration.limits, logger: logger, journal: Journal(store),
        web: configuration.web)
      return (shell, store, locks)
    } catch let error as StorageError {
      throw failure(.error, "quorate: \(error)\(Self.nothingCut(cut, error))")
    } catch let error as SystemCallError where error.number == ENOSPC {
      throw failure(.error, "quorate: cannot serve: \(error)\(roomNeeded)")
    } catch let error as Refusal {
      throw error
    } catch let error as Shell.ListeningError {
      throw failure(.error, "quorate: \(error)")
    } catch {
      throw failure(.error, "quorate: cannot serve: \(error)")
    }
  }

  /// Tells whoever has said where to cut, if a log is damaged elsewhere.
  private static func nothingCut(_ cut: Cut?, _ error: StorageError) -> String {
    let name = error.file.split(separator: "/").last ?? ""
    guard let cut, name.hasPrefix("log."), error.offset != nil else { return "" }
    return "\n  --cut-log \(cut) is not that place: nothing was cut."
  }

  /// Writes the snapshot of a start; where that would be too large the logs have to do.
  private func snapshot(_ recovery: Recovery, _ store: Store<LocalFileSystem>) throws {
    let zxid = recovery.tree.zxid
    do {
      try store.snapshot(recovery.tree, digest: recovery.digest)
      logger.info("\(Snapshot.name(zxid)) is written, zxid \(zxid)")
    } catch let error as StorageError where error.isOfSize {
      logger.error("no snapshot is written: \(error); the logs behind the last one are needed")
    }
  }

  /// What a start finds, for the log.
  private func tell(_ recovery: Recovery, _ folders: DataFolders) {
    let places =
      folders.snapshots == folders.logs
      ? folders.snapshots : "\(folders.snapshots), logs in \(folders.logs)"
    let tree = recovery.tree
    guard recovery.snapshot != nil || recovery.replayed > 0 else {
      return logger.info("data in \(places), which was empty")
    }
    let beginning = recovery.snapshot.map { Snapshot.name($0) } ?? "no snapshot"
    logger.info(
      """
      data in \(places): \(beginning) and \(recovery.replayed) transactions behind it, \
      up to zxid \(tree.zxid); \(tree.openSessions.count) sessions, \(tree.nodeCount) nodes
      """)
  }

  /// How much room a start needs.
  private var roomNeeded: String {
    let names = (try? disk.names(in: folders.snapshots)) ?? []
    let sizes = names.filter { $0.hasPrefix("snapshot.") }.compactMap { name in
      let path = "\(folders.snapshots)/\(name)"
      return try? FileManager.default.attributesOfItem(atPath: path)[.size] as? Int
    }
    return """

        A start needs \(configuration.store.step >> 10) KiB (preAllocSize) for the next log in \
      \(folders.logs),
        and room for a snapshot in \(folders.snapshots); the largest there has \
      \(((sizes.max() ?? 0) + 1023) >> 10) KiB.
      """
  }

  /// Makes the folders; each has one path then.
  private func madeFolders() throws -> DataFolders {
    try disk.makeFolder(folders.snapshots)
    try disk.makeFolder(folders.logs)
    return DataFolders(
      snapshots: try disk.realPath(of: folders.snapshots),
      logs: try disk.realPath(of: folders.logs))
  }

  /// Holds the folders against others.
  private func lock(_ folders: DataFolders) throws -> [LocalFile] {
    try Set([folders.snapshots, folders.logs]).sorted().map { folder in
      guard let file = try disk.lock(folder + "/quorate.lock") else {
        throw StorageError(.locked, in: folder)
      }
      return file
    }
  }

  /// So many descriptors are not given to clients.
  private static let keptDescriptors = 48

  private func settings(_ port: Int?, _ newest: Zxid) -> Settings {
    var settings = configuration.settings
    settings.epoch = Int64(Date().timeIntervalSince1970 * 1000)
    settings.environment = Self.environment
    // What is stored has to be opened, too: without a descriptor for the next log it would end.
    let descriptors = Descriptor.raiseLimit()
    settings.connectionLimit = min(
      settings.connectionLimit, max(1, descriptors - Self.keptDescriptors))
    var storage = Settings.Storage(
      dataFolder: folders.snapshots, logFolder: folders.logs, port: port
    ) { folder in
      let files = try? FileManager.default.contentsOfDirectory(atPath: folder)
      return (files ?? []).reduce(0) { sum, name in
        let attributes = try? FileManager.default.attributesOfItem(atPath: "\(folder)/\(name)")
        return sum + ((attributes?[.size] as? Int) ?? 0)
      }
    }
    storage.wallTime = { Int64(Date().timeIntervalSince1970 * 1000) }
    storage.descriptors = { Descriptor.openCount.map { ($0, descriptors) } }
    storage.securePort = configuration.secure?.port
    storage.initialConfiguration = text
    storage.properties = configuration.properties
    storage.lastSnapshot = (newest, snapshotTime(newest))
    settings.storage = storage
    return settings
  }

  /// When the snapshot of this zxid was written, in milliseconds since 1970.
  private func snapshotTime(_ zxid: Zxid) -> Int64 {
    let attributes = try? FileManager.default.attributesOfItem(
      atPath: "\(folders.snapshots)/\(Snapshot.name(zxid))")
    let date = attributes?[.modificationDate] as? Date ?? Date(timeIntervalSince1970: 0)
    return Int64(date.timeIntervalSince1970 * 1000)
  }

  /// What the server runs on, by the names that Java has for it.
  private static var environment: [(String, String)] {
    var system = utsname()
    uname(&system)
    func text<T>(_ field: T) -> String {
      withUnsafeBytes(of: field) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    }
    return [
      ("host.name", ProcessInfo.processInfo.hostName), ("os.name", text(system.sysname)),
      ("os.arch", text(system.machine)), ("os.version", text(system.release)),
      ("user.name", NSUserName()), ("user.home", NSHomeDirectory()),
      ("user.dir", FileManager.default.currentDirectoryPath),
    ]
  }

  /// Removes what no recovery needs, at once and from time to time.
  private func purge(_ store: Store<LocalFileSystem>) -> Task<Void, Never>? {
    guard configuration.purgeInterval > 0 else { return nil }
    return Task { [interval = configuration.purgeInterval] in
      while !Task.isCancelled {
        purgeOnce(store)
        try? await Task.sleep(for: .seconds(interval * 3600))
      }
    }
  }

  private func purgeOnce(_ store: Store<LocalFileSystem>) {
    do {
      let gone = try store.purge()
      if !gone.isEmpty { logger.info("purged: \(gone.joined(separator: ", "))") }
    } catch {
      logger.error("cannot purge: \(error)")
    }
  }
}
