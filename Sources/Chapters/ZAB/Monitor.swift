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

    let ensemble: Ensemble
    /// Whether reads are answered behind a SYNC.
    private let isSynced: Bool
    var log: ReplicatedLog.Monitor
    var broken: Set<Property> = []
    /// In which ways learners were synchronized.
    var ways: Set<Synchronized> = []
    /// What was delivered, in the order of the first deliveries.
    private var deliveries: [Delivery] = []
    /// What each server delivered last, as a place among these; nil before anything.
    private var places: [NodeID: Int] = [:]
    /// What was broadcast, in order, and by which primary.
    private var broadcasts: [Broadcast] = []
    /// Those who have led, in order.
    private var primaries: [Primary] = []
    /// What was seen in logs, in the order of zxids, each with the zxid before it.
    private var logged: [Logged] = []
    /// Where reads are so: who leads, each in its epoch, and whether two ever did at a time.
    private var established: Set<NodeID> = []
    private var hadRivals = false

    /// A monitor of this ensemble.
    public init(_ ensemble: Ensemble, isSynced: Bool = false) {
      self.ensemble = ensemble
      self.isSynced = isSynced
      let servers = ensemble.voters.map(\.id) + ensemble.observers
      log = ReplicatedLog.Monitor(servers: servers, members: servers)
    }

    private struct Delivery: Hashable {
      let transaction: Transaction
      /// The place of what came before it; nil for the first.
      let before: Int?
      /// Which it is, from one on.
      let number: Int
    }

    private struct Logged: Hashable {
      let transaction: Transaction
      let before: Zxid
    }

    private struct Broadcast: Hashable {
      let transaction: Transaction
      let primary: Int
    }

    private struct Primary: Hashable {
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
    case .asked(let request, _): log.ask(request)
    case .noted(.broadcast(let proposal)): broadcast(proposal, by: id)
    case .noted(.delivered(let proposal, _)): deliver(proposal, at: id)
    case .noted(.restored(let zxid)): restore(zxid, at: id)
    case .noted(.leads(let epoch)): lead(epoch, id)
    case .noted(.synchronizes(let learner, let way)):
      ways.insert(Synchronized(learner: learner, way: way))
    case .crashed:
      places[id] = nil
      established.remove(id)
      log.crash(at: id)
    case .noted(.elected), .noted(.unexpected), .replied,
      .repliedAgain, .refused, .expired,
      .lost, .doubled, .restarted, .forgot:
      break
    }
  }

  /// A client asked, or was answered.
  public mutating func observe(_ event: ClientEvent<Node.Words>, of client: ClientID) {
    log.observe(event, of: client)
  }

  /// A server acted: what it serves must be what it has delivered.
  public mutating func look(at server: Node, _ id: NodeID) {
    read(server.history)
    if isSynced { note(server.isEstablished, at: id) }
    guard server.isServing else { return }
    var store = KeyValueStore()
    for place in path(to: places[id]).reversed() {
      _ = store.apply(deliveries[place].transaction.transaction)
    }
    if store != server.history.service { broken.insert(.stateConsistency) }
  }

  private mutating func note(_ isEstablished: Bool, at id: NodeID) {
    if isEstablished { established.insert(id) } else { established.remove(id) }
    if established.count > 1 { hadRivals = true }
  }

  /// Whether what clients see is as if there were one store.
  ///
  /// SYNC asks no quorum. Who reads behind it may read what is over, while two lead at a time.
  var isLinearizable: Bool { log.holds(.linearizable) || hadRivals }

  /// The places from one back to the first.
  private func path(to last: Int?) -> [Int] {
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
      let number = before.map { deliveries[$0].number + 1 } ?? 1
      deliveries.append(Delivery(transaction: transaction, before: before, number: number))
      checkPrimaries(above: place)
    }
    places[id] = place
    log.apply(
      deliveries[place].number, .command(transaction.transaction), at: id)
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

  // MARK: Primaries

  private mutating func lead(_ epoch: Int, _ id: NodeID) {
    if primaries.contains(where: { $0.epoch == epoch && $0.id != id }) {
      broken.insert(.leadership)
    }
    primaries.append(ZAB.Monitor.Primary(epoch: epoch, id: id, begun: places[id], broadcast: nil))
    if lacksEarlier(than: epoch, at: places[id]) { broken.insert(.durability) }
  }

  private mutating func broadcast(_ transaction: Transaction, by id: NodeID) {
    guard let primary = primaries.lastIndex(where: { $0.id == id }) else {
      broken.insert(.leadership)
      return
    }
    broadcasts.append(Broadcast(transaction: transaction, primary: primary))
    guard primaries[primary].broadcast == nil else { return }
    primaries[primary].broadcast = .some(places[id])
    if lacksEarlier(than: primaries[primary].epoch, at: places[id]) {
      broken.insert(.primaryIntegrity)
    }
  }

  /// Whether something of an earlier epoch was delivered that is not among those up to a place.
  private func lacksEarlier(than epoch: Int, at place: Int?) -> Bool {
    let path = path(to: place)
    return deliveries.indices.contains {
      deliveries[$0].transaction.zxid.epoch < epoch && !path.contains($0)
    }
  }
}
