import RecipesLab
import ZooKeeper
import ZooKeeperClient
import ZooKeeperWire

/// What the client of a program lives through, by the case that our own client is judged by in
/// memory.
enum ProgramScenes {
  typealias Script = @Sendable (ProgramStage) async throws -> Void

  /// What programs are told, and what they answer.
  static let forms = """
    begin                  ok, at once: the client is made, and connects in its own time
    create PATH            ok
    create PATH ephemeral  ok
    get PATH [watch]       ok; none, when there is no such node
    exists PATH [watch]    ok or none
    children PATH [watch]  ok or none
    set PATH               ok or none
    auth SCHEME WORDS      ok
    close                  ok, when the session is closed
    anything               failed WORDS
    unasked, at any time:  event created|deleted|changed|children PATH
                           state connected|disconnected|expired|authfailed|closed
    """

  /// By the ids of the cases.
  static let all: [(id: String, script: Script)] = [
    ("ZK-CLIENT-001", threeStages), ("ZK-CLIENT-002", nextServer), ("ZK-CLIENT-003", earlyRequests),
    ("ZK-CLIENT-004", pings), ("ZK-CLIENT-005", lostConnection), ("ZK-CLIENT-006", credentials),
    ("ZK-CLIENT-007", silence), ("ZK-CLIENT-008", ownWish), ("ZK-CLIENT-009", expiry),
    ("ZK-CLIENT-010", failedAuthentication), ("ZK-CLIENT-011", unknownOutcome),
    ("ZK-CLIENT-012", watchesAgain), ("ZK-CLIENT-013", oneAfterAnother),
    ("ZK-CLIENT-014", whatIsSeen),
  ]

  // MARK: Beginning

  private static let threeStages: Script = { stage in
    try await stage.begin(unreachable: 0..<1)
    try await stage.until("a connection that is not let in") { $0.hasBeenRefused }
    try stage.demand(
      !stage.told.contains("state connected"), "no session yet", got: "state connected")
    await stage.server.setReachable(true, 0..<1)
    try await stage.until("state connected") { $0.told.contains("state connected") }
    let greeting = stage.greetings[0].greeting
    try stage.demand(greeting.session == .none, "a request for a new session", got: "another")
    try stage.demand(
      greeting.timeout == ProgramStage.timeout, "a timeout of \(ProgramStage.timeout) ms",
      got: "\(greeting.timeout) ms")
    try stage.demand(
      greeting.lastZxidSeen == .zero, "nothing seen", got: "zxid \(greeting.lastZxidSeen)")
  }

  private static let nextServer: Script = { stage in
    try await stage.begin(hosts: 3, unreachable: 0..<2)
    try await stage.until("state connected") { $0.told.contains("state connected") }
    let port = stage.greetings[0].port
    try stage.demand(port == 2, "a session from the third server", got: "from server \(port + 1)")
  }

  private static let earlyRequests: Script = { stage in
    try await stage.begin(unreachable: 0..<1)
    let paths = ["/a", "/a/b", "/c"]
    try await stage.until("a connection that is not let in") { $0.hasBeenRefused }
    for path in paths { stage.tell("create \(path)") }
    await stage.server.setReachable(true, 0..<1)
    for path in paths { try await stage.answer(to: "create \(path)", "ok") }
    let created = stage.requests(.create).compactMap(\.created)
    try stage.demand(
      created == paths, "requests in the order of asking", got: created.joined(separator: " "))
  }

  private static let pings: Script = { stage in
    try await stage.connected()
    try await stage.ask("create /e ephemeral", "ok")
    await stage.pass(Int(ProgramStage.timeout) * 3 / 2)
    let count = stage.requests(.ping).count
    try stage.demand(count >= 3, "three pings in one and a half timeouts", got: "\(count)")
    try await stage.ask("exists /e", "ok")
    try stage.demand(stage.greetings.count == 1, "one connection", got: "another")
  }

  // MARK: Losing

  private static let lostConnection: Script = { stage in
    try await stage.connected()
    try await stage.ask("create /e ephemeral", "ok")
    let session = stage.server.session(of: 0)
    await stage.server.cut(0)
    try await stage.until("state disconnected, and then connected") {
      $0.told == ["state connected", "state disconnected", "state connected"]
    }
    let again = stage.greetings[1].greeting
    try stage.demand(again.session == session, "a request for its session", got: "for another")
    try await stage.ask("exists /e", "ok")
  }

  private static let credentials: Script = { stage in
    try await stage.connected()
    try await stage.ask("auth digest bob:pw", "ok")
    try await stage.ask("create /mine", "ok")
    await stage.server.cut(0)
    try await stage.until("another connection") { $0.greetings.count == 2 }
    try await stage.ask("get /mine", "ok")
    let requests = stage.requestsAfterGreeting(2)
    try stage.demand(
      requests.first == .auth, "credentials before anything else", got: "\(requests)")
  }

  private static let silence: Script = { stage in
    try await stage.connected()
    let session = stage.server.session(of: 0)
    await stage.server.setSilent(true)
    let begin = stage.server.now
    try await stage.until("an end of the connection that says nothing") { $0.hasEnded }
    let time = stage.server.now - begin
    await stage.server.setSilent(false)
    try stage.demand(
      time < ProgramStage.timeout, "an end before the timeout is over", got: "after \(time) ms")
    try await stage.until("another connection") { $0.greetings.count > 1 }
    try stage.demand(
      stage.greetings[1].greeting.session == session, "a request for its session", got: "another")
  }

  // MARK: Ending

  private static let ownWish: Script = { stage in
    let other: Client
    try await stage.connected()
    other = try await stage.other()
    try await stage.ask("create /e ephemeral", "ok")
    try await stage.ask("close", "ok")
    let isThere = try await other.exists("/e") != nil
    await other.close()
    try stage.demand(
      !stage.requests(.closeSession).isEmpty, "a request to close the session", got: "none")
    try stage.demand(!isThere, "no ephemeral any more", got: "the ephemeral is there")
  }

  private static let expiry: Script = { stage in
    try await stage.connected()
    let session = stage.server.session(of: 0)
    await stage.server.expire(0)
    try await stage.until("state expired") { $0.told.contains("state expired") }
    try stage.demand(
      stage.greetings[1].greeting.session == session, "a request for its session", got: "another")
    try await stage.ask("exists /", "failed")
    await stage.pass(1000)
    let count = stage.greetings.count
    try stage.demand(count == 2, "no other session", got: "\(count) requests for a session")
  }

  private static let failedAuthentication: Script = { stage in
    try await stage.connected()
    try await stage.ask("auth none x", "failed")
    try await stage.until("state authfailed") { $0.told.contains("state authfailed") }
    try await stage.ask("exists /", "failed")
  }

  private static let unknownOutcome: Script = { stage in
    try await stage.connected()
    stage.loseNext()
    try await stage.ask("create /sent", "failed")
    try await stage.ask("create /waits", "ok")
    let created = stage.requests(.create).compactMap(\.created)
    try stage.demand(
      created == ["/sent", "/waits"], "/sent asked for once", got: created.joined(separator: " "))
  }

  // MARK: Watching

  private static let watchesAgain: Script = { stage in
    try await stage.connected()
    let other = try await stage.other()
    for path in ["/changed", "/kept", "/parent"] { try await other.create(path) }
    for path in ["/changed", "/kept"] { try await stage.ask("get \(path) watch", "ok") }
    try await stage.ask("exists /later watch", "none")
    try await stage.ask("children /parent watch", "ok")
    await stage.server.setReachable(false, 0..<1)
    try await other.setData("/changed", data: nil)
    try await other.create("/parent/child")
    await stage.server.setReachable(true, 0..<1)
    try await stage.until("event changed /changed, event children /parent") {
      Set($0.events) == ["event changed /changed", "event children /parent"]
    }
    try stage.demand(!stage.requests(.setWatches).isEmpty, "setWatches", got: "none")
    try await other.delete("/kept")
    try await stage.until("event deleted /kept") { $0.events.last == "event deleted /kept" }
    try stage.demand(
      stage.events.count == 3, "three events", got: stage.events.joined(separator: ", "))
    await other.close()
  }

  private static let oneAfterAnother: Script = { stage in
    try await stage.connected()
    try await stage.ask("exists /w watch", "none")
    try await stage.ask("children / watch", "ok")
    try await stage.ask("create /w", "ok")
    try await stage.ask("get /w watch", "ok")
    let before = stage.events
    try stage.demand(
      before == ["event created /w", "event children /"],
      "event created /w, event children / before the reply to get",
      got: before.joined(separator: ", "))
    try await stage.ask("set /w", "ok")
    try await stage.until("event changed /w") { $0.events.last == "event changed /w" }
    try stage.demand(
      stage.events.count == 3, "three events", got: stage.events.joined(separator: ", "))
  }

  private static let whatIsSeen: Script = { stage in
    try await stage.connected()
    let other = try await stage.other()
    let made = try await other.create("/n")
    try await stage.ask("get \(made) watch", "ok")
    let change = try await other.setData("/n", data: nil)
    try await stage.until("event changed /n") { $0.events == ["event changed /n"] }
    await stage.server.cut(0)
    try await stage.until("another connection") { $0.greetings.count == 2 }
    let seen = stage.greetings[1].greeting.lastZxidSeen
    try stage.demand(
      seen != .zero && seen < change.mzxid, "less than the event's zxid \(change.mzxid)",
      got: "\(seen)")
    await other.close()
  }
}

extension ProgramStage {
  /// Whether a connection was not let in.
  fileprivate var hasBeenRefused: Bool {
    heard.contains { if case .refused = $0 { true } else { false } }
  }

  /// Whether a connection has ended.
  fileprivate var hasEnded: Bool {
    heard.contains { if case .closed = $0 { true } else { false } }
  }

  /// The events that the user was told of.
  fileprivate var events: [String] { told.filter { $0.hasPrefix("event ") } }

  /// What was asked on a connection but pings.
  fileprivate func requestsAfterGreeting(_ number: Int) -> [Opcode] {
    var greetings = 0
    return heard.compactMap { heard -> Opcode? in
      switch heard {
      case .greeting: greetings += 1
      case .request(let frame) where greetings == number && frame.header.opcode != .ping:
        return frame.header.opcode
      case .request, .refused, .closed: break
      }
      return nil
    }
  }
}

extension ClientFrame {
  /// The path that it wants created.
  fileprivate var created: String? {
    if case .request(.create(let create)) = content { create.path } else { nil }
  }
}
