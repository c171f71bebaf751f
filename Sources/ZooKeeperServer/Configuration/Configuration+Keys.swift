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
    "java.security.auth.login.config", "fsync.warningthresholdms",
    "sessionRequireClientSASLAuth", "enforce.auth.enabled",
    "DigestAuthenticationProvider.superDigest", "secureClientPort", "secureClientPortAddress",
    "ssl.keyStore.location", "ssl.keyStore.password", "ssl.keyStore.passwordPath",
    "ssl.keyStore.type", "ssl.trustStore.location", "ssl.trustStore.type", "ssl.clientAuth",
    "ssl.protocol", "ssl.enabledProtocols", "X509AuthenticationProvider.superUser",
  ]

  /// What concerns ensembles alone, and stands in the file of many a lone server.
  private static let ofEnsembles: Set<String> = [
    "initLimit", "syncLimit", "electionAlg", "peerType", "leaderServes", "standaloneEnabled",
    "reconfigEnabled", "dynamicConfigFile", "quorumListenOnAllIPs", "cnxTimeout",
    "connectToLearnerMasterLimit", "syncEnabled", "localSessionsEnabled",
    "localSessionsUpgradingEnabled", "initialServerConfig",
  ]

  private static let withoutEffect: Set<String> = [
    "clientPortListenBacklog", "forceSync",
    "serverCnxnFactory", "sslQuorum", "portUnification",
    "client.portUnification", "skipACL", "readonlymode.enabled", "digest.enabled",
    "closeSessionTxn.enabled", "leader.closeSocketAsync", "learner.closeSocketAsync",
    "flushDelay", "maxWriteQueuePollTime", "maxBatchSize", "txnLogSizeLimitInKb",
    "snapSizeLimitInKb", "commitLogCount", "snapshot.compression.method", "watchManagerName",
    "largeRequestMaxBytes", "largeRequestThreshold", "requestThrottler.shutdownTimeout",
    "jute.maxbuffer.extrasize", "commitProcessor.numWorkerThreads",
    "superUser", "enforce.auth.schemes",
    "observerMasterPort", "multiAddress.enabled", "audit.enable", "datadir.autocreate",
    "client.certReload", "sslQuorumReloadCertFiles",
    "nio.numSelectorThreads", "nio.numWorkerThreads", "nio.sessionlessCnxnTimeout",
  ]

  private static let families = [
    "admin.", "metricsProvider.", "ssl.", "group.", "weight.", "authProvider.", "quorum.auth.",
    "multiAddress.", "netty.", "jvm.pause.", "connection", "request_throttle", "nio.", "server.",
    "leader.", "learner.", "observer.", "commitProcessor.", "zookeeper.", "kerberos.",
    "X509AuthenticationProvider.",
  ]

  /// Whether a key that is not used is nothing to speak of.
  static func isSilent(_ key: String) -> Bool { ofEnsembles.contains(key) }

  /// Whether Apache's server knows a key.
  static func isKnown(_ key: String) -> Bool {
    withoutEffect.contains(key) || families.contains { key.hasPrefix($0) }
  }
}
