import Lab
import ProtocolCore

/// The first of the nodes keeps a number, the others say that they do not.
///
/// What is put is on disk before it is answered. Of two numbers the greater stays.
struct Keeper: ToyMachine {
  enum Words: Vocabulary {
    typealias Message = Never
    enum Request: Hashable { case put(Int), get }
    enum Reply: Hashable { case done, value(Int), notMe }
    typealias Record = Int
    enum Note: Hashable { case put(Int) }
    typealias Timer = Never
    static func isRefusal(_ reply: Reply) -> Bool { reply == .notMe }
    static func settle(_ record: Int, on disk: inout [Int]) { disk = [record] }
  }
  let keeps: Bool
  var value = 0

  mutating func step(_ event: Event<Words>) -> [Effect<Words>] {
    switch event {
    case .started(let disk):
      value = disk.last ?? 0
      return []
    case .asked(_, let client) where !keeps: return [.reply(.notMe, to: client)]
    case .asked(.put(let number), let client):
      value = max(value, number)
      return [.persist(value), .note(.put(number)), .reply(.done, to: client)]
    case .asked(.get, let client): return [.reply(.value(value), to: client)]
    case .received, .disconnected, .expired, .stored: return []
    }
  }
}

extension Keeper {
  /// What can be wrong with its answers: `answersEarly`, `answersTwice`, `answersNobody`.
  static func flaw(_ name: String) -> Flaw<Keeper> {
    Flaw(
      name, name,
      editing: { _, event, effect in
        guard case .reply(let reply, let client, _) = effect else { return [effect] }
        switch (name, reply) {
        case ("answersEarly", _): return [.reply(reply, to: client, .atOnce)]
        case ("answersTwice", .done): return [effect, effect]
        case ("answersNobody", .done): return []
        default: return [effect]
        }
      })
  }
}

enum Register: Toy {
  typealias Node = Keeper

  enum Property: String, PropertyName {
    /// What was answered before a read began is not unseen by it.
    case fresh
    /// Nothing is answered twice.
    case once
    /// When nothing fails any more, all that clients have asked is answered.
    case served
    var form: PropertyForm<Condition> {
      self == .served ? .recovers(.answered, repaired: true) : .always
    }
  }
  enum Condition: String, Named { case answered }

  struct Monitor: ProtocolCore.Monitor {
    typealias Node = Keeper
    typealias Property = Register.Property
    typealias Condition = Register.Condition
    var answered = 0
    var asking: [ClientID: Keeper.Words.Request] = [:]
    var floor: [ClientID: Int] = [:]
    var isStale = false
    var isTwice = false

    mutating func observe(_ observation: Observation<Keeper.Words>, at id: NodeID) {
      if case .repliedAgain = observation { isTwice = true }
    }
    mutating func observe(_ event: ClientEvent<Keeper.Words>, of client: ClientID) {
      switch event {
      case .invoked(let request):
        asking[client] = request
        floor[client] = answered
      case .returned(.value(let value)):
        if value < floor[client, default: 0] { isStale = true }
        asking[client] = nil
      case .returned:
        if case .put(let number)? = asking[client] { answered = max(answered, number) }
        asking[client] = nil
      case .refused, .unknown, .gaveUp: break
      }
    }
    func holds(_ property: Property) -> Bool { property == .once ? !isTwice : !isStale }
    func holds(_ condition: Condition, at id: NodeID, in scene: Scene<Keeper>) -> Bool {
      asking.isEmpty
    }
  }

  static let name = "register"
  static let faults: Set<Fault> = [.crash, .suspicion, .forgetting]
  static func request(reading text: String) -> Keeper.Words.Request? {
    let words = text.split(separator: " ")
    if words == ["get"] { return .get }
    guard words.count == 2, words[0] == "put", let number = Int(words[1]) else { return nil }
    return .put(number)
  }
  static func machine(_ id: NodeID, among all: [NodeID]) -> Keeper { Keeper(keeps: id == all[0]) }
  static func monitor(of all: [NodeID]) -> Monitor { Monitor() }
  static func call(of request: Keeper.Words.Request) -> Call? {
    switch request {
    case .put(let number): Call("write", key: "k", value: .number(number))
    case .get: Call("read", key: "k")
    }
  }
  static func result(of reply: Keeper.Words.Reply, to request: Keeper.Words.Request) -> Datum {
    if case .value(let value) = reply { .number(value) } else { .null }
  }
}

extension Keeper.Words.Request: CustomStringConvertible {
  var description: String {
    switch self {
    case .put(let number): "put \(number)"
    case .get: "get"
    }
  }
}
