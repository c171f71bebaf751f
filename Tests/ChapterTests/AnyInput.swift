import ProtocolCore
import Testing

/// What may come in, in whatever order.
struct AnyInput<Words: Vocabulary> {
  let messages: [Words.Message]
  let asks: [Event<Words>]
  let logs: [[Words.Record]]
  let timers: [Words.Timer]

  /// Five hundred lives of forty events, each begun by a start.
  func bear<N: Machine & Ruled>(_ node: N) where N.Words == Words {
    var choices = Choices(seed: 1)
    let peers: [NodeID] = ["c", "a", "b", "stranger"]
    var effects = 0
    for life in 0..<500 {
      var node = node
      if life % 4 == 0, let rule = choices.pick(Array(N.Rule.allCases)) { node.without = [rule] }
      effects += node.step(.started(choices.pick(logs) ?? [])).count
      for _ in 0..<40 {
        let sender = choices.pick(peers) ?? "stranger"
        switch choices.below(8) {
        case 0: effects += choices.pick(asks).map { node.step($0).count } ?? 0
        case 1, 2: effects += choices.pick(timers).map { node.step(.expired($0)).count } ?? 0
        case 3: effects += choices.pick(logs).map { node.step(.stored($0)).count } ?? 0
        default:
          effects +=
            choices.pick(messages).map { node.step(.received($0, from: sender)).count } ?? 0
        }
      }
    }
    #expect(effects > 500)
  }
}
