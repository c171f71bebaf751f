public import ProtocolCore

// What comes of it when nothing fails any more: the judge of progress.

extension SystemState {
  /// Stores and delivers, the oldest first, until nothing is under way.
  ///
  /// - Returns: what it did. It gives up after `limit` acts: then nodes answer each other for ever.
  public mutating func deliverAll(limit: Int = 2_000) -> [Act<Words>] {
    deliverAllSteps(limit: limit).map { $0.act }
  }

  mutating func deliverAllSteps(limit: Int = 2_000) -> [Step<Words>] {
    var steps: [Step<Words>] = []
    while steps.count < limit, let act = nextQuietAct(), let step = try? perform(act) {
      steps.append(step)
    }
    return steps
  }

  private func nextQuietAct() -> Act<Words>? {
    // By index: a host that is bound is a copy of its machine.
    for index in hosts.indices where !hosts[index].queue.isEmpty {  // so it is up
      return .store(cluster.nodes[index], first: nil)
    }
    // The oldest of all stands first on its link, and on its stream.
    for position in envelopes.indices {
      let link = envelopes[position].link
      if cuts.isEmpty || !cuts.contains(link) { return .deliver(link, 0) }
    }
    return nil
  }

  /// Whether nothing can happen but that time passes.
  public var isQuiet: Bool { nextQuietAct() == nil }

  /// Whether the act is among what the chapter claims to bear, as things are now.
  ///
  /// Where time-outs are no suspicions a timer runs out only when nothing is under way; where
  /// clocks are read no node acts by one that has fallen too far behind.
  public func isBorne(_ act: Act<Words>) -> Bool {
    if isTooLate(act) { return false }
    return switch act {
    case .deliver(let link, let place):
      envelopes(on: link).dropFirst(place).first.map { mayArrive($0) } ?? true
    case .lose: cluster.faults.contains(.loss)
    case .duplicate: cluster.faults.contains(.duplication)
    case .expire: cluster.faults.contains(.suspicion) || isQuiet
    case .crash: cluster.faults.contains(.crash)
    case .cut: cluster.faults.contains(.cut)
    case .sever: cluster.faults.contains(.sever)
    case .forget: cluster.faults.contains(.forgetting)
    case .store, .restart, .ask, .abandon, .heal, .clock: true
    }
  }

  /// From here on nothing fails: what is cut heals and nodes that are down start again, if that is
  /// said, and time passes until the conditions hold of every node that is up.
  ///
  /// Time passes as it does where clocks are good and messages fast: each timer runs out after a
  /// time that is drawn from its range, the earliest first, and before it all that is under way
  /// arrives. So who waits longer waits longer here, and who is heard of in time is not suspected.
  ///
  /// - Parameters:
  ///   - conditions: what must come to hold, all at one moment.
  ///   - repaired: whether nodes that are down start again.
  ///   - healed: whether what is cut passes again.
  ///   - patience: how long it may take; the model's patience if nothing is said.
  /// - Returns: whether it came to hold, and what was done.
  public mutating func quiesce(
    until conditions: [C.Condition], repaired: Bool, healed: Bool = true,
    within patience: Ticks = C.patience
  ) -> (holds: Bool, acts: [Act<Words>]) {
    quiesce(Help(repaired: repaired, healed: healed), within: patience) {
      $0.everyNodeUp(is: conditions, in: $0.scene)
    }
  }

  private mutating func quiesce(
    _ help: Help, within patience: Ticks, until isReached: (SystemState) -> Bool
  ) -> (holds: Bool, acts: [Act<Words>]) {
    var acts: [Act<Words>] = []
    if help.healed, !cuts.isEmpty, (try? perform(.heal)) != nil { acts.append(.heal) }
    if help.repaired {
      for index in hosts.indices where !hosts[index].isUp {
        let id = cluster.nodes[index]
        guard (try? perform(.restart(id))) != nil else { continue }
        acts.append(.restart(id))
      }
    }
    acts += deliverAll()
    if isReached(self) { return (true, acts) }
    var agenda = CalmAgenda(hosts, wanted.map { $0.client })
    while let next = agenda.next(within: patience) {
      var steps: [Step<Words>] = []
      switch next {
      case .expiry(let id, let timer):
        guard let step = try? perform(.expire(id, timer)) else { continue }
        steps = [step]
      case .client(let id): steps = askAgain(id)
      }
      steps += deliverAllSteps()
      for step in steps {
        acts.append(step.act)
        agenda.follow(step.incidents)
      }
      for client in wanted.map({ $0.client }) {
        agenda.wake(client, isWaiting: outstanding.contains { $0.client == client })
      }
      if isReached(self) { return (true, acts) }
    }
    return (false, acts)
  }

  /// Whether the condition holds of a node that is up; one that lasts, as long as nothing is
  /// repaired and nothing heals.
  public func holds(_ condition: C.Condition, at id: NodeID) -> Bool {
    guard monitor.holds(condition, at: id, in: scene) else { return false }
    guard C.Monitor.lasts(condition) else { return true }
    var future = self
    let help = Help(repaired: false, healed: false)
    return !future.quiesce(help, within: C.patience) {
      !$0.monitor.holds(condition, at: id, in: $0.scene)
    }.holds
  }

  /// The fault that an act amounts to here, if it does.
  ///
  /// A time-out is a suspicion while a node that is up has something to hear or to store. A clock
  /// drifts when it reads less, as its node acts, than another has read before, by more than the
  /// cluster's clocks ever differ; what the clock of a node reads that does not act is not known.
  public func fault(of act: Act<Words>) -> Fault? {
    if isTooLate(act) { return .drift }
    switch act {
    case .deliver: return isBorne(act) ? nil : .reordering
    case .lose: return .loss
    case .duplicate: return .duplication
    case .crash: return .crash
    case .cut: return .cut
    case .sever: return .sever
    case .forget: return .forgetting
    case .expire: return isWaitedFor ? .suspicion : nil
    case .store, .restart, .ask, .abandon, .heal, .clock: return nil
    }
  }

  /// Whether the node that acts has a clock that is too far behind another's.
  private func isTooLate(_ act: Act<Words>) -> Bool {
    guard C.Node.readsClock, let node = act.actor, let place = index(of: node) else { return false }
    let most = hosts.map { $0.reading.count }.max() ?? 0
    return most - hosts[place].reading.count > cluster.clocks.skew.count
  }

  private var isWaitedFor: Bool {
    hosts.contains { !$0.queue.isEmpty }
      || envelopes.contains { index(of: $0.link.to).map { hosts[$0].isUp } ?? false }
  }

  private func everyNodeUp(is conditions: [C.Condition], in scene: Scene<C.Node>) -> Bool {
    hosts.indices.allSatisfy { index in
      !hosts[index].isUp
        || conditions.allSatisfy { monitor.holds($0, at: cluster.nodes[index], in: scene) }
    }
  }

  /// Whether the property holds here: of the past (*always*), at this moment (*sometimes*), or of
  /// what comes when nothing fails any more (*recovers*).
  ///
  /// What recovers is judged by one future, in which messages are fast and clocks good, within the
  /// model's patience. An explorer asks for less, that some future leads there.
  public func holds(_ property: C.Property) -> Bool {
    switch property.form {
    case .always:
      return monitor.holds(property)
    case .sometimes(let condition):
      return hosts.indices.contains {
        hosts[$0].isUp && holds(condition, at: cluster.nodes[$0])
      }
    case .recovers(let condition, let repaired, let healed):
      var future = self
      return future.quiesce(until: [condition], repaired: repaired, healed: healed).holds
    }
  }

  /// The first of the properties that is violated here, if one is; *sometimes* cannot be.
  public func violated(among properties: [C.Property] = C.Property.judged) -> C.Property? {
    verdict(among: properties)?.violated
  }

  /// The first of the properties that is violated here or in what comes when nothing fails any
  /// more, and the acts after which it is; none if it is violated here already, or if it is the end
  /// of the quiescence that it speaks of.
  ///
  /// The future is played once for all that *recovers* with the same help, and once for different
  /// help where that comes to the same here: each condition must come to hold at some moment of it,
  /// not all at one, as `holds(_:)` says of each alone. What must *always* hold must hold all the
  /// way.
  public func verdict(
    among properties: [C.Property] = C.Property.judged
  ) -> (violated: C.Property, acts: [Act<Words>])? {
    let always = properties.filter { $0.form == .always }
    if let broken = always.first(where: { !monitor.holds($0) }) { return (broken, []) }
    for same in Help.kinds(areSomeDown: hosts.contains { !$0.isUp }, areSomeCut: !cuts.isEmpty) {
      var expected: [(C.Property, C.Condition)] = []
      for help in same {
        expected += properties.compactMap { property in
          help.condition(of: property.form).map { (property, $0) }
        }
      }
      guard !expected.isEmpty else { continue }
      var future = self
      var missing = expected
      let quiesce = future.quiesce(same[0], within: C.patience) { system in
        let scene = system.scene
        missing.removeAll { system.everyNodeUp(is: [$0.1], in: scene) }
        // It goes on to a moment of which all are true, if there is one: more is judged on the way.
        return missing.isEmpty && system.everyNodeUp(is: expected.map { $0.1 }, in: scene)
      }
      if let broken = always.first(where: { !future.monitor.holds($0) }) {
        return (broken, quiesce.acts)
      }
      if let (property, _) = missing.first { return (property, []) }
    }
    return nil
  }

  /// The first *always* that is violated.
  public func violatedAlways() -> C.Property? {
    for property in cluster.always where !monitor.holds(property) { return property }
    return nil
  }
}

extension PropertyName {
  /// Whether it is a witness of something that lasts.
  func lasts<M: Monitor>(_ monitor: M.Type) -> Bool where M.Property == Self {
    if case .sometimes(let condition) = form { monitor.lasts(condition) } else { false }
  }

  /// The properties by which each run can be judged, in their order.
  public static var judged: [Self] { allCases.filter { $0.isJudged } }

  /// Whether each run can be judged by it; a witness is looked for in all runs together.
  public var isJudged: Bool {
    if case .sometimes = form { return false }
    return true
  }
}

/// What a property that *recovers* may count on.
struct Help: Hashable {
  /// Nodes that are down start again.
  let repaired: Bool
  /// What is cut passes again.
  let healed: Bool

  /// Every combination, the least repair first.
  static let all = [false, true].flatMap { repaired in
    [true, false].map { Help(repaired: repaired, healed: $0) }
  }

  /// Every combination, the most repair first.
  static let mostFirst = [true, false].flatMap { repaired in
    [true, false].map { Help(repaired: repaired, healed: $0) }
  }

  /// Every combination, those together that come to the same: nobody is repaired where all are up.
  static func kinds(areSomeDown: Bool, areSomeCut: Bool) -> [[Help]] {
    var kinds: [[Help]] = []
    for help in all {
      let same = kinds.firstIndex { kind in
        (kind[0].repaired == help.repaired || !areSomeDown)
          && (kind[0].healed == help.healed || !areSomeCut)
      }
      if let same { kinds[same].append(help) } else { kinds.append([help]) }
    }
    return kinds
  }

  /// The condition that a form promises with this help, if it does.
  func condition<Condition>(of form: PropertyForm<Condition>) -> Condition? {
    guard case .recovers(let condition, repaired, healed) = form else { return nil }
    return condition
  }
}
