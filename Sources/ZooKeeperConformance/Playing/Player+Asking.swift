import Conformance
import ZooKeeper

extension Player {
  /// What came instead of a reply, or the reply.
  enum Answered {
    case reply(Response)
    case closed
  }

  // MARK: One request

  mutating func ask(_ step: Step, _ client: String) async throws(Stop) {
    guard let line = people[client]?.line else {
      if mayClose(step) { return try await judge(step, client, .closed) }
      throw Stop(verdict: .fail, message: "\(client) has no connection any more")
    }
    var outgoing = try outgoing(step)
    if let token = response(of: step, by: client) {
      outgoing = .request(.sasl(token: token))
    }
    let tickets = line.send([outgoing])
    let answered = try await answer(to: tickets.first ?? 0, of: client)
    if case .request(let request) = outgoing, case .auth = request,
      case .reply(let response) = answered, case .answer = response.content
    {
      people[client]?.identities.append(request)
    }
    if case .reply(let response) = answered, case .answer(.token(let token?)) = response.content {
      people[client]?.challenge = token
    }
    try await judge(step, client, answered)
    if step.does == .request(.close), case .reply = answered, !step.expected.closes {
      await line.hangUp()
      people[client]?.leaveLine()
    }
  }

  /// A user's response to what the server last said of SASL; nil for a step that is none.
  private mutating func response(of step: Step, by client: String) -> [UInt8]? {
    guard step.does == .request(.sasl) else { return nil }
    let arguments = resolved(step.arguments)
    guard let user = arguments["user"]?.description,
      let password = arguments["password"]?.description,
      let response = DigestMD5.response(
        to: people[client]?.challenge ?? [], user: user, password: password, cnonce: "quorate",
        authzid: arguments["authzid"]?.description)
    else { return nil }
    proof = DigestMD5.proof(answering: response, password: password)
    return response
  }

  /// What a step says on the wire, its references looked up.
  func outgoing(_ step: Step) throws(Stop) -> Outgoing {
    let arguments = resolved(step.arguments)
    switch step.does {
    case .raw:
      let xid = arguments["xid"]?.integer.flatMap { Int32(exactly: $0) }
      return .raw(
        opcode: Int32(truncatingIfNeeded: arguments["opcode"]?.integer ?? 0),
        body: Pieces.bytes(arguments["body"] ?? .null, placing: folder.absolute), xid: xid)
    case .request(let verb):
      var parts: [(operation: Action.Operation, arguments: Value)] = []
      for part in step.parts {
        guard case .operation(let operation) = part.does else { throw Self.noRequest(part) }
        parts.append((operation, resolved(part.arguments)))
      }
      let request = RequestBuilding(folder: folder).request(verb, arguments, parts)
      return step.excess.isEmpty ? .request(request) : .exceeding(request, step.excess)
    case .operation, .act: throw Self.noRequest(step)
    }
  }

  /// The reader lets no such step through.
  private static func noRequest(_ step: Step) -> Stop {
    Stop(verdict: .error, message: "'\(step.does.name)' is no request")
  }

  func resolved(_ value: Value) -> Value {
    value.resolved { lookUp($0).value }
  }

  /// Waits for the reply to this ticket; events that come before it go to the inbox.
  mutating func answer(to ticket: Int, of client: String) async throws(Stop) -> Answered {
    let deadline = world.now + pace.patience
    while true {
      switch try await arrival(client, until: deadline) {
      case .reply(ticket, let response):
        hear(response, client)
        return .reply(response)
      case .reply(let other, _) where people[client]?.ignored.remove(other) != nil: continue
      case .reply:
        throw Stop(verdict: .fail, message: "a reply came to another request than the oldest")
      case .closed: return .closed
      case .event, .rubbish, .silence: continue
      case nil:
        throw Stop(
          verdict: .fail, message: "no reply",
          differences: [
            CaseResult.Difference(
              "the reply", expected: "a reply", got: "nothing in \(pace.patience / 1000) s")
          ])
      }
    }
  }

  /// What came next; an event is put into the inbox, rubbish stops the case.
  mutating func arrival(_ client: String, until deadline: Int64) async throws(Stop) -> Arrival? {
    guard let line = people[client]?.line else { return .closed }
    guard let arrival = await line.next(until: deadline) else { return nil }
    switch arrival {
    case .event(let event, let zxid):
      let seen = seenNow(sighting(event, zxid))
      people[client]?.inbox.append(seen)
      if (people[client]?.inbox.count ?? 0) > Self.flood {
        throw Stop(verdict: .fail, message: "the server floods \(client) with events")
      }
    case .closed: people[client]?.leaveLine()
    case .rubbish(let what):
      people[client]?.leaveLine()
      throw Stop(
        verdict: .fail, message: "the server sends what is no reply",
        differences: [CaseResult.Difference("the reply", expected: "a reply", got: what)])
    case .silence:
      people[client]?.leaveLine()
      throw Stop(verdict: .fail, message: "the server does not answer any more")
    case .reply: break
    }
    return arrival
  }

  /// More events than any case could expect.
  static let flood = 10_000

  private func sighting(_ event: WatchEvent, _ zxid: Zxid) -> Sighting {
    var path = folder.relative(event.path)
    if event.state != .syncConnected { path += " in state \(event.state)" }
    return .stamped(event.type, .text(path), zxid: .zxid(zxid.rawValue))
  }

  mutating func hear(_ response: Response, _ client: String) {
    if response.zxid > people[client]?.lastSeen ?? .zero {
      people[client]?.lastSeen = response.zxid
    }
  }

  // MARK: Judging

  /// Compares what came with what the step expects, then with its alternatives.
  mutating func judge(
    _ step: Step, _ client: String, _ answered: Answered
  ) async throws(Stop) {
    if case .reply(let response) = answered {
      note(response, step, client)
      if wantsClosing(step) { _ = try await closing(client) }
    }
    let isClosed = people[client]?.line == nil
    let seen = people[client]?.inbox.map(\.sighting) ?? []
    let first = mismatch(step, step.expected, answered, seen, isClosed, client)
    guard let first else { return claim(step.expected, client) }
    for alternative in step.alternatives
    where mismatch(step, alternative.expected, answered, seen, isClosed, client) == nil {
      claim(alternative.expected, client)
      outcome.verdict = .passNonStrict
      outcome.remarks.append("line \(line): allowed otherwise: \(alternative.because)")
      return
    }
    throw first
  }

  /// Whether the server may close the connection instead of an answer.
  private func mayClose(_ step: Step) -> Bool {
    step.expected.closes || step.alternatives.contains { $0.expected.closes }
  }

  /// Whether the server may close the connection after its answer.
  private func wantsClosing(_ step: Step) -> Bool {
    let expected = [step.expected] + step.alternatives.map(\.expected)
    return expected.contains { $0.closes && $0.gives != nil }
  }

  /// Waits for the server to close the connection.
  mutating func closing(_ client: String) async throws(Stop) -> Bool {
    let deadline = world.now + pace.patience
    while people[client]?.line != nil {
      guard let arrival = try await arrival(client, until: deadline) else { return false }
      if case .closed = arrival { return true }
    }
    return true
  }

  private mutating func claim(_ expected: Step.Expected, _ client: String) {
    if expected.sees != nil { people[client]?.inbox = [] }
  }

  /// Writes down what came, and keeps what the step wants kept.
  mutating func note(_ response: Response, _ step: Step, _ client: String) {
    let value = ReplyValue(folder: folder, proof: proof).value(response, isRaw: step.does == .raw)
    if case .request(let request) = step.does, request.writes {
      memory.note(zxid: response.zxid.rawValue, line: step.place.line)
    }
    memory.keep(step.keep, of: value, line: step.place.line)
    let error = value["error"]?.description ?? ""
    let zxid = response.zxid.rawValue > 0 ? "zxid \(Value.zxid(response.zxid.rawValue))" : ""
    tell(error == "Ok" ? "ok" : error, zxid)
  }

  private func mismatch(
    _ step: Step, _ expected: Step.Expected, _ answered: Answered, _ seen: [Sighting],
    _ isClosed: Bool, _ client: String
  ) -> Stop? {
    switch (expected.gives, answered) {
    case (nil, .closed): break
    case (nil, .reply(let response)):
      let got = ReplyValue(folder: folder, proof: proof).value(response, isRaw: step.does == .raw)
      return stop("the connection is not closed", "the connection closed", got.description)
    case (let gives?, .closed) where gives["error"] == .text("any"): break
    case (.some, .closed):
      return stop(
        "no reply, the connection is closed", "a reply", "the server closed the connection")
    case (let gives?, .reply(let response)):
      if let stop = mismatch(step, gives, response) { return stop }
    }
    if let sees = expected.sees, let stop = mismatch(sees: sees, seen, of: client) { return stop }
    if case .reply = answered, expected.closes, !isClosed {
      return stop("the connection is not closed", "closed after the reply", "open")
    }
    return nil
  }

  private func stop(_ message: String, _ expected: String, _ got: String) -> Stop {
    Stop(
      verdict: .fail, message: message,
      differences: [CaseResult.Difference("the reply", expected: expected, got: got)])
  }

  private func mismatch(_ step: Step, _ gives: Value, _ response: Response) -> Stop? {
    let actual = ReplyValue(folder: folder, proof: proof).value(response, isRaw: step.does == .raw)
    let expected = complete(gives, step)
    return stop(for: matching.differences(expected, actual, at: ""))
  }

  /// A reply that says nothing of an error must be a success; so must every result of a multi.
  private func complete(_ gives: Value, _ step: Step) -> Value {
    let ok = Value.Member(name: "error", value: .text("Ok"))
    switch gives {
    case .list(let results):
      return .record([ok, Value.Member(name: "results", value: .list(results))])
    case .record(let members):
      let members = members.map { member -> Value.Member in
        if member.name == "zxid", isAmongOthers, case .reference = member.value {
          return Value.Member(name: "zxid", value: .bound(.atLeast, member.value))
        }
        guard member.name == "body" else { return member }
        let bytes = Pieces.bytes(resolved(member.value), placing: folder.absolute)
        return Value.Member(name: member.name, value: .bytes(bytes))
      }
      if members.contains(where: { $0.name == "error" }) {
        return .record(members.filter { $0.name != "error" || $0.value != .text("any") })
      }
      guard [.request(.multi), .request(.multiRead)].contains(step.does) else {
        return .record([ok] + members)
      }
      let results = Value.list(step.parts.map { _ in .record([ok]) })
      return .record([ok, Value.Member(name: "results", value: results)] + members)
    default: return gives
    }
  }

  var matching: Matching {
    Matching(
      lookUp: { lookUp($0) }, origin: { memory.origin(of: $0) },
      spelledOut: { $0.spelledOut(for: $1) })
  }

  private func lookUp(_ reference: Value.Reference) -> (value: Value, words: String) {
    memory.lookUp(reference, people, clock: world.wallClock)
  }

  /// The stop that these differences amount to, nil without any.
  func stop(for found: [Matching.Found]) -> Stop? {
    guard let first = found.first else { return nil }
    return Stop(verdict: .fail, message: first.message, differences: found.map(\.difference))
  }
}
