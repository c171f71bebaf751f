/// The models that Quorate brings.
public enum ModelName: String, CaseIterable, Hashable, Sendable {
  case register
  case casRegister = "cas-register"
  case keyValue = "key-value"
  case set
  case counter
  case queue
  case lock
  /// Transactions of `append` and reads of whole lists, as Elle has them.
  case listAppend = "list-append"
  /// Transactions of writes and reads of registers, as Elle has them.
  case rwRegister = "rw-register"

  /// Whether the operations are transactions.
  public var isTransactional: Bool { self == .listAppend || self == .rwRegister }

  /// What is wrong with an operation, of which the model knows nothing; nil when all is well.
  func mistake(in operation: Operation) -> String? {
    switch self {
    case .register: Register().mistake(in: operation)
    case .casRegister: CASRegister().mistake(in: operation)
    case .keyValue: KeyValue().mistake(in: operation)
    case .set: ElementSet().mistake(in: operation)
    case .counter: Counter().mistake(in: operation)
    case .queue: Queue().mistake(in: operation)
    case .lock: Lock().mistake(in: operation)
    case .listAppend, .rwRegister: Transaction.mistake(in: operation, self)
    }
  }
}

extension History {
  /// Judges whether the history is linearizable by its model.
  public func linearizable(budget: Budget = Budget(), explains: Bool = true) -> CheckResult {
    linearizable(budget: budget, explains: explains, flaw: nil)
  }

  package func linearizable(
    budget: Budget = Budget(), explains: Bool = true, flaw: CheckerFlaw?
  ) -> CheckResult {
    func judge(_ model: some Model) -> CheckResult {
      var checker = Linearizability(model, budget: budget)
      checker.explains = explains
      checker.flaw = flaw
      return checker.judge(self)
    }
    switch model {
    case .register: return judge(Register())
    case .casRegister: return judge(CASRegister())
    case .keyValue: return judge(KeyValue())
    case .set: return judge(ElementSet())
    case .counter: return judge(Counter())
    case .queue: return judge(Queue())
    case .lock: return judge(Lock())
    case .listAppend, .rwRegister, nil:
      return CheckResult(
        guarantee: .linearizable,
        verdict: .unsuited("transactions are judged by the cycles of their dependencies"))
    }
  }
}
