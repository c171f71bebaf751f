import ArgumentParser
import Conformance
import Foundation
import Logging
import ZooKeeper
import ZooKeeperPersistence
import ZooKeeperQuirks
import ZooKeeperServer

/// Runs servers that somebody else can be pointed at.
struct ServeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "serve",
    abstract: "Serve a protocol over TCP, rightly or wrongly.",
    subcommands: [ServeZooKeeperCommand.self])
}

/// Serves ZooKeeper's client protocol.
struct ServeZooKeeperCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "zookeeper",
    abstract: "Serve ZooKeeper's client protocol, from memory or from disk.",
    discussion: """
      It stands alone. With a zoo.cfg, as Apache's server reads it, it stores what it does in
      dataDir, in the formats of Apache's server, before anybody is told of it; without one it
      keeps everything in memory: what it holds is gone when it ends.
      With a quirk it fails in that way, on purpose.

      With a zoo.cfg go --port, --host, --edition, --cut-log and --verbose alone. For the other
      options, which are those of a server in memory, it has keys, and quirks would spoil what is
      stored.

        quorate serve zookeeper
        quorate serve zookeeper zoo.cfg
        quorate serve zookeeper --edition 3.6 --port 2182
        quorate serve zookeeper --quirk ephemerals-stay --quirk numbers-are-reused
        quorate serve zookeeper --quirks

      What happens is logged on standard error, from info on; with --verbose each connection and
      session too, and why it ended. SIGTERM, SIGINT and SIGHUP (unless it is ignored, as by nohup)
      stop it: what was asked before is stored and answered first.

      It ends with
        0   stopped, as it was asked to
        3   it cannot listen, or cannot serve from its data: a damaged file, a full disk, somebody
            else who serves from there; or its disk has failed while it served
        64  the arguments, or the zoo.cfg, are not right; the line is named
      Notes/Running-a-server.md tells the keys, commands and metrics, and how to replace Apache's
      server and go back.
      """)

  @Argument(help: "The file that says where to store, and more; without it all is in memory.")
  var configuration: String?
  @Option(
    help: "The port to listen on; 0 for any that is free. [default: 2181, or that of zoo.cfg]")
  var port: Int?
  @Option(help: "The address to listen on. [default: 127.0.0.1, or that of zoo.cfg]")
  var host: String?
  @Option(help: "Answer as this edition of Apache's server does: 3.4 to 3.9, or 3.4.14 to 3.9.5.")
  var edition: String?
  @Option(help: "Fail in this way; may be given several times.")
  var quirk: [String] = []
  @Flag(help: "Print the quirks and what they do, and end.")
  var quirks = false
  @Option(
    help: """
      In memory: the unit of session timeouts in milliseconds. [default: 2000; zoo.cfg: tickTime]
      """)
  var tickTime: Int32?
  @Option(
    help: "In memory: how many connections there may be. [default: 10000; zoo.cfg: maxCnxns]")
  var maxConnections: Int?
  @Option(
    help: """
      In memory: whose digest is the superuser's, as name:base64(sha1). [zoo.cfg: \
      DigestAuthenticationProvider.superDigest]
      """)
  var superDigest: String?
  @Option(
    help: """
      In memory: how often to look for containers and TTL nodes whose time has come, in \
      milliseconds. [default: 60000; zoo.cfg: znode.container.checkIntervalMs]
      """)
  var reapingInterval: Int64?
  @Flag(help: "In memory: refuse what is beyond a hard quota. [zoo.cfg: enforceQuota]")
  var enforceQuotas = false
  @Flag(help: "In memory: know no nodes with a TTL. [zoo.cfg: extendedTypesEnabled]")
  var noTTL = false
  @Option(
    help: """
      In memory: whom SASL's DIGEST-MD5 knows, as name:password; may be given several times. \
      [zoo.cfg: java.security.auth.login.config]
      """)
  var saslUser: [String] = []
  @Flag(help: "In memory: serve only reads, and only clients that put up with that.")
  var readOnly = false
  @Option(
    help: ArgumentHelp(
      "Put aside what the newest log holds from this byte on, where the server has refused it.",
      valueName: "log:byte"))
  var cutLog: String?
  @Flag(help: "Log each connection and session, and why it ended.")
  var verbose = false

  func validate() throws {
    if let port, !(0...65_535).contains(port) { throw ValidationError("no port is \(port)") }
    if configuration != nil, try chosen.contains(where: { $0.group != .edition }) {
      throw ValidationError("a quirk is for a server in memory: it spoils what would be stored")
    }
    if let cutLog, configuration == nil || Cut(cutLog) == nil {
      throw ValidationError(
        "--cut-log is such a place as log.1f4:1040 in the log of a zoo.cfg, and '\(cutLog)' is not")
    }
    if configuration != nil, let (option, keys) = ofMemory.first {
      throw ValidationError(
        "\(option) is for a server in memory; \(keys). With a zoo.cfg only --port, --host, "
          + "--edition, --cut-log and --verbose are taken")
    }
    if let tickTime, tickTime <= 0 {
      throw ValidationError("a tick takes more than \(tickTime) ms")
    }
    if let maxConnections, maxConnections <= 0 {
      throw ValidationError("there has to be a connection")
    }
    if let reapingInterval, reapingInterval <= 0 {
      throw ValidationError("it cannot look every \(reapingInterval) ms")
    }
    for user in saslUser where !user.dropFirst().contains(":") {
      throw ValidationError("--sasl-user is name:password, and '\(user)' is not")
    }
    _ = try chosen
  }

  /// What is said for a server in memory, and how a `zoo.cfg` says it.
  private var ofMemory: [(option: String, keys: String)] {
    let login = "java.security.auth.login.config and authProvider.1"
    return [
      ("--tick-time", tickTime != nil, "zoo.cfg has tickTime for it"),
      ("--max-connections", maxConnections != nil, "zoo.cfg has maxCnxns for it"),
      (
        "--super-digest", superDigest != nil,
        "zoo.cfg has DigestAuthenticationProvider.superDigest for it"
      ),
      (
        "--reaping-interval", reapingInterval != nil,
        "zoo.cfg has znode.container.checkIntervalMs for it"
      ),
      ("--enforce-quotas", enforceQuotas, "zoo.cfg has enforceQuota=true for it"),
      ("--no-ttl", noTTL, "zoo.cfg has extendedTypesEnabled=false for it, the default"),
      ("--sasl-user", !saslUser.isEmpty, "zoo.cfg has \(login) for it"),
      ("--read-only", readOnly, "zoo.cfg has no key for it"),
    ].filter(\.1).map { ($0.0, $0.2) }
  }

  /// Whom SASL knows.
  private var saslUsers: [String: String] {
    let pairs = saslUser.map { user in
      let parts = user.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
      return (String(parts[0]), String(parts[1]))
    }
    return Dictionary(pairs) { _, last in last }
  }

  /// The edition, then the quirks.
  private var chosen: [Quirk] {
    get throws {
      do {
        let edition = try edition.map { name in
          guard let quirk = try? Quirk.named(name), quirk.group == .edition else {
            let numbers = Dialect.editions.map(\.edition).joined(separator: ", ")
            throw ValidationError(
              "no edition '\(name)' is known; there are 3.4 to 3.9, and \(numbers)")
          }
          return quirk
        }
        return (edition.map { [$0] } ?? []) + (try quirk.map(Quirk.named))
      } catch let error as UnknownQuirk {
        throw ValidationError(error.description)
      }
    }
  }

  func run() async throws {
    guard !quirks else { return printQuirks() }
    var settings = Settings()
    settings.tick = tickTime ?? 2000
    settings.connectionLimit = maxConnections ?? 10_000
    settings.authentication = Authentication(superDigest: superDigest, saslUsers: saslUsers)
    settings.authentication.nonceSeed = .random(in: 0 ... .max)
    settings.dialect.hasSASL = !saslUser.isEmpty
    settings.dialect.enforcesQuotas = enforceQuotas
    settings.dialect.hasTTL = !noTTL
    settings.reapingInterval = reapingInterval ?? 60_000
    settings.isReadOnly = readOnly
    settings.epoch = Int64(Date().timeIntervalSince1970 * 1000)
    var logger = Logger(label: "zookeeper") { StreamLogHandler.standardError(label: $0) }
    logger.logLevel = verbose ? .debug : .info
    let signals = EndingSignals()
    if let configuration {
      let stored = try StoredServer(configurationFile: configuration, logger: logger)
      let host = host ?? stored.configuration.host
      defer { withExtendedLifetime(signals) {} }
      let place = "stored in \(stored.configuration.dataFolder)"
      return try await stored.run(
        quirks: try chosen, cut: cutLog.flatMap { Cut($0) }, host: host,
        port: port ?? stored.configuration.port,
        until: signals.arrivals, started: { announce($0, place) })
    }
    let (host, port) = (host ?? "127.0.0.1", port ?? 2181)
    let shell: Shell
    do {
      shell = try await Shell.listen(
        Server(settings, quirks: try chosen), host: host, port: port, logger: logger)
    } catch {
      throw failure(.error, "quorate: \(error)")
    }
    let place = Shell.place(host, shell.port)
    announce([place], "in memory only")
    logger.info("ready: quorate \(Version.number), in memory only, at \(place)")
    let number = await signals.first()
    logger.info("\(EndingSignals.name(number)) received: stopping")
    try await shell.stop()
    logger.info("stopped")
  }

  /// One line, at once, also into a pipe: whoever started this waits for it.
  private func announce(_ ports: [String], _ place: String) {
    let names = ([edition.map { "edition \($0)" }].compactMap { $0 } + quirk).joined(
      separator: ", ")
    let manner = names.isEmpty ? "" : " with \(names)"
    let places = ports.joined(separator: " and ")
    Terminal.write("ZooKeeper\(manner) on \(places), \(place)\n")
  }

  private func printQuirks() {
    for group in Quirk.Group.allCases {
      print("\(group.title):")
      for quirk in Quirk.all where quirk.group == group {
        print("  \(quirk.name)\n      \(quirk.summary) (\(quirk.source))")
      }
    }
  }
}

extension Quirk.Group {
  fileprivate var title: String {
    switch self {
    case .edition: "Editions of Apache's server"
    case .knownServer: "Other servers"
    case .flaw: "Flaws"
    case .tinyServer: "No servers at all"
    }
  }
}

/// The signals that ask a process to end.
struct EndingSignals {
  /// Their numbers, as they come.
  let arrivals: AsyncStream<Int32>
  private let sources: [any DispatchSourceSignal]

  init() {
    let (arrivals, continuation) = AsyncStream.makeStream(of: Int32.self)
    self.arrivals = arrivals
    let heeded = [SIGINT, SIGTERM] + (Self.isIgnored(SIGHUP) ? [] : [SIGHUP])
    sources = heeded.map { number in
      Interrupts.source(of: number) { continuation.yield(number) }
    }
  }

  /// Waits for the first of them.
  func first() async -> Int32 {
    defer { for source in sources { source.cancel() } }
    for await number in arrivals { return number }
    return SIGTERM
  }

  /// Whether whoever has started this process wants it to ignore a signal, as `nohup` does.
  private static func isIgnored(_ number: Int32) -> Bool {
    var action = sigaction()
    sigaction(number, nil, &action)
    // The handler comes first; SIG_IGN is the address 1.
    return withUnsafeBytes(of: action) { $0.load(as: UInt.self) } == 1
  }

  /// `SIGTERM`.
  static func name(_ number: Int32) -> String {
    [SIGINT: "SIGINT", SIGTERM: "SIGTERM", SIGHUP: "SIGHUP"][number] ?? "signal \(number)"
  }
}
