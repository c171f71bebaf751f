import ProtocolCore
import ZAB
import ZooKeeper

// What servers do: they lead, they propose, they deliver.

extension ZooKeeperEnsemble.Monitor {
  // MARK: Leaders

  /// A quorum has acknowledged that a server leads an epoch: it has all that was ever delivered of
  /// earlier ones, and begins with that.
  ///
  /// That may come late, when a later leader has begun, and has had more delivered.
  mutating func lead(_ epoch: Int, _ id: NodeID) {
    let earlier = count(upTo: Int64(epoch) << 32)
    let beginning = earlier == 0 ? 0 : log[earlier - 1].zxid
    if (places[id] ?? 0) < beginning { broken.insert(.durability) }
    leaders[id] = epoch
    beginnings[epoch] = beginning
    if epoch > self.epoch { (self.epoch, lastProposed) = (epoch, beginning) }
    guard let rival else { return }
    for client in clients.keys { clients[client]?.meet(rival) }
  }

  /// The epoch of one that leads still and that a later leader has deposed, of which it knows
  /// nothing; nil if there is none.
  var rival: Int? { leaders.values.filter { $0 < epoch }.min() }

  /// A server leads no more.
  mutating func resign(_ id: NodeID) {
    leaders[id] = nil
    endings.removeAll { $0.leader == id }
  }

  /// A leader proposes a transaction.
  mutating func propose(_ proposal: Proposal<ReplicatedTree>, by id: NodeID) {
    proposals[proposal.number] = proposal.transaction
    stamps.append(proposal.transaction.change.time)
    if leaders[id] == epoch { lastProposed = proposal.number }
    end(proposal.transaction.request, by: id)
  }

  // MARK: What is delivered

  mutating func deliver(_ proposal: Proposal<ReplicatedTree>, at id: NodeID) {
    let before = places[id] ?? 0
    let place: Int
    if let last = log.last, proposal.number <= last.zxid {
      guard let known = entry(at: proposal.number), log[known].transaction == proposal.transaction
      else {
        broken.insert(.sameOrder)
        return
      }
      place = known
    } else {
      // It was proposed so, and what was proposed before it is delivered.
      if proposals[proposal.number] != proposal.transaction
        || self.before(proposal.number) != (log.last?.zxid ?? 0)
      {
        broken.insert(.sameOrder)
        return
      }
      place = log.count
      append(proposal.transaction, at: proposal.number)
    }
    // It is the first of all that lie behind what the server has.
    let isNext = log[place].zxid > before && (place == 0 || log[place - 1].zxid <= before)
    if !isNext { broken.insert(.sameOrder) }
    come(to: proposal.number, id)
    changed.insert(id)
  }

  /// A server has taken over what all transactions up to one have made; nobody may have delivered
  /// some of these, which are delivered by that.
  mutating func restore(_ zxid: Int64, at id: NodeID) {
    let last = log.last?.zxid ?? 0
    var chain: [Int64] = []
    var next: Int64? = zxid & 0xffff_ffff == 0 ? beginnings[Int(zxid >> 32)] : zxid
    while let current = next, current > last {
      chain.append(current)
      next = proposals[current] == nil ? nil : before(current)
    }
    if chain.isEmpty {
      let isKnown = next.map { $0 == 0 || entry(at: $0) != nil } ?? false
      if !isKnown { broken.insert(.sameOrder) }
    } else if next != last {
      broken.insert(.sameOrder)
      return
    }
    for zxid in chain.reversed() {
      if let transaction = proposals[zxid] { append(transaction, at: zxid) }
    }
    come(to: zxid, id)
    restored.insert(id)
  }

  private mutating func come(to zxid: Int64, _ id: NodeID) {
    places[id] = zxid
    reached[id] = max(reached[id] ?? 0, zxid)
  }

  /// What stands before a transaction: the one before it of its epoch, or the last that its epoch
  /// began with.
  private func before(_ zxid: Int64) -> Int64? {
    zxid & 0xffff_ffff > 1 ? zxid - 1 : beginnings[Int(zxid >> 32)]
  }

  /// The place of a zxid in the log.
  func entry(at zxid: Int64) -> Int? {
    let place = count(upTo: zxid - 1)
    return place < log.count && log[place].zxid == zxid ? place : nil
  }

  /// How many of the log there are up to a zxid.
  private func count(upTo zxid: Int64) -> Int {
    var (low, high) = (0, log.count)
    while low < high {
      let middle = (low + high) / 2
      if log[middle].zxid <= zxid { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// Whether a tree shows what all transactions up to a zxid have made, and no more.
  func isRight(_ shown: Tree, at zxid: Int64) -> Bool {
    let count = count(upTo: zxid)
    let last = count == 0 ? 0 : log[count - 1].zxid
    guard shown.zxid.rawValue == last else { return false }
    let paths = shown.paths
    let isSame = paths.allSatisfy { path in
      guard let node = tree.node(path, at: last), let other = shown[path] else { return false }
      return node.stat == other.stat && node.data == other.data
    }
    return isSame && paths.count == tree.count(at: last)
      && Set(shown.openSessions) == tree.openSessions(at: last)
  }

  /// Whether two trees show the same.
  static func areAlike(_ one: Tree, _ other: Tree) -> Bool {
    let paths = one.paths
    return one.zxid == other.zxid && paths == other.paths
      && one.openSessions == other.openSessions
      && paths.allSatisfy { one[$0]?.stat == other[$0]?.stat && one[$0]?.data == other[$0]?.data }
  }

  /// A transaction is delivered for the first time: what was asked is done.
  private mutating func append(_ transaction: ReplicatedTree.Transaction, at zxid: Int64) {
    let (request, change) = (transaction.request, transaction.change)
    proposals[zxid] = nil
    var expected: Result<Answer, ErrorCode>?
    switch request.ask {
    case .open:
      if tree.sessions[change.session] != nil { broken.insert(.sessions) }
      tree.openSession(change.session, at: zxid)
      openers[change.session] = request.client
    // The laboratory's clients make nothing whose time comes.
    case .reap: break
    case .refuse(let code):
      refuse(request, code)
      expected = .failure(code)
    case .expire: expected = close(transaction, at: zxid)
    case .request(.closeSession):
      order(request, .closeSession, at: zxid)
      expected = close(transaction, at: zxid)
    case .request(let asked):
      order(request, asked, at: zxid)
      expected = tree.perform(asked, by: change.session, at: zxid, time: change.time)
    }
    log.append(Entry(zxid: zxid, transaction: transaction, expected: expected))
  }
}
