internal import ZooKeeper
internal import ZooKeeperPersistence

/// Answers to the commands of the AdminServer, in the form of Apache's, 3.8.
///
/// What only Java has is left out; of ensembles there is what a lone server there tells.
extension Server {
  private struct Refusal: Error { let words: String }

  /// What an operator is told, as JSON.
  ///
  /// - Parameters:
  ///   - name: The command's name, as it was asked.
  ///   - query: What stands behind the question mark, by name.
  mutating func answer(toAdmin name: String, _ query: [String: String]) -> String {
    guard let command = AdminCommand(name: name) else {
      return JSON.object(["command": .text(name), "error": .text("Unknown command: \(name)")]).text
    }
    do throws(Refusal) {
      let rest = JSON.members(["command": .text(command.rawValue), "error": .null])
      return JSON.object(try obey(command, query) + rest).text
    } catch {
      return JSON.object(["error": .text(error.words), "command": .text(command.rawValue)]).text
    }
  }

  /// What changes something, or may be refused.
  private mutating func obey(
    _ command: AdminCommand, _ query: [String: String]
  ) throws(Refusal) -> [JSON.Member] {
    switch command {
    case .connectionStatReset:
      _ = answer(to: .crst)
      return []
    case .statReset:
      _ = answer(to: .srst)
      return []
    case .leader: throw Refusal(words: "server is not initialized")
    case .setTraceMask:
      guard let mask = query["traceMask"].flatMap({ Int64($0) }) else {
        throw Refusal(words: "setTraceMask requires long traceMask argument")
      }
      traceMask = mask
      return JSON.members(["tracemask": .number(mask)])
    default: return told(command)
    }
  }

  private func told(_ command: AdminCommand) -> [JSON.Member] {
    switch command {
    case .configuration: toldConfiguration
    case .connections:
      JSON.members([
        "connections": .array(toldConnections(isWhole: true, isSecure: false)),
        "secure_connections": .array(toldConnections(isWhole: true, isSecure: true)),
      ])
    case .dirs:
      JSON.members([
        "datadir_size": .number(size(\.dataFolder)), "logdir_size": .number(size(\.logFolder)),
      ])
    case .dump: toldSessions
    case .environment: environment.map { JSON.Member($0, .text($1)) }
    case .getTraceMask: JSON.members(["tracemask": .number(traceMask)])
    case .hash: JSON.members(["digests": .array(digests.map { Self.told($0.zxid, $0.digest) })])
    case .initialConfiguration:
      JSON.members([
        "initial_configuration": .text(settings.storage?.initialConfiguration ?? "")
      ])
    case .isReadOnly: JSON.members(["read_only": .bool(settings.isReadOnly)])
    case .lastSnapshot:
      JSON.members([
        "zxid": .text(lastSnapshot.zxid.fileSuffix), "timestamp": .number(lastSnapshot.time / 1000),
      ])
    case .monitor: monitored.map { JSON.Member($0.name, $0.value) }
    case .observers: JSON.members(["synced_observers": .number(0), "observers": .array([])])
    case .serverStats, .stats: toldStatistics(withConnections: command == .stats)
    case .systemProperties:
      settings.storage?.properties.sorted { $0.key < $1.key }
        .map { JSON.Member($0.key, .text($0.value)) } ?? []
    case .votingView: JSON.members(["current_config": .object([JSON.Member]())])
    case .watchSummary, .watches, .watchesByPath: toldWatches(command)
    case .zabState: JSON.members(["voting": .bool(false), "zabstate": .text("")])
    case .ruok, .observerConnectionStatReset, .connectionStatReset, .statReset, .leader,
      .setTraceMask:
      []
    }
  }

  private static func told(_ zxid: Zxid, _ digest: UInt64) -> JSON {
    .object([
      "zxid": .number(zxid.rawValue), "digest": .number(Int64(bitPattern: digest)),
      "digest_version": .number(Tree.digestVersion),
    ])
  }

  private var toldConfiguration: [JSON.Member] {
    JSON.members([
      "client_port": .number(settings.storage?.port ?? -1),
      "data_dir": .text(settings.storage?.dataFolder ?? ""),
      "data_log_dir": .text(settings.storage?.logFolder ?? ""),
      "tick_time": .number(settings.tick),
      "max_client_cnxns": .number(settings.connectionsPerAddress ?? 0),
      "min_session_timeout": .number(sessions.timeouts.lowerBound),
      "max_session_timeout": .number(sessions.timeouts.upperBound),
      "server_id": .number(0), "client_port_listen_backlog": .number(-1),
    ])
  }

  // MARK: Connections

  private func toldConnections(isWhole: Bool, isSecure: Bool) -> [JSON] {
    openConnections.compactMap { connections[$0] }.filter { $0.isSecure == isSecure }.map {
      connection in
      var members = JSON.members([
        "remote_socket_address": .text(Shell.place(connection.address, connection.port)),
        "interest_ops": .number(connection.session == nil ? 0 : 1),
        "outstanding_requests": .number(connection.outstanding),
        "packets_received": .number(connection.traffic.received),
        "packets_sent": .number(connection.traffic.sent),
      ])
      if isWhole, let session = connection.session, let timeout = sessions.timeout(of: session) {
        members += JSON.members([
          "session_id": .number(session.rawValue),
          "last_operation": .text(connection.last.operation),
          "established": .number(connection.established), "session_timeout": .number(timeout),
          "last_cxid": .number(connection.last.xid),
          "last_zxid": .number(min(connection.last.zxid, told.zxid).rawValue),
          "last_response_time": .number(connection.last.time),
          "last_latency": .number(connection.last.latency),
          "min_latency": .number(connection.latencies.least),
          "avg_latency": .number(connection.latencies.wholeMean),
          "max_latency": .number(connection.latencies.greatest),
        ])
      }
      return .object(members)
    }
  }

  private func toldStatistics(withConnections: Bool) -> [JSON.Member] {
    let statistics: JSON = .object([
      "packets_sent": .number(traffic.sent), "packets_received": .number(traffic.received),
      "fsync_threshold_exceed_count": .number(measures.slowSyncs),
      "data_dir_size": .number(size(\.dataFolder)),
      "log_dir_size": .number(size(\.logFolder)), "provider_null": .bool(false),
      "server_state": .text(mode), "last_processed_zxid": .number(told.zxid.rawValue),
      "outstanding_requests": .number(outstanding),
      "avg_latency": .decimal(measures.latencies.mean),
      "max_latency": .number(measures.latencies.greatest),
      "min_latency": .number(measures.latencies.least),
      "num_alive_client_connections": .number(connections.count), "uptime": .number(now),
      "auth_failed_count": .number(measures.failedAuthentications),
      "non_mtlsremote_conn_count": .number(0), "non_mtlslocal_conn_count": .number(0),
    ])
    var members = JSON.members([
      "version": .text(settings.version), "read_only": .bool(settings.isReadOnly),
      "server_stats": statistics, "node_count": .number(told.nodeCount),
    ])
    if withConnections {
      members += JSON.members([
        "connections": .array(toldConnections(isWhole: false, isSecure: false)),
        "secure_connections": .array(toldConnections(isWhole: false, isSecure: true)),
      ])
    }
    return members
  }

  // MARK: Sessions and watches

  private var toldSessions: [JSON.Member] {
    let tree = service.applied
    let deadlines = sessions.deadlines.map { deadline, sessions in
      JSON.Member("\(deadline)", .array(sessions.map { .number($0.rawValue) }))
    }
    let owned = tree.openSessions.compactMap { session in
      let paths = tree.ephemerals(of: session)
      return paths.isEmpty
        ? nil : JSON.Member("\(session.rawValue)", .array(paths.map { .text($0) }))
    }
    return JSON.members([
      "expiry_time_to_session_ids": .object(deadlines),
      "session_id_to_ephemeral_paths": .object(owned),
    ])
  }

  private func toldWatches(_ command: AdminCommand) -> [JSON.Member] {
    let watched = watches.dataWatchers
    let watchers = Set(watched.flatMap(\.watchers)).sorted()
    switch command {
    case .watches:
      let members = watchers.map { watcher in
        let paths = watched.filter { $0.watchers.contains(watcher) }.map { JSON.text($0.path) }
        return JSON.Member("\(session(of: watcher).rawValue)", .array(paths))
      }
      return JSON.members(["session_id_to_watched_paths": .object(members)])
    case .watchesByPath:
      let members = watched.map { path, watchers in
        JSON.Member(path, .array(watchers.map { .number(session(of: $0).rawValue) }))
      }
      return JSON.members(["path_to_session_ids": .object(members)])
    default:
      return JSON.members([
        "num_connections": .number(watchers.count), "num_paths": .number(watched.count),
        "num_total_watches": .number(watched.reduce(0) { $0 + $1.watchers.count }),
      ])
    }
  }
}
