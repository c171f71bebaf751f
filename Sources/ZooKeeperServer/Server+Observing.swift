internal import ZooKeeper
internal import ZooKeeperWire

/// What came of a call, for whoever drives a server by a real clock and keeps a log.
struct Observations: Sendable {
  /// What an operator may want to know.
  var remarks: [Remark] = []
  /// The connection of each request that was served, in order.
  var served: [ConnectionID] = []
}

extension Server {
  /// Takes out what was observed since.
  mutating func takeObservations() -> Observations {
    defer { observations = observations.map { _ in Observations() } }
    return observations ?? Observations()
  }

  /// Requests of these connections were answered so many milliseconds after they had come.
  ///
  /// Source: Apache ZooKeeper, `FinalRequestProcessor.updateStats`, which counts every request.
  mutating func answered(_ ids: [ConnectionID], after latency: Int64) {
    for id in ids {
      measures.latencies.add(latency)
      connections[id]?.latencies.add(latency)
      connections[id]?.last.latency = latency
      connections[id]?.unanswered -= 1
    }
  }

  /// Notes that a request of a connection is served.
  mutating func served(on id: ConnectionID) {
    guard observations != nil, connections[id] != nil else { return }
    observations?.served.append(id)
    connections[id]?.unanswered += 1
  }

  mutating func remark(_ event: Remark.Event, on id: ConnectionID?) {
    guard observations != nil else { return }
    let peer = id.flatMap { connections[$0] }?.place
    observations?.remarks.append(Remark(event: event, peer: peer))
  }
}

extension Asked {
  /// Why the connection ends on which this was asked, if it does.
  var ending: ConnectionEnd {
    switch (header.opcode, content) {
    case (.closeSession, _): .sessionClosed
    case (_, .malformed(let error)): .unreadable(error.reason)
    case (.auth, _), (.sasl, _): .authenticationFailed
    default: .unknownOperation(header.opcode)
    }
  }
}

extension Connection {
  /// The client's address and port.
  var place: String { address.contains(":") ? "[\(address)]:\(port)" : "\(address):\(port)" }
}
