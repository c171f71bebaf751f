import Lab
import ProtocolCore
import Testing
import TwoPhaseCommit

struct MinimizeTests {
  @Test(arguments: 0..<20 as Range<UInt64>)
  func `What is needed stays, in its order, and nothing else`(seed: UInt64) {
    var choices = Choices(seed: seed)
    let size = choices.within(1...60)
    let all = Array(0..<size)
    let needed = all.filter { _ in choices.chance(1, in: 6) }
    var tries = 0
    let least = minimize(all) { candidate in
      tries += 1
      return needed.allSatisfy(candidate.contains)
    }
    #expect(least == needed)
    #expect(tries <= 2 * size * size + 20)
  }

  @Test func `What can be lower is lowered`() {
    let least = minimize([9, 7, 8], lowering: { Array(0..<$0) }) { $0.contains { $0 >= 4 } }
    #expect(least == [4])
  }

  @Test func `What never fails is not made smaller`() {
    #expect(minimize([1, 2, 3]) { _ in false } == [1, 2, 3])
  }
}

struct DeterminismTests {
  /// Swift seeds its hashing anew in each process: a number that is written down here and still
  /// holds was the same in another process.
  @Test func `A trace has one hash in all processes`() throws {
    let cluster = try Cluster<TwoPhaseCommitModel>(TwoPhaseCommitModel.topology(3), variant: .abort)
    var hash = Fingerprint()
    for seed in 0..<40 as Range<UInt64> {
      var system = SystemState(cluster)
      let trace = Trace(of: Simulator(cluster).run(seed: seed).acts, on: &system)
      hash.add("\(trace.hash)")
    }
    #expect(hash.value == 6_157_418_547_438_503_392)
  }

  @Test func `Choices are the same everywhere`() {
    var choices = Choices(seed: 1)
    #expect(choices.next() == 0x910A_2DEC_8902_5CC1)
    let drawn = (0..<200).map { _ in choices.below(10) }
    #expect(Set(drawn) == Set(0..<10))
    #expect(choices.pick([Int]()) == nil)
    #expect(choices.shuffled([1, 2, 3]).sorted() == [1, 2, 3])
  }

  @Test func `Deleting an act changes nothing for the others but what they need`() throws {
    let cluster = try Cluster<TwoPhaseCommitModel>(TwoPhaseCommitModel.topology(2))
    let run = Simulator(cluster).run(seed: 11)
    for index in run.acts.indices {
      var acts = run.acts
      acts.remove(at: index)
      var system = SystemState(cluster)
      _ = Trace(of: acts, on: &system)  // skips what cannot happen, and does not stop
      #expect(system.violatedAlways() == nil)
    }
  }
}
