import EmbeddedServers
import ZooKeeper
import ZooKeeperClient

/// How a client comes up, and what it does when it loses its connection.
extension ClientScene {
  static let beginnings: [ClientScene] = [
    ClientScene(
      id: "ZK-CLIENT-001", slug: "three-stages",
      title: "A client comes up in three stages: set-up, the request for a session, the answer",
      claims: ["SESS-1", "SESS-2"], file: "ClientScenes+Connecting",
      script: { stage in
        stage.setReachable(false, "one")
        let judged = try stage.begin { $0.sessionTimeout = .seconds(8) }
        judged.tell()
        stage.setReachable(true, "one")
        stage.pass(.seconds(2))
        judged.tell()
      },
      transcript: """
        dials one
        the connection ends
        hangs up
        = CONNECTING
        dials one
        → asks for a new session, 8000 ms, has seen nothing
        ← session 1, 8000 ms
        ! SyncConnected
        = CONNECTED
        """),
    ClientScene(
      id: "ZK-CLIENT-002", slug: "the-next-server",
      title: "A client goes through its list of servers until one takes it",
      claims: ["SESS-1"], file: "ClientScenes+Connecting",
      script: { stage in
        for host in ["one", "two"] { stage.setReachable(false, host) }
        let judged = try stage.begin("one,two,three")
        stage.pass(.seconds(3))
        judged.tell()
      },
      transcript: """
        dials two
        the connection ends
        hangs up
        dials three
        → asks for a new session, 10000 ms, has seen nothing
        ← session 1, 10000 ms
        ! SyncConnected
        = CONNECTED
        """),
    ClientScene(
      id: "ZK-CLIENT-003", slug: "what-is-asked-early-waits",
      title: "What is asked before there is a session is sent after it, in the order of asking",
      claims: ["SESS-1", "SESS-6"], file: "ClientScenes+Connecting",
      script: { stage in
        stage.setReachable(false, "one")
        let judged = try stage.begin()
        let pending = ["/a", "/a/b", "/c"].map { judged.client.ask(.create(Create($0))) }
        stage.setReachable(true, "one")
        stage.pass(.seconds(2))
        for (number, each) in pending.enumerated() { await judged.tell("\(number + 1)", each) }
      },
      transcript: """
        dials one
        the connection ends
        hangs up
        dials one
        → asks for a new session, 10000 ms, has seen nothing
        ← session 1, 10000 ms
        → create /a
        → create /a/b
        → create /c
        ← ok
        ← ok
        ← ok
        1: ok
        2: ok
        3: ok
        """),
    ClientScene(
      id: "ZK-CLIENT-004", slug: "pings",
      title: "An idle client pings, three times in each timeout, and keeps its session",
      claims: ["SESS-5"], file: "ClientScenes+Connecting",
      script: { stage in
        let judged = try stage.begin { $0.sessionTimeout = .seconds(6) }
        stage.pass(.seconds(12))
        judged.tell()
      },
      transcript: """
        dials one
        → asks for a new session, 6000 ms, has seen nothing
        ← session 1, 6000 ms
        → ping
        ← ok
        → ping
        ← ok
        → ping
        ← ok
        → ping
        ← ok
        → ping
        ← ok
        → ping
        ← ok
        ! SyncConnected
        = CONNECTED
        """),
  ]

  static let losses: [ClientScene] = [
    ClientScene(
      id: "ZK-CLIENT-005", slug: "a-lost-connection",
      title: "A lost connection leads back to CONNECTING, and the session goes on",
      claims: ["SESS-2", "SESS-4", "SESS-7"], file: "ClientScenes+Connecting",
      script: { stage in
        let judged = try stage.begin()
        try await judged.reply(to: .create(Create("/e", mode: .ephemeral)))
        judged.tell()
        stage.setReachable(false, "one")
        stage.network.breakConnections()
        judged.tell()
        stage.setReachable(true, "one")
        stage.pass(.seconds(2))
        judged.tell()
        await judged.tell("the ephemeral", judged.client.ask(.exists(path: "/e")))
      },
      transcript: """
        dials one
        → asks for a new session, 10000 ms, has seen nothing
        ← session 1, 10000 ms
        → create /e
        ← ok
        ! SyncConnected
        = CONNECTED
        the connection ends
        hangs up
        ! Disconnected
        = CONNECTING
        dials one
        → asks for session 1, 10000 ms, has seen zxid 2
        ← session 1, 10000 ms
        ! SyncConnected
        = CONNECTED
        → exists /e
        ← ok
        the ephemeral: ok
        """),
    ClientScene(
      id: "ZK-CLIENT-006", slug: "credentials-again",
      title: "Each connection is told who the client is, before anything that may need it",
      claims: ["ACL-3", "SESS-2"], file: "ClientScenes+Connecting",
      script: { stage in
        let judged = try stage.begin()
        try await judged.reply(to: .auth(scheme: "digest", credentials: .utf8("bob:pw")))
        try await judged.reply(to: .create(Create("/mine", acl: .creator)))
        try await judged.reply(to: .getData(path: "/mine", watch: true))
        judged.client.drop()
        let pending = judged.client.ask(.getData(path: "/mine"))
        judged.client.reconnect()
        stage.pass(.milliseconds(1))
        await judged.tell("his node", pending)
      },
      transcript: """
        dials one
        → asks for a new session, 10000 ms, has seen nothing
        ← session 1, 10000 ms
        → auth digest
        ← ok
        → create /mine
        ← ok
        → getData /mine watch
        ← ok
        hangs up
        dials one
        → asks for session 1, 10000 ms, has seen zxid 2
        ← session 1, 10000 ms
        → auth digest
        → setWatches since 2: data /mine
        → getData /mine
        ← ok
        ← ok
        ← ok
        his node: ok
        """),
    ClientScene(
      id: "ZK-CLIENT-007", slug: "silence",
      title: "A client that hears nothing for two thirds of its timeout tries the next server",
      claims: ["SESS-5", "SESS-2"], file: "ClientScenes+Connecting",
      script: { stage in
        let judged = try stage.begin("one,two") { $0.sessionTimeout = .seconds(6) }
        judged.tell()
        stage.network.withServer { $0.isSilent = true }
        stage.pass(.milliseconds(3900))
        judged.tell()
        stage.network.withServer { $0.isSilent = false }
        stage.pass(.milliseconds(200))
        judged.tell()
      },
      transcript: """
        dials two
        → asks for a new session, 6000 ms, has seen nothing
        ← session 1, 6000 ms
        ! SyncConnected
        = CONNECTED
        → ping
        = CONNECTED
        hangs up
        dials one
        → asks for session 1, 6000 ms, has seen nothing
        ← session 1, 6000 ms
        ! Disconnected
        ! SyncConnected
        = CONNECTED
        """),
  ]
}
