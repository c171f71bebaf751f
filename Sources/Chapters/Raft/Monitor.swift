public import ProtocolCore
import ReplicatedLog

extension Raft {
  /// Judges a run from outside: the replicated log's properties by what servers say that they
  /// apply and by what clients see, and those of figure 3 by what stands in the servers' logs.
  ///
  /// Of logs it keeps each entry once, with the term of what stands before it: if no entry ever has
  /// two predecessors, logs that share an entry share all before it.
  public struct Monitor: Hashable, Sendable {
    let variant: Variant
    var log: ReplicatedLog.Monitor
    /// The servers that have taken over a snapshot since they last started.
    var installed: Set<NodeID> = []
    var broken: Set<Property> = []
    /// Every entry that was seen, by index.
    private var seen: [[Seen]] = []
    /// What was applied first under each index: its term, and in which term that was.
    private var committed: [Committed] = []
    /// What was applied and by which server it was in which term is not known yet.
    private var fresh: [Position] = []
    /// Those who led, and what their logs were when they began.
    private var leaders: [Elected] = []
    /// Every snapshot that was seen, by its last entry.
    private var snapshots: [Snapshot] = []
    /// The members by what was applied, the first under zero; in the order of the indices.
    private var members: [Named]
    private var transfers = Transfers()
    /// What each server was when it acted last, while it is up.
    private var last: [NodeID: Looked] = [:]

    /// A monitor of these servers, those who vote at first among them.
    public init(servers: [NodeID], members: [NodeID], variant: Variant) {
      self.variant = variant
      log = ReplicatedLog.Monitor(servers: servers, members: members)
      self.members = [Named(index: 0, members: Configuration(members.sorted()))]
    }

    private struct Seen: Hashable {
      let entry: LogEntry
      let before: Int

      var term: Int { entry.term }
    }

    private struct Committed: Hashable {
      let term: Int
      let leaderTerm: Int
    }

    private struct Elected: Hashable {
      let term: Int
      let id: NodeID
      let log: Terms
    }

    private struct Named: Hashable {
      let index: Int
      let members: Configuration
    }

    private struct Looked: Hashable {
      let term: Int
      let commitIndex: Int
      let snapshot: Position
      let applied: Position
      let store: KeyValueStore
      /// Of a leader, its log.
      let log: Terms?
    }

    /// A log by the terms of its entries; those up to a snapshot are not told.
    private struct Terms: Hashable {
      let base: Position
      let terms: [Int]

      init(_ server: Server) {
        base = server.snapshot.last
        terms = server.log.map(\.term)
      }

      var end: Int { base.index + terms.count }

      /// The term of an entry; nil for one that is not there.
      func term(of index: Int) -> Int? {
        if index == base.index { return base.term }
        let place = index - base.index - 1
        return terms.indices.contains(place) ? terms[place] : nil
      }

      /// Whether it has an entry of this term there, or a snapshot that stands for it.
      func has(_ index: Int, _ term: Int) -> Bool {
        index < base.index || self.term(of: index) == term
      }

      /// Whether it has all that another had, or a snapshot in its place.
      func extends(_ other: Terms) -> Bool {
        guard end >= other.end, base.index >= other.base.index else { return false }
        return (other.base.index...other.end).allSatisfy { index in
          other.term(of: index).map { has(index, $0) } ?? true
        }
      }
    }
  }
}

extension Raft.Monitor: ProtocolCore.Monitor {
  /// The servers.
  public typealias Node = Raft.Server

  /// Something happened at a server.
  public mutating func observe(_ observation: Observation<Raft.Words>, at id: NodeID) {
    switch observation {
    case .asked(let request, _):
      log.ask(request)
      transfers.ask(request, of: id, last[id]?.term ?? 0, latest: leaders.last?.term ?? 0)
    case .noted(.applied(let entry)): apply(entry, at: id)
    case .noted(.restored(let position)):
      log.restore(position.index, at: id)
      // It is not there when a server starts: that is told first.
      if last[id] != nil { installed.insert(id) }
    case .crashed:
      log.crash(at: id)
      last[id] = nil
      installed.remove(id)
    case .repliedAgain: broken.insert(.exactlyOnce)
    case .noted(.leads(let term)):
      // Elected twice in one term, be it the same server, it may have forgotten what it sent.
      if leaders.contains(where: { $0.term == term }) { broken.insert(.electionSafety) }
    case .noted(.deleted), .noted(.unexpected), .replied, .refused, .expired,
      .lost, .doubled, .restarted, .forgot:
      break
    }
  }

  /// A client asked, or was answered.
  public mutating func observe(_ event: ClientEvent<Raft.Words>, of client: ClientID) {
    log.observe(event, of: client)
    let isKept = transfers.observe(event, of: client) { id, term in
      leaders.contains { $0.id == id && $0.term >= term }
    }
    if !isKept { broken.insert(.operatorTold) }
  }

  /// A server acted.
  public mutating func look(at server: Raft.Server, _ id: NodeID) {
    if !transfers.look(at: server) { broken.insert(.operatorTold) }
    match(server)
    commit(server)
    if server.snapshot.last.index > 0, server.snapshot.last != last[id]?.snapshot {
      compare(server.snapshot)
    }
    check(server)
    let now = Looked(
      term: server.term, commitIndex: server.commitIndex, snapshot: server.snapshot.last,
      applied: server.applied, store: server.store, log: server.isLeading ? Terms(server) : nil)
    if let before = last[id] {
      if now.term < before.term || now.commitIndex < before.commitIndex {
        broken.insert(.monotonic)
      }
      if let told = before.log, before.term == now.term, let log = now.log, !log.extends(told) {
        broken.insert(.leaderAppendOnly)
      }
    }
    if let log = now.log { lead(now.term, id, log) }
    last[id] = now
  }

  /// A server has applied an entry: no server has applied another under its index.
  private mutating func apply(_ entry: LogEntry, at id: NodeID) {
    var isJoint = false
    if case .configuration(let members) = entry.content {
      isJoint = members.next != nil
      name(members, entry.index)
    }
    log.apply(entry.index, entry.content.applied, at: id, isJoint: isJoint)
    guard entry.index <= committed.count else { return fresh.append(entry.position) }
    if entry.index > 0, committed[entry.index - 1].term != entry.term {
      broken.insert(.stateMachineSafety)
    }
  }

  /// Members are applied: of a joint consensus the first are those that decided before; what comes
  /// behind one is what it leads to.
  private mutating func name(_ named: Configuration, _ index: Int) {
    guard let before = members.last, index > before.index else { return }
    let follows =
      named.next == nil
      ? named.voters == before.members.next ?? named.voters
      : before.members.next == nil && named.voters == before.members.voters
    if !follows { broken.insert(.validity) }
    members.append(Named(index: index, members: named))
  }

  /// A server has applied something: its machine holds what that makes, and its snapshot the
  /// members as well.
  private mutating func check(_ server: Raft.Server) {
    let before = last[server.id]
    if server.applied != before?.applied || server.store != before?.store {
      let isTold = server.applied.index == log.applied(at: server.id)
      if !isTold || !log.makes(server.store, upTo: server.applied.index) {
        broken.insert(.stateConsistency)
      }
    }
    let snapshot = server.snapshot
    guard snapshot.last != before?.snapshot, snapshot.last.index > 0 else { return }
    let named = members.last { $0.index <= snapshot.last.index }
    if snapshot.configuration != named?.members
      || !log.makes(snapshot.store, upTo: snapshot.last.index)
    {
      broken.insert(.stateConsistency)
    }
  }

  /// Every entry has one content and one predecessor, wherever it stands.
  private mutating func match(_ server: Raft.Server) {
    var before = server.snapshot.last
    for place in server.log.indices {
      let position = server.log[place].position
      if position.index != before.index + 1 { broken.insert(.logMatching) }
      while seen.count < position.index { seen.append([]) }
      let known = seen[position.index - 1]
      let later = known.firstIndex { $0.term >= position.term } ?? known.count
      if later < known.count, known[later].term == position.term {
        if known[later].before != before.term || known[later].entry != server.log[place] {
          broken.insert(.logMatching)
        }
      } else {
        seen[position.index - 1].insert(
          Seen(entry: server.log[place], before: before.term), at: later)
      }
      before = position
    }
  }

  /// A server has a snapshot that it had not: another that ends so holds the same.
  private mutating func compare(_ snapshot: Snapshot) {
    if let known = snapshots.first(where: { $0.last == snapshot.last }) {
      if known != snapshot { broken.insert(.snapshotsAgree) }
      return
    }
    snapshots.append(snapshot)
    snapshots.sort { ($0.last.index, $0.last.term) < ($1.last.index, $1.last.term) }
  }

  /// What was applied first by a server was committed in its term; and those who lead later terms
  /// already have it.
  private mutating func commit(_ server: Raft.Server) {
    guard !fresh.isEmpty else { return }
    for position in fresh where position.index == committed.count + 1 {
      committed.append(Committed(term: position.term, leaderTerm: server.term))
      let lacks = leaders.contains {
        $0.term > server.term && !$0.log.has(position.index, position.term)
      }
      if lacks { broken.insert(.leaderCompleteness) }
    }
    fresh = []
  }

  /// A server leads a term.
  private mutating func lead(_ term: Int, _ id: NodeID, _ log: Terms) {
    if let known = leaders.first(where: { $0.term == term }) {
      if known.id != id { broken.insert(.electionSafety) }
      return
    }
    leaders.append(Elected(term: term, id: id, log: log))
    leaders.sort { $0.term < $1.term }
    for (offset, entry) in committed.enumerated() where entry.leaderTerm < term {
      if !log.has(offset + 1, entry.term) { broken.insert(.leaderCompleteness) }
    }
  }
}
