import Lab
import ProtocolCore

/// Stamps what it is asked to write with what its clock reads, and says how far ahead of its own
/// clock a stamp is that it hears of.
struct Stamper: ToyMachine {
  enum Words: Vocabulary {
    struct Message: Hashable { let stamp: Int }
    enum Request: String { case write }
    typealias Reply = Never
    typealias Record = Never
    enum Note: Hashable { case ahead(Int), stamped(Int) }
    typealias Timer = Never
  }
  let others: [NodeID]
  static let readsClock = true

  mutating func step(_ event: Event<Words>) -> [Effect<Words>] { step(event, at: 0) }
  mutating func step(_ event: Event<Words>, at reading: Ticks) -> [Effect<Words>] {
    switch event {
    case .asked:
      return [.note(.stamped(reading.count))]
        + others.map { .send(Words.Message(stamp: reading.count), to: $0) }
    case .received(let message, _): return [.note(.ahead(message.stamp - reading.count))]
    case .started, .disconnected, .expired, .stored: return []
    }
  }
}

enum Clockwork: Toy {
  typealias Node = Stamper
  enum Property: String, PropertyName {
    /// No stamp is more than two ticks ahead of the clock of its reader.
    case near
    /// A stamp can be ahead.
    case ahead
    var form: PropertyForm<Condition> { self == .near ? .always : .sometimes(.saw) }
  }
  enum Condition: String, Named { case saw }
  struct Monitor: ProtocolCore.Monitor {
    typealias Node = Stamper
    typealias Property = Clockwork.Property
    typealias Condition = Clockwork.Condition
    var most = 0
    mutating func observe(_ observation: Observation<Stamper.Words>, at id: NodeID) {
      if case .noted(.ahead(let ticks)) = observation { most = max(most, ticks) }
    }
    func holds(_ property: Property) -> Bool { most <= 2 }
    func holds(_ condition: Condition, at id: NodeID, in scene: Scene<Stamper>) -> Bool { most > 0 }
  }
  static let name = "clockwork"
  static let faults: Set<Fault> = [.reordering, .suspicion]
  static let requests: [Stamper.Words.Request] = [.write]
  static func asks(of topology: [Member<OneRole>]) -> [Ask<Stamper.Words>] {
    topology.map { Ask($0.id, oneOf: [.write]) }
  }
  static func machine(_ id: NodeID, among all: [NodeID]) -> Stamper {
    Stamper(others: all.filter { $0 != id })
  }
  static func monitor(of all: [NodeID]) -> Monitor { Monitor() }
}

/// One holds a lease of a hundred ticks of its clock, the other takes over after a hundred and
/// forty of its own.
struct Lessee: ToyMachine {
  enum Words: Vocabulary {
    enum Message: String { case granted }
    enum Request: String { case grant }
    typealias Reply = Never
    typealias Record = Never
    enum Note: String { case held, over, taken }
    enum Timer: Int, Comparable {
      case lease, grace
      static func < (a: Timer, b: Timer) -> Bool { a.rawValue < b.rawValue }
    }
  }
  let other: NodeID

  mutating func step(_ event: Event<Words>) -> [Effect<Words>] {
    switch event {
    case .asked: [.note(.held), .set(.lease, after: 100...100), .send(.granted, to: other)]
    case .received: [.set(.grace, after: 140...140)]
    case .expired(.lease): [.note(.over)]
    case .expired(.grace): [.note(.taken)]
    case .started, .disconnected, .stored: []
    }
  }
}

enum Lease: Toy {
  typealias Node = Lessee
  enum Property: String, PropertyName {
    case alone, takes
    var form: PropertyForm<Condition> { self == .alone ? .always : .sometimes(.taken) }
  }
  enum Condition: String, Named { case taken }
  struct Monitor: ProtocolCore.Monitor {
    typealias Node = Lessee
    typealias Property = Lease.Property
    typealias Condition = Lease.Condition
    var isHeld = false
    var isTaken = false
    var isBroken = false
    mutating func observe(_ observation: Observation<Lessee.Words>, at id: NodeID) {
      switch observation {
      case .noted(.held): isHeld = true
      case .noted(.over): isHeld = false
      case .noted(.taken):
        isTaken = true
        if isHeld { isBroken = true }
      default: break
      }
    }
    func holds(_ property: Property) -> Bool { !isBroken }
    func holds(_ condition: Condition, at id: NodeID, in scene: Scene<Lessee>) -> Bool { isTaken }
  }
  static let name = "lease"
  static let faults: Set<Fault> = [.suspicion]
  static func clockRates(of variant: OneForm) -> ClosedRange<Int>? { 90...110 }
  static func isTimely(_ timer: Lessee.Words.Timer) -> Bool { timer == .lease }
  static let requests: [Lessee.Words.Request] = [.grant]
  static func asks(of topology: [Member<OneRole>]) -> [Ask<Lessee.Words>] {
    [Ask("a", oneOf: [.grant])]
  }
  static func machine(_ id: NodeID, among all: [NodeID]) -> Lessee {
    Lessee(other: id == "a" ? "b" : "a")
  }
  static func monitor(of all: [NodeID]) -> Monitor { Monitor() }
}
