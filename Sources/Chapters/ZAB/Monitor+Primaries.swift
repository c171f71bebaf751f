import ProtocolCore
import ReplicatedLog

extension ZAB.Monitor {
  // MARK: Primaries

  /// A quorum has acknowledged that it leads an epoch.
  mutating func lead(_ epoch: Int, _ id: NodeID) {
    begin(epoch, id)
    leading[id] = epoch
    checkMember(id)
  }

  /// An epoch begins with what this one has delivered.
  mutating func begin(_ epoch: Int, _ id: NodeID) {
    // Nobody leads an epoch twice, not even the one that has led it before.
    if primaries.contains(where: { $0.epoch == epoch }) { broken.insert(.leadership) }
    primaries.append(ZAB.Monitor.Primary(epoch: epoch, id: id, begun: places[id], broadcast: nil))
    if lacksEarlier(than: epoch, at: places[id]) { broken.insert(.durability) }
  }

  /// It is a member, by what it has delivered.
  private mutating func checkMember(_ id: NodeID) {
    if !members.isMember(id, of: configuration(at: places[id])) { broken.insert(.membersLead) }
  }

  /// A primary broadcasts, in the epoch that it leads, and while it leads.
  mutating func broadcast(_ transaction: Transaction, by id: NodeID) {
    let epoch = transaction.zxid.epoch
    if leading[id] != epoch { broken.insert(.leadership) }
    let own = primaries.lastIndex { $0.id == id && $0.epoch == epoch }
    guard let primary = own ?? primaries.lastIndex(where: { $0.id == id }) else { return }
    checkMember(id)
    broadcasts.append(Broadcast(transaction: transaction, primary: primary))
    if case .members(let named) = transaction.transaction {
      members.broadcast(named, transaction.zxid)
    }
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
