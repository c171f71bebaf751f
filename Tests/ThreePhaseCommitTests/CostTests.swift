import Lab
import ProtocolCore
import Testing
import ThreePhaseCommit
import ThreePhaseCommitLab
import TwoPhaseCommit
import TwoPhaseCommitLab

struct CostTests {
  @Test(arguments: ThreePhaseCommitCost.table(updaters: 1...5))
  func `Messages, writes and rounds are as many as the formula says`(
    cost: ThreePhaseCommitCost
  ) throws {
    let counted = try cost.counted()
    #expect(counted.messages == cost.formula.messages)
    #expect(counted.forced == cost.formula.forced)
    #expect(counted.records == cost.formula.records)
    #expect(counted.rounds == cost.formula.rounds)
  }

  @Test func `A commit of n costs 5n messages and n+2 forced writes`() throws {
    let n = 4
    let commit = try ThreePhaseCommitCost(updaters: n).counted()
    #expect((commit.messages, commit.forced) == (5 * n, n + 2))
  }

  @Test(arguments: 1...5)
  func `A commit takes one round trip more than two phases do, an abort none`(n: Int) throws {
    for isDoomed in [false, true] {
      let two = try CommitCost(.nothing, updaters: n, isDoomed: isDoomed).counted()
      let three = try ThreePhaseCommitCost(updaters: n, isDoomed: isDoomed).counted()
      // Two phases end with an acknowledgement, so that the coordinator may forget.
      let (messages, rounds) = (two.messages - n, two.rounds - 1)
      #expect(three.messages == messages + (isDoomed ? 0 : 2 * n))
      #expect(three.rounds == rounds + (isDoomed ? 0 : 2))
    }
  }

  @Test(arguments: ["voteTwice", "asksTwice"])
  func `Counting catches what is said twice`(name: String) throws {
    let flaw = try #require(ThreePhaseCommitLaboratory.flaw(named: name))
    let cost = ThreePhaseCommitCost(updaters: 3)
    let counted = try cost.counted(flaw: flaw)
    #expect(counted.messages > cost.formula.messages)
  }
}

struct TerminationCostTests {
  @Test(arguments: TerminationCost.Finding.allCases, 1...5)
  func `A termination costs what the formula says`(
    finding: TerminationCost.Finding, followers: Int
  ) throws {
    let cost = TerminationCost(finding, followers: followers)
    let counted = try cost.counted()
    #expect(counted.messages == cost.formula.messages)
    #expect(counted.forced == cost.formula.forced)
  }

  /// What three phases are for: it does not matter how long the coordinator is down.
  @Test func `Nobody is uncertain for longer because the coordinator is down for longer`() throws {
    let short = try ThreePhaseCommitLaboratory.timeUncertain(downtime: 200)
    let long = try ThreePhaseCommitLaboratory.timeUncertain(downtime: 800)
    #expect(short > 0)
    #expect(long == short)
    #expect(try TimeInDoubt(downtime: 800).inDoubt > 4 * long)
  }
}
