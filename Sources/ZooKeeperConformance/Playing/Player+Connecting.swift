import Conformance
import ZooKeeper

extension Player {
  /// Connects before the first step: a session must be granted.
  mutating func connect(_ client: String, _ greeting: Greeting) async throws(Stop) {
    let (welcome, _) = try await dial(client, greeting)
    guard case .session = welcome else {
      throw Stop(
        verdict: .fail, message: "\(client) gets no session",
        differences: [
          CaseResult.Difference("the session", expected: "a session", got: Self.words(welcome))
        ])
    }
  }

  /// A step in which a client connects.
  mutating func connect(
    _ step: Step, _ client: String, isAgain: Bool
  ) async throws(Stop) {
    let arguments = resolved(step.arguments)
    let before = people[client]?.session ?? .none
    await drop(client)
    let greeting = greeting(arguments, client, isAgain)
    let (welcome, fields) = try await dial(client, greeting)
    tell(Self.words(welcome))
    let actual = Self.value(welcome, fields)
    memory.keep(step.keep, of: actual, line: step.place.line)
    if case .closed = welcome, step.expected.closes { return }
    if case .session = welcome, step.expected.closes {
      throw Stop(
        verdict: .fail, message: "the connection is not closed",
        differences: [CaseResult.Difference("the connection", expected: "closed", got: "a session")]
      )
    }
    let wanted = expectation(step.expected, isAgain, before)
    if let stop = stop(for: matching.differences(wanted, actual, at: "")) {
      for alternative in step.alternatives {
        let other = expectation(alternative.expected, isAgain, before)
        let isClosing = alternative.expected.closes && actual == nil
        if isClosing || matching.differences(other, actual, at: "").isEmpty {
          outcome.verdict = .passNonStrict
          outcome.remarks.append("line \(line): allowed otherwise: \(alternative.because)")
          return
        }
      }
      throw stop
    }
  }

  private func greeting(_ arguments: Value, _ client: String, _ isAgain: Bool) -> Greeting {
    let person = people[client]
    var greeting = Greeting(timeout: person?.wish ?? 10_000)
    if let timeout = ServiceFixture.Timeout(arguments["timeout"]) {
      greeting.timeout = pace.wish(timeout)
    }
    if isAgain {
      greeting.session = person?.session ?? .none
      greeting.password = person?.password ?? []
      greeting.lastSeen = person?.lastSeen ?? .zero
    }
    if let session = arguments["session"]?.integer { greeting.session = SessionID(session) }
    switch arguments["password"] {
    // A single bit, so that a server which compares less than all of it is found out.
    case .text("wrong"):
      if let last = greeting.password?.indices.last { greeting.password?[last] ^= 1 }
    case .bytes(let bytes): greeting.password = bytes
    case .null: greeting.password = nil
    default: break
    }
    switch arguments["readOnly"] {
    case .text("absent"): greeting.readOnly = nil
    case .text("yes"): greeting.readOnly = true
    default: break
    }
    switch arguments["lastSeen"] {
    case .text("ahead"): greeting.lastSeen = Zxid(Int64.max)
    case let value?: greeting.lastSeen = Zxid(value.integer ?? 0)
    case nil: break
    }
    return greeting
  }

  private mutating func dial(
    _ client: String, _ greeting: Greeting
  ) async throws(Stop) -> (Welcome, WelcomeFields?) {
    let dialed: (any ServiceLine, Welcome)
    do throws(TargetError) {
      dialed = try await world.dial(greeting, until: world.now + pace.patience)
    } catch {
      throw Stop(verdict: .error, message: "the target cannot be reached: \(error)")
    }
    let (line, welcome) = dialed
    switch welcome {
    case .session(let session, let password, let timeout):
      people[client]?.line = line
      people[client]?.session = session
      people[client]?.password = password
      people[client]?.timeout = timeout
      memory.note(session: session.rawValue, of: client)
    case .rubbish(let what):
      throw Stop(
        verdict: .fail, message: "the server answers the handshake with rubbish",
        differences: [CaseResult.Difference("the session", expected: "a session", got: what)])
    default: await line.hangUp()
    }
    return (welcome, line.welcomeFields)
  }

  /// What must be answered, words replaced by what they mean for this client.
  private func expectation(
    _ expected: Step.Expected, _ isAgain: Bool, _ before: SessionID
  ) -> Value {
    guard case .record(let members) = expected.gives else { return .record([]) }
    var result = members.map { member -> Value.Member in
      switch (member.name, member.value) {
      case ("session", .text("same")):
        Value.Member(name: "session", value: .session(before.rawValue))
      case ("session", .text("new")):
        Value.Member(name: "session", value: .bound(.not, .session(before.rawValue)))
      case ("timeout", .text("shortest")):
        Value.Member(name: "timeout", value: .number(Int64(pace.shortest)))
      case ("timeout", .text("longest")):
        Value.Member(name: "timeout", value: .number(Int64(pace.longest)))
      default: member
      }
    }
    if !result.contains(where: { $0.name == "session" }) {
      let fresh = isAgain ? Value.session(before.rawValue) : .bound(.not, .session(0))
      result.append(Value.Member(name: "session", value: fresh))
    }
    return .record(result)
  }

  private static func value(_ welcome: Welcome, _ fields: WelcomeFields?) -> Value? {
    let answered: [(String, Value)] =
      fields.map { fields in
        let readOnly = fields.readOnly.map { $0 ? "yes" : "no" } ?? "absent"
        return [
          ("id", .session(fields.session.rawValue)), ("readOnly", .text(readOnly)),
          ("protocol", .number(Int64(fields.version))),
        ]
      } ?? []
    func record(_ members: (String, Value)...) -> Value {
      .record((members + answered).map { Value.Member(name: $0.0, value: $0.1) })
    }
    switch welcome {
    case .session(let id, let password, let timeout):
      return record(
        ("session", .session(id.rawValue)), ("timeout", .number(Int64(timeout))),
        ("password", .bytes(password)))
    case .expired: return record(("session", .text("expired")))
    case .refused(let code): return record(("session", .text("refused: \(code)")))
    case .closed, .silence, .rubbish: return nil
    }
  }

  private static func words(_ welcome: Welcome) -> String {
    switch welcome {
    case .session: "a session"
    case .expired: "expired"
    case .refused(let code): "refused: \(code)"
    case .closed: "the server closed the connection"
    case .silence: "no answer"
    case .rubbish(let what): what
    }
  }

  /// Breaks the connection off; the session stays.
  mutating func drop(_ client: String) async {
    await people[client]?.line?.hangUp()
    people[client]?.leaveLine()
  }
}
