import ProtocolCore
public import SharedStorage

/// Goes through all protocols of two nodes that cannot hear each other, and finds for each a run in
/// which it gives up consistency or availability.
///
/// While the network is parted a node knows nothing but what it was asked itself, and in which
/// order; so a deterministic protocol is a function from what a node was asked so far to its
/// answer. The requests are two writes and a read, and a node is asked three times at most: it
/// knows one of
/// 3 + 9 + 27 = 39 such **local histories**. To a write it answers *done*, or refuses; to a read
/// the first value, one of the two that may be written, or it refuses. With 26 local histories that
/// end in a write, and 13 that end in a read, there are 2²⁶ · 4¹³ = 2⁵² functions, and as one node
/// may have another than the other, 2¹⁰⁴ protocols.
///
/// A run is a sequence of requests, one after the other, each at one of the nodes. It is played for
/// all protocols at once: where the next answer has not been asked for, the search goes on with
/// each that there may be. When a run shows that a protocol refuses, or that what it answered has
/// no order, so does every protocol that has given these answers, and all of them are counted.
///
/// That a wait is no way out: a node to which no message comes knows no more after it; with clocks
/// it knows how long it has waited, and then the moments are part of what it knows.
///
/// Source: Gilbert, Lynch 2002, theorem 1 (asynchronous) and theorem 2 (partially synchronous).
public struct PartitionSearch: Sendable {
  /// What a node may be asked, or may notice.
  enum Input: Int, CaseIterable, Hashable, Sendable {
    case read
    case writeOne
    case writeTwo
    /// Time passes, at both nodes.
    case tick
  }

  /// What it may answer.
  enum Answer: Int, Hashable, Sendable {
    case initial
    case one
    case two
    case done
    case refused
  }

  /// Which nodes hear each other.
  public enum Network: Hashable, Sendable {
    /// None does.
    case parted
    /// None does, and both have clocks.
    case partedWithClocks
    /// Both do, at once: what one was asked the other knows as well.
    case connected
  }

  /// Which nodes hear each other.
  let network: Network
  /// What consistency means.
  let guarantee: SharedStorage.Property
  /// How many inputs a node may have at most.
  let length: Int
  /// Whether a refusal is no answer.
  let demandsAnswers: Bool

  /// A search.
  ///
  /// - Parameters:
  ///   - network: which nodes hear each other.
  ///   - guarantee: what consistency means.
  ///   - length: how many inputs a node may have at most; where nodes hear each other, both
  ///   together.
  ///   - demandsAnswers: whether a refusal is no answer.
  public init(
    _ network: Network, _ guarantee: SharedStorage.Property = .linearizable, length: Int = 3,
    demandsAnswers: Bool = true
  ) {
    self.network = network
    self.guarantee = guarantee
    self.length = length
    self.demandsAnswers = demandsAnswers
  }

  /// What a search found.
  public struct Result: Hashable, Sendable {
    /// Of the number of protocols the binary logarithm.
    public var protocols = 0
    /// For each leaf of the tree in which a request is refused, the binary logarithm of how many
    /// choices lead there.
    ///
    /// Of all protocols one in that power of two stands there.
    public var refused: [Int] = []
    /// The same where all is answered, and the answers have no order.
    public var refuted: [Int] = []
    /// Whether some protocol was found that gives up nothing; the search ends with it.
    public var isSurvived = false
    /// The runs that were needed, as `write 1 at p, read at q`.
    public var runs: [String] = []

    /// Whether every protocol was found to give up something: the parts add up to all.
    public var isExhaustive: Bool {
      let leaves = refused + refuted
      guard !isSurvived, let deepest = leaves.max(), deepest < 60 else { return false }
      return leaves.reduce(0) { $0 + 1 << (deepest - $1) } == 1 << deepest
    }

    /// How many requests the longest of these runs has.
    public var longest: Int { runs.map { $0.split(separator: ",").count }.max() ?? 0 }

    /// Of all protocols the part that falls by a refusal before it falls by its answers, in the
    /// order of the runs.
    public var unavailable: Double { refused.reduce(0) { $0 + 1 / Double(1 << $1) } }
  }
}

// MARK: Runs

extension PartitionSearch {
  /// An input at a node: nought, one, or both.
  struct Step: Hashable {
    let node: Int
    let input: Input
  }

  private var inputs: [Input] {
    network == .partedWithClocks ? Input.allCases : [.read, .writeOne, .writeTwo]
  }

  /// What a node knows, as a number: its inputs so far, the first in front, as digits.
  private static func extended(_ history: Int, by code: Int) -> Int { history * 8 + code + 1 }

  /// All runs, the shortest first.
  var runs: [[Step]] {
    var all: [[Step]] = []
    var last: [[Step]] = [[]]
    let steps = inputs.flatMap { input in
      input == .tick ? [Step(node: 2, input: input)] : [0, 1].map { Step(node: $0, input: input) }
    }
    for _ in 0..<(network == .connected ? length : 2 * length) {
      last = last.flatMap { run in steps.map { run + [$0] } }.filter { run in
        network == .connected
          || [0, 1].allSatisfy { node in
            run.count { $0.node == node || $0.node == 2 } <= length
          }
      }
      all += last.filter { $0.last?.input != .tick }
    }
    return all
  }

  /// The binary logarithm of the number of protocols: to each local history but the empty one
  /// there are two answers if it ends in a write, of which there are two, and four if it ends in a
  /// read.
  var protocols: Int {
    let codes = network == .connected ? 2 * inputs.count : inputs.count
    var (longer, all) = (1, 0)
    for _ in 0..<length {
      all += longer
      longer *= codes
    }
    // Where nodes hear each other what both know ends in a request of one of the two.
    return 2 * all * (1 + 1 + 2)
  }
}

// MARK: The search

extension PartitionSearch {
  /// Goes through all protocols.
  public func run() -> Result {
    var result = Result()
    result.protocols = protocols
    var answers: [[Int]: Answer] = [:]
    var needed: Set<Int> = []
    let all = runs
    search(all, 0, &answers, spent: 0, &needed, &result)
    result.runs = needed.sorted().map { place in
      all[place].map { step in
        let words = ["read", "write 1", "write 2", "a tick"][step.input.rawValue]
        return step.node == 2 ? words : "\(words) at \(step.node == 0 ? "p" : "q")"
      }.joined(separator: ", ")
    }
    return result
  }

  // begin search
  /// Plays the runs from one on, for all protocols that have given these answers.
  ///
  /// - Parameter spent: the binary logarithm of how many there were to choose from.
  private func search(
    _ runs: [[Step]], _ first: Int, _ answers: inout [[Int]: Answer], spent: Int,
    _ needed: inout Set<Int>, _ result: inout Result
  ) {
    guard !result.isSurvived else { return }
    for place in runs.indices.dropFirst(first) {
      switch play(runs[place], answers) {
      case .passed: continue
      case .open(let question, let options):
        let size = options.count == 4 ? 2 : 1
        for option in options {
          answers[question] = option
          search(runs, place, &answers, spent: spent + size, &needed, &result)
        }
        answers[question] = nil
        return
      case .refused:
        needed.insert(place)
        result.refused.append(spent)
        return
      case .refuted:
        needed.insert(place)
        result.refuted.append(spent)
        return
      }
    }
    result.isSurvived = true
  }
  // end search

  private enum Outcome {
    case passed
    /// An answer is needed that is not chosen yet.
    case open([Int], [Answer])
    case refused
    case refuted
  }

  private func play(_ run: [Step], _ answers: [[Int]: Answer]) -> Outcome {
    var known = [0, 0]
    var history = SharedStorage.ObservedHistory()
    for step in run {
      for node in [0, 1] where network == .connected || step.node == node || step.node == 2 {
        let code =
          network == .connected
          ? step.input.rawValue * 2 + step.node : step.input.rawValue
        known[node] = Self.extended(known[node], by: code)
      }
      guard step.input != .tick else { continue }
      // Where both know the same, one function tells what both answer.
      let question = [network == .connected ? 0 : step.node, known[step.node]]
      guard let answer = answers[question] else {
        return .open(
          question,
          step.input == .read ? [.refused, .initial, .one, .two] : [.refused, .done])
      }
      guard answer != .refused else {
        if demandsAnswers { return .refused }
        continue
      }
      record(step, answer, &history)
    }
    return isRefuted(history) ? .refuted : .passed
  }

  private func record(
    _ step: Step, _ answer: Answer, _ history: inout SharedStorage.ObservedHistory
  ) {
    let client: ClientID = step.node == 0 ? "p" : "q"
    let call: Call =
      switch step.input {
      case .writeOne: Call("write", key: "x", value: .number(1))
      case .writeTwo: Call("write", key: "x", value: .number(2))
      case .read, .tick: Call("read", key: "x")
      }
    history.call(call, by: client)
    history.answer(
      answer == .one ? .number(1) : answer == .two ? .number(2) : .null, to: client)
  }

  private func isRefuted(_ history: SharedStorage.ObservedHistory) -> Bool {
    history.count > 0 && history.refutes(guarantee)
  }
}
