import Conformance
import ZooKeeper

extension Player {
  // MARK: Many requests at once

  mutating func sendPipeline(_ step: Step, _ client: String) async throws(Stop) {
    guard let connection = people[client]?.line else {
      throw Stop(verdict: .fail, message: "\(client) has no connection any more")
    }
    // Where one request says what comes before its reply, nothing may come before the others'.
    let isExact = step.parts.contains { $0.expected.sees != nil }
    var outgoing: [Outgoing] = []
    for part in step.parts { outgoing.append(try self.outgoing(part)) }
    let tickets = connection.send(outgoing)
    tell("\(tickets.count) requests at once")
    for (part, ticket) in zip(step.parts, tickets) {
      var part = part
      if isExact, part.expected.sees == nil { part.expected.sees = [] }
      line = part.place.line
      outcome.narrative.append(CaseResult.Line(line, "\(client).\(part.description)"))
      try require(part)
      let answered = try await answer(to: ticket, of: client)
      try await judge(part, client, answered)
    }
  }

  // MARK: Answers that nobody takes

  /// Asks so often for a node's data that the answers fill the connection, and takes none.
  mutating func stopReading(_ step: Step, _ client: String) {
    let arguments = resolved(step.arguments)
    guard let line = people[client]?.line else { return }
    let request = RequestBuilding(folder: folder).request(.get, arguments)
    line.stopReading()
    let times = Int(arguments["times"]?.integer ?? 0)
    let tickets = line.send(Array(repeating: .request(request), count: times))
    people[client]?.ignored.formUnion(tickets)
  }

  // MARK: Bytes

  mutating func sendFrame(_ step: Step, _ client: String) async throws(Stop) {
    guard let connection = people[client]?.line else {
      throw Stop(verdict: .fail, message: "\(client) has no connection any more")
    }
    let arguments = resolved(step.arguments)
    let body = Pieces.bytes(arguments["bytes"] ?? .null, placing: folder.absolute)
    var prefix: [UInt8] = []
    if arguments["length"] != .text("none") {
      let length = Int32(truncatingIfNeeded: arguments["length"]?.integer ?? Int64(body.count))
      prefix = (0..<4).map { UInt8(truncatingIfNeeded: length >> (24 - 8 * $0)) }
    }
    _ = connection.send([.bytes(prefix + body)])
    guard step.expected.closes else { return }
    guard try await closing(client) else {
      tell("the connection stays open")
      throw Stop(
        verdict: .fail, message: "the connection is not closed",
        differences: [CaseResult.Difference("the connection", expected: "closed", got: "open")])
    }
    tell("the server closed the connection")
  }
}
