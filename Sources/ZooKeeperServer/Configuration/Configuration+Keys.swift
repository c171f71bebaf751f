/// The keys that Apache's server, 3.8, knows.
extension Configuration {
  /// The keys that have a meaning here.
  public static let keys = [
    "dataDir", "dataLogDir", "clientPort", "clientPortAddress", "tickTime", "minSessionTimeout",
    "maxSessionTimeout", "maxClientCnxns", "maxCnxns", "globalOutstandingLimit", "jute.maxbuffer",
    "snapCount", "preAllocSize", "autopurge.snapRetainCount", "autopurge.purgeInterval",
    "4lw.commands.whitelist", "extendedTypesEnabled", "enforceQuota", "snapshot.trust.empty",
    "admin.enableServer", "admin.serverPort", "admin.serverAddress", "admin.commandURL",
    "admin.idleTimeout", "metricsProvider.className", "metricsProvider.httpPort",
    "metricsProvider.httpHost", "znode.container.checkIntervalMs",
    "java.security.auth.login.config",
    "DigestAuthenticationProvider.superDigest",
  ]

  /// What concerns ensembles alone, and stands in the file of many a lone server.
  private static let ofEnsembles: Set<String> = [
    "initLimit", "syncLimit", "electionAlg", "peerType", "leaderServes", "standaloneEnabled",
    "reconfigEnabled", "dynamicConfigFile", "quorumListenOnAllIPs", "cnxTimeout",
    "connectToLearnerMasterLimit", "syncEnabled", "localSessionsEnabled",
    "localSessionsUpgradingEnabled", "initialServerConfig",
  ]

  private static let withoutEffect: Set<String> = [
    "secureClientPort", "secureClientPortAddress", "clientPortListenBacklog", "forceSync",
    "fsync.warningthresholdms", "serverCnxnFactory", "sslQuorum", "portUnification",
    "client.portUnification", "skipACL", "readonlymode.enabled", "digest.enabled",
    "closeSessionTxn.enabled", "leader.closeSocketAsync", "learner.closeSocketAsync",
    "flushDelay", "maxWriteQueuePollTime", "maxBatchSize", "txnLogSizeLimitInKb",
    "snapSizeLimitInKb", "commitLogCount", "snapshot.compression.method", "watchManagerName",
    "largeRequestMaxBytes", "largeRequestThreshold", "requestThrottler.shutdownTimeout",
    "jute.maxbuffer.extrasize", "commitProcessor.numWorkerThreads",
    "superUser", "sessionRequireClientSASLAuth", "enforce.auth.enabled", "enforce.auth.schemes",
    "observerMasterPort", "multiAddress.enabled", "audit.enable", "datadir.autocreate",
    "nio.numSelectorThreads", "nio.numWorkerThreads", "nio.sessionlessCnxnTimeout",
  ]

  private static let families = [
    "admin.", "metricsProvider.", "ssl.", "group.", "weight.", "authProvider.", "quorum.auth.",
    "multiAddress.", "netty.", "jvm.pause.", "connection", "request_throttle", "nio.", "server.",
    "leader.", "learner.", "observer.", "commitProcessor.", "zookeeper.", "kerberos.",
  ]

  /// Whether a key that is not used is nothing to speak of.
  static func isSilent(_ key: String) -> Bool { ofEnsembles.contains(key) }

  /// Whether Apache's server knows a key.
  static func isKnown(_ key: String) -> Bool {
    withoutEffect.contains(key) || families.contains { key.hasPrefix($0) }
  }
}
