import Lab
import ProtocolCore
import ReferenceModels
import Testing

/// The explorer counts what others have counted.
struct LamportTests {
  static func explorer(_ size: Int, without: Set<Process.Rule> = []) throws -> Explorer<TwoPhase> {
    let bounds = Bounds(crashes: 0, losses: 0, duplicates: 0, expiries: .max)
    var explorer = Explorer(
      try Cluster<TwoPhase>(TwoPhase.topology(size), without: without, bounds: bounds))
    explorer.isLasting = true
    return explorer
  }

  @Test(arguments: [(3, 288), (5, 8_832)])
  func `Lamport's TwoPhase has as many states as others count`(size: Int, count: Int) throws {
    let found = try Self.explorer(size).explore()
    #expect(found.ending == .exhausted)
    #expect(found.states == count)
    #expect(found.unwitnessed == [])
  }

  @Test(arguments: [(3, 80, 288), (5, 314, 8_832)])
  func `Orbits stand for all states`(size: Int, orbits: Int, count: Int) throws {
    var explorer = try Self.explorer(size)
    explorer.takesOrbits = true
    let found = explorer.explore()
    #expect(found.ending == .exhausted)
    #expect(found.states == orbits)
    #expect(found.statesInOrbits == count)
  }

  @Test(arguments: [false, true])
  func `The shortest run that goes wrong is found`(byOrbits: Bool) throws {
    var explorer = try Self.explorer(3, without: [.allPrepared])
    explorer.takesOrbits = byOrbits
    guard case .violated(let property, let acts) = explorer.explore().ending else {
      Issue.record("nothing was found")
      return
    }
    #expect(property == .consistent)
    #expect(acts.count == 5)
    var system = SystemState(explorer.cluster)
    for act in acts { _ = try? system.perform(act) }
    #expect(system.violated() == .consistent)
  }
}
