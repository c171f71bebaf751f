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

/// A request that a client has not been answered.
struct Wanted<Words: Vocabulary>: Sendable {
  let client: ClientID
  let request: Words.Request
  /// The nodes that it may ask, the next one first.
  var nodes: [NodeID]
  /// Whether it asks again also when it will hear no more.
  let insists: Bool
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
      want(request, by: client)
      tell(client, .invoked(request), &report)
    }
    report.incidents = stir(index, .ask(request, hasClient: client != nil))
  }

  private mutating func want(_ request: Words.Request, by client: ClientID) {
    guard !wanted.contains(where: { $0.client == client && $0.request == request }) else { return }
    wanted.removeAll { $0.client == client }
    func isThis(_ ask: Ask<Words>) -> Bool {
      ask.client == client && ask.requests.contains(request)
    }
    let ask =
      cluster.asked.first(where: isThis) ?? cluster.asks.first(where: isThis)
      ?? cluster.longAsks.first(where: isThis)
    wanted.append(
      Wanted(
        client: client, request: request, nodes: ask?.nodes ?? cluster.nodes,
        insists: ask?.insists ?? cluster.longAsks.contains { $0.client != nil && $0.insists }))
  }

  /// What is asked from here on: what clients have begun to ask and are not done with, each before
  /// all else that it asks; and what the cluster is asked.
  var asksToCome: [Ask<Words>] {
    var asks = cluster.asks
    for begun in wanted {
      let ask = Ask<Words>(
        begun.client, of: begun.nodes, oneOf: [begun.request], insists: begun.insists)
      asks.insert(ask, at: asks.firstIndex { $0.client == begun.client } ?? asks.endIndex)
    }
    return asks
  }

  /// The client asks again what it was refused, or was not answered, of the next of its nodes that
  /// is up.
  ///
  /// - Returns: what was done for that.
  mutating func askAgain(_ client: ClientID) -> [Step<Words>] {
    var steps: [Step<Words>] = []
    guard let place = wanted.firstIndex(where: { $0.client == client }) else { return [] }
    if outstanding.contains(where: { $0.client == client }) {
      guard wanted[place].insists, let step = try? perform(.abandon(client)) else { return [] }
      steps.append(step)
    }
    let nodes = wanted[place].nodes
    for (tried, node) in nodes.enumerated() {
      let act = Act<Words>.ask(node, wanted[place].request, by: client)
      wanted[place].nodes = Array(nodes.dropFirst(tried + 1) + nodes.prefix(tried + 1))
      if let step = try? perform(act) { return steps + [step] }
    }
    return steps
  }

  mutating func abandon(_ client: ClientID, _ report: inout Report) throws(Disabled) {
    guard let place = outstanding.firstIndex(where: { $0.client == client }) else {
      throw .waitsNot(client)
    }
    outstanding.remove(at: place)
    tell(client, loss(of: client), &report)
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
      tell(client, event(of: reply, to: client), &report)
    }
  }

  /// What a client sees that is answered so.
  private func event(of reply: Words.Reply, to client: ClientID) -> ClientEvent<Words> {
    if Words.isLoss(reply) { return loss(of: client) }
    return Words.isRefusal(reply) ? .refused(reply) : .returned(reply)
  }

  /// The clients of a node that has crashed hear no more.
  mutating func loseClients(of id: NodeID, _ report: inout Report) {
    for lost in outstanding where lost.node == id {
      tell(lost.client, loss(of: lost.client), &report)
    }
    outstanding.removeAll { $0.node == id }
  }

  /// What a client sees that will hear no more.
  private func loss(of client: ClientID) -> ClientEvent<Words> {
    wanted.contains { $0.client == client && $0.insists } ? .unknown : .gaveUp
  }

  private mutating func tell(
    _ client: ClientID, _ event: ClientEvent<Words>, _ report: inout Report
  ) {
    if isWatched { monitor.observe(event, of: client) }
    report.seen.append((client, event))
    switch event {
    case .invoked, .refused, .unknown: break
    case .returned, .gaveUp: wanted.removeAll { $0.client == client }
    }
  }
}
