public import ProtocolCore
public import ReplicatedLog

extension ZAB {
  /// Judges a run from outside: by what primaries say that they broadcast, by what servers say that
  /// they deliver, and by what clients see.
  ///
  /// What was delivered is kept once, with what came before it: a tree, in which each server stands
  /// at what it delivered last. Where nothing ever has two predecessors, and nothing two
  /// successors, the tree is one line, and all deliver the same in the same order. Who takes over a
  /// snapshot delivers what stands behind its zxid in the logs: they are looked at for that.
  public struct Monitor: Hashable, Sendable {
    typealias Transaction = Proposal<KeyValueStore>

    /// What is known of members.
    var members: MembersSeen
    /// Whether reads are answered behind a SYNC.
    let isSynced: Bool
    var log: ReplicatedLog.Monitor
    var broken: Set<Property> = []
    /// In which ways learners were synchronized.
    var ways: Set<Synchronized> = []
    /// What was delivered, in the order of the first deliveries.
    var deliveries: [Delivery] = []
    /// What each server delivered last, as a place among these; nil before anything.
    var places: [NodeID: Int] = [:]
    /// What was broadcast, in order, and by which primary.
    var broadcasts: [Broadcast] = []
    /// Those who have led, in order.
    var primaries: [Primary] = []
    /// Those who lead, each in its epoch, by what they have said and not given up.
    var leading: [NodeID: Int] = [:]
    /// What was seen in logs, in the order of zxids, each with the zxid before it.
    private var logged: [Logged] = []
    /// Where reads are so: whom each server follows, itself if it leads, and who waits for a read.
    var followed: [NodeID: NodeID] = [:]
    var reads: [ClientID: Read] = [:]

    /// A monitor of this ensemble.
    public init(_ ensemble: Ensemble, joiners: [NodeID] = [], isSynced: Bool = false) {
      members = MembersSeen(ensemble)
      self.isSynced = isSynced
      let servers = ensemble.voters.map(\.id) + ensemble.observers
      log = ReplicatedLog.Monitor(servers: servers + joiners, members: servers)
    }

    struct Delivery: Hashable {
      let transaction: Transaction
      /// The place of what came before it; nil for the first.
      let before: Int?
      /// Which it is, from one on.
      let number: Int
      /// What all up to it make, and the last reconfiguration among them.
      let made: KeyValueStore
      let configuration: Zxid?

      /// What follows from the others is not compared.
      static func == (a: Delivery, b: Delivery) -> Bool {
        a.transaction == b.transaction && a.before == b.before
      }

      func hash(into hasher: inout Hasher) {
        hasher.combine(transaction)
        hasher.combine(before)
      }
    }

    private struct Logged: Hashable {
      let transaction: Transaction
      let before: Zxid
    }

    struct Broadcast: Hashable {
      let transaction: Transaction
      let primary: Int
    }

    struct Primary: Hashable {
      let epoch: Int
      let id: NodeID
      /// What it had delivered when a quorum had acknowledged it, and when it broadcast first.
      let begun: Int?
      var broadcast: Int??
    }

    /// A learner, and a way in which it was synchronized.
    struct Synchronized: Hashable {
      let learner: NodeID
      let way: Way
    }
  }
}

extension ZAB.Monitor: ProtocolCore.Monitor {
  /// The servers.
  public typealias Node = ZAB.Server<KeyValueStore>

  /// Something happened at a server.
  public mutating func observe(_ observation: Observation<Node.Words>, at id: NodeID) {
    switch observation {
    case .asked(let request, _):
      log.ask(request)
      if isSynced { ask(request, of: id) }
    case .noted(.broadcast(let proposal)): broadcast(proposal, by: id)
    case .noted(.delivered(let proposal, _)): deliver(proposal, at: id)
    case .noted(.restored(let zxid)): restore(zxid, at: id)
    case .noted(.leads(let epoch)): lead(epoch, id)
    case .noted(.handsOver(let epoch)): begin(epoch, id)
    case .replied: members.reply(at: id)
    case .crashed:
      places[id] = nil
      leading[id] = nil
      members.crash(at: id)
      followed[id] = nil
      log.crash(at: id)
    case .restarted: members.restart(at: id)
    case .repliedAgain: broken.insert(.exactlyOnce)
    case .noted(.elected), .noted(.unexpected), .noted(.synchronizes), .refused, .expired, .lost,
      .doubled, .forgot:
      break
    }
  }

  /// A client asked, or was answered.
  public mutating func observe(_ event: ClientEvent<Node.Words>, of client: ClientID) {
    if isSynced { read(event, client) } else { log.observe(event, of: client) }
  }

  /// A server acted: what it serves, and by which members, must be what it has delivered.
  public mutating func look(at server: Node, _ id: NodeID) {
    read(server.history)
    if !server.isEstablished { leading[id] = nil }
    members.look(at: server.history, id)
    if let way = ZAB.Judging.way(of: server) {
      ways.insert(Synchronized(learner: id, way: way))
    }
    if isSynced { follow(server, id) }
    guard server.isServing else { return }
    let made = places[id].map { deliveries[$0].made } ?? KeyValueStore()
    if made != server.history.service
      || !members.isInForce(server.ensemble, server.quorumVerifier, configuration(at: places[id]))
    {
      broken.insert(.stateConsistency)
    }
  }

  /// The places from one back to the first.
  func path(to last: Int?) -> [Int] {
    var path: [Int] = []
    var place = last
    while let current = place {
      path.append(current)
      place = deliveries[current].before
    }
    return path
  }

  /// Whether a delivery is among those up to a place.
  private func isDelivered(_ delivery: Int, upTo place: Int?) -> Bool {
    path(to: place).contains(delivery)
  }

  // MARK: What is delivered

  private mutating func deliver(_ transaction: Transaction, at id: NodeID) {
    let before = places[id]
    if let before, deliveries[before].transaction.zxid.epoch > transaction.zxid.epoch {
      broken.insert(.globalPrimaryOrder)
    }
    checkOrigin(of: transaction, behind: before)
    let place: Int
    if let known = deliveries.firstIndex(where: { $0.transaction == transaction }) {
      if deliveries[known].before != before { broken.insert(.totalOrder) }
      place = known
    } else {
      if deliveries.contains(where: { $0.before == before }) { broken.insert(.agreement) }
      place = deliveries.count
      deliveries.append(delivery(of: transaction, behind: before))
      checkPrimaries(above: place)
    }
    if case .members = transaction.transaction {
      let isHeld = members.deliver(
        transaction.zxid, after: configuration(at: before), at: id,
        isPrimary: primaries.last?.id == id && primaries.last?.epoch == transaction.zxid.epoch)
      if !isHeld { broken.insert(.quorumsMeet) }
    }
    places[id] = place
    log.apply(deliveries[place].number, transaction.transaction, at: id)
  }

  private func delivery(of transaction: Transaction, behind before: Int?) -> Delivery {
    var made = before.map { deliveries[$0].made } ?? KeyValueStore()
    _ = made.apply(transaction.transaction)
    let isNamed = if case .members = transaction.transaction { true } else { false }
    return Delivery(
      transaction: transaction, before: before,
      number: before.map { deliveries[$0].number + 1 } ?? 1, made: made,
      configuration: isNamed ? transaction.zxid : configuration(at: before))
  }

  /// The last reconfiguration up to a place.
  func configuration(at place: Int?) -> Zxid? {
    place.flatMap { deliveries[$0].configuration }
  }

  /// It was broadcast, and what its primary broadcast before it is delivered.
  private mutating func checkOrigin(of transaction: Transaction, behind before: Int?) {
    guard let place = broadcasts.firstIndex(where: { $0.transaction == transaction }) else {
      broken.insert(.integrity)
      return
    }
    let earlier = broadcasts[..<place].last { $0.primary == broadcasts[place].primary }
    guard let earlier else { return }
    let delivered = path(to: before).contains { deliveries[$0].transaction == earlier.transaction }
    if !delivered { broken.insert(.localPrimaryOrder) }
  }

  /// All primaries of later epochs have delivered it.
  private mutating func checkPrimaries(above place: Int) {
    let epoch = deliveries[place].transaction.zxid.epoch
    for primary in primaries where primary.epoch > epoch {
      if !isDelivered(place, upTo: primary.begun) { broken.insert(.durability) }
      if let begun = primary.broadcast, !isDelivered(place, upTo: begun) {
        broken.insert(.primaryIntegrity)
      }
    }
  }

  /// Keeps what a history tells: what comes before each transaction.
  private mutating func read(_ history: History<KeyValueStore>) {
    var before = last(upTo: history.snapshot.zxid) ?? .zero
    for transaction in history.log {
      let zxid = transaction.zxid
      let place = logged.firstIndex { $0.transaction.zxid >= zxid } ?? logged.endIndex
      if place == logged.endIndex || logged[place].transaction.zxid != zxid {
        logged.insert(Logged(transaction: transaction, before: before), at: place)
      }
      before = zxid
    }
  }

  /// The last transaction up to a zxid: itself, or the last before its epoch; nil if nobody knows.
  private func last(upTo zxid: Zxid) -> Zxid? {
    guard zxid.isNewEpoch, zxid.epoch > 0 else { return zxid }
    return primaries.first { $0.epoch == zxid.epoch }.map { primary in
      primary.begun.map { deliveries[$0].transaction.zxid } ?? .zero
    }
  }

  /// A server has taken over what all transactions up to one have made: it delivers all of them.
  private mutating func restore(_ zxid: Zxid, at id: NodeID) {
    let before = places[id]
    places[id] = nil
    log.crash(at: id)
    var zxid = last(upTo: zxid)
    if zxid == nil { broken.insert(.integrity) }
    var chain: [Transaction] = []
    while let current = zxid, current > .zero {
      guard let known = logged.first(where: { $0.transaction.zxid == current }) else {
        broken.insert(.integrity)  // nobody has it in a log
        break
      }
      chain.append(known.transaction)
      zxid = known.before
    }
    for transaction in chain.reversed() { deliver(transaction, at: id) }
    if let before, !isDelivered(before, upTo: places[id]) { broken.insert(.totalOrder) }
  }
}
