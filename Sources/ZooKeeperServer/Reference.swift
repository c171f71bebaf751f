internal import ZooKeeper

/// What an operator can ask of a server, as the Notes list it.
package enum Reference {
  /// Each four-letter word and what it tells.
  package static var words: [(name: String, meaning: String)] {
    FourLetterWord.allCases.map { ($0.rawValue, $0.meaning) }
  }

  /// Each command of the AdminServer, and its shorter names.
  package static var commands: [(name: String, others: [String])] {
    AdminCommand.allCases.map { ($0.rawValue, $0.otherNames) }
  }

  /// What is measured by one number each, as `/metrics` names it; `mntr` puts `zk_` before it.
  package static var gauges: [String] { storing.gauges.map(\.name) }

  /// What is measured by several: `mntr` tells `avg_`, `min_`, `max_`, `cnt_` and `sum_` of each,
  /// `/metrics` `_count` and `_sum`.
  package static var summaries: [String] { storing.measures.summaries.map(\.name) }

  private static var storing: Server {
    var settings = Settings()
    var storage = Settings.Storage(dataFolder: "", logFolder: "", port: nil) { _ in 0 }
    storage.descriptors = { (0, 0) }
    settings.storage = storage
    return Server(settings)
  }
}

extension FourLetterWord {
  fileprivate var meaning: String {
    switch self {
    case .ruok: "`imok`, while it serves"
    case .isro: "`rw`, or `ro` if only reads are served"
    case .srvr: "version, latencies in ms, traffic, the last zxid, mode, number of nodes"
    case .stat: "the same, with the connections"
    case .cons: "each connection: traffic, session, last request, latencies"
    case .mntr: "the numbers below, a line each"
    case .conf: "ports, folders, limits"
    case .envi: "what it runs on"
    case .wchs: "how many watches there are"
    case .wchc: "the watches by session"
    case .wchp: "the watches by path"
    case .dump: "sessions by deadline, and their ephemeral nodes"
    case .gtmk: "the trace mask, a number that changes nothing"
    case .stmk: "sets it, to the 8 bytes behind the word; no answer without them"
    case .dirs: "how many bytes snapshots and logs have"
    case .hash: "digests of the tree at every 128th zxid"
    case .crst: "begins the connections' counts anew"
    case .srst: "begins the server's counts anew"
    }
  }
}
