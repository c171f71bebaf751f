/// Looks for an order of all operations that respects each process's order and the objects' models.
///
/// Depth first with a memo of how far each process is and what state each object is in; nothing
/// recurs. A read that its process does next, and that the state allows, goes at once, for that
/// forecloses nothing. What was called first is tried first: in most histories real time is not far
/// from an order.
///
/// Source: Gibbons & Korach, Testing shared memories, 1997: the problem is NP-complete, even when
/// it is known which write each read read.
struct SequentialSearch<M: Model> {
  private let model: M
  private let operations: [Operation]
  private var transitions: Transitions<M>
  private let numbered: NumberedCalls
  private let reads: [Bool]
  /// Each process's operations, in order.
  private let processes: [[Int32]]
  private let objectOf: [Int32]
  private let flaw: CheckerFlaw?
  /// How far each process is, then the state of each object.
  private var now: [Int32]
  private var met: Set<[Int32]> = []
  private var order: [Int32] = []

  private struct Frame {
    let now: [Int32]
    let length: Int
    /// Processes that can be next and were not tried; the last is tried first.
    var rest: [Int32]
  }

  init(_ history: History, _ model: M, flaw: CheckerFlaw?) {
    self.model = model
    self.flaw = flaw
    operations = history.operations
    numbered = NumberedCalls(history.operations, model)
    transitions = Transitions(model, numbered.calls, from: model.initial)
    reads = numbered.calls.map(model.isRead)
    var objectOf = Array(repeating: Int32(0), count: operations.count)
    let objects = history.objects
    for (number, object) in objects.enumerated() {
      for index in object.operations { objectOf[index] = Int32(number) }
    }
    self.objectOf = objectOf
    var ofProcess: [Int: [Int32]] = [:]
    for (index, operation) in operations.enumerated() {
      if !operation.isKnown, reads[Int(numbered.callOf[index])] { continue }
      ofProcess[operation.process, default: []].append(Int32(index))
    }
    processes = ofProcess.sorted { $0.key < $1.key }.map(\.value)
    let states = Array(repeating: Transitions<M>.initial, count: objects.count)
    now = Array(repeating: 0, count: processes.count) + states
  }

  /// Searches.
  ///
  /// - Returns: an order; nil when there is none.
  mutating func run(_ meter: inout Meter) throws(Exhausted) -> [Int]? {
    let each = now.count * 4 + 64
    var frames: [Frame] = []
    while true {
      try meter.step()
      advance()
      if isDone { return order.map(Int.init) }
      if met.insert(flaw == .memoWithoutObjects ? Array(now.prefix(processes.count)) : now).inserted
      {
        try meter.hold(met.count * each + frames.count * each)
        frames.append(Frame(now: now, length: order.count, rest: candidates))
      }
      while let last = frames.last, last.rest.isEmpty { frames.removeLast() }
      guard !frames.isEmpty else { return nil }
      let process = frames[frames.count - 1].rest.removeLast()
      now = frames[frames.count - 1].now
      order.removeSubrange(frames[frames.count - 1].length...)
      take(Int(process))
    }
  }

  /// The operation that a process does next; nil when it has done all.
  private func next(_ process: Int) -> Int? {
    let place = Int(now[process])
    return place < processes[process].count ? Int(processes[process][place]) : nil
  }

  /// What is of unknown outcome need not take place.
  private var isDone: Bool {
    processes.indices.allSatisfy { next($0).map { !operations[$0].isKnown } ?? true }
  }

  private mutating func after(_ operation: Int) -> Int32 {
    transitions.after(
      now[processes.count + Int(objectOf[operation])], numbered.callOf[operation])
  }

  private mutating func advance() {
    var isChanged = true
    while isChanged {
      isChanged = false
      for process in processes.indices {
        while let operation = next(process), reads[Int(numbered.callOf[operation])],
          after(operation) >= 0
        {
          now[process] += 1
          order.append(Int32(operation))
          isChanged = true
        }
      }
    }
  }

  /// The processes whose next operation is allowed, the earliest called last.
  private var candidates: [Int32] {
    mutating get {
      var found: [(call: Int, process: Int32)] = []
      for process in processes.indices {
        guard let operation = next(process), after(operation) >= 0 else { continue }
        found.append((operations[operation].call, Int32(process)))
      }
      return found.sorted { $0.call > $1.call }.map(\.process)
    }
  }

  private mutating func take(_ process: Int) {
    guard let operation = next(process) else { return }
    let state = after(operation)
    now[processes.count + Int(objectOf[operation])] = state
    now[process] += 1
    order.append(Int32(operation))
  }
}
