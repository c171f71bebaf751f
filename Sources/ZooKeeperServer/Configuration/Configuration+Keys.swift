/// A key of a `zoo.cfg` that has a meaning here.
public struct ConfigurationKey: Hashable, Sendable {
  /// As Apache's server spells it.
  public let name: String
  /// What is taken where it does not stand, with its unit; empty for nothing.
  public let fallback: String
  /// What it decides.
  public let meaning: String

  init(_ name: String, _ fallback: String, _ meaning: String) {
    self.name = name
    self.fallback = fallback
    self.meaning = meaning
  }
}

/// The keys that Apache's server, 3.8, knows.
extension Configuration {
  /// The keys that have a meaning here.
  public static let keys = keyTable.map(\.name)

  /// The keys that have a meaning here, and what they mean.
  public static let keyTable = [
    ConfigurationKey("dataDir", "", "the folder in which `version-2` holds the snapshots; needed"),
    ConfigurationKey("dataLogDir", "`dataDir`", "the folder in which `version-2` holds the logs"),
    ConfigurationKey(
      "clientPort", "",
      "where clients are served; needed, but for TLS alone, or where the server's line says it"),
    ConfigurationKey(
      "clientPortAddress", "all", "the address to listen on; all are those of IPv6 too"),
    ConfigurationKey("tickTime", "3000 ms", "the unit of session timeouts"),
    ConfigurationKey("minSessionTimeout", "2 ticks", "the shortest timeout granted, in ms"),
    ConfigurationKey("maxSessionTimeout", "20 ticks", "the longest timeout granted, in ms"),
    ConfigurationKey("maxClientCnxns", "60", "connections of one address; 0 for any number"),
    ConfigurationKey("maxCnxns", "0", "connections at all; 0 for any number"),
    ConfigurationKey(
      "globalOutstandingLimit", "1000", "requests that may wait for the disk before less is read"),
    ConfigurationKey("jute.maxbuffer", "1048575 bytes", "the longest request"),
    ConfigurationKey(
      "snapCount", "100000", "transactions from one snapshot to the next, about; at least 2"),
    ConfigurationKey("preAllocSize", "4096 KiB", "by how much a log is lengthened at a time"),
    ConfigurationKey("autopurge.snapRetainCount", "3", "snapshots that are kept; at least 3"),
    ConfigurationKey("autopurge.purgeInterval", "0 hours", "between purges; 0 for none"),
    ConfigurationKey(
      "fsync.warningthresholdms", "1000 ms", "a batch that takes longer is warned of"),
    ConfigurationKey("4lw.commands.whitelist", "`srvr`", "four-letter words; `*` for all"),
    ConfigurationKey("extendedTypesEnabled", "false", "whether there are TTL nodes"),
    ConfigurationKey("enforceQuota", "false", "whether hard quotas are enforced"),
    ConfigurationKey("snapshot.trust.empty", "false", "whether logs need no snapshot"),
    ConfigurationKey(
      "znode.container.checkIntervalMs", "60000 ms",
      "how often empty containers and TTL nodes are removed"),
    ConfigurationKey(
      "admin.enableServer", "see below", "whether there is an AdminServer; true: on port 8080"),
    ConfigurationKey(
      "admin.serverPort", "none", "the AdminServer's port; without it there is none"),
    ConfigurationKey("admin.serverAddress", "all", "where the AdminServer listens"),
    ConfigurationKey("admin.commandURL", "`/commands`", "the path of its commands"),
    ConfigurationKey("admin.idleTimeout", "30000 ms", "how long who asks over HTTP may be silent"),
    ConfigurationKey(
      "metricsProvider.className", "`….impl.DefaultMetricsProvider`",
      "`org.apache.zookeeper.metrics.prometheus.PrometheusMetricsProvider` for `/metrics`; or "
        + "`….impl.NullMetricsProvider`; no other"),
    ConfigurationKey("metricsProvider.httpPort", "7000", "the port of `/metrics`"),
    ConfigurationKey("metricsProvider.httpHost", "all", "where that listens"),
    ConfigurationKey(
      "DigestAuthenticationProvider.superDigest", "", "whose digest is the superuser's"),
    ConfigurationKey(
      "DigestAuthenticationProvider.digestAlg", "SHA1", "any other is refused: only SHA1 is known"),
    ConfigurationKey(
      "java.security.auth.login.config", "", "the file with the passwords of SASL, DIGEST-MD5"),
    ConfigurationKey(
      "sessionRequireClientSASLAuth", "false", "true is refused: it is not done here"),
    ConfigurationKey("enforce.auth.enabled", "false", "true is refused: it is not done here"),
    ConfigurationKey("secureClientPort", "", "where TLS is spoken; a build with the trait `TLS`"),
    ConfigurationKey("secureClientPortAddress", "all", "the address to listen on, with TLS"),
    ConfigurationKey(
      "ssl.keyStore.location", "", "a PEM file: private key, certificate, its issuers"),
    ConfigurationKey("ssl.keyStore.password", "", "the private key's password"),
    ConfigurationKey("ssl.keyStore.passwordPath", "", "the file in which that stands"),
    ConfigurationKey("ssl.keyStore.type", "PEM", "only PEM is read"),
    ConfigurationKey(
      "ssl.trustStore.location", "", "a PEM file: who may issue clients' certificates"),
    ConfigurationKey("ssl.trustStore.type", "PEM", "only PEM is read"),
    ConfigurationKey("ssl.clientAuth", "`need`", "`none`, `want`, `need`: clients' certificates"),
    ConfigurationKey("ssl.protocol", "both", "`TLSv1.2` or `TLSv1.3`"),
    ConfigurationKey(
      "ssl.enabledProtocols", "both", "the same, or both with a comma between; it counts more"),
    ConfigurationKey(
      "X509AuthenticationProvider.superUser", "", "whose certificate is the superuser's"),
  ]

  /// What every file has for ensembles, and Apache's server does not heed where it stands alone.
  public static let silent: Set<String> = ["initLimit", "syncLimit"]

  /// Keys of Apache's server that change nothing here; a warning names them with their lines.
  public static let withoutEffect: Set<String> = [
    "electionAlg", "peerType", "leaderServes", "standaloneEnabled", "reconfigEnabled",
    "dynamicConfigFile", "quorumListenOnAllIPs", "cnxTimeout", "connectToLearnerMasterLimit",
    "syncEnabled", "localSessionsEnabled", "localSessionsUpgradingEnabled", "initialServerConfig",
    "clientPortListenBacklog", "forceSync",
    "serverCnxnFactory", "sslQuorum", "portUnification",
    "client.portUnification", "skipACL", "readonlymode.enabled", "digest.enabled",
    "closeSessionTxn.enabled", "leader.closeSocketAsync", "learner.closeSocketAsync",
    "flushDelay", "maxWriteQueuePollTime", "maxBatchSize", "txnLogSizeLimitInKb",
    "snapSizeLimitInKb", "commitLogCount", "snapshot.compression.method", "watchManagerName",
    "largeRequestMaxBytes", "largeRequestThreshold", "requestThrottler.shutdownTimeout",
    "jute.maxbuffer.extrasize", "commitProcessor.numWorkerThreads",
    "znode.container.maxNeverUsedIntervalMs", "znode.container.maxPerMinute",
    "requestThrottleLimit", "requestThrottleStallTime", "requestThrottleDropStale",
    "requestStaleLatencyCheck", "requestStaleConnectionCheck", "maxResponseCacheSize",
    "maxGetChildrenResponseCacheSize", "allowSaslFailedClients",
    "superUser", "enforce.auth.schemes",
    "observerMasterPort", "multiAddress.enabled", "audit.enable", "datadir.autocreate",
    "client.certReload", "sslQuorumReloadCertFiles",
    "nio.numSelectorThreads", "nio.numWorkerThreads", "nio.sessionlessCnxnTimeout",
  ]

  /// How keys begin that change nothing here, unless they are named elsewhere.
  public static let families = [
    "admin.", "metricsProvider.", "ssl.", "group.", "weight.", "authProvider.", "quorum.auth.",
    "multiAddress.", "netty.", "jvm.pause.", "connection", "request_throttle", "nio.", "server.",
    "leader.", "learner.", "observer.", "commitProcessor.", "zookeeper.", "kerberos.",
    "X509AuthenticationProvider.",
  ]

  /// Whether a key that is not used is nothing to speak of.
  static func isSilent(_ key: String) -> Bool { silent.contains(key) }

  /// Whether Apache's server knows a key.
  static func isKnown(_ key: String) -> Bool {
    silent.contains(key) || withoutEffect.contains(key) || families.contains { key.hasPrefix($0) }
  }
}
