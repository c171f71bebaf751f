import Lab
import ProtocolCore

/// Asked to, a node opens a stream and sends two numbers of a new round.
///
/// Its peer says which it hears. Once the stream has ended it is opened again.
struct Writer: ToyMachine {
  enum Words: Vocabulary {
    struct Message: Hashable, CustomStringConvertible {
      let round: Int
      let number: Int
      var description: String { "\(round).\(number)" }
    }
    enum Request: String { case write, part }
    typealias Reply = Never
    struct Record: Hashable { let round: Int }
    enum Note: Hashable { case begun(Int), heard(Message, from: NodeID), ended(NodeID) }
    enum Timer: Int, Comparable {
      case again
      static func < (a: Timer, b: Timer) -> Bool { a.rawValue < b.rawValue }
    }
    static let channels: [Channel] = [.main]
    static func carriage(of message: Message) -> Carriage { .stream() }
    static func settle(_ record: Record, on disk: inout [Record]) { disk = [record] }
  }
  let peer: NodeID
  var round = 0

  mutating func step(_ event: Event<Words>) -> [Effect<Words>] {
    switch event {
    case .started(let disk):
      round = disk.last?.round ?? 0
      return []
    case .asked(.write, _), .expired(.again):
      guard round < 2 else { return [] }
      round += 1
      return [.persist(Words.Record(round: round)), .connect(peer), .note(.begun(round))]
        + (1...2).map { .send(Words.Message(round: round, number: $0), to: peer) }
    case .asked(.part, _): return [.disconnect(peer)]
    case .received(let message, let from): return [.note(.heard(message, from: from))]
    case .disconnected(let other, _):
      return [.note(.ended(other))] + (round > 0 ? [.set(.again, after: 5...9)] : [])
    case .stored: return []
    }
  }
}

enum Letters: Toy {
  typealias Node = Writer

  /// What is heard of a round is a beginning of it, in order, once, and nothing of an older one
  /// comes behind a newer one.
  enum Property: String, PropertyName {
    case inOrder, bothRounds
    var form: PropertyForm<Condition> {
      switch self {
      case .inOrder: .always
      case .bothRounds: .sometimes(.second)
      }
    }
  }
  enum Condition: String, Named { case second }

  struct Monitor: ProtocolCore.Monitor {
    typealias Node = Writer
    typealias Property = Letters.Property
    typealias Condition = Letters.Condition
    var last: [NodeID: Writer.Words.Message] = [:]
    var isBroken = false

    mutating func observe(_ observation: Observation<Writer.Words>, at id: NodeID) {
      switch observation {
      case .noted(.heard(let message, _)):
        let before = last[id]
        let isNext = before?.round == message.round && before?.number == message.number - 1
        let isNew = message.number == 1 && (before?.round ?? 0) < message.round
        if !isNext, !isNew { isBroken = true }
        last[id] = message
      case .crashed: last[id] = nil
      default: break
      }
    }
    func holds(_ property: Property) -> Bool { property != .inOrder || !isBroken }
    func holds(_ condition: Condition, at id: NodeID, in scene: Scene<Writer>) -> Bool {
      last[id]?.round == 2
    }
  }

  static let name = "letters"
  static let faults = Fault.usual.union([.sever]).subtracting([.suspicion])
  static let requests: [Writer.Words.Request] = [.write, .part]
  static func machine(_ id: NodeID, among all: [NodeID]) -> Writer {
    Writer(peer: id == "a" ? "b" : "a")
  }
  static func monitor(of all: [NodeID]) -> Monitor { Monitor() }
}
