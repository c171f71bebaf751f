import Conformance
import ZooKeeper

extension Player {
  // MARK: What a client has seen

  mutating func see(_ step: Step, _ client: String) async throws(Stop) {
    let expected = step.expected.sees ?? []
    if step.after != nil || step.within != nil {
      try await wait(for: expected, step, client)
    } else if expected.contains(.closed) {
      _ = try await closing(client)
      noteClosing(client)
    }
    if people[client]?.line != nil { try await fence(client) }
    let seen = people[client]?.takeInbox() ?? []
    tell(Self.told(seen.map(\.sighting)).shortened)
    guard let stop = mismatch(sees: expected, seen.map(\.sighting), of: client) else { return }
    for alternative in step.alternatives {
      let sees = alternative.expected.sees ?? []
      if mismatch(sees: sees, seen.map(\.sighting), of: client) == nil {
        outcome.verdict = .passNonStrict
        outcome.remarks.append("line \(line): allowed otherwise: \(alternative.because)")
        return
      }
    }
    throw stop
  }

  func mismatch(sees expected: [Sighting], _ seen: [Sighting], of client: String) -> Stop? {
    let expected = expected.map { sighting -> Sighting in
      switch sighting {
      case .closed: return sighting
      case .event(let type, let path): return .event(type, .text(resolved(path).description))
      case .stamped(let type, let path, let zxid):
        return .stamped(type, .text(resolved(path).description), zxid: resolved(zxid))
      }
    }
    let seen = own(seen, of: client, expecting: expected)
    let isSame =
      expected.count == seen.count
      && zip(expected, seen).allSatisfy { $0.description.utf8.elementsEqual($1.description.utf8) }
    guard !isSame else { return mismatch(zxids: expected, seen) }
    let wanted = Self.told(expected).shortened
    return Stop(
      verdict: .fail, message: "the events are not \(wanted)",
      differences: [
        CaseResult.Difference(
          "events", expected: wanted, got: Self.told(seen).shortened,
          gotIs: Self.parting(expected, seen))
      ])
  }

  /// Which event is the first that is another one, where they are too long to be printed.
  private static func parting(_ expected: [Sighting], _ seen: [Sighting]) -> String {
    let lengths = [expected, seen].map { told($0).utf8.count }
    guard lengths.contains(where: { $0 > String.readable }) else { return "" }
    let pairs = zip(expected, seen).map { ($0.description, $1.description) }
    guard let place = pairs.firstIndex(where: { !$0.utf8.elementsEqual($1.utf8) }) else {
      return "\(seen.count) events, not \(expected.count)"
    }
    let (wanted, got) = pairs[place]
    return "event \(place + 1) " + (got.parting(from: wanted, beyond: 0) ?? "")
  }

  /// What a client has seen, without what it has only overheard.
  func own(
    _ seen: [Sighting], of client: String, expecting expected: [Sighting] = []
  ) -> [Sighting] {
    guard people[client]?.overhears == true else { return seen }
    var next = expected[...]
    return seen.filter { sighting in
      if next.first?.description == sighting.description {
        next.removeFirst()
        return true
      }
      return !sighting.isOutside
    }
  }

  /// The first event whose header carries another zxid than it must.
  private func mismatch(zxids expected: [Sighting], _ seen: [Sighting]) -> Stop? {
    for (wanted, got) in zip(expected, seen) {
      guard case .stamped(_, _, let zxid) = wanted, case .stamped(_, _, let other) = got,
        zxid.integer != other.integer
      else { continue }
      return Stop(
        verdict: .fail, message: "the zxid of an event is not that of its change",
        differences: [
          CaseResult.Difference(
            "the zxid of \(wanted)", expected: zxid.description,
            expectedIs: memory.origin(of: .zxid(zxid.integer ?? 0)) ?? "",
            got: other.description, gotIs: memory.origin(of: other) ?? "")
        ])
    }
    return nil
  }

  /// A connection that the server has closed is something that its client has seen.
  mutating func noteClosing(_ client: String) {
    guard people[client]?.line == nil else { return }
    sawClosing(client)
  }

  func seenNow(_ sighting: Sighting) -> Participant.Seen {
    Participant.Seen(sighting: sighting, time: world.now)
  }

  private mutating func sawClosing(_ client: String) {
    let seen = seenNow(.closed)
    people[client]?.inbox.append(seen)
  }

  // MARK: The fence

  /// Asks for a sync and a read on this connection, and waits for both replies.
  mutating func fence(_ client: String) async throws(Stop) {
    guard let line = people[client]?.line else { return }
    let tickets = line.send([
      .request(.sync(path: folder.path)), .request(.exists(path: folder.path)),
    ])
    for ticket in tickets {
      guard case .reply = try await answer(to: ticket, of: client) else {
        sawClosing(client)
        return
      }
    }
  }

  // MARK: Waiting

  /// Waits until all that is expected has come, or the latest time has.
  ///
  /// The server counts a session's time from what it last got of its client: that was sent at
  /// `lastSent`, and had come when the client heard of it. So the earliest time counts from the one
  /// and the latest from the other.
  private mutating func wait(
    for expected: [Sighting], _ step: Step, _ client: String
  ) async throws(Stop) {
    let subject = (step.after?.client ?? step.within?.client).flatMap { people[$0] }
    let begin = world.now
    let earliest = (subject?.lastSent ?? begin) + milliseconds(step.after)
    let latest =
      step.within.map { (subject?.lastTouched ?? begin) + milliseconds($0) } ?? earliest
    while people[client]?.line != nil, world.now < latest,
      expected.isEmpty || (people[client]?.inbox.count ?? 0) < expected.count
    {
      guard let arrival = try await arrival(client, until: latest) else { continue }
      if case .closed = arrival { noteClosing(client) }
    }
    for seen in people[client]?.inbox ?? [] where step.after != nil && seen.time < earliest {
      tell("\(seen.sighting)")
      throw Stop(
        verdict: .fail, message: "\(seen.sighting) comes too early",
        differences: [
          CaseResult.Difference(
            "time", expected: "after \(step.after.map(\.description) ?? "")",
            got: "\(earliest - seen.time) ms before that")
        ])
    }
    if (people[client]?.inbox.count ?? 0) < expected.count, world.now - latest > pace.tick / 2 {
      throw Stop(verdict: .inconclusive, message: "our own clock stalled while we waited")
    }
  }
}

extension Sighting {
  /// Whether it is an event outside the case's folder.
  fileprivate var isOutside: Bool {
    switch self {
    case .event(_, let path), .stamped(_, let path, _): path.description.hasPrefix(Folder.outside)
    case .closed: false
    }
  }
}
