internal import NIOCore
internal import ZooKeeper
public import ZooKeeperPersistence

/// What a `zoo.cfg` says, key by key as Apache's server spells them.
///
/// The keys that have a meaning here, with their defaults, are ``keyTable``.
///
/// Where `jute.maxbuffer` and `znode.container.checkIntervalMs` stand in the file Apache's server
/// does not look: it wants them as properties of its process. Its `preAllocSize` is 65536 by
/// default; its logs hold holes there, ours zeros that were written.
///
/// Source: ZooKeeper Administrator's Guide; `QuorumPeerConfig`.
public struct Configuration: Sendable {
  /// The server's own.
  public var settings = Settings()
  /// The folder in which `version-2` holds the snapshots.
  public private(set) var dataFolder = ""
  /// The folder in which `version-2` holds the logs.
  public private(set) var logFolder = ""
  /// The address to listen on.
  public internal(set) var host = "0.0.0.0"
  /// The port to listen on, 0 for any that is free; nil if only TLS is spoken.
  public var port: Int?
  /// Where it speaks TLS.
  public internal(set) var secure: SecurePlace?
  /// The limits of what waits.
  public internal(set) var limits = Shell.Limits()
  /// The times between snapshots, and how many of them are kept.
  public private(set) var store = Store<LocalFileSystem>.Options()
  /// Hours between purges; 0 for none.
  public private(set) var purgeInterval = 0
  /// Whether a log without a snapshot is one of an empty tree.
  public private(set) var trustsNoSnapshot = false
  /// Where it is asked over HTTP: the AdminServer, then Prometheus.
  public internal(set) var web: [Shell.WebPlace] = []
  /// What the environment says, key by key.
  public private(set) var properties: [String: String] = [:]
  /// What is strange in the file.
  public private(set) var warnings: [ConfigurationWarning] = []

  private(set) var entries: [String: Properties.Entry] = [:]
  var used: Set<String> = []

  /// Reads the text of a `zoo.cfg`.
  ///
  /// - Parameters:
  ///   - text: The text.
  ///   - environment: The process's variables, of which `SERVER_JVMFLAGS` and `JVMFLAGS` may hold
  ///     `-Dzookeeper.KEY=VALUE`.
  ///   - contents: Reads the files that are named.
  /// - Throws: What makes it useless, with its place.
  public init(
    _ text: String, environment: [String: String] = [:],
    contents: (String) -> String? = { _ in nil }
  ) throws(ConfigurationError) {
    for entry in Properties.entries(of: environment) {
      entries[entry.key] = entry
      properties["zookeeper." + entry.key] = entry.value
    }
    for entry in Properties(text).entries {
      if case .line = entries[entry.key]?.place { warn(entry, .again) }
      entries[entry.key] = entry
    }
    try readPlaces(contents)
    try readSessions()
    try readLimits()
    try readStore()
    readWords()
    try readDialect(contents)
    try readSecurity(contents)
    try readWeb()
    try readRest()
    warnings.sort { ($0.place, $0.key) < ($1.place, $1.key) }
  }

  // MARK: Parts

  private mutating func readPlaces(
    _ contents: (String) -> String?
  ) throws(ConfigurationError) {
    guard let data = text("dataDir"), !data.isEmpty else { throw missing("dataDir") }
    dataFolder = data
    logFolder = text("dataLogDir") ?? data
    guard !logFolder.isEmpty else { throw error("dataLogDir", .empty) }
    for key in ["dataDir", "dataLogDir"] {
      if let entry = entries[key], !entry.value.hasPrefix("/") { warn(entry, .relative) }
    }
    port = try number("clientPort", 0...65_535)
    host = address("clientPortAddress") ?? host
    try readServer(contents)
    guard port != nil || entries["secureClientPort"] != nil else { throw missing("clientPort") }
  }

  private mutating func readSessions() throws(ConfigurationError) {
    let range = 1...Int(Int32.max)
    settings.tick = Int32(try number("tickTime", range) ?? 3000)
    // -1 stands for the default, here as there.
    let shortest = try number("minSessionTimeout", -1...Int(Int32.max)) ?? -1
    let longest = try number("maxSessionTimeout", -1...Int(Int32.max)) ?? -1
    let least = shortest == -1 ? min(Int(settings.tick) * 2, range.upperBound) : shortest
    let most = longest == -1 ? min(Int(settings.tick) * 20, range.upperBound) : longest
    guard least <= most else { throw error("minSessionTimeout", .timeouts(least, most)) }
    settings.timeouts = Int32(least)...Int32(most)
  }

  /// Where less than one stands for none, as there.
  private static let anyNumber = Int(Int32.min)...Int(Int32.max)

  private mutating func readLimits() throws(ConfigurationError) {
    let connections = try number("maxClientCnxns", Self.anyNumber) ?? 60
    settings.connectionsPerAddress = connections <= 0 ? nil : connections
    let all = try number("maxCnxns", Self.anyNumber) ?? 0
    settings.connectionLimit = all <= 0 ? .max : all
    limits.outstanding = try number("globalOutstandingLimit", 1...Int.max) ?? 1000
    let slowness = try number("fsync.warningthresholdms", 0...Int(Int32.max)) ?? 1000
    limits.slowSync = .milliseconds(Int64(slowness))
    if let length = try number("jute.maxbuffer", 1...Int(Int32.max)) {
      settings.frameLimit = length
    }
    if let interval = try number("znode.container.checkIntervalMs", 1...Int(Int32.max)) {
      settings.reapingInterval = Int64(interval)
    }
  }

  private mutating func readStore() throws(ConfigurationError) {
    store.snapshotInterval = try number("snapCount", 0...Int.max, raisedTo: 2) ?? 100_000
    if let size = try number("preAllocSize", 1...(1 << 20)) { store.step = size << 10 }
    store.retained = try number("autopurge.snapRetainCount", 0...Int.max, raisedTo: 3) ?? 3
    purgeInterval = max(0, try number("autopurge.purgeInterval", Self.anyNumber) ?? 0)
    trustsNoSnapshot = try boolean("snapshot.trust.empty") ?? false
  }

  private mutating func readWords() {
    let list = text("4lw.commands.whitelist") ?? "srvr"
    settings.words = []
    for word in list.split(separator: ",") {
      let name = String(word.filter { !$0.isWhitespace })
      if name == "*" {
        settings.words = Set(FourLetterWord.allCases)
      } else if let word = FourLetterWord(rawValue: name) {
        settings.words.insert(word)
      } else if let entry = entries["4lw.commands.whitelist"] {
        warn(entry, .word(name))
      }
    }
  }

  private mutating func readDialect(
    _ contents: (String) -> String?
  ) throws(ConfigurationError) {
    settings.dialect.hasTTL = try boolean("extendedTypesEnabled") ?? false
    settings.dialect.enforcesQuotas = try boolean("enforceQuota") ?? false
    // Whoever says so relies on it: better no server than one that lets everybody in.
    for key in ["sessionRequireClientSASLAuth", "enforce.auth.enabled"] {
      if try boolean(key) == true { throw error(key, .unsupported) }
    }
    if let name = text("DigestAuthenticationProvider.digestAlg"),
      !["SHA1", "SHA-1", "SHA"].contains(name.uppercased())
    {
      throw error("DigestAuthenticationProvider.digestAlg", .digest(name))
    }
    settings.authentication = Authentication(
      superDigest: text("DigestAuthenticationProvider.superDigest"),
      saslUsers: try saslUsers(contents))
    for (key, entry) in entries where key.hasPrefix("authProvider") {
      guard entry.value.hasSuffix(".SASLAuthenticationProvider") else { continue }
      used.insert(key)
      settings.dialect.hasSASL = true
    }
  }

  private mutating func saslUsers(
    _ contents: (String) -> String?
  ) throws(ConfigurationError) -> [String: String] {
    let key = "java.security.auth.login.config"
    guard let name = text(key) else { return [:] }
    guard let text = contents(name) else { throw error(key, .file(name)) }
    do throws(LoginModules.Fault) {
      return try LoginModules(text).users
    } catch let fault {
      throw error(key, .content(name, line: fault.line, expected: fault.expected))
    }
  }

  /// What is left over: keys without effect, keys that nobody knows.
  private mutating func readRest() throws(ConfigurationError) {
    let rest = entries.values.filter { !used.contains($0.key) }.sorted { $0.place < $1.place }
    for entry in rest {
      if Configuration.isSilent(entry.key) { continue }
      warn(entry, Configuration.isKnown(entry.key) ? .withoutEffect : .unknown)
    }
  }

  // MARK: Values

  mutating func text(_ key: String) -> String? {
    used.insert(key)
    return entries[key]?.value
  }

  /// An address; one of IPv6 may stand in brackets, as Java takes it.
  mutating func address(_ key: String) -> String? { text(key).map(Self.withoutBrackets) }

  mutating func number(
    _ key: String, _ range: ClosedRange<Int>, raisedTo least: Int? = nil
  ) throws(ConfigurationError) -> Int? {
    guard let value = text(key), let entry = entries[key] else { return nil }
    guard let number = Self.number(in: value), range.contains(number) else {
      throw error(key, .number(value, range))
    }
    if let least, number < least {
      warn(entry, .raised(to: least))
      return least
    }
    return number
  }

  /// A number as Java reads a property: `0x9fffff` and `#9fffff` as well. (Integer.decode)
  ///
  /// What begins with a zero is decimal here, and to Java octal.
  private static func number(in value: String) -> Int? {
    let prefix = ["0x", "0X", "#"].first { value.hasPrefix($0) }
    return prefix.map { Int(value.dropFirst($0.count), radix: 16) } ?? Int(value)
  }

  mutating func boolean(_ key: String) throws(ConfigurationError) -> Bool? {
    guard let value = text(key) else { return nil }
    switch value.lowercased() {
    case "true": return true
    case "false": return false
    default: throw error(key, .boolean(value))
    }
  }

  private func missing(_ key: String) -> ConfigurationError {
    let strangers = entries.values.filter { entry in
      !Configuration.keys.contains(entry.key) && !Configuration.isKnown(entry.key)
    }.sorted { $0.place < $1.place }
    let warnings = strangers.map {
      ConfigurationWarning(place: $0.place, key: $0.key, reason: .unknown)
    }
    return ConfigurationError(place: nil, key: key, reason: .missing, strangers: warnings)
  }

  func error(_ key: String, _ reason: ConfigurationError.Reason) -> ConfigurationError {
    ConfigurationError(place: entries[key]?.place, key: key, reason: reason)
  }

  private mutating func warn(_ entry: Properties.Entry, _ reason: ConfigurationWarning.Reason) {
    warnings.append(ConfigurationWarning(place: entry.place, key: entry.key, reason: reason))
  }
}
