import EmbeddedServers
import ZooKeeper
import ZooKeeperClient

/// How sessions end, and what a client's user is told of changes.
extension ClientScene {
  static let endings: [ClientScene] = [
    ClientScene(
      id: "ZK-CLIENT-008", slug: "its-own-wish",
      title: "A client that is closed says so, and its ephemerals are gone",
      claims: ["SESS-3", "SESS-2"], file: "ClientScenes+Ending",
      script: { stage in
        let judged = try stage.begin()
        try await judged.reply(to: .create(Create("/e", mode: .ephemeral)))
        _ = try? await stage.reply(judged.client.askToClose())
        judged.tell()
        let other = try await stage.other()
        stage.record.add("there is \(try await other.exists("/e") == nil ? "no" : "an") ephemeral")
        await judged.tell("a request", judged.client.ask(.exists(path: "/")))
      },
      transcript: """
        dials one
        → asks for a new session, 10000 ms, has seen nothing
        ← session 1, 10000 ms
        → create /e
        ← ok
        → closeSession
        ← ok
        the connection ends
        hangs up
        ! SyncConnected
        ! Closed
        = CLOSED
        there is no ephemeral
        a request: the client is closed
        """),
    ClientScene(
      id: "ZK-CLIENT-009", slug: "timeout",
      title: "A client whose session has expired learns it from the next server, and is closed",
      claims: ["SESS-3", "SESS-2"], file: "ClientScenes+Ending",
      script: { stage in
        let judged = try stage.begin { $0.sessionTimeout = .seconds(4) }
        judged.tell()
        judged.client.drop()
        stage.pass(.seconds(8))
        judged.tell()
        judged.client.reconnect()
        stage.pass(.milliseconds(1))
        judged.tell()
        await judged.tell("a request", judged.client.ask(.exists(path: "/")))
        stage.pass(.seconds(10))
      },
      transcript: """
        dials one
        → asks for a new session, 4000 ms, has seen nothing
        ← session 1, 4000 ms
        ! SyncConnected
        = CONNECTED
        hangs up
        ! Disconnected
        = CONNECTING
        dials one
        → asks for session 1, 4000 ms, has seen nothing
        ← expired
        hangs up
        the connection ends
        ! Expired
        = CLOSED
        a request: the session has expired
        """),
    ClientScene(
      id: "ZK-CLIENT-010", slug: "failed-authentication",
      title: "A client whose credentials are refused has failed for good",
      claims: ["SESS-3", "SESS-2"], file: "ClientScenes+Ending",
      script: { stage in
        let judged = try stage.begin()
        await judged.tell(
          "credentials", judged.client.ask(.auth(scheme: "none", credentials: [])))
        judged.tell()
        await judged.tell("a request", judged.client.ask(.exists(path: "/")))
        stage.pass(.seconds(10))
      },
      transcript: """
        dials one
        → asks for a new session, 10000 ms, has seen nothing
        ← session 1, 10000 ms
        → auth none
        ← AuthFailed
        the connection ends
        hangs up
        credentials: AuthFailed
        ! SyncConnected
        ! AuthFailed
        = AUTH_FAILED
        a request: authentication was refused
        """),
    ClientScene(
      id: "ZK-CLIENT-011", slug: "unknown-outcome",
      title: "What was sent and not answered fails when the connection is lost; what waits is sent",
      claims: ["SESS-2", "SESS-6"], file: "ClientScenes+Ending",
      script: { stage in
        let judged = try stage.begin { $0.sessionTimeout = .seconds(40) }
        stage.network.withServer { $0.isSilent = true }
        let sent = judged.client.ask(.create(Create("/sent")))
        judged.client.drop()
        let waits = judged.client.ask(.create(Create("/waits")))
        let behind = judged.client.ask(.create(Create("/waits/behind")))
        stage.network.withServer { $0.isSilent = false }
        judged.client.reconnect()
        stage.pass(.milliseconds(1))
        await judged.tell("sent", sent)
        await judged.tell("waits", waits)
        await judged.tell("behind", behind)
      },
      transcript: """
        dials one
        → asks for a new session, 40000 ms, has seen nothing
        ← session 1, 40000 ms
        → create /sent
        hangs up
        dials one
        → asks for session 1, 40000 ms, has seen nothing
        ← session 1, 40000 ms
        → create /waits
        → create /waits/behind
        ← ok
        ← ok
        sent: connection lost, outcome unknown: dropped by the client
        waits: ok
        behind: ok
        """),
  ]

  static let watching: [ClientScene] = [
    ClientScene(
      id: "ZK-CLIENT-012", slug: "watches-again",
      title: "A client that comes back sets its watches again, and is told what it missed",
      claims: ["WATCH-6", "SESS-2"], file: "ClientScenes+Ending",
      script: { stage in
        let other = try await stage.other()
        for path in ["/changed", "/kept", "/parent"] { try await other.create(path) }
        let judged = try stage.begin()
        for path in ["/changed", "/kept"] {
          try await judged.reply(to: .getData(path: path, watch: true))
        }
        try await judged.reply(to: .exists(path: "/later", watch: true))
        try await judged.reply(to: .getChildren(path: "/parent", watch: true))
        judged.client.drop()
        try await other.setData("/changed", data: nil)
        try await other.create("/parent/child")
        judged.client.reconnect()
        stage.pass(.milliseconds(1))
        judged.tell()
        try await other.delete("/kept")
        judged.tell()
      },
      transcript: """
        dials one
        → asks for a new session, 10000 ms, has seen nothing
        ← session 1, 10000 ms
        → getData /changed watch
        ← ok
        → getData /kept watch
        ← ok
        → exists /later watch
        ← NoNode
        → getChildren /parent watch
        ← ok
        hangs up
        dials one
        → asks for session 1, 10000 ms, has seen zxid 5
        ← session 1, 10000 ms
        → setWatches since 5: data /changed /kept, exist /later, child /parent
        ← NodeDataChanged /changed
        ← NodeChildrenChanged /parent
        ← ok
        ! SyncConnected
        ! Disconnected
        ! SyncConnected
        ! NodeDataChanged /changed
        ! NodeChildrenChanged /parent
        = CONNECTED
        ← NodeDeleted /kept
        ! NodeDeleted /kept
        = CONNECTED
        """),
    ClientScene(
      id: "ZK-CLIENT-013", slug: "one-after-another",
      title: "A user is told of events one after another, and of each before what came behind it",
      claims: ["WATCH-4"], file: "ClientScenes+Ending",
      script: { stage in
        let judged = try stage.begin()
        judged.tell()
        try await judged.reply(to: .exists(path: "/w", watch: true))
        try await judged.reply(to: .getChildren(path: "/", watch: true))
        let create = try await judged.reply(to: .create(Create("/w")))
        let read = try await judged.reply(to: .getData(path: "/w", watch: true))
        let set = try await judged.reply(to: .setData(path: "/w", data: nil))
        judged.tell([("create", create), ("getData", read), ("setData", set)])
      },
      transcript: """
        dials one
        → asks for a new session, 10000 ms, has seen nothing
        ← session 1, 10000 ms
        ! SyncConnected
        = CONNECTED
        → exists /w watch
        ← NoNode
        → getChildren / watch
        ← ok
        → create /w
        ← NodeCreated /w
        ← NodeChildrenChanged /
        ← ok
        → getData /w watch
        ← ok
        → setData /w
        ← NodeDataChanged /w
        ← ok
        ! NodeCreated /w
        ! NodeChildrenChanged /
        ! the reply to create
        ! the reply to getData
        ! NodeDataChanged /w
        ! the reply to setData
        = CONNECTED
        """),
    ClientScene(
      id: "ZK-CLIENT-014", slug: "what-a-reply-has-shown",
      title: "What a client has seen is what a reply has shown it, and no event",
      claims: ["SESS-7", "WATCH-6"], file: "ClientScenes+Ending",
      script: { stage in
        let other = try await stage.other()
        try await other.create("/n")
        let judged = try stage.begin()
        try await judged.reply(to: .getData(path: "/n", watch: true))
        try await judged.reply(to: .getChildren(path: "/", watch: true))
        try await other.setData("/n", data: nil)
        judged.client.drop()
        judged.client.reconnect()
        stage.pass(.milliseconds(1))
        judged.tell()
      },
      transcript: """
        dials one
        → asks for a new session, 10000 ms, has seen nothing
        ← session 1, 10000 ms
        → getData /n watch
        ← ok
        → getChildren / watch
        ← ok
        ← NodeDataChanged /n
        hangs up
        dials one
        → asks for session 1, 10000 ms, has seen zxid 3
        ← session 1, 10000 ms
        → setWatches since 3: child /
        ← ok
        ! SyncConnected
        ! NodeDataChanged /n
        ! Disconnected
        ! SyncConnected
        = CONNECTED
        """),
  ]
}
