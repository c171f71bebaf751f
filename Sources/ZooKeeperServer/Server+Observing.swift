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

/// Numbers that tell of a tree.
struct Figures: Hashable, Sendable {
  /// The last transaction.
  var zxid = Zxid.zero
  /// How many nodes there are; Apache's server counts `/` twice, as it has two names there.
  var nodeCount = 0
  /// The bytes of all paths and data, where transactions are stored.
  var dataSize = 0
}

extension Server {
  /// Those of the tree as it is.
  var figures: Figures {
    Figures(
      zxid: service.applied.zxid, nodeCount: service.applied.nodeCount + 1,
      dataSize: countedDataSize)
  }

  /// Those that may be told: of what is stored, where transactions are.
  var told: Figures { storedFigures ?? figures }

  /// So far the disk has got.
  var stored: Figures {
    get { told }
    set {
      guard newValue != storedFigures else { return }
      storedFigures = newValue
      unstoredSessions = unstoredSessions.filter { $0.value > newValue.zxid }
    }
  }
}

/// Who is alive, beyond what is served.
extension Server {
  /// The client of a connection is alive: something has come of it, or it has taken something.
  ///
  /// Source: Apache ZooKeeper, `ZooKeeperServer.submitRequestNow`, which notes each request when it
  /// comes.
  mutating func hear(_ id: ConnectionID, at time: Int64) {
    if let session = connections[id]?.session { sessions.touch(session, now: max(now, time)) }
  }

  /// All connections are read again.
  mutating func hearAgain() {
    for id in unheard { hear(id, at: now) }
    unheard = []
  }

  /// What a connection asks for and is not served, in bytes and something for each request.
  func backlog(of id: ConnectionID) -> Int { connections[id]?.backlog ?? 0 }
}

extension Connection {
  /// What a request counts for beyond its bytes.
  static let frameWeight = 256
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
