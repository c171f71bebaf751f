extension History {
  /// The guarantee that is asked of such a history when none is named.
  public var usualGuarantee: Guarantee {
    model?.isTransactional ?? false ? .serializable : .linearizable
  }

  /// Judges whether the history keeps a guarantee.
  ///
  /// - Parameter versions: of bounded staleness, how many values may be read.
  /// - Parameter nanoseconds: of bounded staleness, how long ago what is read may be overwritten.
  public func judge(
    _ guarantee: Guarantee, budget: Budget = Budget(), versions: Int = 2,
    nanoseconds: Int = 1_000_000_000
  ) -> CheckResult {
    switch guarantee {
    case .boundedVersions: Staleness(self, budget: budget).judge(versions: versions)
    case .boundedTime: Staleness(self, budget: budget).judge(nanoseconds: nanoseconds)
    default: judge(guarantee, budget: budget, flaw: nil)
    }
  }

  /// Judges whether the history keeps session guarantees together: one choice of what was visible
  /// to each read must do for all of them.
  ///
  /// A history may keep each by itself and not all together: of registers, which show their last
  /// value only, monotonic writes are refuted by a client whose reads do not go back.
  ///
  /// - Parameter guarantees: some of the four; without one, everything holds.
  public func judge(
    together guarantees: [Guarantee], budget: Budget = Budget()
  ) -> CheckResult {
    let sessions = guarantees.filter(\.isOfSessions)
    var judgement = CheckResult(guarantee: sessions.first ?? .monotonicReads, verdict: .holds([]))
    judgement.beside = Array(sessions.dropFirst())
    guard !sessions.isEmpty else { return judgement }
    var meter = Meter(budget)
    do throws(Exhausted) {
      judgement.verdict = try self.sessions(Set(sessions), nil, &meter)
    } catch {
      judgement.verdict = .undecided(error)
    }
    judgement.steps = meter.steps
    judgement.peak = meter.peak
    return judgement
  }

  package func judge(
    _ guarantee: Guarantee, budget: Budget = Budget(), flaw: CheckerFlaw?
  ) -> CheckResult {
    if guarantee == .linearizable { return linearizable(budget: budget, flaw: flaw) }
    var meter = Meter(budget)
    var judgement = CheckResult(guarantee: guarantee, verdict: .holds([]))
    do throws(Exhausted) {
      judgement.verdict = try verdict(on: guarantee, flaw, &meter)
    } catch {
      judgement.verdict = .undecided(error)
    }
    judgement.steps = meter.steps
    judgement.peak = meter.peak
    return judgement
  }

  private func verdict(
    on guarantee: Guarantee, _ flaw: CheckerFlaw?, _ meter: inout Meter
  ) throws(Exhausted) -> Verdict {
    switch guarantee {
    case .sequential: return try sequential(flaw, &meter)
    case .causalConvergence, .causalMemory, .causalConsistency, .pram:
      return try causal(guarantee, flaw, &meter)
    case .monotonicReads, .monotonicWrites, .readYourWrites, .writesFollowReads,
      .consistentPrefix:
      return try sessions([guarantee], flaw, &meter)
    case .strongEventual: return try StrongEventual.verdict(on: self, flaw: flaw, &meter)
    case .boundedVersions:
      return Staleness(self, budget: meter.rest, flaw: flaw).judge(versions: 2).verdict
    case .boundedTime:
      return Staleness(self, budget: meter.rest, flaw: flaw).judge(nanoseconds: 1_000_000_000)
        .verdict
    case .linearizable: return linearizable(budget: meter.rest, flaw: flaw).verdict
    case .strictSerializable, .strongSessionSerializable, .serializable, .repeatableRead,
      .snapshotIsolation, .readCommitted, .readUncommitted:
      return try isolation(guarantee, flaw, &meter)
    }
  }

  private func causal(
    _ guarantee: Guarantee, _ flaw: CheckerFlaw?, _ meter: inout Meter
  ) throws(Exhausted) -> Verdict {
    let view: RegisterView
    switch Result(catching: { () throws(RegisterView.Obstacle) in try RegisterView(self) }) {
    case .success(let made): view = made
    case .failure(let obstacle): return obstacle.verdict
    }
    var causality = try Causality(view, flaw: flaw, &meter)
    guard let pattern = try causality.pattern(against: guarantee, &meter) else { return .holds([]) }
    func operation(_ event: Int) -> Int { view.events[event].operation }
    let core = Set(pattern.edges.flatMap { [operation($0.from), operation($0.to)] }).sorted()
    let sentence = Causality.sentences[pattern.name] ?? ""
    var refutation = Refutation("\(pattern.name): \(sentence)", core: core)
    refutation.relations = pattern.edges.map {
      Relation(operation($0.from), operation($0.to), $0.kind)
    }
    return .refuted(refutation)
  }

  private func sessions(
    _ rules: Set<Guarantee>, _ flaw: CheckerFlaw?, _ meter: inout Meter
  ) throws(Exhausted) -> Verdict {
    let view: SessionView
    switch Result(catching: { () throws(RegisterView.Obstacle) in try SessionView(self) }) {
    case .success(let made): view = made
    case .failure(let obstacle): return obstacle.verdict
    }
    if rules == [.consistentPrefix] {
      let found = try ConsistentPrefix.refutation(of: view, flaw: flaw, &meter)
      return found.map(Verdict.refuted) ?? .holds([])
    }
    var checker = try Sessions(view, rules, flaw: flaw, &meter)
    guard let plain = try checker.refutation(&meter) else { return .holds([]) }
    // Once more, with the reasons, where there is room for them.
    guard view.reads.count * view.writes.count < 1_000_000,
      var explaining = try? Sessions(view, rules, flaw: flaw, explains: true, &meter),
      let full = try? explaining.refutation(&meter)
    else { return .refuted(plain) }
    return .refuted(full)
  }
}
