internal import NIOCore
internal import ZooKeeper

/// A word of four letters, which on a fresh connection stands where a length would: an operator
/// asks how the server is.
///
/// As a length each word's bytes would be absurd, so no frame is ever mistaken for one.
///
/// Source: ZooKeeper Administrator's Guide, "The Four Letter Words".
public enum FourLetterWord: String, Hashable, Sendable, CaseIterable {
  /// Is it alive?
  case ruok
  /// Does it accept writes?
  case isro
  /// Its version, traffic, last zxid and mode.
  case srvr
  /// The same, with its connections.
  case stat
  /// Its connections.
  case cons
  /// Numbers for monitoring.
  case mntr
  /// Its settings.
  case conf
  /// What it runs on.
  case envi
  /// How many watches there are.
  case wchs
}

/// The word that a connection begins with.
enum AskedWord {
  case known(FourLetterWord)
  /// Apache's server knows it, this one does not answer it.
  case unanswered(String)

  private static let unanswered: Set<String> = [
    "crst", "dirs", "dump", "gtmk", "hash", "lead", "obsr", "orst", "srst", "stmk", "sysp", "wchc",
    "wchp",
  ]

  init?(_ bytes: ByteBuffer) {
    guard let text = bytes.getString(at: bytes.readerIndex, length: 4) else { return nil }
    if let word = FourLetterWord(rawValue: text) {
      self = .known(word)
    } else if AskedWord.unanswered.contains(text) {
      self = .unanswered(text)
    } else {
      return nil
    }
  }

  func answer(by server: Server) -> String {
    switch self {
    case .known(let word) where server.settings.words.contains(word): server.answer(to: word)
    case .known(let word): AskedWord.refusal(word.rawValue)
    case .unanswered(let word): AskedWord.refusal(word)
    }
  }

  private static func refusal(_ word: String) -> String {
    "\(word) is not executed because it is not in the whitelist.\n"
  }
}

/// The answers.
extension Server {
  fileprivate func answer(to word: FourLetterWord) -> String {
    switch word {
    case .ruok: "imok"
    case .isro: "rw"
    case .srvr: title + summary
    case .stat: title + "Clients:\n" + clients { _ in "" } + "\n" + summary
    case .cons: clients(details) + "\n"
    case .mntr: monitored.map { "zk_\($0)\t\($1)\n" }.joined()
    case .conf: configuration.map { "\($0)=\($1)\n" }.joined()
    case .envi: "Environment:\nzookeeper.version=\(settings.version)\nhost.name=localhost\n"
    case .wchs: "\(connections.count) connections, \(watches.count) watches\n"
    }
  }

  private var title: String { "Zookeeper version: \(settings.version), in memory\n" }

  private var summary: String {
    """
    Latency min/avg/max: 0/0.0/0
    Received: \(traffic.received)
    Sent: \(traffic.sent)
    Connections: \(connections.count)
    Outstanding: 0
    Zxid: \(service.applied.zxid)
    Mode: standalone
    Node count: \(service.applied.nodeCount)

    """
  }

  private func clients(_ details: (Connection) -> String) -> String {
    openConnections.compactMap { connections[$0] }
      .map { " /\($0.address)[1](queued=0\(details($0)))\n" }.joined()
  }

  private func details(_ connection: Connection) -> String {
    guard let session = connection.session, let timeout = sessions.timeout(of: session) else {
      return ""
    }
    return ",sid=\(session),to=\(timeout)"
  }

  private var monitored: [(String, String)] {
    let tree = service.applied
    let ephemerals = tree.openSessions.reduce(0) { $0 + tree.ephemerals(of: $1).count }
    return [
      ("version", settings.version), ("server_state", "standalone"),
      ("packets_received", "\(traffic.received)"), ("packets_sent", "\(traffic.sent)"),
      ("num_alive_connections", "\(connections.count)"), ("outstanding_requests", "0"),
      ("znode_count", "\(tree.nodeCount)"), ("watch_count", "\(watches.count)"),
      ("ephemerals_count", "\(ephemerals)"), ("global_sessions", "\(tree.openSessions.count)"),
    ]
  }

  private var configuration: [(String, String)] {
    [
      ("tickTime", "\(settings.tick)"),
      ("maxClientCnxns", "\(settings.connectionsPerAddress ?? 0)"),
      ("minSessionTimeout", "\(sessions.timeouts.lowerBound)"),
      ("maxSessionTimeout", "\(sessions.timeouts.upperBound)"),
      ("serverId", "\(settings.serverNumber)"),
    ]
  }
}
