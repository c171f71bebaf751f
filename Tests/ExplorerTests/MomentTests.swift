import Lab
import ProtocolCore
import Testing

/// Recovery: each property comes to hold at a moment of its own.
struct MomentTests {
  /// A node that is red at first and, when time passes, green for a while, and red again.
  struct Light: ToyMachine {
    enum Words: Vocabulary {
      typealias Message = Never
      typealias Request = Never
      typealias Reply = Never
      typealias Record = Never
      typealias Note = Never
      enum Timer: Int, Comparable {
        case change
        static func < (a: Timer, b: Timer) -> Bool { a.rawValue < b.rawValue }
      }
    }
    var changes = 0
    mutating func step(_ event: Event<Words>) -> [Effect<Words>] {
      switch event {
      case .started: return [.set(.change, after: 10...10)]
      case .expired:
        changes += 1
        return changes < 3 ? [.set(.change, after: 10...10)] : []
      case .asked, .received, .disconnected, .stored: return []
      }
    }
  }

  enum Lights: Toy {
    typealias Node = Light
    enum Property: String, PropertyName {
      case turnsGreen, turnsYellow, turnsBlue
      var form: PropertyForm<Condition> {
        switch self {
        case .turnsGreen: .recovers(.green, repaired: true)
        case .turnsYellow: .recovers(.yellow, repaired: true)
        case .turnsBlue: .recovers(.blue, repaired: true)
        }
      }
    }
    enum Condition: String, Named { case green, yellow, blue }
    struct Monitor: ProtocolCore.Monitor {
      typealias Node = Light
      typealias Property = Lights.Property
      typealias Condition = Lights.Condition
      mutating func observe(_ observation: Observation<Light.Words>, at id: NodeID) {}
      func holds(_ property: Property) -> Bool { true }
      func holds(_ condition: Condition, at id: NodeID, in scene: Scene<Light>) -> Bool {
        let changes = scene[id]?.changes ?? 0
        switch condition {
        case .green: return changes == 1
        case .yellow: return changes == 2
        case .blue: return false
        }
      }
    }
    static let name = "lights"
    static let faults: Set<Fault> = [.suspicion]
    static func machine(_ id: NodeID, among all: [NodeID]) -> Light { Light() }
    static func monitor(of all: [NodeID]) -> Monitor { Monitor() }
  }

  @Test func `Two properties need not come to hold at one moment`() throws {
    let cluster = try Cluster<Lights>(Lights.topology(1), bounds: Bounds(crashes: 0))
    let system = SystemState(cluster)
    #expect(system.holds(.turnsGreen) && system.holds(.turnsYellow))
    #expect(system.violated(among: [.turnsGreen, .turnsYellow]) == nil)
    // What never comes is told, whatever comes beside it.
    #expect(system.violated(among: [.turnsYellow, .turnsBlue]) == .turnsBlue)
    #expect(!system.holds(.turnsBlue))
    // A simulator and a replay agree.
    var simulator = Simulator(cluster, length: 1...1)
    simulator.judged = [.turnsGreen, .turnsYellow]
    for seed in 0..<20 as Range<UInt64> {
      let run = simulator.run(seed: seed)
      let replayed = simulator.judged.filter { !run.system.holds($0) }
      #expect((run.violated == nil) == replayed.isEmpty)
    }
  }
}
