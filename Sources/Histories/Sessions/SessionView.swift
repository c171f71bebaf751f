/// A history as the checkers of session guarantees see it: writes, and reads that show which writes
/// were visible.
///
/// A read of a register shows the last of the visible writes; a read of a set shows them all, and
/// one of a list shows them all in order. Written values must be distinct, so that a value tells its
/// write. Of a transaction each part counts as an operation of its session.
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
  /// Whether every read shows a register's last write only.
  private(set) var isOfRegisters = true

  /// The view of a history.
  init(_ history: History) throws(RegisterView.Obstacle) {
    var parts = SessionParts(history)
    try parts.collect()
    let read = Set(parts.reads.flatMap(\.values))
    var numbers: [Value?: Int] = [:]
    var numberOf: [SessionParts.Name: Int] = [:]
    func key(_ value: Value?, _ keys: inout [Value?]) -> Int {
      if let number = numbers[value] { return number }
      numbers[value] = keys.count
      keys.append(value)
      return keys.count - 1
    }
    let kept = parts.writes.filter {
      history.operations[$0.operation].isKnown
        || read.contains(SessionParts.Name(key: $0.key, value: $0.value))
    }
    for write in kept {
      numberOf[SessionParts.Name(key: write.key, value: write.value)] = writes.count
      let process = history.operations[write.operation].process
      writes.append(
        Write(operation: write.operation, process: process, key: key(write.key, &keys)))
    }
    var places: [Int: Int] = [:]
    var all: [(process: Int, operation: Int, part: Int, isWrite: Bool, index: Int)] = []
    for (index, write) in kept.enumerated() {
      all.append((writes[index].process, write.operation, write.part, true, index))
    }
    for (index, read) in parts.reads.enumerated() {
      let process = history.operations[read.operation].process
      all.append((process, read.operation, read.part, false, index))
    }
    all.sort { ($0.process, $0.operation, $0.part) < ($1.process, $1.operation, $1.part) }
    readsBefore = Array(repeating: 0, count: writes.count)
    sessionOf = readsBefore
    placeOf = readsBefore
    for one in all {
      let session = places[one.process] ?? sessions.count
      if session == sessions.count {
        places[one.process] = session
        sessions.append(([], []))
      }
      if one.isWrite {
        readsBefore[one.index] = sessions[session].reads.count
        sessionOf[one.index] = session
        placeOf[one.index] = sessions[session].writes.count
        sessions[session].writes.append(one.index)
        continue
      }
      let part = parts.reads[one.index]
      let seen = part.values.compactMap { numberOf[$0] }
      let shown: Shown =
        switch part.kind {
        case .last: .last(seen.first)
        case .all: .all(seen)
        case .ordered: .ordered(seen)
        }
      if part.kind != .last { isOfRegisters = false }
      sessions[session].reads.append(reads.count)
      reads.append(
        Read(
          operation: one.operation, process: one.process, key: key(part.key, &keys), shown: shown,
          written: sessions[session].writes.count))
    }
  }
}
