import Conformance
import ZooKeeper

extension Player {
  /// What the case's clients have shown to be.
  var identities: [Request] { fixture.clients.flatMap { people[$0.name]?.identities ?? [] } }

  /// The longest time that the steps wait for, in milliseconds.
  var longestWait: Int64 {
    fixture.steps.reduce(0) { sum, step in
      let spans = [step.after, step.within].compactMap { span in
        span?.milliseconds(tick: pace.tick) { _ in Int64(pace.longest) }
      }
      return sum + (spans.max() ?? 0)
    }
  }

  /// For how many seconds nothing has come to any of the clients, by the world's clock.
  var silence: Double {
    let heard = people.values.map { max($0.heard, $0.line?.lastHeard ?? 0) }.max() ?? 0
    return Double(world.now - heard) / 1000
  }

  /// For how many seconds it has been played, by the world's clock.
  var elapsed: Double { begin.map { Double(world.now - $0) / 1000 } ?? 0 }

  /// Breaks all connections off, without a word to a server that does not listen.
  mutating func hangUp() async {
    for client in fixture.clients { await drop(client.name) }
  }

  /// Ends all sessions that are still open.
  ///
  /// - Returns: The case's outcome if an event came late, after the case had passed.
  mutating func leave() async -> CaseResult? {
    var late: CaseResult?
    if outcome.verdict == .pass || outcome.verdict == .passNonStrict {
      let present = fixture.clients.map(\.name).filter { people[$0]?.line != nil }
      for client in present where late == nil { late = await lookForLate(client) }
      if late != nil, await haveLost(present) {
        late?.verdict = .inconclusive
        late?.remarks.append(Self.stalled)
      }
    }
    for client in fixture.clients {
      guard let line = people[client.name]?.line else { continue }
      await line.closeSession(until: world.now + 2000)
      people[client.name]?.leaveLine()
    }
    return late
  }

  /// Whether the server has cut one of these off since the case was over: what is seen of the end
  /// of a session says nothing when the server stood still, and one that it cuts off for nothing
  /// fails the cases of sessions.
  private mutating func haveLost(_ clients: [String]) async -> Bool {
    for client in clients where people[client]?.line != nil { _ = try? await fence(client) }
    return clients.contains { people[$0]?.line == nil }
  }

  /// Looks whether an event has come since the case was over.
  ///
  /// That the connection has ended, or that nothing answers any more, is another case's doing.
  private mutating func lookForLate(_ client: String) async -> CaseResult? {
    _ = try? await fence(client)
    let seen = own((people[client]?.takeInbox() ?? []).map(\.sighting), of: client)
    let events = seen.filter { $0 != .closed }
    guard !events.isEmpty else { return nil }
    outcome.verdict = .fail
    outcome.message = "after the case \(client) has seen what no step expects"
    outcome.differences = [
      CaseResult.Difference("\(client)'s inbox", expected: "nothing more", got: Self.told(events))
    ]
    return outcome
  }
}
