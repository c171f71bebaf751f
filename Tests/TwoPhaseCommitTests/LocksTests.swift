import AtomicCommitment
import Lab
import ProtocolCore
import Testing
import TwoPhaseCommit
import TwoPhaseCommitLab

struct LocksTests {
  @Test func `Who waits is prepared when its turn has come`() {
    var site = Locks.Site(transactions: [("c", []), ("d", [])])
    _ = site.step(.started([]))
    _ = site.step(.asked(.update(for: "c"), RequestID(0)))
    #expect(site.step(.asked(.update(for: "d"), RequestID(1))) == [])
    #expect(site.step(.received(Locks.Of("d", .prepare), from: "d")) == [])
    #expect(site.holders == ["c"])
    #expect(
      site.step(.received(Locks.Of("c", .decide(.abort)), from: "c")) == [
        .cancel(Locks.Of("c", .request)),
        .note(Locks.Of("c", .decided(.abort))),
        .send(Locks.Of("c", .ack), to: "c"),
        .set(Locks.Of("d", .request), after: 60...80),
        .cancel(Locks.Of("d", .request)),
        .persist(Locks.Of("d", .yes)),
        .send(Locks.Of("d", .vote(.yes)), to: "d"),
        .set(Locks.Of("d", .decision), after: 30...40),
      ])
    #expect(site.holders == ["d"])
  }

  /// Whether transactions can wait for each other, when d goes through the sites in this order.
  private func meetsDeadlock(_ order: String...) throws -> Bool {
    let topology: [Member<Locks.Model.Role>] = [
      Member("c", .coordinator, ["a", "b"]), Member("d", .coordinator, order),
      Member("a", .site), Member("b", .site),
    ]
    let bounds = Bounds(crashes: 0, losses: 0, duplicates: 0, expiries: .max)
    let found = Explorer(try Cluster<Locks.Model>(topology, bounds: bounds)).explore()
    #expect(found.ending == .exhausted)
    return found.witnesses[.deadlock] != nil
  }

  @Test func `Where all go through the items in one order there is no deadlock`() throws {
    #expect(try meetsDeadlock("b", "a"))
    #expect(try !meetsDeadlock("a", "b"))
  }

  @Test(arguments: Locks.Rule.allCases)
  func `The check of a property sees what happens without a rule`(rule: Locks.Rule) throws {
    let experiment = try #require(LocksLaboratory.experiment(.without(rule)))
    for property in experiment.violates {
      var check = try #require(LocksLaboratory.checks.first { $0.property == property })
      check.change = experiment.change
      let found = try #require(try check.result(seed: 1).refutation)
      #expect(found.violated == property)
    }
  }

  @Test func `Every property holds with random faults`() throws {
    var campaign = Campaign(
      Simulator(try Cluster<Locks.Model>(Locks.Model.topology(2))), from: 10_000)
    campaign.run(200)
    #expect(campaign.failure?.violated == nil)
    #expect(campaign.missing == [])
    #expect(campaign.distinctRuns > 190)
  }
}
