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
  /// Before so many acts nothing goes wrong, but for the disks and clocks that the profile has.
  var calm = 0
  /// What goes wrong at a chosen moment and has not gone wrong yet.
  var injectedCrashes: [InjectedCrash<C>] = []

  /// What the author asks, in its order, and what each client does.
  var asks: [Ask<Words>]
  var nextAsk = 0
  var clients: [SimulatedClient<Words>]

  private var agenda = Heap<Entry>()
  private(set) var now = 0
  /// All plans, by number.
  private var plans: [Plan] = []
  /// The number of the plan under which a timer expires; older plans of it are void.
  private var alarms: [AlarmName: Int] = [:]
  private var storing: Set<NodeID> = []
  /// When the youngest message of a queue arrives, where messages do not overtake each other.
  private var arrivals: [Queue: Int] = [:]
  /// The nodes that have heard nothing since they started again.
  private var recovering: Set<NodeID> = []
  /// How often each note was said.
  private var notes: [Words.Note: Int] = [:]
  /// Of a hundred ticks how many a node's clock counts, where its rate is bounded.
  private var rates: [NodeID: Int] = [:]
  /// By how much a node's clock is ahead of time, where machines read it.
  private var leads: [NodeID: Int] = [:]

  private struct AlarmName: Hashable {
    let node: NodeID
    let timer: Words.Timer
  }

  private struct Queue: Hashable {
    let link: Link
    let channel: Channel?
  }

  enum Plan {
    case arrive(Int)
    case expire(NodeID, Words.Timer)
    case store(NodeID)
    case restart(NodeID)
    case ask
    case askAs(ClientID)
    case abandon(ClientID, asked: Int)
    case heal
  }

  /// When a plan is carried out; of those that are due together the oldest comes first.
  private struct Entry: Comparable {
    let due: Int
    let number: Int

    static func < (a: Entry, b: Entry) -> Bool { (a.due, a.number) < (b.due, b.number) }
  }

  init(_ system: SystemState<C>, profile: FaultProfile, choices: Choices) {
    self.system = system
    self.profile = profile
    self.choices = choices
    let cluster = system.cluster
    asks = cluster.asks.filter { $0.client == nil }
    clients = SimulatedClient.all(of: cluster.asks)
    if let bounds = cluster.clocks.rates {
      for node in cluster.nodes { rates[node] = self.choices.within(bounds) }
    }
    if C.Node.readsClock {
      for node in cluster.nodes {
        leads[node] = self.choices.within(0...max(0, cluster.clocks.skew.count))
      }
    }
    follow(system.opening)
    for act in cluster.prelude { play(act) }
    for node in cluster.nodes where cluster.late.contains(node) {
      plan(.restart(node), in: self.choices.within(1...200))
    }
    for client in clients { plan(.askAs(client.id), in: self.choices.within(0...12)) }
  }

  /// What happened how often.
  var tallied: Tally {
    var tallied = tally
    for (note, count) in notes { tallied.notes[Words.kind(of: note), default: 0] += count }
    return tallied
  }
}

// MARK: Time

extension SimulationRun {
  /// Plays until so many acts have happened, nothing is left to happen, or a property is violated.
  ///
  /// Nothing goes wrong before so many acts have happened as are calm.
  mutating func run(limit: Int) {
    if profile.asksFirst {
      for _ in asks { ask() }
    }
    // Where clocks are bounded time passes as they say.
    let keepsTime = !profile.isBursty || system.cluster.clocks.rates != nil
    guard keepsTime || calm > 0 else { return burst(limit: limit) }
    if !profile.asksFirst { plan(.ask, in: choices.within(0...4)) }
    while acts.count < (keepsTime ? limit : calm), let entry = agenda.popMin() {
      now = max(now, entry.due)
      carryOut(entry)
      if system.violatedAlways() != nil { return }
      injectCrashes()
      guard acts.count >= calm else { continue }
      disturb()
      if system.violatedAlways() != nil { return }
    }
    if !keepsTime { burst(limit: limit) }
  }

  private mutating func carryOut(_ entry: Entry) {
    switch plans[entry.number - 1] {
    case .arrive(let serial): arrive(serial)
    case .expire(let node, let timer):
      let name = AlarmName(node: node, timer: timer)
      guard alarms[name] == entry.number else { return }
      if !system.cluster.faults.contains(.suspicion), !system.isQuiet {
        alarms[name] = plan(.expire(node, timer), in: 1)
      } else {
        play(.expire(node, timer))
      }
    case .store(let node): store(node)
    case .restart(let node): play(.restart(node))
    case .ask: ask()
    case .askAs(let client): askAs(client)
    case .abandon(let client, let number): abandon(client, asked: number)
    case .heal: play(.heal)
    }
  }

  private mutating func arrive(_ serial: Int) {
    guard let (link, place) = system.place(of: serial) else { return }
    if system.cuts.contains(link) {
      if !profile.cutsLose || !play(.lose(link, place)) { plan(.arrive(serial), in: 7) }
    } else {
      play(.deliver(link, place))
    }
  }

  private mutating func store(_ node: NodeID) {
    storing.remove(node)
    guard let index = system.index(of: node) else { return }
    let count = system.hosts[index].unstableCount
    guard count > 0 else { return }  // it has stored, or is down
    let first = profile.storesInPart ? choices.within(1...count) : count
    play(.store(node, first: first == count ? nil : first))
    if first < count { planStore(node) }
  }

  mutating func ask() {
    guard nextAsk < asks.count else { return }
    let ask = asks[nextAsk]
    nextAsk += 1
    let usual = profile.isUsual || choices.chance(1, in: 2)
    if let request = usual ? ask.requests.first : choices.pick(ask.requests) {
      play(.ask(ask.node, request))
    }
    if !profile.asksFirst { plan(.ask, in: choices.within(0...6)) }
  }

  @discardableResult
  mutating func plan(_ plan: Plan, in ticks: Int) -> Int {
    plans.append(plan)
    agenda.insert(Entry(due: now + max(0, ticks), number: plans.count))
    return plans.count
  }

  private mutating func planStore(_ node: NodeID) {
    guard storing.insert(node).inserted else { return }
    let stalls = profile.stallPercent > 0 && choices.chance(profile.stallPercent, in: 100)
    plan(.store(node), in: choices.within(profile.storing) + (stalls ? choices.within(1...100) : 0))
  }

  /// What follows from what happened: arrivals, stores, timers.
  private mutating func follow(_ incidents: [Incident<Words>]) {
    for incident in incidents {
      switch incident.happening {
      case .sent(_, let receiver):
        guard let serial = incident.serial else { continue }
        planArrival(of: serial, on: Link(from: incident.node, to: receiver))
      case .persisted: planStore(incident.node)
      case .set(let timer, let range):
        let drift = rates[incident.node] ?? choices.within(profile.drift)
        let ticks = choices.within(range.lowerBound.count...range.upperBound.count)
        alarms[AlarmName(node: incident.node, timer: timer)] =
          plan(.expire(incident.node, timer), in: max(1, ticks * drift / 100))
      default: break
      }
    }
  }

  private mutating func planArrival(of serial: Int, on link: Link) {
    guard let (_, place) = system.place(of: serial) else { return }
    if acts.count >= calm, tally.losses < system.cluster.bounds.losses,
      choices.chance(profile.lossPercent, in: 100), play(.lose(link, place))
    {
      return
    }
    let channel =
      Words.channels.isEmpty
      ? nil : system.position(of: serial).flatMap { system.envelopes[$0].content.channel }
    let queue = Queue(link: link, channel: channel)
    var due = now + choices.within(profile.delay)
    let isOrdered =
      profile.isOrdered || channel != nil || !system.cluster.faults.contains(.reordering)
    if isOrdered { due = max(due, arrivals[queue] ?? 0) }
    arrivals[queue] = due
    plan(.arrive(serial), in: due - now)
    if tally.duplicates < system.cluster.bounds.duplicates,
      choices.chance(profile.duplicationPercent, in: 100), play(.duplicate(link, place))
    {
      guard let copy = system.envelopes.last?.serial else { return }
      plan(.arrive(copy), in: choices.within(profile.delay) * choices.within(1...20))
    }
  }
}

// MARK: Acts

extension SimulationRun {
  /// Performs an act if it can happen now, and plans what follows.
  @discardableResult
  mutating func play(_ act: Act<Words>) -> Bool {
    if C.Node.readsClock { readClock(before: act) }
    guard let step = try? system.perform(act) else { return false }
    acts.append(act)
    times.append(now)
    count(step)
    let isMoment = acts.count.isMultiple(of: 16)  // what lasts is costly to find out
    sought.removeAll { (isMoment || !$0.lasts(C.Monitor.self)) && system.holds($0) }
    follow(step.incidents)
    for end in step.ends { planArrival(of: end.serial, on: end.link) }
    for (client, event) in step.seen { heed(event, of: client) }
    return true
  }

  /// The clock of the node that acts comes to what it reads now.
  private mutating func readClock(before act: Act<Words>) {
    guard let node = act.actor, let place = system.index(of: node) else { return }
    let time = profile.isBursty ? acts.count : now
    let reading = Ticks(time + leads[node, default: 0])
    if system.hosts[place].reading < reading { perform(clock: .clock(node, reading)) }
  }

  private mutating func perform(clock act: Act<Words>) {
    guard (try? system.perform(act)) != nil else { return }
    acts.append(act)
    times.append(now)
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
    case .sever: tally.severs += 1
    case .forget: tally.forgettings += 1
    case .store, .ask, .abandon, .heal, .clock: break
    }
    for incident in step.incidents {
      if case .noted(let note) = incident.happening { notes[note, default: 0] += 1 }
    }
  }

  private mutating func injectCrashes() {
    for (index, crash) in injectedCrashes.enumerated().reversed() where crash.moment(system) {
      injectedCrashes.remove(at: index)
      guard let place = system.index(of: crash.node) else { continue }
      let losing = min(crash.losing, system.hosts[place].unstableCount)
      if play(.crash(crash.node, losing: losing, unsent: 0)) {
        plan(.restart(crash.node), in: crash.downtime)
      }
    }
  }

  /// Perhaps something goes wrong.
  private mutating func disturb() {
    if choices.chance(profile.crashPermille, in: 1_000) {
      crash()
      // The power fails: others crash as well.
      if C.preamble > 0, choices.chance(1, in: 3) {
        for _ in 1..<system.hosts.count where choices.chance(1, in: 2) { crash() }
      }
    }
    if choices.chance(profile.cutPermille, in: 1_000), system.cuts.isEmpty {
      play(.cut(draftCut()))
      plan(.heal, in: choices.within(profile.cutTime))
    }
    if profile.severPermille > 0, choices.chance(profile.severPermille, in: 1_000) { sever() }
  }

  /// A stream breaks, and perhaps its tail is lost.
  @discardableResult
  mutating func sever() -> Bool {
    guard tally.severs < system.cluster.bounds.severs,
      let name = choices.pick(system.streams.sorted()),
      play(.sever(name.near, name.far, name.channel))
    else { return false }
    for _ in 0..<choices.below(4) where tally.losses < system.cluster.bounds.losses {
      let tail = system.envelopes.indices.filter {
        system.envelopes[$0].content.channel != nil && system.isLosable($0)
      }
      guard let position = choices.pick(tail),
        let (link, place) = system.place(of: system.envelopes[position].serial)
      else { break }
      play(.lose(link, place))
    }
    return true
  }

  mutating func crash() {
    guard tally.crashes < system.cluster.bounds.crashes else { return }
    let up = system.hosts.indices.filter { system.hosts[$0].isUp }
    guard var index = choices.pick(up) else { return }
    // What hurts most is a crash in the middle of what was just done.
    let isInTheMiddle = choices.chance(1, in: 2)
    if isInTheMiddle, let actor = acts.last?.actor {
      index = up.first { system.cluster.nodes[$0] == actor } ?? index
    }
    let node = system.cluster.nodes[index]
    let losing = choices.within(0...system.hosts[index].unstableCount)
    let unsent = isInTheMiddle ? choices.within(1...3) : 0
    let crashed =
      play(.crash(node, losing: losing, unsent: unsent))
      || play(.crash(node, losing: losing, unsent: 0))
    guard crashed else { return }
    let faults = system.cluster.faults
    if faults.contains(.forgetting), tally.forgettings < system.cluster.bounds.forgettings,
      !system.hosts[index].disk.isEmpty, choices.chance(1, in: 2)
    {
      let count = system.hosts[index].disk.count
      play(.forget(node, last: choices.chance(1, in: 2) ? nil : choices.within(1...count)))
    }
    plan(.restart(node), in: choices.within(profile.downtime))
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
      return Link.between(Array(near.dropFirst()), and: far)
    default: return Link.between(near, and: far)
    }
  }
}
