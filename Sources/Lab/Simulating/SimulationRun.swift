import HeapModule
import ProtocolCore

/// One simulated run as it is being played: virtual time, an agenda, and chance.
struct SimulationRun<C: Model> {
  typealias Words = C.Words

  var system: SystemState<C>
  let profile: FaultProfile
  var choices: Choices
  var acts: [Act<Words>] = []
  var times: [Int] = []
  var tally = Tally()
  /// The *sometimes* that are looked for and were not reached yet.
  var sought: [C.Property] = []
  /// What goes wrong at a chosen moment and has not gone wrong yet.
  var injectedCrashes: [InjectedCrash<C>] = []

  private var agenda = Heap<Entry>()
  private var now = 0
  private var planned = 0
  /// The number of the plan under which a timer expires; older plans of it are void.
  private var alarms: [AlarmName: Int] = [:]
  private var storing: Set<NodeID> = []
  /// When a link's youngest message arrives, where messages do not overtake each other.
  private var arrivals: [Link: Int] = [:]
  private var nextAsk = 0
  /// The nodes that have heard nothing since they started again.
  private var recovering: Set<NodeID> = []

  private struct AlarmName: Hashable {
    let node: NodeID
    let timer: Words.Timer
  }

  private enum Plan {
    case arrive(Int)
    case expire(NodeID, Words.Timer)
    case store(NodeID)
    case restart(NodeID)
    case ask
    case heal
  }

  private struct Entry: Comparable {
    let due: Int
    let number: Int
    let plan: Plan

    static func == (a: Entry, b: Entry) -> Bool { a.number == b.number }
    static func < (a: Entry, b: Entry) -> Bool { (a.due, a.number) < (b.due, b.number) }
  }

  init(_ system: SystemState<C>, profile: FaultProfile, choices: Choices) {
    self.system = system
    self.profile = profile
    self.choices = choices
    plan(for: system.opening)
  }
}

// MARK: Time

extension SimulationRun {
  /// Plays until so many acts have happened, nothing is left to happen, or a property is violated.
  mutating func run(limit: Int) {
    if profile.asksFirst {
      for _ in system.cluster.asks { ask() }
    }
    guard !profile.isBursty else { return burst(limit: limit) }
    if !profile.asksFirst { plan(.ask, in: choices.within(0...4)) }
    while acts.count < limit, let entry = agenda.popMin() {
      now = max(now, entry.due)
      carryOut(entry)
      if system.violatedAlways() != nil { return }
      injectCrashes()
      disturb()
      if system.violatedAlways() != nil { return }
    }
  }

  private mutating func carryOut(_ entry: Entry) {
    switch entry.plan {
    case .arrive(let serial): arrive(serial)
    case .expire(let node, let timer):
      let name = AlarmName(node: node, timer: timer)
      guard alarms[name] == entry.number else { return }
      if !C.faults.contains(.suspicion), !system.isQuiet {
        alarms[name] = plan(.expire(node, timer), in: 1)
      } else {
        play(.expire(node, timer))
      }
    case .store(let node): store(node)
    case .restart(let node): play(.restart(node))
    case .ask: ask()
    case .heal: play(.heal)
    }
  }

  private mutating func arrive(_ serial: Int) {
    guard let (link, place) = system.place(of: serial) else { return }
    if system.cuts.contains(link) {
      if profile.cutsLose { play(.lose(link, place)) } else { plan(.arrive(serial), in: 7) }
    } else {
      play(.deliver(link, place))
    }
  }

  private mutating func store(_ node: NodeID) {
    storing.remove(node)
    guard let index = system.index(of: node), system.hosts[index].node != nil else { return }
    let count = system.hosts[index].unstable.count
    guard count > 0 else { return }
    let first = profile.storesInPart ? choices.within(1...count) : count
    play(.store(node, first: first == count ? nil : first))
    if first < count { planStore(node) }
  }

  private mutating func ask() {
    guard nextAsk < system.cluster.asks.count else { return }
    let ask = system.cluster.asks[nextAsk]
    nextAsk += 1
    let usual = profile.isUsual || choices.chance(1, in: 2)
    if let request = usual ? ask.requests.first : choices.pick(ask.requests) {
      play(.ask(ask.node, request))
    }
    if !profile.asksFirst { plan(.ask, in: choices.within(0...6)) }
  }

  @discardableResult
  private mutating func plan(_ plan: Plan, in ticks: Int) -> Int {
    planned += 1
    agenda.insert(Entry(due: now + max(0, ticks), number: planned, plan: plan))
    return planned
  }

  private mutating func planStore(_ node: NodeID) {
    guard storing.insert(node).inserted else { return }
    plan(.store(node), in: choices.within(profile.storing))
  }

  /// What follows from what happened: arrivals, stores, timers.
  private mutating func plan(for incidents: [Incident<Words>]) {
    for incident in incidents {
      switch incident.happening {
      case .sent(_, let receiver):
        guard let serial = incident.serial else { continue }
        planArrival(of: serial, on: Link(from: incident.node, to: receiver))
      case .persisted: planStore(incident.node)
      case .set(let timer, let range):
        let drift = choices.within(profile.drift)
        let ticks = choices.within(range.lowerBound.count...range.upperBound.count)
        alarms[AlarmName(node: incident.node, timer: timer)] =
          plan(.expire(incident.node, timer), in: max(1, ticks * drift / 100))
      default: break
      }
    }
  }

  private mutating func planArrival(of serial: Int, on link: Link) {
    guard let (_, place) = system.place(of: serial) else { return }
    if tally.losses < system.cluster.bounds.losses,
      choices.chance(profile.lossPercent, in: 100)
    {
      play(.lose(link, place))
      return
    }
    var due = now + choices.within(profile.delay)
    if profile.isOrdered { due = max(due, arrivals[link] ?? 0) }
    arrivals[link] = due
    plan(.arrive(serial), in: due - now)
    if tally.duplicates < system.cluster.bounds.duplicates,
      choices.chance(profile.duplicationPercent, in: 100)
    {
      play(.duplicate(link, place))
      guard let copy = system.envelopes.last?.serial else { return }
      plan(.arrive(copy), in: choices.within(profile.delay) * choices.within(1...20))
    }
  }
}

// MARK: Acts

extension SimulationRun {
  /// Performs an act if it can happen now, and plans what follows.
  @discardableResult
  private mutating func play(_ act: Act<Words>) -> Bool {
    guard let step = try? system.perform(act) else { return false }
    acts.append(act)
    times.append(now)
    count(step)
    sought.removeAll { system.holds($0) }
    plan(for: step.incidents)
    return true
  }

  private mutating func count(_ step: Step<Words>) {
    tally.acts += 1
    switch step.act {
    case .crash(let node, _, _):
      tally.crashes += 1
      if recovering.contains(node) { tally.crashesInRecovery += 1 }
    case .restart(let node): recovering.insert(node)
    case .deliver(let link, _): recovering.remove(link.to)
    case .lose: tally.losses += 1
    case .duplicate: tally.duplicates += 1
    case .cut: tally.cuts += 1
    case .expire: tally.expiries += 1
    case .store, .ask, .heal: break
    }
    for incident in step.incidents {
      if case .noted(let note) = incident.happening { tally.notes["\(note)", default: 0] += 1 }
    }
  }

  private mutating func injectCrashes() {
    for (index, crash) in injectedCrashes.enumerated().reversed() where crash.moment(system) {
      injectedCrashes.remove(at: index)
      guard let place = system.index(of: crash.node) else { continue }
      let losing = min(crash.losing, system.hosts[place].unstable.count)
      if play(.crash(crash.node, losing: losing, unsent: 0)) {
        plan(.restart(crash.node), in: crash.downtime)
      }
    }
  }

  /// Perhaps something goes wrong.
  private mutating func disturb() {
    if choices.chance(profile.crashPermille, in: 1_000) { crash() }
    if choices.chance(profile.cutPermille, in: 1_000), system.cuts.isEmpty {
      play(.cut(draftCut()))
      plan(.heal, in: choices.within(profile.cutTime))
    }
  }

  private mutating func crash() {
    guard tally.crashes < system.cluster.bounds.crashes else { return }
    let up = system.hosts.filter { $0.node != nil }
    guard var host = choices.pick(up) else { return }
    // What hurts most is a crash in the middle of what was just done.
    let isInTheMiddle = choices.chance(1, in: 2)
    if isInTheMiddle, let actor = acts.last?.actor { host = up.first { $0.id == actor } ?? host }
    let losing = choices.within(0...host.unstable.count)
    let unsent = isInTheMiddle ? choices.within(1...3) : 0
    let crashed =
      play(.crash(host.id, losing: losing, unsent: unsent))
      || play(.crash(host.id, losing: losing, unsent: 0))
    if crashed { plan(.restart(host.id), in: choices.within(profile.downtime)) }
  }

  /// A split in two, one way only, a ring, or a bridge.
  private mutating func draftCut() -> [Link] {
    let nodes = choices.shuffled(system.cluster.nodes)
    guard nodes.count > 1 else { return [] }
    let size = choices.within(1...(nodes.count - 1))
    let near = Array(nodes.prefix(size))
    let far = Array(nodes.dropFirst(size))
    switch choices.below(4) {
    case 0: return [Link(from: nodes[0], to: nodes[1])]
    case 1 where nodes.count > 3:  // each talks to its two neighbours only
      return nodes.indices.flatMap { a in
        nodes.indices.filter { b in
          let distance = (b - a + nodes.count) % nodes.count
          return distance > 1 && distance < nodes.count - 1
        }.map { Link(from: nodes[a], to: nodes[$0]) }
      }
    case 2 where near.count > 1:  // one node still talks to both sides
      return SystemState<C>.links(between: Array(near.dropFirst()), and: far)
    default: return SystemState<C>.links(between: near, and: far)
    }
  }
}

// MARK: Bursts

extension SimulationRun {
  /// Acts in bursts, without regard to time: while only some nodes are awake, what is under way to
  /// them arrives in any order and their disks store; then one thing goes wrong or is asked.
  private mutating func burst(limit: Int) {
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
    nextAsk >= system.cluster.asks.count && system.hosts.allSatisfy { $0.alarms.isEmpty }
  }

  private mutating func quietAct(_ awake: Set<NodeID>) -> Act<Words>? {
    let envelopes = system.envelopes.filter {
      awake.contains($0.link.to) && !system.cuts.contains($0.link)
    }
    let disks = system.hosts.filter {
      awake.contains($0.id) && $0.node != nil && !$0.queue.isEmpty
    }
    // With slow disks a message is as likely as all disks together.
    let isSlow = profile.storing.upperBound > 8
    let weight = isSlow ? min(1, disks.count) : disks.count
    let drawn = choices.below(envelopes.count + weight)
    if drawn < envelopes.count {
      let envelope = envelopes[drawn]
      return system.place(of: envelope.serial).map { .deliver($0.link, $0.place) }
    }
    guard let host = isSlow ? choices.pick(disks) : disks.dropFirst(drawn - envelopes.count).first
    else { return nil }
    let count = host.unstable.count
    let first = profile.storesInPart ? choices.within(1...count) : count
    return .store(host.id, first: first == count ? nil : first)
  }

  /// One thing that is not quiet happens.
  private mutating func happen() -> Bool {
    let bounds = system.cluster.bounds
    switch choices.below(10) {
    case 0...2:
      guard nextAsk < system.cluster.asks.count else { return false }
      ask()
      return true
    case 3, 4: return expire()
    case 5, 6:
      guard profile.crashPermille > 0, tally.crashes < bounds.crashes else { return false }
      crash()
      return true
    case 7:
      guard let host = choices.pick(system.hosts.filter({ $0.node == nil })) else { return false }
      return play(.restart(host.id))
    case 8:
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
    while !C.faults.contains(.suspicion), let act = quietAct(everybody) {
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
