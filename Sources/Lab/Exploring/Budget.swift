import ProtocolCore

/// What may still go wrong in a run, what is still to be asked, and what is cut.
struct Budget: Hashable, Sendable {
  var crashes: Int
  var losses: Int
  var duplicates: Int
  var expiries: Int
  /// Time-outs of each kind; nil for those that have no bound of their own.
  var kinds: [Int?]
  var cuts: Int
  var severs: Int
  var forgettings: Int
  /// How often clients give up.
  var abandons: Int
  /// The number of the next ask that is no client's; all before it were asked, or left out.
  var nextAsk = 0
  /// What clients do.
  var clients: [ExploredClient]
  /// The number of the partition that lasts, from one; zero for none.
  var cut = 0
  /// Whether nodes that are down start again.
  var restarts = true
  /// Whether nothing fails any more.
  var isCalm = false
  /// What the clocks read, and how far they may come.
  var readings: [Int]
  var latest: Int
  let skew: Int

  /// Of the bounds, what the protocol claims to bear.
  init<C: Model>(_ cluster: Cluster<C>) {
    let (bounds, faults) = (cluster.bounds, cluster.faults)
    func borne(_ fault: Fault, _ count: Int) -> Int { faults.contains(fault) ? count : 0 }
    crashes = borne(.crash, bounds.crashes)
    losses = borne(.loss, bounds.losses)
    duplicates = borne(.duplication, bounds.duplicates)
    expiries = bounds.expiries
    kinds = C.timerKinds.map { bounds.kinds[$0] }
    cuts = borne(.cut, bounds.cuts)
    severs = borne(.sever, bounds.severs)
    forgettings = borne(.forgetting, bounds.forgettings)
    abandons = bounds.abandons
    clients = ExploredClient.all(of: cluster.asks)
    readings = C.Node.readsClock ? cluster.nodes.map { _ in 0 } : []
    latest = C.Node.readsClock ? bounds.clock : 0
    skew = cluster.clocks.skew.count
  }

  /// Nothing fails any more, nothing new is asked, and time does not end; but of the kinds that
  /// have a bound for this.
  func calm<C: Model>(_ cluster: Cluster<C>, healed: Bool) -> Budget {
    var calm = self
    (calm.crashes, calm.losses, calm.duplicates, calm.expiries) = (0, 0, 0, .max)
    (calm.cuts, calm.severs, calm.forgettings) = (0, 0, 0)
    calm.kinds = C.timerKinds.map { cluster.bounds.recovery[$0] }
    calm.nextAsk = cluster.asks.count { $0.client == nil }
    calm.restarts = false
    calm.isCalm = true
    // A number that nobody waits for any more stays taken: without a bound there is no end.
    calm.abandons = clients.count
    if healed { calm.cut = 0 }
    // What clocks read is no hindrance then, and no new state.
    calm.latest = 0
    return calm
  }
}

/// Something that takes of a budget.
enum Spending: Hashable, Sendable {
  case crash(node: Int)
  case loss
  case duplicate
  /// A timer of a kind runs out; nil for those without.
  case expiry(kind: Int?)
  case restart
  case ask(Int)
  /// A client asks: its place among the clients, which of its asks, of which node, and the number
  /// that the request gets there.
  case clientAsk(client: Int, request: Int, node: Int, number: Int)
  case abandon(client: Int)
  /// A node's answers reach those who wait for them.
  case answers(node: Int, [Answer])
  case cut(Int)
  case heal
  case sever
  case forget
  case clock(node: Int)

  /// An answer, and what a client sees of it.
  struct Answer: Hashable, Sendable {
    let number: Int
    let isRefusal: Bool
    let isLoss: Bool
    /// Which of the replies that were seen, by its number.
    let reply: Int
  }
}

/// What a client sees, in numbers.
enum ClientView: Hashable, Sendable {
  case invoked(client: Int, ask: Int, request: Int)
  case answered(client: Int, reply: Int, isRefusal: Bool)
  case unknown(client: Int)
  case gaveUp(client: Int)
}

extension Budget {
  /// What is left when this is paid, and what clients see of it; nil when there is not so much.
  func paying(_ spending: Spending) -> (rest: Budget, views: [ClientView])? {
    var rest = self
    var views: [ClientView] = []
    switch spending {
    case .crash(let node):
      Budget.take(&rest.crashes)
      for (index, client) in clients.enumerated() where client.waiting?.node == node {
        rest.clients[index].lose()
        views.append(client.insists ? .unknown(client: index) : .gaveUp(client: index))
      }
    case .loss: Budget.take(&rest.losses)
    case .duplicate: Budget.take(&rest.duplicates)
    case .expiry(let kind):
      if let kind, let count = kinds[kind] {
        rest.kinds[kind] = count - 1
      } else {
        Budget.take(&rest.expiries)
      }
    case .restart: return restarts ? (self, []) : nil
    case .ask(let number): rest.nextAsk = number + 1
    case .clientAsk(let client, let request, let node, let number):
      if clients[client].awaits {
        views = [.invoked(client: client, ask: clients[client].next, request: request)]
      }
      rest.clients[client].ask(request, of: node, number)
    case .abandon(let client):
      guard clients[client].waiting != nil, !isCalm || clients[client].insists else { return nil }
      Budget.take(&rest.abandons)
      rest.clients[client].lose()
      views = [clients[client].insists ? .unknown(client: client) : .gaveUp(client: client)]
    case .answers(let node, let answers):
      for answer in answers {
        let wanted = ExploredClient.Waiting(node: node, number: answer.number)
        guard let index = clients.firstIndex(where: { $0.waiting == wanted }) else { continue }
        views.append(rest.tell(index, answer))
      }
    case .cut(let number):
      guard cut == 0 else { return nil }
      rest.cut = number
      Budget.take(&rest.cuts)
    case .heal:
      guard cut != 0, !isCalm else { return nil }
      rest.cut = 0
    case .sever: Budget.take(&rest.severs)
    case .forget: Budget.take(&rest.forgettings)
    case .clock(let node):
      guard readings[node] < latest, readings[node] - (readings.min() ?? 0) < skew else {
        return nil
      }
      rest.readings[node] += 1
    }
    let counts = [
      rest.crashes, rest.losses, rest.duplicates, rest.expiries, rest.cuts, rest.severs,
      rest.forgettings, rest.abandons,
    ]
    return (counts + rest.kinds.compactMap { $0 }).allSatisfy { $0 >= 0 } ? (rest, views) : nil
  }

  /// An answer reaches a client.
  ///
  /// - Returns: what it sees.
  private mutating func tell(_ index: Int, _ answer: Spending.Answer) -> ClientView {
    if answer.isLoss {
      let insists = clients[index].insists
      clients[index].lose()
      return insists ? .unknown(client: index) : .gaveUp(client: index)
    }
    if answer.isRefusal { clients[index].retry() } else { clients[index].finish() }
    return .answered(client: index, reply: answer.reply, isRefusal: answer.isRefusal)
  }

  /// The greatest number is no bound.
  private static func take(_ count: inout Int) { if count != .max { count -= 1 } }
}

/// A client in an exploration.
struct ExploredClient: Hashable, Sendable {
  /// Which of its asks is next, or is being asked.
  var next = 0
  /// What it has chosen of that ask, once it has.
  var chosen: Int?
  /// Where it waits for an answer, under which number.
  var waiting: Waiting?
  /// Whether each of its asks is asked again when it will hear no more.
  private let insisting: [Bool]
  /// Whether it waits for the answer to each of its asks.
  private let awaiting: [Bool]

  struct Waiting: Hashable, Sendable {
    let node: Int
    let number: Int
  }

  init(insisting: [Bool], awaiting: [Bool]) {
    self.insisting = insisting
    self.awaiting = awaiting
  }

  /// The clients of these asks, in the order in which they come first.
  static func all<Words>(of asks: [Ask<Words>]) -> [ExploredClient] {
    SimulatedClient.all(of: asks).map {
      ExploredClient(
        insisting: $0.asks.map { $0.insists }, awaiting: $0.asks.map { $0.awaits })
    }
  }

  var isDone: Bool { next >= insisting.count }

  /// Whether what it asks now is asked again when it will hear no more.
  var insists: Bool { !isDone && insisting[next] }

  /// Whether it waits for the answer to what it asks next.
  var awaits: Bool { awaiting[next] }

  mutating func ask(_ request: Int, of node: Int, _ number: Int) {
    guard awaits else { return finish() }
    chosen = request
    waiting = Waiting(node: node, number: number)
  }

  mutating func finish() {
    next += 1
    (chosen, waiting) = (nil, nil)
  }

  mutating func retry() { waiting = nil }

  mutating func lose() { insists ? retry() : finish() }

  /// Whether it can ask this now; when nothing fails any more only what it has begun.
  func canAsk(_ ask: Int, _ choice: Int, isCalm: Bool) -> Bool {
    next == ask && waiting == nil && (chosen ?? choice) == choice && (chosen != nil || !isCalm)
  }
}
