import Conformance
import ZooKeeper

extension Player {
  // MARK: Several clients at once

  /// What one client sends.
  private struct Share {
    var client: String
    var line: any ServiceLine
    var parts: [Step] = []
    var outgoing: [Outgoing] = []
    var tickets: [Int] = []
  }

  /// Sends what several clients ask before any reply is read, and looks whether the replies are
  /// those that are expected, whichever of them is whose: nobody knows in which order a server
  /// takes what is under way at once.
  mutating func sendTogether(_ step: Step) async throws(Stop) {
    var shares = try shares(of: step)
    world.together {
      for place in shares.indices {
        shares[place].tickets = shares[place].line.send(shares[place].outgoing)
      }
    }
    tell("\(step.parts.count) requests of \(shares.count) clients at once")
    var replies: [Value] = []
    for share in shares {
      for (part, ticket) in zip(share.parts, share.tickets) {
        line = part.place.line
        outcome.narrative.append(CaseResult.Line(line, part.description))
        guard case .reply(let response) = try await answer(to: ticket, of: share.client) else {
          throw Stop(verdict: .fail, message: "the server closed \(share.client)'s connection")
        }
        note(response, part, share.client)
        replies.append(told(response, part, share.client))
      }
    }
    line = step.place.line
    try judge(step, replies)
  }

  /// What each client sends, in the order in which the step names them first.
  private func shares(of step: Step) throws(Stop) -> [Share] {
    var shares: [Share] = []
    for part in step.parts {
      let client = part.client ?? ""
      guard let line = people[client]?.line else {
        throw Stop(verdict: .fail, message: "\(client) has no connection any more")
      }
      let place = shares.firstIndex { $0.client == client } ?? shares.endIndex
      if place == shares.endIndex { shares.append(Share(client: client, line: line)) }
      shares[place].parts.append(part)
      shares[place].outgoing.append(try outgoing(part))
    }
    return shares
  }

  /// A reply, with whose it is and the data that was sent.
  private func told(_ response: Response, _ part: Step, _ client: String) -> Value {
    let reply = ReplyValue(folder: folder).value(response)
    guard case .record(let members) = reply else { return reply }
    return .record(
      members + [
        Value.Member(name: "by", value: .text(client)),
        Value.Member(name: "sent", value: resolved(part.arguments)["data"] ?? .null),
      ])
  }

  /// Finds for each expected reply one that is it, and keeps what the step wants kept.
  private mutating func judge(_ step: Step, _ replies: [Value]) throws(Stop) {
    var expected = replies.map { _ in Value.record([]) }
    if case .list(let given) = step.expected.gives { expected = given }
    let wanted = expected.map(succeeding)
    let fits = wanted.map { wanted in
      replies.indices.filter { matching.differences(wanted, replies[$0], at: "").isEmpty }
    }
    guard wanted.count == replies.count,
      let chosen = Self.choice(among: fits, of: replies.count)
    else {
      throw Stop(
        verdict: .fail, message: "the replies are not those of any order",
        differences: [
          CaseResult.Difference(
            "the replies, in any order",
            expected: wanted.map(\.description).joined(separator: ", ").shortened,
            got: replies.map(\.description).joined(separator: ", ").shortened)
        ])
    }
    let value = Value.record([
      Value.Member(name: "replies", value: .list(chosen.map { replies[$0] }))
    ])
    memory.keep(step.keep, of: value, line: step.place.line)
  }

  /// A reply that says nothing of an error must be a success.
  private func succeeding(_ gives: Value) -> Value {
    guard case .record(let members) = gives, gives["error"] == nil else { return gives }
    return .record([Value.Member(name: "error", value: .text("Ok"))] + members)
  }

  /// One of its candidates for each place, none twice; nil if there is no such choice.
  ///
  /// Source: H. W. Kuhn, "The Hungarian Method for the Assignment Problem", 1955; augmenting paths.
  static func choice(among candidates: [[Int]], of count: Int) -> [Int]? {
    var takers = [Int?](repeating: nil, count: count)
    func settle(_ place: Int, _ asked: inout Set<Int>) -> Bool {
      for candidate in candidates[place] where asked.insert(candidate).inserted {
        let taker = takers[candidate]
        if taker == nil || taker.map({ settle($0, &asked) }) == true {
          takers[candidate] = place
          return true
        }
      }
      return false
    }
    for place in candidates.indices {
      var asked: Set<Int> = []
      guard settle(place, &asked) else { return nil }
    }
    return candidates.indices.compactMap { place in takers.firstIndex(of: place) }
  }
}
