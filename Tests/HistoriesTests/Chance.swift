import Histories

/// Seeded chance (SplitMix64).
struct Chance {
  private var state: UInt64

  init(_ seed: Int) { state = UInt64(bitPattern: Int64(seed)) &* 0x9E37_79B9_7F4A_7C15 &+ 1 }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// A number below `end`.
  mutating func below(_ end: Int) -> Int { Int(next() % UInt64(end)) }
  mutating func one(in count: Int) -> Bool { below(count) == 0 }
  mutating func of<T>(_ all: [T]) -> T { all[below(all.count)] }
}

/// Random histories of a model: a real object is asked, then some answers are spoilt.
struct Small {
  var chance: Chance
  let model: ModelName
  /// One in so many chances an operation's outcome is never known.
  var unknown = 6
  private var held = 0
  private var list: [Int] = []

  init(_ model: ModelName, seed: Int) {
    chance = Chance(seed)
    self.model = model
  }

  /// A history of at most so many operations.
  mutating func history(_ most: Int, processes: Int = 3) -> History {
    var history = History(processes: (0..<20).map { "p\($0)" })
    history.model = model
    held = 0
    list = []
    let count = 1 + chance.below(most)
    var open: [Int: Int] = [:]
    var applied: Set<Int> = []
    var moment = 0
    var next = processes
    var names = Array(0..<processes)
    while history.operations.count < count || !open.isEmpty {
      if !chance.one(in: 4) { moment += 1 }
      let place = chance.below(processes)
      let process = names[place]
      guard let index = open[process] else {
        guard history.operations.count < count else { continue }
        open[process] = history.operations.count
        history.operations.append(ask(process, moment))
        continue
      }
      if !applied.contains(index), chance.one(in: 2) {
        apply(&history.operations[index])
        applied.insert(index)
      } else if chance.one(in: unknown) {
        open[process] = nil
        history.operations[index].output = .null
        names[place] = next
        next += 1
      } else if applied.contains(index) {
        open[process] = nil
        history.operations[index].end = moment
      }
    }
    if !chance.one(in: 3) { spoil(&history) }
    return history
  }

  private mutating func ask(_ process: Int, _ moment: Int) -> Operation {
    let functions: [String] =
      switch model {
      case .register: ["read", "write"]
      case .casRegister: ["read", "write", "cas"]
      case .keyValue: ["get", "append", "append", "put"]
      case .set: ["add", "remove", "contains", "read"]
      case .counter: ["add", "read"]
      case .queue: ["enqueue", "dequeue"]
      case .lock: ["acquire", "release"]
      default: []
      }
    let function = chance.of(functions)
    let input: Value =
      switch function {
      case "write", "add", "remove", "contains", "enqueue": .int(1 + chance.below(2))
      case "cas": [.int(1 + chance.below(2)), .int(1 + chance.below(2))]
      case "append", "put": .text(chance.of(["a", "b"]))
      default: .null
      }
    return Operation(process: process, function, input: input, call: moment, end: nil)
  }

  /// What the real object does: of lists and texts the list is the state, of the others the number.
  private mutating func apply(_ operation: inout Operation) {
    let given = operation.input.int ?? 0
    switch operation.function {
    case "read" where model == .set: operation.output = .list(list.sorted().map(Value.int))
    case "read" where model == .counter: operation.output = .int(held)
    case "read": operation.output = held == 0 ? .null : .int(held)
    case "write": held = given
    case "cas":
      let pair = operation.input.list ?? []
      operation.output = .flag(pair[0] == .int(held))
      if pair[0] == .int(held) { held = pair[1].int ?? 0 }
    case "add" where model == .counter:
      held += given
      if chance.one(in: 2) { operation.output = .int(held) }
    case "add": if !list.contains(given) { list.append(given) }
    case "remove": list.removeAll { $0 == given }
    case "contains": operation.output = .flag(list.contains(given))
    case "enqueue": list.append(given)
    case "dequeue": operation.output = list.isEmpty ? .null : .int(list.removeFirst())
    case "put": list = [operation.input == "a" ? 1 : 2]
    case "append": list.append(operation.input == "a" ? 1 : 2)
    case "get": operation.output = .text(list.map { $0 == 1 ? "a" : "b" }.joined())
    case "acquire":
      operation.output = .flag(held == 0)
      if held == 0 { held = operation.process + 1 }
    case "release":
      operation.output = .flag(held == operation.process + 1)
      if held == operation.process + 1 { held = 0 }
    default: break
    }
  }

  private mutating func spoil(_ history: inout History) {
    let index = chance.below(history.operations.count)
    guard history.operations[index].isKnown else { return }
    let output: Value? =
      switch history.operations[index].function {
      case "read" where model == .set: chance.of([[], [1], [2], [1, 2]])
      case "read" where model == .counter: .int(chance.below(4))
      case "read", "dequeue": chance.of([.null, 1, 2])
      case "cas", "contains", "acquire", "release": .flag(chance.one(in: 2))
      case "get": .text(chance.of(["", "a", "b", "ab", "ba", "aab"]))
      default: nil
      }
    if let output { history.operations[index].output = output }
  }
}
