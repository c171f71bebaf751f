extension History {
  /// Judges sequential consistency by the model.
  ///
  /// Registers with distinct values are first held
  /// against causal memory and convergence, which follow from it and take little.
  func sequential(_ flaw: CheckerFlaw?, _ meter: inout Meter) throws(Exhausted) -> Verdict {
    if flaw == nil {
      for weaker in [Guarantee.causalConvergence, .causalMemory] {
        let quick = judge(weaker, budget: meter.rest.limited(to: 1_000_000))
        if case .refuted(var refutation) = quick.verdict {
          refutation.reason = "not even \(weaker.rawValue): " + refutation.reason
          return .refuted(refutation)
        }
      }
    }
    switch model {
    case .register: return try sequential(Register(), flaw, &meter)
    case .casRegister: return try sequential(CASRegister(), flaw, &meter)
    case .keyValue: return try sequential(KeyValue(), flaw, &meter)
    case .set: return try sequential(ElementSet(), flaw, &meter)
    case .counter: return try sequential(Counter(), flaw, &meter)
    case .queue: return try sequential(Queue(), flaw, &meter)
    case .lock: return try sequential(Lock(), flaw, &meter)
    case .listAppend, .rwRegister, nil:
      return .unsuited("transactions are judged by the cycles of their dependencies")
    }
  }

  private func sequential<M: Model>(
    _ model: M, _ flaw: CheckerFlaw?, _ meter: inout Meter
  ) throws(Exhausted) -> Verdict {
    var search = SequentialSearch(self, model, flaw: flaw)
    if let order = try search.run(&meter) { return .holds([order]) }
    let relaxed = smallCore(model, &meter)
    var refutation = Refutation(
      "no order of all operations respects each process's order and the model", core: relaxed)
    refutation.prefix = Array(operations.indices)
    return .refuted(refutation)
  }

  /// The operations that remain when as many reads are left out as can be while there is no order.
  private func smallCore<M: Model>(_ model: M, _ meter: inout Meter) -> [Int] {
    var kept = Array(operations.indices)
    guard kept.count <= 2_000 else { return kept }
    var size = max(1, kept.count / 2)
    while true {
      for start in stride(from: 0, to: kept.count, by: size).reversed() where start < kept.count {
        let chunk = Set(kept[start..<min(kept.count, start + size)])
        let fewer = kept.filter { index in
          !chunk.contains(index) || !model.isRead(model.call(of: operations[index]))
        }
        guard fewer.count < kept.count else { continue }
        var part = self
        part.operations = fewer.map { operations[$0] }
        var trial = Meter(meter.rest.limited(to: 20_000))
        var search = SequentialSearch(part, model, flaw: nil)
        let found = Result { () throws(Exhausted) in try search.run(&trial) }
        if case .success(nil) = found { kept = fewer }
        guard (try? meter.add(trial)) != nil else { return kept }
      }
      if size == 1 { return kept }
      size = max(1, size / 2)
    }
  }
}
