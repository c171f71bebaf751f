import ProtocolCore
import Testing

/// What may come in, in whatever order.
struct AnyInput<Words: Vocabulary> {
  let messages: [Words.Message]
  let asks: [Event<Words>]
  let logs: [[Words.Record]]
  let timers: [Words.Timer]

  /// Five hundred lives of forty events, each begun by a start, and what must be so in them.
  ///
  /// - Parameters:
  ///   - keeps: whether a machine has kept what a message must not change that it blames.
  ///   - serves: what a machine does wrong after such a life, if it obeys all rules.
  func bear<N: Machine & Ruled>(
    _ node: N, keeping keeps: (N, N) -> Bool = { $0 == $1 },
    thenServes serves: (N) -> [String] = { _ in [] },
    sourceLocation: SourceLocation = #_sourceLocation
  ) where N.Words == Words {
    let (findings, effects) = findings(node, keeps, serves)
    #expect(effects > 500, sourceLocation: sourceLocation)
    #expect(findings == [], sourceLocation: sourceLocation)
  }

  /// What was not as it must be, of each kind once; and how much was done.
  func findings<N: Machine & Ruled>(
    _ birth: N, _ keeps: (N, N) -> Bool, _ serves: (N) -> [String]
  ) -> (findings: [String], effects: Int) where N.Words == Words {
    var choices = Choices(seed: 1)
    let peers: [NodeID] = ["c", "a", "b", "stranger"]
    var findings: [String] = []
    var effects = 0
    for life in 0..<500 {
      var node = birth
      if life % 4 == 0, let rule = choices.pick(Array(N.Rule.allCases)) { node.without = [rule] }
      let isSound = node.without.isEmpty
      effects += node.step(.started(choices.pick(logs) ?? [])).count
      for number in 0..<40 {
        let sender = choices.pick(peers) ?? "stranger"
        let event: Event<Words>? =
          switch choices.below(8) {
          case 0: choices.pick(asks).map { numbered($0, number) }
          case 1, 2: choices.pick(timers).map { .expired($0) }
          case 3: choices.pick(logs).map { .stored($0) }
          default: choices.pick(messages).map { .received($0, from: sender) }
          }
        guard let event else { continue }
        let before = node
        let out = node.step(event)
        effects += out.count
        if isSound { findings += mistakes(event, out, isKept: keeps(before, node)) }
      }
      if isSound { findings += serves(node) }
    }
    var seen: Set<String> = []
    return (findings.filter { seen.insert($0).inserted }, effects)
  }

  /// The request with a number of its own, as hosts give it.
  private func numbered(_ event: Event<Words>, _ number: Int) -> Event<Words> {
    if case .asked(let request, _) = event { .asked(request, RequestID(number)) } else { event }
  }

  /// What is wrong with a step: whoever blames the sender, and does nothing else, must have left
  /// everything as it was; and a machine answers nobody twice in one step.
  private func mistakes(
    _ event: Event<Words>, _ out: [Effect<Words>], isKept: Bool
  ) -> [String] {
    var mistakes: [String] = []
    if !isKept, out.count == 1, case .note(let note) = out[0], "\(note)".hasPrefix("unexpected") {
      mistakes.append("\(event) is blamed, and changes the machine")
    }
    var answered: Set<RequestID> = []
    for case .reply(_, let request, _) in out where !answered.insert(request).inserted {
      mistakes.append("\(event) has two replies for one request")
    }
    return mistakes
  }
}

/// The check of any input, on machines that are wrong.
@Suite struct AnyInputWitnesses {
  /// Blames whoever sends anything, and may count it all the same, or answer twice.
  struct Blamer: Machine, Ruled {
    enum Words: Vocabulary {
      enum Message: Hashable { case word }
      enum Request: Hashable { case ask }
      enum Reply: Hashable { case done }
      typealias Record = Never
      enum Note: Hashable { case unexpected(Message) }
      typealias Timer = Never
    }
    enum Rule: String, RuleName {
      case none
      var kind: RuleKind { .safety }
      var sentence: String { "none" }
      var source: String { "none" }
    }
    var without: Set<Rule> = []
    let counts: Bool
    let repeats: Bool
    var count = 0

    mutating func step(_ event: Event<Words>) -> [Effect<Words>] {
      switch event {
      case .received(let message, _):
        if counts { count += 1 }
        return [.note(.unexpected(message))]
      case .asked(_, let client):
        return [.reply(.done, to: client)] + (repeats ? [.reply(.done, to: client)] : [])
      case .started, .stored, .expired, .disconnected: return []
      }
    }
  }

  private func findings(counts: Bool = false, repeats: Bool = false) -> [String] {
    AnyInput<Blamer.Words>(
      messages: [.word], asks: [.asked(.ask, RequestID(0))], logs: [], timers: []
    ).findings(Blamer(counts: counts, repeats: repeats), { $0 == $1 }) { node in
      node.count == 0 ? [] : ["it has counted"]
    }.findings
  }

  @Test func `Who counts what it blames, or answers twice, is found`() {
    #expect(findings() == [])
    #expect(findings(counts: true).contains { $0.hasSuffix("changes the machine") })
    #expect(findings(counts: true).contains("it has counted"))
    #expect(findings(repeats: true).contains { $0.hasSuffix("two replies for one request") })
  }
}
