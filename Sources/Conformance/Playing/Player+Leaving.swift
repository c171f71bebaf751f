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

  /// Ends all sessions that are still open.
  ///
  /// - Returns: The case's outcome if something came late, after the case had passed.
  mutating func leave() async -> Outcome? {
    var late: Outcome?
    if outcome.verdict == .pass || outcome.verdict == .passNonStrict {
      for client in fixture.clients where people[client.name]?.line != nil {
        do throws(Stop) {
          try await lookAtTheEnd(client.name)
        } catch {
          outcome.verdict = .fail
          outcome.message = "after the case: \(error.message)"
          outcome.differences = error.differences
          late = outcome
        }
      }
    }
    for client in fixture.clients {
      guard let line = people[client.name]?.line else { continue }
      if let ticket = line.send([.request(.closeSession)]).first {
        let deadline = world.now + 2000
        while let arrival = await line.next(until: deadline) {
          if case .reply(ticket, _) = arrival { break }
          if case .closed = arrival { break }
        }
      }
      await line.hangUp()
      people[client.name]?.leaveLine()
    }
    return late
  }
}
