/// Makes histories of a store that keeps its promise, or breaks it once, at a known place.
///
/// Clients ask at random; each operation takes effect at one moment between its call and its
/// return, so that the history is linearizable; some are never answered. A stale read can be put
/// in: of a value that was written once, and then overwritten for certain.
package struct HistoryMaker {
  private let model: ModelName
  private let clients: Int
  /// One in so many operations is never answered; 0 for none.
  private let unanswered: Int
  private var state: UInt64
  private var register: Value = .null
  private var texts: [Value: Text] = [:]
  private var written = 0

  /// A maker of histories of a register with compare-and-set, or of a key-value store of ten keys.
  package init(_ model: ModelName, clients: Int, unanswered: Int = 0, seed: Int) {
    self.model = model
    self.clients = clients
    self.unanswered = unanswered
    state = UInt64(truncatingIfNeeded: seed)
  }

  private mutating func below(_ end: Int) -> Int {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return Int((z ^ (z >> 31)) % UInt64(end))
  }

  /// A history of so many operations.
  package mutating func history(_ count: Int, isBroken: Bool = false) -> History {
    var history = History(processes: (0..<clients).map { "\($0)" })
    history.model = model
    history.operations.reserveCapacity(count)
    var names = Array(0..<clients)
    var open: [Int?] = Array(repeating: nil, count: clients)
    var isApplied = Array(repeating: false, count: clients)
    var moment = 0
    var busy = 0
    while history.operations.count < count || busy > 0 {
      moment += 1
      let client = below(clients)
      guard let index = open[client] else {
        guard history.operations.count < count else { continue }
        open[client] = history.operations.count
        isApplied[client] = false
        busy += 1
        history.operations.append(ask(names[client], moment))
        continue
      }
      if !isApplied[client] {
        isApplied[client] = true
        apply(&history.operations[index])
        continue
      }
      open[client] = nil
      busy -= 1
      if unanswered > 0, below(unanswered) == 0 {
        history.operations[index].output = .null
        names[client] = history.processes.count
        history.processes.append("\(history.processes.count)")
      } else {
        history.operations[index].end = moment
      }
    }
    if isBroken { spoil(&history, &moment) }
    return history
  }

  private mutating func ask(_ process: Int, _ moment: Int) -> Operation {
    var operation = Operation(process: process, "read", call: moment, end: nil)
    let choice = below(3)
    if model == .keyValue {
      operation.key = .text("\(below(10))")
      operation.function = choice == 0 ? "get" : below(12) == 0 ? "put" : "append"
      if choice > 0 {
        operation.input = .text("x \(process) \(written) y")
        written += 1
      }
    } else if choice == 1 {
      operation.function = "write"
      operation.input = .int(below(5))
    } else if choice == 2 {
      operation.function = "cas"
      operation.input = .list([.int(below(5)), .int(below(5))])
    }
    return operation
  }

  private mutating func apply(_ operation: inout Operation) {
    let key = operation.key ?? .null
    switch (operation.function, operation.input) {
    case ("read", _): operation.output = register
    case ("write", let value): register = value
    case ("cas", .list(let pair)):
      if register == pair[0] { register = pair[1] } else { operation.output = .flag(false) }
    case ("get", _): operation.output = .text(texts[key] ?? Text(""))
    case ("put", .text(let text)): texts[key] = text
    case ("append", .text(let text)): texts[key] = (texts[key] ?? Text("")).appending(text)
    default: break
    }
  }

  /// One writes what nobody else does, writes over it, and another reads it then.
  private mutating func spoil(_ history: inout History, _ moment: inout Int) {
    let isText = model == .keyValue
    let values: [Value] = isText ? [.text("once"), .text("over")] : [.int(98), .int(99)]
    let writer = history.processes.count
    history.processes += ["\(writer)", "\(writer + 1)"]
    for (place, value) in (values + [values[0]]).enumerated() {
      var operation = Operation(
        process: place < 2 ? writer : writer + 1, place < 2 ? "write" : "read", call: moment + 1,
        end: moment + 2)
      if isText {
        operation.function = place < 2 ? "put" : "get"
        operation.key = .text("0")
      }
      if place < 2 { operation.input = value } else { operation.output = value }
      moment += 2
      history.operations.append(operation)
    }
  }
}
