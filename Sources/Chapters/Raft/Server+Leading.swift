public import ProtocolCore
import ReplicatedLog

// What a leader keeps, and how it sends entries. (paper, 5.3; thesis, 10.2)

extension Raft.Server {
  /// What a leader keeps.
  public struct Leading: Hashable, Sendable {
    /// The index of the first entry of its term.
    public let first: Int
    /// The others, by name.
    public internal(set) var peers: [Peer] = []
    /// Its last round of heartbeats that anything waits for.
    var round = 0
    /// Those who read.
    var reads: [Read] = []
    /// New members that catch up.
    var catchUp: CatchUp?
    /// The hand-over that it is about.
    var transfer: Transfer?
    /// Whether it has told another to take over in this term.
    var hasHandedOver = false
    /// The rounds whose leases have not run out, and the last that a majority has answered.
    var leases: [Int] = []
    var leased: Int?

    /// What it knows of a server.
    public struct Peer: Hashable, Sendable {
      /// The server.
      public let id: NodeID
      /// The next entry to send: figure 2's nextIndex.
      public internal(set) var next: Int
      /// Up to which entry its log is the leader's: figure 2's matchIndex.
      public internal(set) var match = 0
      /// Whether it is not known where its log parts from the leader's, so that nothing is sent
      /// ahead.
      var isProbing = true
      /// The last round of heartbeats that it has answered.
      var answered = 0
      /// Whether it has answered anything since the leader checked last.
      var isActive = false
      /// How many pieces of the snapshot it has.
      var pieces = 0
    }
  }

  /// It is elected. (figure 2, leaders)
  mutating func lead() -> Out {
    role = .leader(Leading(first: lastIndex + 1))
    leader = id
    hearsLeader = false
    findPeers()
    var effects: Out = [.note(.leads(term)), .cancel(.election), .cancel(.heard)]
    effects += [.set(.beat, after: Raft.Words.Timer.beat.patience)]
    if variant.isThesis, obey(.quorumChecked) {
      effects += [.set(.quorum, after: Raft.Words.Timer.quorum.patience)]
    }
    if obey(.noopAtStart) { effects += append(.noop) }
    if case .leader(let leading) = role {
      for place in leading.peers.indices { effects += send(to: place) }
    }
    return effects + leaveJoint()
  }

  /// It leads no more: who reads here is refused, who waits for a command may be answered yet.
  func end(_ leading: Leading) -> Out {
    var effects: Out = [.cancel(.beat), .cancel(.quorum)]
    effects += leading.leases.map { .cancel(.lease($0)) }
    effects += refusals(of: leading.reads)
    effects += (leading.catchUp?.clients ?? []).map { .reply(.refused, to: $0) }
    return effects
  }

  /// Those to whom it sends: the members, and new ones that catch up.
  mutating func findPeers() {
    guard case .leader(var leading) = role else { return }
    let ids = Set(configuration.all + (leading.catchUp?.servers ?? [])).subtracting([id]).sorted()
    let known = leading.peers
    leading.peers = ids.map { id in
      known.first { $0.id == id } ?? Leading.Peer(id: id, next: lastIndex + 1)
    }
    role = .leader(leading)
  }

  /// Adds an entry of its own term to its log, and has the others take it.
  ///
  /// They are asked while its own disk works; it counts itself when that is done. (thesis, 10.2.1)
  mutating func propose(_ content: LogEntry.Content) -> Out {
    let written = append(content)
    return written + sendToAll()
      + (obey(.leaderCountsStoredOnly) ? [] : advanceCommit())
  }

  private mutating func append(_ content: LogEntry.Content) -> Out {
    let written = append(LogEntry(lastIndex + 1, term, content))
    if case .configuration = content { findPeers() }
    return written
  }

  // begin replicating
  /// Sends the next entries to each of whom it is known what it has.
  private mutating func sendToAll() -> Out {
    guard case .leader(let leading) = role else { return [] }
    var effects: Out = []
    for (place, peer) in leading.peers.enumerated() where !peer.isProbing {
      effects += send(to: place)
    }
    return effects
  }

  /// Sends the next entries to one: as many as a message holds, and as may be under way.
  mutating func send(to place: Int) -> Out {
    guard case .leader(var leading) = role, leading.peers.indices.contains(place) else { return [] }
    let peer = leading.peers[place]
    guard peer.next > snapshot.last.index, let after = position(peer.next - 1) else {
      return sendSnapshot(to: place)
    }
    let underWay = peer.next - 1 - peer.match
    let room = peer.isProbing ? Raft.batch : min(Raft.batch, Raft.window - underWay)
    let end = min(lastIndex, peer.next - 1 + max(0, room))
    guard end >= peer.next else { return [] }
    let start = peer.next - snapshot.last.index - 1
    let entries = Array(log[start..<(end - snapshot.last.index)])
    if !peer.isProbing {
      leading.peers[place].next = end + 1
      role = .leader(leading)
    }
    let append = Raft.Append(
      term: term, after: after, entries, commit: commitIndex, round: leading.round)
    return [.send(.appendEntries(append), to: peer.id, .atOnce)]
  }

  /// Sends a heartbeat to each: no entries, and what should come before the next.
  func sendHeartbeats() -> Out {
    guard case .leader(let leading) = role else { return [] }
    return leading.peers.indices.flatMap { place -> Out in
      let peer = leading.peers[place]
      guard peer.next > snapshot.last.index, let after = position(peer.next - 1) else {
        return sendSnapshot(to: place)
      }
      let append = Raft.Append(
        term: term, after: after, [], commit: commitIndex, round: leading.round)
      return [.send(.appendEntries(append), to: peer.id, .atOnce)]
    }
  }

  /// A follower has what it was sent, and what comes before it.
  mutating func acknowledged(
    by follower: NodeID, term: Int, match: Int, round: Int
  ) -> Out {
    guard term == self.term, let (known, place) = leading(follower) else { return [] }
    var leading = known
    guard match <= lastIndex else {
      return [
        .note(
          .unexpected(.appended(term: term, match: match, round: round), from: follower))
      ]
    }
    leading.peers[place].isActive = true
    leading.peers[place].isProbing = false
    leading.peers[place].pieces = 0
    leading.peers[place].answered = max(leading.peers[place].answered, round)
    leading.peers[place].match = max(leading.peers[place].match, match)
    leading.peers[place].next = max(leading.peers[place].next, match + 1)
    role = .leader(leading)
    return advanceCommit() + send(toLeadingPeer: follower) + countAnswers() + goOnCatchingUp()
      + goOnTransferring()
  }

  /// A follower lacks what should come before: earlier entries are sent. (5.3)
  mutating func rejected(
    by follower: NodeID, term: Int, after: Int, conflict: Position, round: Int
  ) -> Out {
    guard term == self.term, let (known, place) = leading(follower) else { return [] }
    var leading = known
    leading.peers[place].isActive = true
    leading.peers[place].answered = max(leading.peers[place].answered, round)
    role = .leader(leading)
    let peer = leading.peers[place]
    // What was rejected may be acknowledged since, or sent again from before it.
    guard after > peer.match, after < peer.next, obey(.backtracking) else { return countAnswers() }
    let end = log.last { $0.term == conflict.term && $0.index < after }?.index
    let next = end.map { $0 + 1 } ?? conflict.index
    leading.peers[place].next = max(peer.match + 1, min(next, after))
    leading.peers[place].isProbing = true
    role = .leader(leading)
    return send(to: place) + countAnswers()
  }
  // end replicating

  /// Sends on to a follower, if this server still leads it.
  private mutating func send(toLeadingPeer follower: NodeID) -> Out {
    guard let (_, place) = leading(follower) else { return [] }
    return send(to: place)
  }

  /// What it keeps as a leader, and where in it a follower stands.
  func leading(_ follower: NodeID) -> (Leading, Int)? {
    guard case .leader(let leading) = role,
      let place = leading.peers.firstIndex(where: { $0.id == follower })
    else { return nil }
    return (leading, place)
  }

  /// The time to send heartbeats. (5.2)
  mutating func beat() -> Out {
    guard case .leader = role else { return [] }
    guard obey(.heartbeats) else { return [] }
    let asked = askForLease() + waitForNewcomers()
    return asked + sendHeartbeats()
      + [.set(.beat, after: Raft.Words.Timer.beat.patience)]
  }

  /// The time in which a majority must have answered. (thesis, 6.2)
  mutating func checkQuorum() -> Out {
    guard case .leader(var leading) = role else { return [] }
    let isHeard = configuration.isMajority { server in
      server == id || leading.peers.contains { $0.id == server && $0.isActive }
    }
    guard isHeard else { return becomeFollower() }
    for place in leading.peers.indices { leading.peers[place].isActive = false }
    role = .leader(leading)
    return [.set(.quorum, after: Raft.Words.Timer.quorum.patience)]
  }
}
