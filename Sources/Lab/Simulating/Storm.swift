import HeapModule
import ProtocolCore

/// One simulated run as it is being played: virtual time, an agenda, and chance.
struct Storm<C: Chapter> {
  typealias Words = C.Words

  var world: World<C>
  let weather: Weather
  var choices: Choices
  var acts: [Act<Words>] = []
  var times: [Int] = []
  var tally = Tally()
  /// The *sometimes* that are looked for and were not reached yet.
  var sought: [C.Property] = []
  /// What goes wrong at a chosen moment and has not gone wrong yet.
  var accidents: [Accident<C>] = []

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

  init(_ world: World<C>, weather: Weather, choices: Choices) {
    self.world = world
    self.weather = weather
    self.choices = choices
    plan(for: world.opening)
  }
}

// MARK: Time

extension Storm {
  /// Plays until so many acts have happened, nothing is left to happen, or a property is violated.
  mutating func blow(limit: Int) {
    if weather.asksFirst {
      for _ in world.cluster.asks { ask() }
    }
    guard !weather.isBursty else { return burst(limit: limit) }
    if !weather.asksFirst { plan(.ask, in: choices.within(0...4)) }
    while acts.count < limit, let entry = agenda.popMin() {
      now = max(now, entry.due)
      carryOut(entry)
      if world.violatedAlways() != nil { return }
      haveAccidents()
      disturb()
      if world.violatedAlways() != nil { return }
    }
  }

  private mutating func carryOut(_ entry: Entry) {
    switch entry.plan {
    case .arrive(let serial): arrive(serial)
    case .expire(let node, let timer):
      let name = AlarmName(node: node, timer: timer)
      guard alarms[name] == entry.number else { return }
      if !C.faults.contains(.suspicion), !world.isQuiet {
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
    guard let (link, place) = world.place(of: serial) else { return }
    if world.cuts.contains(link) {
      if weather.cutsLose { play(.lose(link, place)) } else { plan(.arrive(serial), in: 7) }
    } else {
      play(.deliver(link, place))
    }
  }

  private mutating func store(_ node: NodeID) {
    storing.remove(node)
    guard let index = world.index(of: node), world.hosts[index].node != nil else { return }
    let count = world.hosts[index].unstable.count
    guard count > 0 else { return }
    let first = weather.storesInPart ? choices.within(1...count) : count
    play(.store(node, first: first == count ? nil : first))
    if first < count { planStore(node) }
  }

  private mutating func ask() {
    guard nextAsk < world.cluster.asks.count else { return }
    let ask = world.cluster.asks[nextAsk]
    nextAsk += 1
    let usual = weather.isUsual || choices.chance(1, in: 2)
    if let request = usual ? ask.requests.first : choices.pick(ask.requests) {
      play(.ask(ask.node, request))
    }
    if !weather.asksFirst { plan(.ask, in: choices.within(0...6)) }
  }

  @discardableResult
  private mutating func plan(_ plan: Plan, in ticks: Int) -> Int {
    planned += 1
    agenda.insert(Entry(due: now + max(0, ticks), number: planned, plan: plan))
    return planned
  }

  private mutating func planStore(_ node: NodeID) {
    guard storing.insert(node).inserted else { return }
    plan(.store(node), in: choices.within(weather.storing))
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
        let drift = choices.within(weather.drift)
        let ticks = choices.within(range.lowerBound.count...range.upperBound.count)
        alarms[AlarmName(node: incident.node, timer: timer)] =
          plan(.expire(incident.node, timer), in: max(1, ticks * drift / 100))
      default: break
      }
    }
  }

  private mutating func planArrival(of serial: Int, on link: Link) {
    guard let (_, place) = world.place(of: serial) else { return }
    if tally.losses < world.cluster.bounds.losses,
      choices.chance(weather.lossPercent, in: 100)
    {
      play(.lose(link, place))
      return
    }
    var due = now + choices.within(weather.delay)
    if weather.isOrdered { due = max(due, arrivals[link] ?? 0) }
    arrivals[link] = due
    plan(.arrive(serial), in: due - now)
    if tally.duplicates < world.cluster.bounds.duplicates,
      choices.chance(weather.duplicationPercent, in: 100)
    {
      play(.duplicate(link, place))
      guard let copy = world.letters.last?.serial else { return }
      plan(.arrive(copy), in: choices.within(weather.delay) * choices.within(1...20))
    }
  }
}

// MARK: Acts

extension Storm {
  /// Performs an act if it can happen now, and plans what follows.
  @discardableResult
  private mutating func play(_ act: Act<Words>) -> Bool {
    guard let step = try? world.perform(act) else { return false }
    acts.append(act)
    times.append(now)
    count(step)
    sought.removeAll { world.holds($0) }
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

  private mutating func haveAccidents() {
    for (index, accident) in accidents.enumerated().reversed() where accident.moment(world) {
      accidents.remove(at: index)
      guard let place = world.index(of: accident.node) else { continue }
      let losing = min(accident.losing, world.hosts[place].unstable.count)
      if play(.crash(accident.node, losing: losing, unsent: 0)) {
        plan(.restart(accident.node), in: accident.downtime)
      }
    }
  }

  /// Perhaps something goes wrong.
  private mutating func disturb() {
    if choices.chance(weather.crashPermille, in: 1_000) { crash() }
    if choices.chance(weather.cutPermille, in: 1_000), world.cuts.isEmpty {
      play(.cut(draftCut()))
      plan(.heal, in: choices.within(weather.cutTime))
    }
  }

  private mutating func crash() {
    guard tally.crashes < world.cluster.bounds.crashes else { return }
    let up = world.hosts.filter { $0.node != nil }
    guard var host = choices.pick(up) else { return }
    // What hurts most is a crash in the middle of what was just done.
    let isInTheMiddle = choices.chance(1, in: 2)
    if isInTheMiddle, let actor = acts.last?.actor { host = up.first { $0.id == actor } ?? host }
    let losing = choices.within(0...host.unstable.count)
    let unsent = isInTheMiddle ? choices.within(1...3) : 0
    let crashed =
      play(.crash(host.id, losing: losing, unsent: unsent))
      || play(.crash(host.id, losing: losing, unsent: 0))
    if crashed { plan(.restart(host.id), in: choices.within(weather.downtime)) }
  }

  /// A split in two, one way only, a ring, or a bridge.
  private mutating func draftCut() -> [Link] {
    let nodes = choices.shuffled(world.cluster.nodes)
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
      return World<C>.links(between: Array(near.dropFirst()), and: far)
    default: return World<C>.links(between: near, and: far)
    }
  }
}

// MARK: Bursts

extension Storm {
  /// Acts in bursts, without regard to time: while only some nodes are awake, what is under way to
  /// them arrives in any order and their disks store; then one thing goes wrong or is asked.
  private mutating func burst(limit: Int) {
    while acts.count < limit {
      let before = acts.count
      let awake = Set(world.cluster.nodes.filter { _ in choices.chance(2, in: 3) })
      for _ in 0..<choices.within(1...8) {
        guard let act = quietAct(awake) else { break }
        play(act)
        if world.violatedAlways() != nil { return }
      }
      for _ in 0..<4 where happen() { break }
      if world.violatedAlways() != nil { return }
      if acts.count == before, quietAct(Set(world.cluster.nodes)) == nil, isSpent { return }
    }
  }

  /// Whether nothing is left to ask and no timer is set.
  private var isSpent: Bool {
    nextAsk >= world.cluster.asks.count && world.hosts.allSatisfy { $0.alarms.isEmpty }
  }

  private mutating func quietAct(_ awake: Set<NodeID>) -> Act<Words>? {
    let letters = world.letters.filter {
      awake.contains($0.link.to) && !world.cuts.contains($0.link)
    }
    let disks = world.hosts.filter {
      awake.contains($0.id) && $0.node != nil && !$0.queue.isEmpty
    }
    // With slow disks a message is as likely as all disks together.
    let isSlow = weather.storing.upperBound > 8
    let weight = isSlow ? min(1, disks.count) : disks.count
    let drawn = choices.below(letters.count + weight)
    if drawn < letters.count {
      let letter = letters[drawn]
      return world.place(of: letter.serial).map { .deliver($0.link, $0.place) }
    }
    guard let host = isSlow ? choices.pick(disks) : disks.dropFirst(drawn - letters.count).first
    else { return nil }
    let count = host.unstable.count
    let first = weather.storesInPart ? choices.within(1...count) : count
    return .store(host.id, first: first == count ? nil : first)
  }

  /// One thing that is not quiet happens.
  private mutating func happen() -> Bool {
    let bounds = world.cluster.bounds
    switch choices.below(10) {
    case 0...2:
      guard nextAsk < world.cluster.asks.count else { return false }
      ask()
      return true
    case 3, 4: return expire()
    case 5, 6:
      guard weather.crashPermille > 0, tally.crashes < bounds.crashes else { return false }
      crash()
      return true
    case 7:
      guard let host = choices.pick(world.hosts.filter({ $0.node == nil })) else { return false }
      return play(.restart(host.id))
    case 8:
      guard weather.lossPercent > 0, tally.losses < bounds.losses else { return false }
      return act(onAny: Act.lose)
    default:
      guard weather.duplicationPercent > 0, tally.duplicates < bounds.duplicates else {
        return false
      }
      return act(onAny: Act.duplicate)
    }
  }

  /// A timer runs out; where time-outs are no suspicions, when nothing is under way any more.
  private mutating func expire() -> Bool {
    let everybody = Set(world.cluster.nodes)
    while !C.faults.contains(.suspicion), let act = quietAct(everybody) {
      play(act)
      if world.violatedAlways() != nil || acts.count > 1_000 { return true }
    }
    let due = world.hosts.flatMap { host in host.alarms.map { (host.id, $0.timer) } }
    guard let (id, timer) = choices.pick(due) else { return false }
    return play(.expire(id, timer))
  }

  private mutating func act(onAny make: (Link, Int) -> Act<Words>) -> Bool {
    guard let letter = choices.pick(world.letters),
      let (link, place) = world.place(of: letter.serial)
    else { return false }
    return play(make(link, place))
  }
}
