import ProtocolCore
import ReplicatedLog

// Members that change. (paper, 6; thesis, 4; Ongaro, raft-dev, July 2015)

extension Raft.Server {
  /// New members that catch up before they count. (thesis, 4.2.1)
  struct CatchUp: Hashable, Sendable {
    /// The members that are to be.
    let members: [NodeID]
    /// Those of them that are new.
    let servers: [NodeID]
    /// Who is to be answered.
    let client: RequestID
    /// Up to which entry they have to come in this round, and how many rounds and beats are left.
    var goal: Int
    var rounds = Raft.catchUpRounds
    var beats = Raft.catchUpBeats
  }

  // begin members
  /// An operator wants other members.
  mutating func change(to members: [NodeID], _ client: RequestID) -> Out {
    let members = Set(members).sorted()
    guard case .leader(var leading) = role, !members.isEmpty, leading.catchUp == nil,
      leading.transfer == nil, mayChange(to: members, leading)
    else { return [.reply(.refused, to: client)] }
    if configuration == Configuration(members) { return [.reply(.done(nil), to: client)] }
    let servers = members.filter { !configuration.contains($0) }
    guard !servers.isEmpty else { return propose(members, client) }
    leading.catchUp = CatchUp(members: members, servers: servers, client: client, goal: lastIndex)
    role = .leader(leading)
    findPeers()
    return sendHeartbeats()
  }

  /// Whether the members may change now, and so.
  private func mayChange(to members: [NodeID], _ leading: Leading) -> Bool {
    let difference = Set(members).symmetricDifference(configuration.voters).count
    let isOver = configurationIndex <= commitIndex && configuration.next == nil
    return require(.oneChangeAtATime, isOver)
      && require(.changeAfterOwnTerm, commitIndex >= leading.first)
      && (variant == .paper || require(.oneServerAtATime, difference <= 1))
  }

  /// Puts the new members into the log, which binds at once: by joint consensus, or alone.
  private mutating func propose(_ members: [NodeID], _ client: RequestID) -> Out {
    waiting.append(Waiting(request: .members(members), client: client))
    guard variant == .paper else { return propose(.configuration(Configuration(members))) }
    let joint = Configuration(configuration.voters, next: members)
    return propose(.configuration(joint)) + (obey(.newAfterJoint) ? [] : leaveJoint())
  }

  /// An entry that names members is committed.
  mutating func committed(_ members: Configuration) -> Out {
    guard members.next == nil else { return leaveJoint() }
    let answered = answer(.members(members.voters), .done(nil))
    guard isLeading, members == configuration, !members.contains(id), obey(.removedStepsDown)
    else { return answered }
    return answered + becomeFollower()
  }

  /// A leader lets the new members decide alone, when the joint consensus is committed.
  mutating func leaveJoint() -> Out {
    guard isLeading, let next = configuration.next,
      require(.newAfterJoint, configurationIndex <= commitIndex)
    else { return [] }
    return propose(.configuration(Configuration(next)))
  }

  /// New members have caught up when a round brings nothing that the leader has not taken since;
  /// if that does not come, there are none.
  mutating func goOnCatchingUp() -> Out {
    guard case .leader(var leading) = role, var catchUp = leading.catchUp else { return [] }
    let reached = leading.peers.filter { catchUp.servers.contains($0.id) }
    guard reached.allSatisfy({ $0.match >= catchUp.goal }) else { return [] }
    if catchUp.goal < lastIndex {
      catchUp.rounds -= 1
      (catchUp.goal, catchUp.beats) = (lastIndex, Raft.catchUpBeats)
      leading.catchUp = catchUp
      role = .leader(leading)
      return catchUp.rounds > 0 ? [] : giveUpNewcomers()
    }
    leading.catchUp = nil
    role = .leader(leading)
    return propose(catchUp.members, catchUp.client)
  }

  /// A beat has passed; new members that do not come on are not waited for without end.
  mutating func waitForNewcomers() -> Out {
    guard case .leader(var leading) = role, leading.catchUp != nil else { return [] }
    leading.catchUp?.beats -= 1
    role = .leader(leading)
    return leading.catchUp?.beats == 0 ? giveUpNewcomers() : []
  }

  private mutating func giveUpNewcomers() -> Out {
    guard case .leader(var leading) = role, let catchUp = leading.catchUp else { return [] }
    leading.catchUp = nil
    role = .leader(leading)
    findPeers()
    return [.reply(.refused, to: catchUp.client)]
  }
  // end members
}
