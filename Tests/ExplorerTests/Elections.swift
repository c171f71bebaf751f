import Lab
import ProtocolCore

/// Whoever has not heard of a leader for long leads in the next term, and tells the others again
/// and again.
struct Elector: ToyMachine {
  enum Words: Vocabulary {
    struct Message: Hashable { let term: Int }
    typealias Request = Never
    typealias Reply = Never
    typealias Record = Never
    enum Note: Hashable { case leads(Int) }
    enum Timer: Int, Comparable {
      case beat, election
      static func < (a: Timer, b: Timer) -> Bool { a.rawValue < b.rawValue }
    }
  }
  let others: [NodeID]
  var term = 0
  var isLeader = false
  /// How often the same leader was heard of, or beat, three at most.
  var beats = 0

  mutating func step(_ event: Event<Words>) -> [Effect<Words>] {
    switch event {
    case .started: return [.set(.election, after: 50...100)]
    case .expired(.election):
      (term, isLeader, beats) = (term + 1, true, 0)
      return [.note(.leads(term))] + beat()
    case .expired(.beat):
      beats = min(beats + 1, 3)
      return beat()
    case .received(let message, _)
    where message.term >= term && !(isLeader && message.term == term):
      beats = message.term == term ? min(beats + 1, 3) : 0
      (term, isLeader) = (message.term, false)
      return [.cancel(.beat), .set(.election, after: 50...100)]
    case .received, .asked, .disconnected, .stored: return []
    }
  }

  private func beat() -> [Effect<Words>] {
    others.map { .send(Words.Message(term: term), to: $0) } + [.set(.beat, after: 10...10)]
  }
}

enum Elections: Toy {
  typealias Node = Elector
  enum Property: String, PropertyName {
    /// Terms do not go back.
    case onward
    /// A leader stays, once nothing fails any more.
    case steady
    /// One stays also on the side of a majority while the rest is cut off.
    case steadyThere
    var form: PropertyForm<Condition> {
      switch self {
      case .onward: .always
      case .steady: .recovers(.led, repaired: true)
      case .steadyThere: .recovers(.ledThere, repaired: true, healed: false)
      }
    }
  }
  enum Condition: String, Named { case led, ledThere }

  struct Monitor: ProtocolCore.Monitor {
    typealias Node = Elector
    typealias Property = Elections.Property
    typealias Condition = Elections.Condition
    let count: Int
    var highest: [NodeID: Int] = [:]
    var isBack = false
    mutating func observe(_ observation: Observation<Elector.Words>, at id: NodeID) {
      guard case .noted(.leads(let term)) = observation else { return }
      if term <= highest[id, default: 0] { isBack = true }
      highest[id] = term
    }
    func holds(_ property: Property) -> Bool { !isBack }
    func holds(_ condition: Condition, at id: NodeID, in scene: Scene<Elector>) -> Bool {
      let isFew = scene.connected(with: id) * 2 <= count
      return scene[id].map { $0.beats == 3 } ?? false || condition == .ledThere && isFew
    }
  }

  static let name = "elections"
  static let faults: Set<Fault> = [.loss, .reordering, .cut, .suspicion]
  static let timerKinds = ["election"]
  static func kind(of timer: Elector.Words.Timer) -> String? {
    timer == .election ? "election" : nil
  }
  static func epoch(of node: Elector) -> Int { node.term }
  static func machine(_ id: NodeID, among all: [NodeID]) -> Elector {
    Elector(others: all.filter { $0 != id })
  }
  static func monitor(of all: [NodeID]) -> Monitor { Monitor(count: all.count) }
}
