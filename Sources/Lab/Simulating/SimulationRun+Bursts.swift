import ProtocolCore

extension SimulationRun {
  /// Acts in bursts, without regard to time: while only some nodes are awake, what is under way to
  /// them arrives in any order and their disks store; then one thing goes wrong or is asked.
  mutating func burst(limit: Int) {
    while acts.count < limit {
      let before = acts.count
      let awake = Set(system.cluster.nodes.filter { _ in choices.chance(2, in: 3) })
      for _ in 0..<choices.within(1...8) {
        guard let act = quietAct(awake) else { break }
        play(act)
        if system.violatedAlways() != nil { return }
      }
      for _ in 0..<4 where happen() { break }
      if system.violatedAlways() != nil { return }
      if acts.count == before, quietAct(Set(system.cluster.nodes)) == nil, isSpent { return }
    }
  }

  /// Whether nothing is left to ask and no timer is set.
  private var isSpent: Bool {
    nextAsk >= asks.count && clients.allSatisfy { $0.isDone }
      && system.hosts.allSatisfy { $0.alarms.isEmpty }
  }

  private mutating func quietAct(_ awake: Set<NodeID>) -> Act<Words>? {
    let isFree = system.cluster.faults.contains(.reordering) && Words.channels.isEmpty
    func mayArrive(_ position: Int) -> Bool {
      let link = system.envelopes[position].link
      return awake.contains(link.to) && !system.cuts.contains(link)
        && (isFree || system.mayArrive(position))
    }
    let arriving = system.envelopes.indices.count { mayArrive($0) }
    // By index: a host that is bound is a copy of its machine.
    let disks = system.hosts.indices.filter {
      awake.contains(system.cluster.nodes[$0]) && !system.hosts[$0].queue.isEmpty  // so it is up
    }
    // With slow disks a message is as likely as all disks together.
    let isSlow = profile.storing.upperBound > 8
    let weight = isSlow ? min(1, disks.count) : disks.count
    let drawn = choices.below(arriving + weight)
    if drawn < arriving {
      var rest = drawn
      for position in system.envelopes.indices where mayArrive(position) {
        if rest == 0 {
          return system.place(of: system.envelopes[position].serial).map {
            .deliver($0.link, $0.place)
          }
        }
        rest -= 1
      }
    }
    guard let index = isSlow ? choices.pick(disks) : disks.dropFirst(drawn - arriving).first
    else { return nil }
    let count = system.hosts[index].unstableCount
    let first = profile.storesInPart ? choices.within(1...count) : count
    return .store(system.cluster.nodes[index], first: first == count ? nil : first)
  }

  /// One thing that is not quiet happens.
  private mutating func happen() -> Bool {
    let bounds = system.cluster.bounds
    switch choices.below(10) {
    case 0...2:
      guard nextAsk < asks.count else { return clients.isEmpty ? false : letClientAct() }
      ask()
      return true
    case 3, 4: return expire()
    case 5, 6:
      guard profile.crashPermille > 0, tally.crashes < bounds.crashes else { return false }
      crash()
      return true
    case 7:
      guard let host = choices.pick(system.hosts.filter({ !$0.isUp })) else { return false }
      return play(.restart(host.id))
    case 8:
      if !system.streams.isEmpty, choices.chance(1, in: 2) { return sever() }
      guard profile.lossPercent > 0, tally.losses < bounds.losses else { return false }
      return act(onAny: Act.lose)
    default:
      guard profile.duplicationPercent > 0, tally.duplicates < bounds.duplicates else {
        return false
      }
      return act(onAny: Act.duplicate)
    }
  }

  /// A timer runs out; where time-outs are no suspicions, when nothing is under way any more.
  private mutating func expire() -> Bool {
    let everybody = Set(system.cluster.nodes)
    while !system.cluster.faults.contains(.suspicion), let act = quietAct(everybody) {
      play(act)
      if system.violatedAlways() != nil || acts.count > 1_000 { return true }
    }
    let due = system.hosts.flatMap { host in host.alarms.map { (host.id, $0.timer) } }
    guard let (id, timer) = choices.pick(due) else { return false }
    return play(.expire(id, timer))
  }

  private mutating func act(onAny make: (Link, Int) -> Act<Words>) -> Bool {
    guard let envelope = choices.pick(system.envelopes),
      let (link, place) = system.place(of: envelope.serial)
    else { return false }
    return play(make(link, place))
  }
}
