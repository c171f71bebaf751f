import Histories
import Testing

/// Staleness and convergence, beside what their definitions say.
@Suite struct EventualTests {
  /// A history of a register whose reads may be stale, with times.
  static func stale(_ seed: Int) -> History {
    var small = Small(.register, seed: seed)
    var history = small.history(6)
    for index in history.operations.indices {
      history.operations[index].call *= 10
      guard let end = history.operations[index].end else { continue }
      history.operations[index].end = end * 10 + 5
      history.operations[index].times = history.operations[index].call...(end * 10 + 5)
    }
    return history
  }

  /// Whether some order that respects real time lets every read return one of the last values.
  static func isAtomic(_ history: History, versions: Int) -> Bool {
    someOrder(history) { order in
      var held: [Value] = [.null]
      for operation in order {
        if operation.function == "write" {
          held.append(operation.input)
        } else if operation.isKnown, !held.suffix(versions).contains(operation.output) {
          return false
        }
      }
      return true
    }
  }

  static func someOrder(_ history: History, _ condition: ([Operation]) -> Bool) -> Bool {
    func extend(_ order: [Operation], _ rest: [Operation]) -> Bool {
      if rest.allSatisfy({ !$0.isKnown }), condition(order) { return true }
      return rest.indices.contains { next in
        let waits = rest.contains { $0.end ?? .max < rest[next].call }
        var left = rest
        let taken = left.remove(at: next)
        return !waits && extend(order + [taken], left)
      }
    }
    return extend([], history.operations)
  }

  @Test(arguments: [1, 2, 3]) func `Brute force agrees on versions`(versions: Int) {
    for seed in 0..<Campaign.size(of: 400) {
      let history = Self.stale(seed)
      guard case .refuted = Staleness(history).judge(versions: versions).verdict else {
        #expect(Self.isAtomic(history, versions: versions), "\(history.told)")
        continue
      }
      #expect(!Self.isAtomic(history, versions: versions), "\(history.told)")
    }
  }

  /// Golab and others 2011: Δ-atomic when it is linearizable with reads called Δ earlier.
  static func isAtomic(_ history: History, within nanoseconds: Int) -> Bool {
    var earlier = history
    for index in earlier.operations.indices where earlier.operations[index].function == "read" {
      earlier.operations[index].call -= nanoseconds
    }
    return isAtomic(earlier, versions: 1)
  }

  @Test(arguments: [0, 7, 20]) func `Brute force agrees on time`(nanoseconds: Int) {
    for seed in 0..<Campaign.size(of: 400) {
      var history = Self.stale(seed)
      history.operations.removeAll { !$0.isKnown }
      guard !history.operations.isEmpty else { continue }
      let verdict = Staleness(history).judge(nanoseconds: nanoseconds).verdict
      guard case .refuted = verdict else {
        #expect(Self.isAtomic(history, within: nanoseconds), "\(history.told)")
        continue
      }
      #expect(!Self.isAtomic(history, within: nanoseconds), "\(history.told)")
    }
  }

  @Test func `The least bounds are the least`() {
    for seed in 0..<200 {
      var history = Self.stale(seed)
      history.operations.removeAll { !$0.isKnown }
      let staleness = Staleness(history)
      if case .least(let versions) = staleness.versions() {
        #expect(Self.isAtomic(history, versions: versions))
        #expect(versions == 1 || !Self.isAtomic(history, versions: versions - 1))
      }
      if case .least(let time) = staleness.time() {
        #expect(Self.isAtomic(history, within: time))
        #expect(time == 0 || !Self.isAtomic(history, within: time - 1))
      }
    }
  }

  /// Replicas of a set, each given some of the updates; sometimes one answers what it should not.
  static func replicas(_ seed: Int) -> History {
    var chance = Chance(seed)
    var history = History(processes: ["a", "b", "c"])
    history.model = .set
    for index in 0..<(2 + chance.below(5)) {
      let moment = index * 2
      if chance.one(in: 2) {
        history.operations.append(
          Operation(
            process: 0, "add", input: .int(chance.below(3)), call: moment, end: moment + 1))
        continue
      }
      var read = Operation(process: 1 + chance.below(2), "read", call: moment, end: moment + 1)
      let given = [0, 1, 2].filter { _ in chance.one(in: 2) }.map(Value.int)
      read.delivered = given
      read.output = .list(chance.one(in: 4) ? [.int(chance.below(4))] : given)
      history.operations.append(read)
    }
    return history
  }

  /// Every pair of reads, and every answer, as the definition says.
  static func converges(_ history: History) -> Bool {
    let reads = history.operations.filter { $0.function == "read" }
    let written = history.operations.filter { $0.function == "add" }.map(\.input)
    return reads.allSatisfy { one in
      let given = one.delivered ?? []
      let shown = one.output.list ?? []
      return given.allSatisfy(written.contains) && shown.allSatisfy(given.contains)
        && reads.allSatisfy { other in
          Set(other.delivered ?? []) != Set(given)
            || Set(other.output.list ?? []) == Set(shown)
        }
    }
  }

  static func strays(_ flaw: CheckerFlaw?) -> String? {
    for seed in 0..<Campaign.size(of: 2_000) {
      let history = replicas(seed)
      switch history.judge(.strongEventual, flaw: flaw).verdict {
      case .unsuited, .undecided: continue
      case .holds: if !converges(history) { return history.told }
      case .refuted: if converges(history) { return history.told }
      }
    }
    return nil
  }

  @Test func `Brute force agrees on strong eventual convergence`() {
    #expect(Self.strays(nil) == nil)
  }

  @Test(arguments: [CheckerFlaw.convergenceOfInventions, .convergenceOfAll])
  func `The comparison catches a planted bug`(flaw: CheckerFlaw) {
    #expect(Self.strays(flaw) != nil)
  }

  @Test func `The comparison catches staleness that is counted wrong`() {
    let shows = (0..<400).contains { seed in
      let history = Self.stale(seed)
      guard case .holds = history.judge(.boundedVersions, flaw: .oneVersionMore).verdict else {
        return false
      }
      return !Self.isAtomic(history, versions: 2)
    }
    #expect(shows)
    let isLate = (0..<400).contains { seed in
      var history = Self.stale(seed)
      history.operations.removeAll { !$0.isKnown }
      guard !history.operations.isEmpty,
        case .refuted = history.judge(.boundedTime, flaw: .readsOnTime).verdict
      else { return false }
      return Self.isAtomic(history, within: 1_000_000_000)
    }
    #expect(isLate)
  }
}
