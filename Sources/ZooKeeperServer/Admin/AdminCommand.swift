/// What an operator can ask over HTTP, `/commands/NAME`.
///
/// Source: ZooKeeper Administrator's Guide, "The AdminServer"; Apache ZooKeeper 3.8, `Commands`.
enum AdminCommand: String, Hashable, Sendable, CaseIterable {
  case configuration
  case connectionStatReset = "connection_stat_reset"
  case connections
  case dirs
  case dump
  case environment
  case getTraceMask = "get_trace_mask"
  case hash
  case initialConfiguration = "initial_configuration"
  case isReadOnly = "is_read_only"
  case lastSnapshot = "last_snapshot"
  case leader
  case monitor
  case observerConnectionStatReset = "observer_connection_stat_reset"
  case observers
  case ruok
  case serverStats = "server_stats"
  case setTraceMask = "set_trace_mask"
  case statReset = "stat_reset"
  case stats
  case systemProperties = "system_properties"
  case votingView = "voting_view"
  case watchSummary = "watch_summary"
  case watches
  case watchesByPath = "watches_by_path"
  case zabState = "zabstate"

  /// Shorter names, most of them those of four-letter words.
  private static let others: [String: AdminCommand] = [
    "conf": .configuration, "config": .configuration, "crst": .connectionStatReset,
    "cons": .connections, "env": .environment, "envi": .environment, "gtmk": .getTraceMask,
    "icfg": .initialConfiguration, "isro": .isReadOnly, "lsnp": .lastSnapshot, "lead": .leader,
    "mntr": .monitor, "orst": .observerConnectionStatReset, "obsr": .observers,
    "srvr": .serverStats, "stmk": .setTraceMask, "srst": .statReset, "stat": .stats,
    "sysp": .systemProperties, "wchs": .watchSummary, "wchc": .watches, "wchp": .watchesByPath,
  ]

  /// Its shorter names.
  var otherNames: [String] {
    AdminCommand.others.filter { $0.value == self }.map(\.key).sorted()
  }

  /// The command of this name; nil if it is none.
  init?(name: String) {
    guard let command = AdminCommand(rawValue: name) ?? AdminCommand.others[name] else {
      return nil
    }
    self = command
  }

  /// Whether the answer may tell of transactions that are not stored.
  var tellsOfTree: Bool {
    switch self {
    case .configuration, .connectionStatReset, .connections, .dirs, .environment, .getTraceMask,
      .initialConfiguration, .isReadOnly, .lastSnapshot, .leader, .monitor,
      .observerConnectionStatReset, .observers, .ruok, .serverStats, .setTraceMask, .statReset,
      .stats, .systemProperties, .votingView, .watchSummary, .zabState:
      false
    case .dump, .hash, .watches, .watchesByPath:
      true
    }
  }

  /// The page that lists them all.
  static func list(_ url: String) -> String {
    allCases.map { "<a href=\"\(url)/\($0.rawValue)\">\($0.rawValue)</a>\n<br/>\n" }.joined()
  }
}
