internal import ZooKeeper
internal import ZooKeeperWire

/// Answers to four-letter words, in the form of Apache's server, 3.8.
///
/// Latencies are those of all requests, from their arrival until their replies may be sent.
///
/// Source: Apache ZooKeeper, `org.apache.zookeeper.server.command`.
extension Server {
  /// What an operator is told.
  mutating func answer(to word: FourLetterWord) -> String {
    switch word {
    case .ruok: return "imok"
    case .isro: return settings.isReadOnly ? "ro" : "rw"
    case .srvr: return title + summary
    case .stat: return title + "Clients:\n" + clients { _ in "" } + "\n" + summary
    case .cons: return clients(details) + "\n"
    case .mntr: return monitored.map { "zk_\($0)\t\($1.plain)\n" }.joined()
    case .conf: return configuration.map { "\($0)=\($1)\n" }.joined()
    case .envi:
      return "Environment:\n" + environment.map { "\($0)=\($1)\n" }.joined()
    case .wchs: return watchSummary
    case .wchc: return watchesBySession
    case .wchp: return watchesByPath
    case .dump: return sessionsAndEphemerals
    case .gtmk: return "\(traceMask)"
    // The mask was taken where it was read; without one there is no answer.
    case .stmk: return ""
    case .dirs:
      return "datadir_size: \(size(\.dataFolder))\nlogdir_size: \(size(\.logFolder))\n"
    case .hash:
      return digests.map { "\(String($0.zxid.rawValue, radix: 16)): \($0.digest)\n" }.joined()
    case .crst:
      for id in connections.keys {
        connections[id]?.traffic = Traffic()
        connections[id]?.last = LastResponse()
        connections[id]?.latencies = Measures.Summary()
      }
      return "Connection stats reset.\n"
    case .srst:
      traffic = Traffic()
      measures = Measures()
      return "Server stats reset.\n"
    }
  }

  var mode: String { settings.isReadOnly ? "read-only" : "standalone" }

  private var title: String {
    "Zookeeper version: \(settings.version), \(settings.storage == nil ? "in memory" : "on disk")\n"
  }

  func size(_ folder: KeyPath<Settings.Storage, String>) -> Int {
    settings.storage.map { $0.size($0[keyPath: folder]) } ?? 0
  }

  private var summary: String {
    let latencies = measures.latencies
    return """
      Latency min/avg/max: \(latencies.least)/\(latencies.mean)/\(latencies.greatest)
      Received: \(traffic.received)
      Sent: \(traffic.sent)
      Connections: \(connections.count)
      Outstanding: \(outstanding)
      Zxid: \(told.zxid)
      Mode: \(mode)
      Node count: \(told.nodeCount)

      """
  }

  // MARK: Connections

  private func clients(_ details: (Connection) -> String) -> String {
    openConnections.compactMap { connections[$0] }.map { connection in
      let interest = connection.session == nil ? 0 : 1
      let traffic = connection.traffic
      return
        " /\(connection.origin)[\(interest)](queued=\(connection.outstanding)"
        + ",recved=\(traffic.received),sent=\(traffic.sent)\(details(connection)))\n"
    }.joined()
  }

  private func details(_ connection: Connection) -> String {
    guard let session = connection.session, let timeout = sessions.timeout(of: session) else {
      return ""
    }
    let last = connection.last
    let latencies = connection.latencies
    return ",sid=\(session),lop=\(last.operation),est=\(connection.established),to=\(timeout)"
      + (last.xid < 0 ? "" : ",lcxid=0x\(String(last.xid, radix: 16))")
      + ",lzxid=\(min(last.zxid, told.zxid))"
      + ",lresp=\(last.time),llat=\(last.latency),minlat=\(latencies.least)"
      + ",avglat=\(latencies.wholeMean),maxlat=\(latencies.greatest)"
  }

  // MARK: Watches

  /// Of data alone, as Apache's server counts them.
  private var watchSummary: String {
    let watched = watches.dataWatchers
    let watchers = Set(watched.flatMap(\.watchers))
    return "\(watchers.count) connections watching \(watched.count) paths\n"
      + "Total watches:\(watched.reduce(0) { $0 + $1.watchers.count })\n"
  }

  private var watchesBySession: String {
    let watched = watches.dataWatchers
    return Set(watched.flatMap(\.watchers)).sorted().map { watcher in
      let paths = watched.filter { $0.watchers.contains(watcher) }
      return name(watcher) + "\n" + paths.map { "\t\($0.path)\n" }.joined()
    }.joined() + "\n"
  }

  private var watchesByPath: String {
    watches.dataWatchers.map { path, watchers in
      path + "\n" + watchers.map { "\t\(name($0))\n" }.joined()
    }.joined() + "\n"
  }

  private func name(_ watcher: WatcherID) -> String { "\(connections[watcher]?.session ?? .none)" }

  // MARK: Sessions

  private var sessionsAndEphemerals: String {
    let sets = sessions.deadlines
    let owners = service.applied.openSessions.filter { !service.applied.ephemerals(of: $0).isEmpty }
    let count = sets.reduce(0) { $0 + $1.sessions.count }
    return "SessionTracker dump:\nSession Sets (\(sets.count))/(\(count)):\n"
      + sets.map { deadline, sessions in
        "\(sessions.count) expire at \(CalendarDate(epoch &+ deadline)):\n"
          + sessions.map { "\t\($0)\n" }.joined()
      }.joined()
      + "ephemeral nodes dump:\nSessions with Ephemerals (\(owners.count)):\n"
      + owners.map { owner in
        "\(owner):\n" + service.applied.ephemerals(of: owner).map { "\t\($0)\n" }.joined()
      }.joined()
      + connectionsByDeadline
  }

  /// Until when something must come on each connection: in steps of ten seconds, whatever the
  /// session's own are. (NIOServerCnxnFactory.cnxnExpiryQueue)
  private var connectionsByDeadline: String {
    let open = openConnections.compactMap { connections[$0] }
    let sets = Dictionary(grouping: open) { connection in
      let step = Server.connectionStep
      let last = connection.session.flatMap { sessions.deadline(of: $0) } ?? now &+ step
      return (last &- 1) / step &* step &+ step
    }
    return "Connections dump:\nConnections Sets (\(sets.count))/(\(open.count)):\n"
      + sets.sorted { $0.key < $1.key }.map { deadline, connections in
        "\(connections.count) expire at \(CalendarDate(epoch &+ deadline)):\n"
          + connections.map {
            "\tip: /\($0.origin) sessionId: \($0.session ?? .none)\n"
          }.joined()
      }.joined()
  }

  private static var connectionStep: Int64 { 10_000 }

  // MARK: Numbers

  /// What it runs on.
  var environment: [(String, String)] {
    [("zookeeper.version", settings.version)] + settings.environment
  }

  private var configuration: [(String, String)] {
    guard let storage = settings.storage else { return limits }
    return [
      ("clientPort", "\(storage.port ?? -1)"),
      ("secureClientPort", "\(storage.securePort ?? -1)"),
      ("dataDir", storage.dataFolder), ("dataDirSize", "\(size(\.dataFolder))"),
      ("dataLogDir", storage.logFolder), ("dataLogSize", "\(size(\.logFolder))"),
    ] + limits.dropLast() + [("clientPortListenBacklog", "-1")] + limits.suffix(1)
  }

  private var limits: [(String, String)] {
    [
      ("tickTime", "\(settings.tick)"),
      ("maxClientCnxns", "\(settings.connectionsPerAddress ?? 0)"),
      ("minSessionTimeout", "\(sessions.timeouts.lowerBound)"),
      ("maxSessionTimeout", "\(sessions.timeouts.upperBound)"),
      ("serverId", "0"),
    ]
  }
}

/// Frames that came and went.
struct Traffic: Hashable, Sendable {
  var received = 0
  var sent = 0
}

/// What a connection was last asked, and answered.
struct LastResponse: Hashable, Sendable {
  /// As `cons` names it: `GETD`.
  var operation = "NA"
  /// That of the last request with a number of its own, which no ping has; -1 before there is one.
  var xid: Xid = -1
  var zxid = Zxid(-1)
  /// When, in milliseconds since the server began.
  var time: Int64 = 0
  /// How long it took, in milliseconds.
  var latency: Int64 = 0

  mutating func tell(_ operation: String, xid: Xid, zxid: Zxid, time: Int64) {
    self.operation = operation
    if xid >= 0 { self.xid = xid }
    self.zxid = zxid
    self.time = time
  }
}

extension Connection {
  /// Where its client is.
  fileprivate var origin: String { Shell.place(address, port) }

  /// How many of its requests have come and are not answered.
  var outstanding: Int { requests.count + unanswered }
}

extension Opcode {
  /// The letters, four but for one, by which `cons` names an operation.
  ///
  /// Source: Apache ZooKeeper, `Request.op2String`, cut to four.
  var fourLetters: String {
    switch self {
    case .create, .create2, .createContainer, .createTTL: "CREA"
    case .delete: "DELE"
    case .exists: "EXIS"
    case .getData: "GETD"
    case .setData: "SETD"
    case .getACL: "GETA"
    case .setACL: "SETA"
    case .getChildren, .getChildren2: "GETC"
    case .sync: "SYNC"
    case .ping: "PING"
    case .check: "CHEC"
    case .multi: "MULT"
    case .auth: "AUTH"
    case .setWatches: "SETW"
    case .setWatches2: "STW2"
    case .addWatch: "ADDW"
    case .checkWatches: "CHKW"
    case .removeWatches: "REMW"
    case .multiRead: "MLTR"
    case .getEphemerals: "GETE"
    case .getAllChildrenNumber: "GETACN"
    case .whoAmI: "HOMI"
    case .reconfig: "RECO"
    case .sasl: "SASL"
    case .closeSession: "CLOS"
    default: "NA"
    }
  }
}

/// A moment as Java prints it: `Sat Nov 28 21:45:08 UTC 2026`.
struct CalendarDate: CustomStringConvertible {
  private let seconds: Int64

  /// So many milliseconds since 1970.
  init(_ milliseconds: Int64) { seconds = milliseconds / 1000 }

  private static let weekdays = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
  private static let months = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
  ]

  var description: String {
    let days = seconds / 86_400
    let (year, month, day) = Self.civil(days)
    func two(_ number: Int64) -> String { number < 10 ? "0\(number)" : "\(number)" }
    let clock = [seconds / 3600 % 24, seconds / 60 % 60, seconds % 60].map(two)
    return "\(Self.weekdays[Int(((days % 7) + 7) % 7)]) \(Self.months[Int(month) - 1]) \(two(day)) "
      + clock.joined(separator: ":") + " UTC \(year)"
  }

  /// The day's date in the Gregorian calendar.
  ///
  /// Source: Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", `civil_from_days`.
  private static func civil(_ days: Int64) -> (year: Int64, month: Int64, day: Int64) {
    let shifted = days + 719_468
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra =
      (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shiftedMonth = (5 * dayOfYear + 2) / 153
    let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
    let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    return (year, month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
  }
}
