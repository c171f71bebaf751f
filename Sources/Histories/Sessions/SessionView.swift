/// A history as the checkers of session guarantees see it: writes, and reads that show which writes
/// were visible.
///
/// A read of a register shows the last of the visible writes; a read of a set shows them all, and
/// one of a list shows them all in order. Written values must be distinct, so that a value tells
/// its write. Of a transaction each part counts as an operation of its session.
struct SessionView {
  /// What a read shows of the visible writes of its object.
  enum Shown {
    /// The last of them; nil where there was none.
    case last(Int?)
    /// All, in no order.
    case all([Int])
    /// All, in order.
    case ordered([Int])

    var writes: [Int] {
      switch self {
      case .last(let write): write.map { [$0] } ?? []
      case .all(let writes), .ordered(let writes): writes
      }
    }
  }

  struct Write {
    let operation: Int
    let process: Int
    let key: Int
  }

  struct Read {
    let operation: Int
    let process: Int
    let key: Int
    let shown: Shown
    /// How many writes of its own session came before.
    let written: Int
  }

  private(set) var writes: [Write] = []
  /// By session, each session's in order.
  private(set) var reads: [Read] = []
  /// Each session's writes and reads.
  private(set) var sessions: [(writes: [Int], reads: [Int])] = []
  private(set) var keys: [Value?] = []
  /// For each write, how many of its session's reads came before.
  private(set) var readsBefore: [Int] = []
  /// Each write's session, and its place among the session's writes.
  private(set) var sessionOf: [Int] = []
  private(set) var placeOf: [Int] = []

  private var keyNumbers: [Value?: Int] = [:]
  private var numberOf: [SessionParts.Name: Int] = [:]

  /// A write or a read among its session's.
  private struct Step {
    let process: Int
    let operation: Int
    let part: Int
    let isWrite: Bool
    let index: Int
  }

  /// The view of a history.
  init(_ history: History) throws(RegisterView.Obstacle) {
    var parts = SessionParts(history)
    try parts.collect()
    let read = Set(parts.reads.flatMap(\.values))
    var steps: [Step] = []
    for write in parts.writes {
      let name = SessionParts.Name(key: write.key, value: write.value)
      let operation = history.operations[write.operation]
      guard operation.isKnown || read.contains(name) else { continue }
      numberOf[name] = writes.count
      steps.append(
        Step(
          process: operation.process, operation: write.operation, part: write.part, isWrite: true,
          index: writes.count))
      let key = number(of: write.key)
      writes.append(Write(operation: write.operation, process: operation.process, key: key))
    }
    for (index, read) in parts.reads.enumerated() {
      let process = history.operations[read.operation].process
      steps.append(
        Step(
          process: process, operation: read.operation, part: read.part, isWrite: false,
          index: index))
    }
    arrange(steps, parts)
  }

  private mutating func number(of key: Value?) -> Int {
    if let number = keyNumbers[key] { return number }
    keyNumbers[key] = keys.count
    keys.append(key)
    return keys.count - 1
  }

  private mutating func arrange(_ steps: [Step], _ parts: SessionParts) {
    var places: [Int: Int] = [:]
    readsBefore = Array(repeating: 0, count: writes.count)
    sessionOf = readsBefore
    placeOf = readsBefore
    let sorted = steps.sorted {
      ($0.process, $0.operation, $0.part) < ($1.process, $1.operation, $1.part)
    }
    for step in sorted {
      let session = places[step.process] ?? sessions.count
      if session == sessions.count {
        places[step.process] = session
        sessions.append(([], []))
      }
      guard step.isWrite else {
        read(parts.reads[step.index], step, session)
        continue
      }
      readsBefore[step.index] = sessions[session].reads.count
      sessionOf[step.index] = session
      placeOf[step.index] = sessions[session].writes.count
      sessions[session].writes.append(step.index)
    }
  }

  private mutating func read(_ part: SessionParts.Read, _ step: Step, _ session: Int) {
    let seen = part.values.compactMap { numberOf[$0] }
    let shown: Shown =
      switch part.kind {
      case .last: .last(seen.first)
      case .all: .all(seen)
      case .ordered: .ordered(seen)
      }
    sessions[session].reads.append(reads.count)
    reads.append(
      Read(
        operation: step.operation, process: step.process, key: number(of: part.key), shown: shown,
        written: sessions[session].writes.count))
  }
}
