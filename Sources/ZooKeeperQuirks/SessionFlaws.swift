import ZooKeeper
import ZooKeeperServer
import ZooKeeperWire

/// Sessions that end too early, too late or not at all, or that anybody may take.
///
/// Source for all: ZooKeeper Programmer's Guide, "ZooKeeper Sessions"; SESS-3 to SESS-7, ZNODE-4.
extension Quirk {
  static let sessionFlaws: [Quirk] = ends + resumptions + timeouts + closings

  // begin sessions
  /// What becomes of a session and its ephemerals.
  private static let ends: [Quirk] = [
    flaw("ephemerals-go-with-the-connection", "A session ends when its connection does.", "ZNODE-4")
    {
      $0.endsSessionsWithConnections = true
    },
    flaw("ephemerals-stay", "Ephemerals outlive their session.", "ZNODE-4") {
      $0.transactions = { transactions, asked, _ in
        guard asked.request == .closeSession else { return }
        transactions = transactions.map { $0.with(.closeSession(paths: [])) }
      }
    },
    flaw("ephemerals-stay-after-expiry", "Ephemerals of an expired session stay.", "ZNODE-4") {
      $0.transactions = { transactions, asked, _ in
        guard asked.request == .closeSession, asked.connection == nil else { return }
        transactions = transactions.map { $0.with(.closeSession(paths: [])) }
      }
    },
    flaw("ephemerals-go-one-by-one", "Each ephemeral goes at a zxid of its own.", "SESS-5") {
      $0.transactions = { transactions, _, _ in
        guard let last = transactions.last, case .closeSession(let paths) = last.body else {
          return
        }
        transactions =
          paths.map { last.with(.delete(path: $0)) } + [last.with(.closeSession(paths: []))]
        for place in transactions.indices {
          transactions[place].zxid.rawValue &+= Int64(place)
        }
      }
    },
    flaw("one-ephemeral-is-forgotten", "Of a session's ephemerals the last one stays.", "ZNODE-4") {
      $0.transactions = { transactions, _, _ in
        guard let last = transactions.last, case .closeSession(let paths) = last.body else {
          return
        }
        transactions = [last.with(.closeSession(paths: Array(paths.dropLast())))]
      }
    },
    flaw("ephemerals-are-persistent", "An ephemeral node belongs to no session.", "ZNODE-4") {
      $0.transactions = { transactions, _, _ in
        transactions.editCreations { creation, _ in creation.isEphemeral = false }
      }
    },
    flaw("persistent-nodes-are-ephemeral", "A persistent node goes with its session.", "ZNODE-3") {
      $0.transactions = { transactions, _, _ in
        transactions.editCreations { creation, _ in creation.isEphemeral = true }
      }
      // Nobody sees whose it is.
      $0.stat = { stat, _, _ in stat.ephemeralOwner = .none }
    },
    flaw("only-owners-delete-ephemerals", "Another session cannot delete an ephemeral.", "ZNODE-4")
    {
      $0.transactions = { transactions, asked, server in
        guard let last = transactions.last, case .delete(let path) = last.body,
          let owner = server.service.applied[path]?.ephemeralOwner, owner != .none,
          owner != asked.author.session
        else { return }
        transactions = [last.with(.error(.noAuth))]
      }
    },
  ]

  /// Who may take a session over.
  private static let resumptions: [Quirk] = [
    admits("sessions-cannot-be-resumed", "Every resumption is answered as expired.") {
      admission, _ in if admission.verdict == .resumed { admission.verdict = .expired }
    },
    admits("resumption-begins-a-new-session", "Who resumes gets a new session instead.") {
      admission, _ in if admission.verdict == .resumed { admission.verdict = .new }
    },
    admits("expired-sessions-get-a-new-one", "Who resumes an expired session gets a new one.") {
      admission, _ in if admission.verdict == .expired { admission.verdict = .new }
    },
    admits("any-password-will-do", "The password of a session is not looked at.") {
      admission, server in
      if admission.verdict == .expired, server.sessions.isOpen(admission.request.session) {
        admission.verdict = .resumed
      }
    },
    admits("no-password-will-do", "Whoever gives no password at all resumes a session.") {
      admission, server in
      if admission.verdict == .expired, admission.request.password == nil,
        server.sessions.isOpen(admission.request.session)
      {
        admission.verdict = .resumed
      }
    },
    admits("beginners-need-a-password", "A new session is refused to whoever sends null for it.") {
      admission, _ in
      if admission.verdict == .new, admission.request.password == nil {
        admission.verdict = .expired
      }
    },
    admits(
      "beginners-need-sixteen-bytes", "A new session is refused unless 16 bytes of password come."
    ) {
      admission, _ in
      let length = admission.request.password?.count ?? ConnectRequest.passwordLength
      if admission.verdict == .new, length != ConnectRequest.passwordLength {
        admission.verdict = .expired
      }
    },
    admits("unknown-sessions-are-resumed", "A session that never was is resumed.") {
      admission, server in
      if admission.verdict == .expired, !server.sessions.isOpen(admission.request.session) {
        admission.verdict = .resumed
      }
    },
    admits("old-connections-stay", "Resuming leaves the session's old connection open.") {
      admission, _ in admission.closesOther = false
    },
    admits("expiry-is-told-by-silence", "Who resumes an expired session is not answered.") {
      admission, _ in if admission.verdict == .expired { admission.verdict = .refused }
    },
    admits("newer-clients-are-welcome", "A client that has seen more than the server is let in.") {
      admission, server in
      guard admission.verdict == .refused else { return }
      let session = admission.request.session
      admission.verdict =
        session == .none ? .new : server.sessions.isOpen(session) ? .resumed : .expired
    },
    responds("passwords-are-zero", "Every password is zero.") { response, _ in
      response.password = response.password?.map { _ in 0 }
    },
    responds("expiry-keeps-the-id", "The answer to an expired session carries its id.") {
      response, admission in if response.isExpired { response.session = admission.request.session }
    },
    responds("the-readOnly-byte-is-missing", "The response never has the readOnly byte.") {
      response, _ in response.readOnly = nil
    },
    responds("the-readOnly-byte-is-always-there", "The response has a byte that was not asked for.")
    {
      response, _ in response.readOnly = response.readOnly ?? false
    },
    responds("servers-say-read-only", "The server says that it is read-only.") { response, _ in
      if response.readOnly != nil { response.readOnly = true }
    },
  ]

  /// How long a session lives.
  private static let timeouts: [Quirk] = [
    admits("sessions-expire-early", "A session lives half of its timeout.") { admission, _ in
      admission.lease /= 2
    },
    admits("sessions-expire-late", "A session lives three times its timeout.") { admission, _ in
      admission.lease = Int32(clamping: Int64(admission.lease) * 3)
    },
    admits("sessions-never-expire", "No session expires.") { admission, _ in
      admission.lease = .max
    },
    admits("timeouts-are-not-raised", "A timeout below the least is granted.") { admission, _ in
      admission.timeout = max(1, min(admission.request.timeout, admission.timeout))
      admission.lease = admission.timeout
    },
    admits("timeouts-are-not-lowered", "A timeout above the longest is granted.") {
      admission, _ in
      admission.timeout = max(admission.request.timeout, admission.timeout)
      admission.lease = admission.timeout
    },
    admits("timeouts-are-whole-ticks", "A timeout is rounded down to ticks.") {
      admission, server in
      admission.timeout -= admission.timeout % max(1, server.settings.tick)
    },
    admits("timeouts-are-not-renegotiated", "A resumed session keeps its first timeout.") {
      admission, server in
      guard admission.verdict == .resumed,
        let first = server.service.applied.timeout(of: admission.request.session)
      else { return }
      (admission.timeout, admission.lease) = (first, first)
    },
    flaw("pings-do-not-keep-alive", "A session that only pings expires.", "SESS-5") {
      $0.ignoresForLease = { $0.request == .ping }
    },
    flaw("only-pings-keep-alive", "A session that does not ping expires.", "SESS-5") {
      $0.ignoresForLease = { $0.request != .ping }
    },
  ]

  /// How a session is closed.
  private static let closings: [Quirk] = [
    flaw("closing-is-not-answered", "closeSession is not answered.", "SESS-3") {
      $0.reply = { answered, asked, _ in
        if asked.request == .closeSession { answered.reply = nil }
      }
    },
    flaw("closing-leaves-the-connection", "closeSession does not end the connection.", "SESS-3") {
      $0.reply = { answered, asked, _ in
        if asked.request == .closeSession { answered.closes = false }
      }
    },
    flaw("closing-does-nothing", "closeSession is answered, and the session lives on.", "SESS-3") {
      $0.request = { asked, _ in
        if asked.request == .closeSession { asked.request = .ping }
      }
      $0.reply = { answered, asked, _ in
        if asked.header.opcode == .closeSession { answered.closes = true }
      }
    },
    flaw("beginning-takes-no-zxid", "A session begins without a transaction's zxid.", "SESS-1") {
      $0.transactions = { transactions, asked, server in
        for place in transactions.indices {
          if case .createSession = transactions[place].body {
            transactions[place].zxid = server.service.applied.zxid
          }
        }
      }
    },
  ]
  // end sessions

  private static func admits(
    _ name: String, _ summary: String,
    _ change: @escaping @Sendable (inout Admission, Server) -> Void
  ) -> Quirk {
    flaw(name, summary, "SESS-4, SESS-5") { $0.admission = change }
  }

  private static func responds(
    _ name: String, _ summary: String,
    _ change: @escaping @Sendable (inout ConnectResponse, Admission) -> Void
  ) -> Quirk {
    flaw(name, summary, "SESS-4; zookeeper.jute, ConnectResponse") {
      $0.response = { response, admission, _ in change(&response, admission) }
    }
  }
}
