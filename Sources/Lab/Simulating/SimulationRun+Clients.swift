import ProtocolCore

/// A client of a simulated run, and how far it has come.
struct SimulatedClient<Words: Vocabulary> {
  let id: ClientID
  /// What it asks, in this order.
  let asks: [Ask<Words>]
  /// How many of these are over.
  var done = 0
  /// What it has chosen to ask, until that is over.
  var chosen: Words.Request?
  /// How often it has asked, so that an older wait is void.
  var asked = 0
  /// Whether it waits for an answer.
  var isWaiting = false

  var isDone: Bool { done >= asks.count }

  /// The clients, in the order in which they come first.
  static func all(of asks: [Ask<Words>]) -> [SimulatedClient] {
    var ids: [ClientID] = []
    for case let id? in asks.map({ $0.client }) where !ids.contains(id) { ids.append(id) }
    return ids.map { id in SimulatedClient(id: id, asks: asks.filter { $0.client == id }) }
  }
}

extension SimulationRun {
  /// A client asks what comes next, or again what it was refused.
  mutating func askAs(_ id: ClientID) {
    guard let index = clients.firstIndex(where: { $0.id == id }) else { return }
    let client = clients[index]
    guard !client.isDone, !client.isWaiting else { return }
    let ask = client.asks[client.done]
    let usual = profile.isUsual || choices.chance(1, in: 2)
    guard let request = client.chosen ?? (usual ? ask.requests.first : choices.pick(ask.requests)),
      let node = choices.pick(ask.nodes)
    else { return }
    clients[index].chosen = request
    clients[index].asked += 1
    clients[index].isWaiting = true
    guard ask.awaits else {
      clients[index].isWaiting = false
      if play(.ask(node, request)) {
        clients[index].done += 1
        clients[index].chosen = nil
      }
      plan(.askAs(id), in: choices.within(0...12))
      return
    }
    guard play(.ask(node, request, by: id)) else {
      // The node is down; another may be up by then.
      clients[index].isWaiting = false
      plan(.askAs(id), in: choices.within(2...20))
      return
    }
    plan(.abandon(id, asked: clients[index].asked), in: choices.within(100...400))
  }

  /// The client has waited long enough for this.
  mutating func abandon(_ id: ClientID, asked: Int) {
    guard let client = clients.first(where: { $0.id == id }), client.isWaiting,
      client.asked == asked
    else { return }
    play(.abandon(id))
  }

  /// What a client does about what it sees.
  mutating func heed(_ event: ClientEvent<Words>, of id: ClientID) {
    // What was asked in a prelude is none of its asks.
    guard let index = clients.firstIndex(where: { $0.id == id && $0.isWaiting }) else { return }
    switch event {
    case .invoked: return
    case .refused, .unknown: break  // the same again, of any node
    case .returned, .gaveUp:
      clients[index].done += 1
      clients[index].chosen = nil
    }
    clients[index].isWaiting = false
    plan(.askAs(id), in: choices.within(0...12))
  }

  /// In a burst: some client asks, or gives up.
  mutating func letClientAct() -> Bool {
    guard let client = choices.pick(clients.filter { !$0.isDone }) else { return false }
    guard client.isWaiting else {
      askAs(client.id)
      return true
    }
    return choices.chance(1, in: 6) && play(.abandon(client.id))
  }
}
