import ZooKeeper

extension Player {
  // MARK: Many requests at once

  mutating func sendPipeline(_ step: Step, _ client: String) async throws(Stop) {
    guard let connection = people[client]?.line else {
      throw Stop(verdict: .fail, message: "\(client) has no connection any more")
    }
    let tickets = connection.send(step.parts.map(utterance))
    tell("\(tickets.count) requests at once")
    for (part, ticket) in zip(step.parts, tickets) {
      line = part.place.line
      outcome.narrative.append(Outcome.Line(line, "\(client).\(part.description)"))
      let answered = try await answer(to: ticket, of: client)
      try await judge(part, client, answered)
    }
  }

  // MARK: Connections that ask for no session

  /// Opens a connection, and perhaps says a word of four letters, whose answer ends it.
  mutating func open(_ step: Step, _ client: String) async throws(Stop) {
    await drop(client)
    let line: any ServiceLine
    do throws(TargetError) {
      line = try await world.open(until: world.now + pace.patience)
    } catch {
      throw Stop(verdict: .error, message: "the target cannot be reached: \(error)")
    }
    people[client]?.line = line
    let arguments = resolved(step.arguments)
    guard case .text(let word) = arguments["says"] else { return }
    line.sendRaw(Array(word.utf8))
    let isClosed = try await closing(client)
    let bytes = line.takeFrames().filter { !$0.isSent }.flatMap(\.bytes)
    let answer = String(decoding: bytes, as: UTF8.self)
    tell(answer.prefix { $0 != "\n" }.description)
    guard case .text(let begin) = resolved(step.expected.gives ?? .null)["begins"] else { return }
    guard isClosed, answer.hasPrefix(begin) else {
      throw Stop(
        verdict: .fail, message: "the answer does not begin with '\(begin)', or is not the last",
        differences: [
          Outcome.Difference("the answer", expected: begin, got: String(answer.prefix(60)))
        ])
    }
  }

  // MARK: Answers that nobody takes

  /// Asks so often for a node's data that the answers fill the connection, and takes none.
  func stopReading(_ step: Step, _ client: String) {
    let arguments = resolved(step.arguments)
    guard let line = people[client]?.line,
      let request = RequestBuilding(folder: folder).request("get", arguments, [])
    else { return }
    line.stopReading()
    let times = Int(arguments["times"]?.integer ?? 0)
    _ = line.send(Array(repeating: .request(request), count: times))
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
        differences: [Outcome.Difference("the connection", expected: "closed", got: "open")])
    }
    tell("the server closed the connection")
  }
}
