extension History {
  /// What is wrong between the history's transactions, one of each kind.
  ///
  /// - Parameter order: `process` or `realtime` where cycles may use the processes' order, or also
  ///   real time's.
  public func anomalies(order: String? = nil, budget: Budget = Budget()) -> [Anomaly]? {
    var meter = Meter(budget)
    guard case .success(let dependencies) = dependencies(nil) else { return nil }
    return try? anomalies(dependencies, order: order, &meter)
  }

  private func dependencies(
    _ flaw: CheckerFlaw?
  ) -> Swift.Result<Dependencies, RegisterView.Obstacle> {
    Swift.Result { () throws(RegisterView.Obstacle) in try Dependencies(self, flaw: flaw) }
  }

  private func anomalies(
    _ dependencies: Dependencies, order: String?, _ meter: inout Meter
  ) throws(Exhausted) -> [Anomaly] {
    var dependencies = dependencies
    if model == .listAppend {
      try dependencies.addLists(&meter)
    } else {
      try dependencies.addRegisters(&meter)
    }
    if order != nil { dependencies.addOrders() }
    try meter.hold(dependencies.graph.bytes * 3)
    return dependencies.plain + (try Cycles(dependencies, order: order).anomalies(&meter))
  }

  package func anomalies(flaw: CheckerFlaw?) -> [Anomaly]? {
    var meter = Meter(Budget())
    guard case .success(let dependencies) = dependencies(flaw) else { return nil }
    return try? anomalies(dependencies, order: nil, &meter)
  }

  /// Judges an isolation level: whether nothing is found that it forbids.
  func isolation(
    _ guarantee: Guarantee, _ flaw: CheckerFlaw?, _ meter: inout Meter
  ) throws(Exhausted) -> Verdict {
    guard model?.isTransactional ?? false else { return .unsuited("judged for transactions") }
    let made: Dependencies
    switch dependencies(flaw) {
    case .success(let dependencies): made = dependencies
    case .failure(let obstacle): return obstacle.verdict
    }
    let order: String? =
      switch guarantee {
      case .strictSerializable: "realtime"
      case .strongSessionSerializable: "process"
      default: nil
      }
    let forbidden = guarantee.forbidden
    let all = try anomalies(made, order: order, &meter)
    guard let worst = all.first(where: { forbidden.contains($0.kind) }) else { return .holds([]) }
    var refutation = Refutation("\(worst.name): \(worst.sentence)", core: worst.operations.sorted())
    refutation.relations = worst.cycle
    return .refuted(refutation)
  }
}

extension Guarantee {
  /// What an isolation level forbids (Adya 1999, Kingsbury & Alvaro 2020).
  public var forbidden: Set<Anomaly.Kind> {
    let uncommitted: Set<Anomaly.Kind> = [.garbage, .duplicates, .g0]
    let committed = uncommitted.union([.order, .future, .g1a, .g1b, .g1c])
    let snapshot = committed.union([.inside, .lostUpdate, .gSingle, .gNonadjacent])
    switch self {
    case .readUncommitted: return uncommitted
    case .readCommitted: return committed
    case .snapshotIsolation: return snapshot
    case .repeatableRead, .serializable, .strongSessionSerializable, .strictSerializable:
      return snapshot.union([.g2])
    default: return []
    }
  }
}
