public import Histories
import ProtocolCore

extension SharedStorage.ObservedHistory {
  /// The history as the checkers read it.
  ///
  /// - Parameter model: what the objects are.
  public func history(_ model: ModelName) -> History {
    var history = History(processes: processes.map(\.name))
    history.model = model
    var moments: [(moment: Int, process: Int, place: Int, isCall: Bool)] = []
    for (number, process) in processes.enumerated() {
      for (place, operation) in process.operations.enumerated() {
        moments.append((operation.called, number, place, true))
        if let returned = operation.returned { moments.append((returned, number, place, false)) }
      }
    }
    moments.sort { ($0.moment, $0.process, $0.place) < ($1.moment, $1.process, $1.place) }
    var places: [[Int]: Int] = [:]
    for (time, event) in moments.enumerated() {
      if event.isCall {
        let operation = processes[event.process].operations[event.place]
        places[[event.process, event.place]] = history.operations.count
        history.operations.append(
          Histories.Operation(
            process: event.process, operation.call.function,
            key: operation.call.key.map { .text($0) },
            input: Value(operation.call.value),
            output: operation.returned == nil ? .null : Value(operation.result), call: time,
            end: nil))
        history.operations[history.operations.count - 1].delivered =
          operation.delivered?.map { Value($0) }
      } else if let place = places[[event.process, event.place]] {
        history.operations[place].end = time
      }
    }
    return history
  }

  /// Whether the history of registers refutes a guarantee.
  public func refutes(_ property: SharedStorage.Property) -> Bool {
    property.guarantee.map { !refuted([$0], .register).isEmpty } ?? false
  }

  /// Of these guarantees those that the history refutes.
  ///
  /// What follows from one that holds is not asked. Monotonic writes and writes that follow reads
  /// are judged together with monotonic reads, which causal consistency does not imply: it explains
  /// each read by an order of its own.
  public func refuted(_ guarantees: [Guarantee], _ model: ModelName) -> [Guarantee] {
    let history = history(model)
    var held: Set<Guarantee> = []
    var refuted: [Guarantee] = []
    for guarantee in guarantees where !held.contains(guarantee) {
      if history.refutes(guarantee) {
        refuted.append(guarantee)
      } else {
        held.formUnion(guarantee.closure)
        if guarantee == .causalConsistency { held.remove(.writesFollowReads) }
      }
    }
    return refuted
  }
}

extension History {
  /// Whether it refutes a guarantee; of those that are about the order of writes, whether it
  /// refutes them together with monotonic reads.
  ///
  /// A register shows its last value only, so that a write came without what it follows is seen by
  /// several reads of one client alone, if these do not go back.
  public func refutes(_ guarantee: Guarantee) -> Bool {
    switch guarantee {
    case .monotonicWrites, .writesFollowReads:
      judge(together: [.monotonicReads, guarantee]).verdict.isRefuted
    default: judge(guarantee).verdict.isRefuted
    }
  }
}

extension Verdict {
  fileprivate var isRefuted: Bool { if case .refuted = self { true } else { false } }
}

extension Value {
  /// A value of the laboratory.
  init(_ datum: Datum) {
    self =
      switch datum {
      case .null: .null
      case .bool(let truth): .flag(truth)
      case .number(let number): .int(number)
      case .text(let text): .text(text)
      case .list(let list): .list(list.map { Value($0) })
      }
  }
}
