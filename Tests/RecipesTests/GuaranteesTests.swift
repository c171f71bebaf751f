import EmbeddedServers
import RecipesLab
import Testing
import ZooKeeper
import ZooKeeperClient
import ZooKeeperEnsemble

/// The client's own promises, on an ensemble whose servers lag and stop, and what judges them.
@Suite struct GuaranteesTests {
  private static let kinds: [Fault.Kind] = [
    .lag(1, 1), .lag(2, 1), .lag(3, 1), .cut, .loseReplies, .leader, .hold(10), .stop(3000),
  ]

  @Test func clientsOfAnEnsembleSeeWhatIsPromised() {
    var search = Search(Simulation(.guarantees, on: EmbeddedEnsemble.simulated))
    search.kinds = Self.kinds
    #expect(search.random(seeds: 0..<60).finding == nil)
  }

  @Test func aServerThatForgetsMissedEventsIsSeen() throws {
    let server = EmbeddedEnsemble.simulated(without: [.missedEventsTold])
    let outcome = Simulation(.guarantees, on: server).run([Fault(step: 31, process: 0, .leader)])
    #expect(outcome.violations.first?.property == "watches")
  }

  @Test func aServerThatAnswersBeforeItTellsIsSeen() throws {
    let server = EmbeddedEnsemble.simulated(without: [.eventsBeforeReplies])
    var search = Search(Simulation(.guarantees, on: server))
    search.kinds = Self.kinds
    let finding = search.random(seeds: 300..<340).finding
    #expect(finding?.violation.property == "watches")
  }

  @Test(
    arguments: [
      (
        "linearizableWrites",
        [(0, .wrote(Zxid(9))), (1, .begins("write")), (1, .wrote(Zxid(8)))] as [(Int, Note.What)]
      ),
      (
        "singleSystemImage",
        [
          (0, .reads(Zxid(9), isSynced: false, leavesWatch: false)),
          (0, .reads(Zxid(8), isSynced: false, leavesWatch: false)),
        ]
      ),
      (
        "watches",
        [
          (0, .reads(Zxid(8), isSynced: false, leavesWatch: true)),
          (0, .reads(Zxid(9), isSynced: false, leavesWatch: false)),
        ]
      ),
      (
        "syncs",
        [
          (0, .wrote(Zxid(9))), (1, .begins("synced read")),
          (1, .reads(Zxid(8), isSynced: true, leavesWatch: false)),
        ]
      ),
    ])
  func whatMustNotBeIsSeen(property: String, said: [(Int, Note.What)]) {
    var judge = GuaranteesJudge()
    let truth = Truth(
      server: EmbeddedServer.simulated, faults: [], crashed: [], ended: [0, 1], processes: 2,
      events: { [] }, isConnected: { _ in true })
    for (process, what) in said {
      judge.take(
        Note(
          process: process, session: SessionID(Int64(process + 1)), knowsEnd: false, time: 0,
          what: what),
        truth)
    }
    judge.end(truth)
    #expect(judge.violations.map(\.property) == [property])
  }
}
