import ZooKeeper

/// Plays a run on a service and on the model at once, and stops where they part.
///
/// On each connection the order is exact: all events that the model has told a client must have
/// come before the client's next reply, in the model's order, and no others.
struct Comparison {
  private let world: any ServiceWorld
  private let folder: Folder
  private var model: Model
  private var lines: [any ServiceLine] = []
  /// With what each client would resume its session.
  private var tickets: [Greeting] = []
  private var inboxes: [[WatchEvent]]
  private var expected: [[Batch]]
  private var ofServer = Normal()
  private var ofModel = Normal()
  private(set) var reached = Reached()

  /// How long is waited for a reply, in milliseconds.
  private static let patience: Int64 = 10_000
  /// What is asked of a session, in milliseconds.
  private static let timeout: Int32 = 30_000

  /// Events of one move, for one client.
  private struct Batch {
    var events: [WatchEvent]
    /// A closed session's nodes go in no order that is promised.
    var isOrdered: Bool
  }

  /// Connects the clients.
  init(
    clients: Int, in world: any ServiceWorld, folder: Folder, dialect: Dialect
  ) async throws(TargetError) {
    self.world = world
    self.folder = folder
    model = Model(clients: clients, root: Differential.ancestors(of: folder.path), dialect: dialect)
    inboxes = Array(repeating: [], count: clients)
    expected = Array(repeating: [], count: clients)
    for client in 0..<clients {
      let (line, ticket) = try await connect(client)
      lines.append(line)
      tickets.append(ticket)
    }
  }

  private mutating func connect(
    _ client: Int
  ) async throws(TargetError) -> (any ServiceLine, ticket: Greeting) {
    let (line, welcome) = try await world.dial(
      Greeting(timeout: Comparison.timeout), until: world.now + Comparison.patience)
    guard case .session(let session, let password, _) = welcome else {
      await line.hangUp()
      throw TargetError("the target", .unusable("it grants no session: \(welcome)"))
    }
    ofServer.meet(session)
    ofModel.meet(model.sessions[client])
    let ticket = Greeting(timeout: Comparison.timeout, session: session, password: password)
    return (line, ticket)
  }

  /// Takes the client's connection away, and resumes its session on another.
  ///
  /// What was on its way to it has come by then: a fence goes before, since it would be lost, and
  /// nobody promises when.
  private mutating func resume(
    _ client: Int
  ) async throws(TargetError) -> Divergence.Difference? {
    await lines[client].hangUp()
    let ticket = tickets[client]
    let (line, welcome) = try await world.dial(ticket, until: world.now + Comparison.patience)
    lines[client] = line
    if case .session(ticket.session, _, _) = welcome { return nil }
    return .init("session", expected: "resumed", got: "\(welcome)")
  }

  private func fence(_ client: Int) -> Move { Move(client: client, .exists(path: folder.path)) }

  /// Plays the moves; nil if the service answers all as the model does.
  mutating func play(_ moves: [Move]) async throws(TargetError) -> Divergence? {
    for (index, move) in moves.enumerated() {
      let fence = fence(move.client)
      if move.resumesFirst, let difference = try await play(fence) {
        return Divergence(moves: moves[..<index] + [fence], difference: difference)
      }
      if let difference = try await play(move) {
        return Divergence(moves: Array(moves[...index]), difference: difference)
      }
    }
    for client in lines.indices {
      let fence = fence(client)
      if let difference = try await play(fence) {
        return Divergence(moves: moves + [fence], difference: difference)
      }
    }
    return nil
  }

  private mutating func play(_ move: Move) async throws(TargetError) -> Divergence.Difference? {
    let client = move.client
    if move.resumesFirst, let difference = try await resume(client) { return difference }
    let consequence = model.play(move)
    reached.count(move.request, consequence.reply)
    expect(consequence, closing: move.request == .closeSession)
    let wanted = ofModel.reply(consequence.reply, to: move.request)
    guard let response = await reply(to: move) else {
      return .init("reply", expected: "\(wanted.result)", got: "none; the connection is closed")
    }
    let result: Result<Answer, ErrorCode>
    switch response.content {
    case .answer(let answer): result = .success(answer)
    case .failure(let code): result = .failure(code)
    case .malformed(let problem):
      return .init("reply", expected: "\(wanted.result)", got: "rubbish: \(problem)")
    case .raw:
      return .init("reply", expected: "\(wanted.result)", got: "a body of another operation")
    }
    let got = ofServer.reply(Reply(zxid: response.zxid, result), to: move.request)
    if let difference = Divergence.Difference(wanted, got, below: folder) { return difference }
    if let difference = compareEvents(of: client) { return difference }
    if move.request == .closeSession {
      await lines[client].hangUp()
      (lines[client], tickets[client]) = try await connect(client)
    }
    return nil
  }

  private mutating func expect(_ consequence: Consequence, closing: Bool) {
    for client in lines.indices {
      let events = consequence.events.filter { $0.client == client }.map(\.event)
      guard !events.isEmpty else { continue }
      expected[client].append(Batch(events: events, isOrdered: !closing))
    }
  }

  /// The reply to a move; events that come before it go to the client's inbox.
  private mutating func reply(to move: Move) async -> Response? {
    let line = lines[move.client]
    guard let ticket = line.send([.request(move.request)]).first else { return nil }
    while let arrival = await line.next(until: world.now + Comparison.patience) {
      switch arrival {
      case .reply(ticket, let response): return response
      case .reply: continue
      case .event(let event, _): inboxes[move.client].append(event)
      case .closed, .rubbish, .silence: return nil
      }
    }
    return nil
  }

  /// Takes the inbox and what was expected, and says where they differ.
  private mutating func compareEvents(of client: Int) -> Divergence.Difference? {
    var got = inboxes[client][...]
    var wanted: [WatchEvent] = []
    var found: [WatchEvent] = []
    for batch in expected[client] {
      let part = Array(got.prefix(batch.events.count))
      got = got.dropFirst(batch.events.count)
      func order(_ events: [WatchEvent]) -> [WatchEvent] {
        batch.isOrdered
          ? events : events.sorted { ($0.path, $0.type.rawValue) < ($1.path, $1.type.rawValue) }
      }
      wanted += order(batch.events)
      found += order(part)
    }
    found += got
    inboxes[client] = []
    expected[client] = []
    guard wanted != found else { return nil }
    func words(_ events: [WatchEvent]) -> String {
      "[" + events.map { "\($0.type) \(folder.relative($0.path))" }.joined(separator: ", ") + "]"
    }
    return .init("events", expected: words(wanted), got: words(found))
  }

  /// Ends the sessions.
  func end() async {
    for line in lines {
      if let ticket = line.send([.request(.closeSession)]).first {
        while let arrival = await line.next(until: world.now + 2000) {
          if case .reply(ticket, _) = arrival { break }
          if case .closed = arrival { break }
        }
      }
      await line.hangUp()
    }
  }
}
