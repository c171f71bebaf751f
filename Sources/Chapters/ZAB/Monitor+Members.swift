import ProtocolCore
import ReplicatedLog

extension ZAB {
  /// What is known of members, from outside: by what was broadcast, by what servers say that they
  /// deliver, and by what stands in their histories.
  struct MembersSeen: Hashable, Sendable {
    /// Those who vote and observe at first.
    let ensemble: Ensemble
    /// The reconfigurations that were broadcast, in the order of their zxids.
    private var named: [Named] = []
    /// The last that each server has delivered since it started last, or must have on its disk, by
    /// its zxid.
    private var delivered: [NodeID: Zxid] = [:]
    /// The same of those that have stopped since, and what their histories ended with when they
    /// delivered it.
    ///
    /// What stands behind that was written behind the configuration: a disk that has the one has
    /// the other.
    private var written: [NodeID: Written] = [:]
    /// Those that have delivered one as the primary that broadcast it, and not answered since.
    private var unanswered: Set<NodeID> = []
    /// Those that have started again and not acted since.
    private var restarted: Set<NodeID> = []

    /// What is known at first.
    init(_ ensemble: Ensemble) { self.ensemble = ensemble }

    private struct Written: Hashable {
      let configuration: Zxid
      let last: Zxid
    }

    /// A reconfiguration.
    private struct Named: Hashable {
      let zxid: Zxid
      let members: [NodeID]
      /// Those in whose histories, on disk or not, it was when they acted last, by name. (What is
      /// acknowledged before it is on disk shows when it is lost: durability.)
      var holders: [NodeID] = []
      /// Whether anybody has delivered it.
      var isDelivered = false
    }
  }
}

extension ZAB.MembersSeen {
  // MARK: What happens

  /// A primary broadcasts a reconfiguration.
  mutating func broadcast(_ members: [NodeID], _ zxid: Zxid) {
    let place = named.firstIndex { $0.zxid >= zxid } ?? named.endIndex
    guard place == named.endIndex || named[place].zxid != zxid else { return }
    named.insert(Named(zxid: zxid, members: members), at: place)
  }

  /// A server has delivered a reconfiguration.
  ///
  /// - Parameters:
  ///   - zxid: its number.
  ///   - before: the one that it has delivered before.
  ///   - id: the server.
  ///   - isPrimary: whether that has broadcast it, in the epoch that it leads.
  /// - Returns: whether quorums of the configurations before it and behind it have it.
  mutating func deliver(
    _ zxid: Zxid, after before: Zxid?, at id: NodeID, isPrimary: Bool
  ) -> Bool {
    delivered[id] = zxid
    if isPrimary { unanswered.insert(id) }
    guard let place = named.firstIndex(where: { $0.zxid == zxid }) else { return true }
    guard !named[place].isDelivered else { return true }
    named[place].isDelivered = true
    let holders = named[place].holders
    return isQuorum(holders, of: before) && isQuorum(holders, of: zxid)
  }

  /// A server answers: what a primary answers behind a reconfiguration of its own, the operator
  /// first, it answers when that is on its disk.
  mutating func reply(at id: NodeID) {
    guard unanswered.remove(id) != nil, let delivered = delivered[id] else { return }
    written[id] = Written(configuration: delivered, last: .zero)
  }

  /// A server has stopped.
  mutating func crash(at id: NodeID) {
    delivered[id] = nil
    unanswered.remove(id)
  }

  /// A server has started again.
  mutating func restart(at id: NodeID) { if written[id] != nil { restarted.insert(id) } }

  /// A server acted, and this is its history.
  mutating func look(at history: History<KeyValueStore>, _ id: NodeID) {
    if restarted.remove(id) != nil, let before = written[id] {
      if history.last > before.last {
        delivered[id] = before.configuration
      } else {
        written[id] = nil
      }
    }
    if let delivered = delivered[id], delivered != written[id]?.configuration {
      written[id] = Written(configuration: delivered, last: history.last)
    }
    for place in named.indices {
      let zxid = named[place].zxid
      let has =
        history.log.contains { $0.zxid == zxid }
        || history.snapshot.configurations.contains { $0.version == zxid }
      guard has != named[place].holders.contains(id) else { continue }
      if has {
        named[place].holders = (named[place].holders + [id]).sorted()
      } else {
        named[place].holders.removeAll { $0 == id }
      }
    }
  }

  // MARK: Queries

  /// Whether the configuration in force at a server, by its own word and by those that it counts,
  /// is the one that a reconfiguration has named; nil is the one with which all began.
  func isInForce(
    _ ensemble: ZAB.Ensemble, _ said: ZAB.Configuration?, _ zxid: Zxid?
  ) -> Bool {
    guard let zxid else { return said == nil && ensemble == self.ensemble }
    let members = voters(of: zxid)
    return said?.version == zxid && said?.members == members
      && ensemble.voters.map(\.id) == members
      && ensemble.observers == self.ensemble.observers.filter { !members.contains($0) }
  }

  /// Whether a server has delivered a reconfiguration.
  func hasDelivered(_ id: NodeID) -> Bool { delivered[id] != nil }

  /// Whether a server votes, by the last that was delivered anywhere.
  func isMember(_ id: NodeID) -> Bool {
    voters(of: named.last { $0.isDelivered }?.zxid).contains(id)
  }

  /// Whether a server votes by a configuration.
  func isMember(_ id: NodeID, of zxid: Zxid?) -> Bool { voters(of: zxid).contains(id) }

  /// All that have ever been to vote.
  var voters: [NodeID] {
    let first = ensemble.voters.map(\.id)
    guard !named.isEmpty else { return first }
    return Set(first + named.flatMap(\.members)).sorted()
  }

  /// Whether these servers are quorums of every configuration that may be in force or come to be:
  /// of the last that any of them has delivered, and of those behind it that stand in the history
  /// of anybody near.
  ///
  /// Who observes acknowledges nothing, before it votes.
  ///
  /// - Parameters:
  ///   - group: the servers.
  ///   - near: these, and those that are up and that they can hear of.
  func areQuorums(_ group: [NodeID], near: [NodeID]) -> Bool {
    guard !named.isEmpty else { return isQuorum(group, of: nil) }
    let last = group.compactMap { delivered[$0] }.max()
    let voting = voters(of: last)
    let following = group.filter { voting.contains($0) || !ensemble.isObserver($0) }
    return isQuorum(group, of: last)
      && named.allSatisfy { later in
        later.zxid <= last ?? .zero || !later.holders.contains { near.contains($0) }
          || isQuorum(following, of: later.zxid)
      }
  }

  private func voters(of zxid: Zxid?) -> [NodeID] {
    named.first { $0.zxid == zxid }?.members ?? ensemble.voters.map(\.id)
  }

  private func isQuorum(_ servers: [NodeID], of zxid: Zxid?) -> Bool {
    guard let members = named.first(where: { $0.zxid == zxid })?.members else {
      return ZAB.Judging.isQuorum(servers, of: ensemble)
    }
    return members.count { servers.contains($0) } * 2 > members.count
  }
}
