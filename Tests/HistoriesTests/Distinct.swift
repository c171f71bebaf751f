import Histories

/// Random histories of registers, or of sets, whose written values are distinct: replicas that pass
/// writes on late, or not at all, answer, so that every guarantee is broken now and then.
struct Distinct {
  var chance: Chance

  init(seed: Int) { chance = Chance(seed &+ 7_000_000) }

  mutating func history(_ most: Int, _ model: ModelName, keys: Int = 2) -> History {
    var history = History(processes: (0..<9).map { "p\($0)" })
    history.model = model
    let processes = 2 + chance.below(2)
    let count = 2 + chance.below(most - 1)
    var written: [(key: Value, value: Value)] = []
    for index in 0..<count {
      let process = chance.below(processes)
      let key = Value.int(chance.below(keys))
      let isUnknown = chance.one(in: 8)
      // What is of unknown outcome is the last that its process does.
      var operation = Operation(
        process: isUnknown ? 5 + index % 4 : process, "read", key: key, call: index * 2,
        end: isUnknown ? nil : index * 2 + 1)
      if model == .set ? written.count < 3 && chance.one(in: 3) : chance.one(in: 2) {
        operation.function = model == .set ? "add" : "write"
        operation.input = .int(written.count + 1)
        written.append((key, operation.input))
      } else if !isUnknown {
        let own = written.filter { $0.key == key }.map(\.value)
        let seen = own.filter { _ in !chance.one(in: 4) }
        operation.output =
          model == .set ? .list(seen) : own.isEmpty || chance.one(in: 6) ? .null : chance.of(own)
      }
      history.operations.append(operation)
    }
    // Reads of what is written later are seldom, and must be judged too.
    if chance.one(in: 4), model == .register {
      let reads = history.operations.indices.filter {
        history.operations[$0].function == "read" && history.operations[$0].isKnown
      }
      if let read = reads.first {
        let key = history.operations[read].key
        if let last = written.last(where: { $0.key == key }) {
          history.operations[read].output = last.value
        }
      }
    }
    let used = history.operations.filter { !$0.isKnown }.map(\.process)
    if Set(used).count < used.count { history.operations.removeAll { !$0.isKnown } }
    return history
  }
}
