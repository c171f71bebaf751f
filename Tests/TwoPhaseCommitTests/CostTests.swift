import Lab
import ProtocolCore
import Testing
import TwoPhaseCommit
import TwoPhaseCommitLab

struct CostTests {
  @Test(arguments: CommitCost.table(updaters: 1...5))
  func `Messages and forced writes are as many as the formula says`(cost: CommitCost) throws {
    let counted = try cost.counted()
    #expect(counted.messages == cost.formula.messages)
    #expect(counted.forced == cost.formula.forced)
  }

  @Test func `A commit of n costs 4n messages and 2n+1 forced writes, presumed 3n and n+2`() throws
  {
    let n = 4
    let nothing = try CommitCost(.nothing, updaters: n).counted()
    #expect((nothing.messages, nothing.forced) == (4 * n, 2 * n + 1))
    let commit = try CommitCost(.commit, updaters: n).counted()
    #expect((commit.messages, commit.forced) == (3 * n, n + 2))
    let abort = try CommitCost(.abort, updaters: n).counted()
    #expect((abort.messages, abort.forced) == (4 * n, 2 * n + 1))
  }

  @Test func `A reader costs a request, a vote and no record`() throws {
    for presumption in Presumption.allCases {
      let without = try CommitCost(presumption, updaters: 3).counted()
      let with = try CommitCost(presumption, updaters: 3, readers: 1).counted()
      #expect(with.messages == without.messages + 2)
      #expect(with.records == without.records)
    }
  }

  @Test func `Counting catches a vote that is sent twice`() throws {
    let flaw = try #require(TwoPhaseCommitLaboratory.flaw(named: "voteTwice"))
    let cost = CommitCost(.nothing, updaters: 3)
    let counted = try cost.counted(flaw: flaw)
    #expect(counted.messages == cost.formula.messages + 3)
  }

  @Test(arguments: CommitCost.Form.allCases)
  func `A line and peers cost what the formulas say`(form: CommitCost.Form) throws {
    for n in 1...6 {
      let counted = try CommitCost.counted(all: form.role, beside: n)
      #expect((counted.messages, counted.forced) == form.formula(beside: n))
    }
  }

  @Test func `Formulas are read off the numbers, or there is none`() throws {
    let rows = try TwoPhaseCommitLaboratory.costs(1...5)
    let usual = try #require(rows.first)
    #expect((usual.messages, usual.forced, usual.rounds) == ("4n", "2n + 1", "4"))
    let peers = try #require(rows.last)
    #expect((peers.messages, peers.forced, peers.rounds) == ("n² + n", "n + 1", "2"))
    let odd = CostRow(
      variant: "", outcome: "",
      cells: zip(1...5, [1, 2, 4, 8, 16]).map {
        CostRow.Cell(size: $0, counted: Cost(), formula: ($1, 3 - $0))
      })
    #expect((odd.messages, odd.forced, odd.rounds) == (nil, "−n + 3", "0"))
    #expect(odd.cells.allSatisfy { !$0.isAsComputed })
  }

  @Test(arguments: 1...5)
  func `A line takes the fewest messages and the most rounds, peers the most and the fewest`(
    n: Int
  ) throws {
    let central = try CommitCost(.nothing, updaters: n).counted()
    #expect(central.rounds == 4)
    let line = try CommitCost.counted(all: .chained, beside: n)
    #expect((line.messages, line.rounds) == (2 * n, 2 * n))
    let peers = try CommitCost.counted(all: .peer, beside: n)
    #expect((peers.messages, peers.rounds) == (n * n + n, 2))
  }

  @Test func `Participants are in doubt for as long as the coordinator is down, and no shorter`()
    throws
  {
    var before = 0.0
    for downtime in [50, 200, 800] {
      let time = try TimeInDoubt(downtime: downtime)
      #expect(time.inDoubt >= Double(downtime))
      #expect(time.blocked >= Double(downtime) - 10)
      #expect(time.inDoubt > before)
      before = time.inDoubt
    }
    let long = try TimeInDoubt(downtime: 800)
    #expect(long.ratio < 1.1)
  }
}
