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
    if let host = hosts.first(where: { $0.node != nil && !$0.queue.isEmpty }) {
      return .store(host.id, first: nil)
    }
    if let envelope = envelopes.first(where: { !cuts.contains($0.link) }) {
      return .deliver(envelope.link, 0)
    }
    return nil
  }

  /// Whether nothing can happen but that time passes.
  public var isQuiet: Bool { nextQuietAct() == nil }

  /// Whether the act is among what the chapter claims to bear, as things are now.
  ///
  /// Where time-outs are no suspicions a timer runs out only when nothing is under way.
  public func isBorne(_ act: Act<Words>) -> Bool {
    switch act {
    case .deliver(_, let place): place == 0 || C.faults.contains(.reordering)
    case .lose: C.faults.contains(.loss)
    case .duplicate: C.faults.contains(.duplication)
    case .expire: C.faults.contains(.suspicion) || isQuiet
    case .crash: C.faults.contains(.crash)
    case .cut: C.faults.contains(.cut)
    case .store, .restart, .ask, .heal: true
    }
  }

  /// From here on nothing fails: cuts heal, nodes that are down start again if `repaired` says so,
  /// and time passes, fairly, until the conditions hold of every node that is up.
  ///
  /// - Returns: whether it came to hold, and what was done.
  public mutating func quiesce(
    until conditions: [C.Condition], repaired: Bool, rounds: Int = 12
  ) -> (holds: Bool, acts: [Act<Words>]) {
    var acts: [Act<Words>] = []
    if !cuts.isEmpty, (try? perform(.heal)) != nil { acts.append(.heal) }
    if repaired {
      for host in hosts where host.node == nil {
        guard (try? perform(.restart(host.id))) != nil else { continue }
        acts.append(.restart(host.id))
      }
    }
    acts += deliverAll()
    for _ in 0..<rounds {
      if everyNodeUp(is: conditions) { return (true, acts) }
      let due = hosts.flatMap { host in host.alarms.map { (host.id, $0.timer) } }
      guard !due.isEmpty else { break }
      for (id, timer) in due where (try? perform(.expire(id, timer))) != nil {
        acts.append(.expire(id, timer))
        acts += deliverAll()
      }
    }
    return (everyNodeUp(is: conditions), acts)
  }

  private func everyNodeUp(is conditions: [C.Condition]) -> Bool {
    let scene = scene
    return hosts.allSatisfy { host in
      host.node == nil || conditions.allSatisfy { monitor.holds($0, at: host.id, in: scene) }
    }
  }

  /// Whether the property holds here: of the past (*always*), at this moment (*sometimes*), or of
  /// what comes when nothing fails any more (*recovers*).
  public func holds(_ property: C.Property) -> Bool {
    switch property.form {
    case .always:
      return monitor.holds(property)
    case .sometimes(let condition):
      let scene = scene
      return hosts.contains { $0.node != nil && monitor.holds(condition, at: $0.id, in: scene) }
    case .recovers(let condition, let repaired):
      var future = self
      return future.quiesce(until: [condition], repaired: repaired).holds
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
  /// The future is played once for all that *recovers* without repair, and once for the others;
  /// what must *always* hold must hold all the way.
  public func verdict(
    among properties: [C.Property] = C.Property.judged
  ) -> (violated: C.Property, acts: [Act<Words>])? {
    let always = properties.filter { $0.form == .always }
    if let broken = always.first(where: { !monitor.holds($0) }) { return (broken, []) }
    for repaired in [false, true] {
      let expected = properties.compactMap { property -> (C.Property, C.Condition)? in
        guard case .recovers(let condition, repaired) = property.form else { return nil }
        return (property, condition)
      }
      guard !expected.isEmpty else { continue }
      var future = self
      let quiesce = future.quiesce(until: expected.map { $0.1 }, repaired: repaired)
      if let broken = always.first(where: { !future.monitor.holds($0) }) {
        return (broken, quiesce.acts)
      }
      if quiesce.holds { continue }
      for (property, condition) in expected where !future.everyNodeUp(is: [condition]) {
        return (property, [])
      }
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
  /// The properties by which each run can be judged, in their order.
  public static var judged: [Self] { allCases.filter { $0.isJudged } }

  /// Whether each run can be judged by it; a witness is looked for in all runs together.
  public var isJudged: Bool {
    if case .sometimes = form { return false }
    return true
  }
}
