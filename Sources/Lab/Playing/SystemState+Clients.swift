public import ProtocolCore

/// A request that a client waits to be answered.
public struct Outstanding<Words: Vocabulary>: Hashable, Sendable {
  /// The client.
  public let client: ClientID
  /// The node that it has asked.
  public let node: NodeID
  /// The request's number there.
  public let number: RequestID
  /// What it has asked.
  public let request: Words.Request
}

extension SystemState {
  mutating func ask(
    _ index: Int, _ request: Words.Request, by client: ClientID?, _ report: inout Report
  ) throws(Disabled) {
    if let client {
      guard !outstanding.contains(where: { $0.client == client }) else { throw .waits(client) }
      outstanding.append(
        Outstanding(
          client: client, node: hosts[index].id, number: hosts[index].nextRequest,
          request: request))
      tell(client, .invoked(request), &report)
    }
    report.incidents = stir(index, .ask(request, hasClient: client != nil))
  }

  mutating func abandon(_ client: ClientID, _ report: inout Report) throws(Disabled) {
    guard let place = outstanding.firstIndex(where: { $0.client == client }) else {
      throw .waitsNot(client)
    }
    outstanding.remove(at: place)
    tell(client, .unknown, &report)
  }

  /// The answers of this act reach those who wait for them.
  mutating func tellClients(_ report: inout Report) {
    guard !outstanding.isEmpty else { return }
    for incident in report.incidents {
      guard case .replied(let reply, let number) = incident.happening,
        let place = outstanding.firstIndex(where: {
          $0.node == incident.node && $0.number == number
        })
      else { continue }
      let client = outstanding.remove(at: place).client
      tell(client, Words.isRefusal(reply) ? .refused(reply) : .returned(reply), &report)
    }
  }

  /// The clients of a node that has crashed hear no more.
  mutating func loseClients(of id: NodeID, _ report: inout Report) {
    for lost in outstanding where lost.node == id { tell(lost.client, .unknown, &report) }
    outstanding.removeAll { $0.node == id }
  }

  private mutating func tell(
    _ client: ClientID, _ event: ClientEvent<Words>, _ report: inout Report
  ) {
    monitor.observe(event, of: client)
    report.seen.append((client, event))
  }
}
