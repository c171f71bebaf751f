import Conformance
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
  private var greetings: [Greeting] = []
  private var inboxes: [[WatchEvent]]
  private var expected: [[Batch]]
  private var ofServer = ReplyNormalizer()
  private var ofModel = ReplyNormalizer()
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
      let (line, greeting) = try await connect(client)
      lines.append(line)
      greetings.append(greeting)
    }
  }

  private mutating func connect(
    _ client: Int
  ) async throws(TargetError) -> (any ServiceLine, Greeting) {
    let (line, welcome) = try await world.dial(
      Greeting(timeout: Comparison.timeout), until: world.now + Comparison.patience)
    guard case .session(let session, let password, _) = welcome else {
      await line.hangUp()
      throw TargetError("the target", .unusable("it grants no session: \(welcome)"))
    }
    ofServer.meet(session)
    ofModel.meet(model.sessions[client])
    return (
      line, Greeting(timeout: Comparison.timeout, session: session, password: password)
    )
  }

  /// Takes the client's connection away, and resumes its session on another.
  ///
  /// What was on its way to it has come by then: a fence goes before, since it would be lost, and
  /// nobody promises when.
  private mutating func resume(
    _ client: Int
  ) async throws(TargetError) -> Divergence.Difference? {
    await lines[client].hangUp()
    let greeting = greetings[client]
    let (line, welcome) = try await world.dial(greeting, until: world.now + Comparison.patience)
    lines[client] = line
    if case .session(greeting.session, _, _) = welcome { return nil }
    return .init("session", expected: "resumed", got: "\(welcome)")
  }

  private func fence(_ client: Int) -> Move { Move(client: client, .exists(path: folder.path)) }

  /// Plays the moves; nil if the service answers all as the model does.
  mutating func play(_ moves: [Move]) async throws(TargetError) -> Divergence? {
    for segment in moves.segments {
      let client = segment.first?.client ?? 0
      if segment.first?.resumesFirst == true,
        let difference = try await send([fence(client)])
      {
        return Divergence(
          moves: moves[..<segment.startIndex] + [fence(client)], difference: difference)
      }
      // All of the segment was sent, and what stands behind may be what made the difference.
      if let difference = try await send(segment) {
        return Divergence(moves: Array(moves[..<segment.endIndex]), difference: difference)
      }
    }
    for client in lines.indices {
      let fence = fence(client)
      if let difference = try await send([fence]) {
        return Divergence(moves: moves + [fence], difference: difference)
      }
    }
    return nil
  }

  /// Sends the moves of a segment at once, and compares each reply and what came before it.
  ///
  /// - Returns: How the first differs that does.
  private mutating func send(
    _ segment: ArraySlice<Move>
  ) async throws(TargetError) -> Divergence.Difference? {
    guard let first = segment.first else { return nil }
    if first.resumesFirst, let difference = try await resume(first.client) { return difference }
    let tickets = lines[first.client].send(segment.map(\.outgoing))
    for (place, (move, ticket)) in zip(segment, tickets).enumerated() {
      var move = move
      if place > 0 { move.resumesFirst = false }
      if let difference = await compare(move, ticket) { return difference }
    }
    if segment.last?.request == .closeSession {
      await lines[first.client].hangUp()
      (lines[first.client], greetings[first.client]) = try await connect(first.client)
    }
    return nil
  }

  private mutating func compare(_ move: Move, _ ticket: Int) async -> Divergence.Difference? {
    let consequence = model.play(move)
    reached.count(move.request, consequence.reply)
    expect(consequence, closing: move.request == .closeSession)
    let wanted = ofModel.reply(consequence.reply, to: move.request)
    guard let response = await reply(to: ticket, of: move.client) else {
      return .init(
        "reply", expected: Divergence.Difference.words(wanted),
        got: "none; the connection is closed")
    }
    let result: Result<Answer, ErrorCode>
    switch response.content {
    case .answer(let answer): result = .success(answer)
    case .failure(let code): result = .failure(code)
    case .malformed(let problem):
      return .init(
        "reply", expected: Divergence.Difference.words(wanted), got: "rubbish: \(problem)")
    case .raw:
      return .init(
        "reply", expected: Divergence.Difference.words(wanted), got: "a body of another operation")
    }
    let got = ofServer.reply(
      Reply(zxid: response.zxid, result), to: move.request, clock: world.wallClock)
    return Divergence.Difference(wanted, got, below: folder) ?? compareEvents(of: move.client)
  }

  private mutating func expect(_ consequence: Consequence, closing: Bool) {
    for client in lines.indices {
      let events = consequence.events.filter { $0.client == client }.map(\.event)
      guard !events.isEmpty else { continue }
      expected[client].append(Batch(events: events, isOrdered: !closing))
    }
  }

  /// The reply with this ticket; events that come before it go to the client's inbox.
  private mutating func reply(to ticket: Int, of client: Int) async -> Response? {
    let deadline = world.now + Comparison.patience
    return await lines[client].reply(to: ticket, until: deadline) { event, _ in
      inboxes[client].append(event)
    }.response
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
    for line in lines { await line.closeSession(until: world.now + 2000) }
  }
}
