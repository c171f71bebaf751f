import Foundation
import NIOCore
import Testing
import ZooKeeper
import ZooKeeperPersistence
import ZooKeeperServer

/// The AdminServer and what Prometheus collects, asked over HTTP.
@Suite struct `A server that is asked over HTTP` {
  /// A storing server of which one session has watches and an ephemeral.
  private static func with(
    _ journal: Journal = Journal(commit: { _ in [] }, prepare: {}, snapshot: { _, _ in }),
    _ body: (Shell, Peer) async throws -> Void
  ) async throws {
    var settings = Server.patient.settings
    var storage = Settings.Storage(dataFolder: "/d", logFolder: "/l", port: 2181) { _ in 7 }
    storage.initialConfiguration = "dataDir=/d\n"
    storage.lastSnapshot = (Zxid(255), 1_796_031_770_123)
    settings.storage = storage
    let web = [
      Shell.WebPlace(host: "127.0.0.1", port: 0, commands: "/commands"),
      Shell.WebPlace(host: "127.0.0.1", port: 0),
    ]
    var limits = Shell.Limits()
    limits.webIdleness = .hours(1)  // a busy machine keeps tests waiting
    let shell = try await Shell.listen(
      Server(settings), port: 0, limits: limits, journal: journal, web: web)
    let peer = try await Peer(shell.port)
    try await body(shell, peer)
    try await shell.stop()
  }

  /// The head and the body of an answer.
  private static func ask(
    _ port: Int, _ path: String, _ method: String = "GET"
  ) async throws -> (head: String, body: String) {
    let peer = try await Peer(port)
    try await peer.send("\(method) \(path) HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    let text = String(buffer: await peer.rest())
    let end = try #require(text.firstRange(of: "\r\n\r\n"), "\(text)")
    return (String(text[..<end.lowerBound]), String(text[end.upperBound...]))
  }

  private static func object(_ port: Int, _ command: String) async throws -> [String: Any] {
    let (head, body) = try await ask(port, "/commands/" + command)
    #expect(head.hasPrefix("HTTP/1.1 200 OK\r\n"))
    #expect(head.lowercased().contains("content-type: application/json"))
    return try #require(
      try JSONSerialization.jsonObject(with: Data(body.utf8)) as? [String: Any], "\(body)")
  }

  /// What Apache's server, 3.8.0, was seen to tell, beside `command` and `error`.
  static let members: [String: String] = [
    "configuration": "client_port data_dir data_log_dir tick_time max_client_cnxns "
      + "min_session_timeout max_session_timeout server_id client_port_listen_backlog",
    "connections": "connections secure_connections", "dirs": "datadir_size logdir_size",
    "dump": "expiry_time_to_session_ids session_id_to_ephemeral_paths",
    "get_trace_mask": "tracemask", "hash": "digests",
    "initial_configuration": "initial_configuration", "is_read_only": "read_only",
    "last_snapshot": "zxid timestamp", "leader": "", "observers": "synced_observers observers",
    "ruok": "", "set_trace_mask": "", "set_trace_mask?traceMask=5": "tracemask",
    "voting_view": "current_config", "watch_summary": "num_connections num_paths num_total_watches",
    "watches": "session_id_to_watched_paths", "watches_by_path": "path_to_session_ids",
    "zabstate": "voting zabstate", "connection_stat_reset": "", "stat_reset": "",
    "observer_connection_stat_reset": "", "nonsense": "",
  ]

  @Test func `Tells by each command what Apache's server tells`() async throws {
    try await Self.with { shell, peer in
      try await peer.connect()
      try await peer.ask(
        .create(Create("/a", data: [1])), .create(Create("/a/e", mode: .ephemeral)),
        .getData(path: "/a", watch: true), .exists(path: "/b", watch: true))
      _ = try await peer.frames(4)
      let port = shell.webPorts[0]
      let dump = try await Self.object(port, "dump")
      let owned = try #require(dump["session_id_to_ephemeral_paths"] as? [String: [String]])
      #expect(Array(owned.values) == [["/a/e"]])
      let watches = try await Self.object(port, "wchc")
      #expect(watches["command"] as? String == "watches")
      #expect(
        watches["session_id_to_watched_paths"] as? [String: [String]]
          == owned.mapValues { _ in ["/a", "/b"] })
      let snapshot = try await Self.object(port, "last_snapshot")
      #expect(snapshot["zxid"] as? String == "ff" && snapshot["timestamp"] as? Int == 1_796_031_770)
      let monitor = try await Self.object(port, "monitor")
      #expect(monitor["znode_count"] as? Int == 7 && monitor["ephemerals_count"] as? Int == 1)
      #expect(monitor["cnt_fsynctime"] as? Int ?? 0 > 0 && monitor["watch_count"] as? Int == 2)
      let statistics = try await Self.object(port, "stat")
      let inner = try #require(statistics["server_stats"] as? [String: Any])
      #expect(inner["last_processed_zxid"] as? Int == 3)
      #expect(inner["num_alive_client_connections"] as? Int == 1)
      for (command, names) in Self.members {
        let object = try await Self.object(port, command)
        let expected = Set(names.split(separator: " ").map(String.init) + ["command", "error"])
        #expect(Set(object.keys) == expected, "\(command)")
      }
    }
  }

  /// Byte for byte, as Jackson prints it there.
  @Test func `Prints its answers as Apache's server does`() async throws {
    try await Self.with { shell, _ in
      let port = shell.webPorts[0]
      #expect(
        try await Self.ask(port, "/commands/observers").body == """
          {
            "synced_observers" : 0,
            "observers" : [ ],
            "command" : "observers",
            "error" : null
          }
          """)
      #expect(
        try await Self.ask(port, "/commands/nonsense").body == """
          {
            "command" : "nonsense",
            "error" : "Unknown command: nonsense"
          }
          """)
      #expect(
        try await Self.ask(port, "/commands/leader").body == """
          {
            "error" : "server is not initialized",
            "command" : "leader"
          }
          """)
      let list = try await Self.ask(port, "/commands").body
      #expect(list.hasPrefix("<a href=\"/commands/configuration\">configuration</a>\n<br/>\n"))
      #expect(list.split(separator: "\n").count == 52)
    }
  }

  @Test func `Tells Prometheus what mntr tells`() async throws {
    try await Self.with { shell, peer in
      try await peer.connect()
      let (head, body) = try await Self.ask(shell.webPorts[1], "/metrics")
      #expect(head.lowercased().contains("content-type: text/plain; version=0.0.4"))
      #expect(body.contains("# TYPE znode_count gauge\nznode_count 5.0\n"))
      #expect(body.contains("# TYPE fsynctime summary\nfsynctime_count 1.0\n"))
      #expect(body.contains("num_alive_connections 1.0\n"))
    }
  }

  @Test func `Refuses what is no question`() async throws {
    try await Self.with { shell, _ in
      for port in shell.webPorts {
        #expect(try await Self.ask(port, "/else").head.hasPrefix("HTTP/1.1 404"))
        #expect(try await Self.ask(port, "/metrics", "POST").head.hasPrefix("HTTP/1.1 405"))
        let peer = try await Peer(port)
        try await peer.send("nonsense\r\n\r\n")
        #expect(String(buffer: await peer.rest()).hasPrefix("HTTP/1.1 400"))
      }
    }
  }

  @Test func `Is alive while the disk does not answer, and tells nothing of what is not stable`()
    async throws
  {
    let gate = DispatchSemaphore(value: 0)
    let (begun, commits) = AsyncStream.makeStream(of: Void.self)
    let stuck = Journal(
      commit: { _ in
        commits.yield()
        gate.wait()
        return []
      }, prepare: {}, snapshot: { _, _ in })
    try await Self.with(stuck) { shell, peer in
      let connected = Task { try await peer.connect() }
      for await _ in begun { break }
      let port = shell.webPorts[0]
      #expect(try await Self.ask(port, "/commands/ruok").body.contains("\"error\" : null"))
      let asking = Task { try await Self.object(port, "monitor")["global_sessions"] as? Int }
      // Behind it something is answered at once: it has been asked, and still waits.
      #expect(try await Self.ask(port, "/commands/isro").body.contains("read_only"))
      gate.signal()
      #expect(try await asking.value == 1)
      try await connected.value
    }
  }
}
