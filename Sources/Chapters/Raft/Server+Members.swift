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
    /// The operators that are to be answered.
    var clients: [RequestID]
    /// Up to which entry they have to come in this round, and how many rounds and beats are left.
    var goal: Int
    var rounds = Raft.catchUpRounds
    var beats = Raft.catchUpBeats
  }

  // begin members
  /// An operator wants other members.
  mutating func change(to members: [NodeID], _ client: RequestID) -> Out {
    let members = Set(members).sorted()
    if let joined = join(members, client) { return joined }
    guard case .leader(var leading) = role, !members.isEmpty, leading.catchUp == nil,
      leading.transfer == nil, mayChange(to: members, leading)
    else { return [.reply(.refused, to: client)] }
    // The same members too: one that leads no more, and does not know, cannot commit them.
    let servers = members.filter { !configuration.contains($0) }
    guard !servers.isEmpty else { return propose(members, [client]) }
    leading.catchUp = CatchUp(
      members: members, servers: servers, clients: [client], goal: lastIndex)
    role = .leader(leading)
    findPeers()
    return sendHeartbeats()
  }

  /// Waits for this change if it is about it already; nil if it is not.
  ///
  /// What stands in the log may be committed since long, by a later leader, and undone by now. What
  /// answers is an entry behind it that is proposed from now on: the second of a joint consensus,
  /// or a no-op.
  private mutating func join(_ members: [NodeID], _ client: RequestID) -> Out? {
    guard case .leader(var leading) = role else { return nil }
    if leading.catchUp?.members == members {
      leading.catchUp?.clients.append(client)
      role = .leader(leading)
      return []
    }
    let isUnderWay = configuration.next != nil || configurationIndex > commitIndex
    guard isUnderWay, members == configuration.next ?? configuration.voters else { return nil }
    wait(for: members, [client])
    return configuration.next == nil ? propose(.noop) : []
  }

  private mutating func wait(for members: [NodeID], _ clients: [RequestID]) {
    let asked = Position(lastIndex, term)
    operators += clients.map { Operator(members: members, client: $0, asked: asked) }
  }

  /// An entry is applied: if it was proposed in this server's term after an operator asked, and the
  /// members are then those that it wants, these have decided since.
  ///
  /// An entry of a later term says that another has led: whether the change is done, this server
  /// does not know, and the operator hears no more.
  mutating func answerOperators(_ entry: LogEntry) -> Out {
    guard !operators.isEmpty else { return [] }
    let members = members(asOf: entry.index).0
    func isAnswered(_ one: Operator) -> Bool {
      let isLater = entry.term == one.asked.term && entry.index > one.asked.index
      return members == Configuration(one.members) && require(.laterEntryAnswers, isLater)
    }
    let answered = operators.filter(isAnswered)
    operators.removeAll { answered.contains($0) || $0.asked.term < entry.term }
    return answered.map { .reply(.done, to: $0.client) }
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
  private mutating func propose(_ members: [NodeID], _ clients: [RequestID]) -> Out {
    wait(for: members, clients)
    guard variant == .paper else { return propose(.configuration(Configuration(members))) }
    let old = obey(.oldInJoint) ? configuration.voters : members
    let joint = Configuration(old, next: members)
    return propose(.configuration(joint)) + (obey(.newAfterJoint) ? [] : leaveJoint())
  }

  /// An entry that names members is committed.
  mutating func committed(_ members: Configuration) -> Out {
    guard members.next == nil else { return leaveJoint() }
    guard isLeading, members == configuration, !members.contains(id), obey(.removedStepsDown)
    else { return [] }
    return becomeFollower()
  }

  /// A leader lets the new members decide alone, when the joint consensus is committed.
  mutating func leaveJoint() -> Out {
    guard isLeading, let next = configuration.next,
      require(.newAfterJoint, configurationIndex <= commitIndex)
    else { return [] }
    return propose(.configuration(Configuration(next)))
  }

  /// New members have caught up when a round brings nothing that the leader has not taken since, or
  /// when the last round takes less time than an election; otherwise there are none.
  mutating func goOnCatchingUp() -> Out {
    guard case .leader(var leading) = role, var catchUp = leading.catchUp else { return [] }
    let reached = leading.peers.filter { catchUp.servers.contains($0.id) }
    guard reached.allSatisfy({ $0.match >= catchUp.goal }) else { return [] }
    if catchUp.goal < lastIndex {
      let isSlow = Raft.catchUpBeats - catchUp.beats >= Raft.electionBeats
      catchUp.rounds -= 1
      (catchUp.goal, catchUp.beats) = (lastIndex, Raft.catchUpBeats)
      leading.catchUp = catchUp
      role = .leader(leading)
      if catchUp.rounds > 0 { return [] }
      if isSlow { return giveUpNewcomers() }
    }
    leading.catchUp = nil
    role = .leader(leading)
    return propose(catchUp.members, catchUp.clients)
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
    return catchUp.clients.map { .reply(.refused, to: $0) }
  }
  // end members
}
