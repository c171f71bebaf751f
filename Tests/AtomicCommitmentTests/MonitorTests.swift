import AtomicCommitment
import ProtocolCore
import Testing

/// What the monitor says of runs in which something is planted: each property has a run that
/// breaks it, and nothing else breaks there.
struct MonitorTests {
  /// A protocol that speaks no words but the shared ones.
  enum Words: Vocabulary {
    typealias Message = Commitment.Vote
    typealias Request = Commitment.Request
    typealias Reply = Commitment.Reply
    typealias Note = Commitment.Note<Message>
    typealias Record = Never
    typealias Timer = String
  }

  typealias Seen = Observation<Words>

  private var monitor = Commitment.Monitor(processes: ["c", "a", "b"], coordinator: "c")

  /// Both have their part, the coordinator is asked, and both vote yes.
  private mutating func voteYes() {
    see("a", .asked(.work(.update), RequestID(0)))
    see("b", .asked(.work(.update), RequestID(0)))
    see("c", .asked(.commit, RequestID(0)))
    monitor.vote(at: "a")
    monitor.vote(at: "b")
  }

  private mutating func see(_ id: NodeID, _ seen: Seen...) {
    for seen in seen { monitor.observe(seen, at: id) }
  }

  private var broken: [Commitment.Property] {
    Commitment.Property.allCases.filter { !monitor.holds($0) }
  }

  @Test mutating func `A commit by all breaks nothing`() {
    voteYes()
    for id: NodeID in ["c", "a", "b"] { see(id, .noted(.decided(.commit))) }
    see("c", .replied(.decided(.commit), RequestID(0)))
    #expect(broken == [])
    #expect(monitor.isCommitted)
    #expect(monitor.decision(at: "a") == .commit)
    #expect(monitor.deciding(otherThan: .abort) == ["c", "a", "b"])
  }

  @Test mutating func `AC1: two decide differently`() {
    voteYes()
    see("a", .noted(.decided(.commit)))
    see("b", .crashed, .noted(.decided(.abort)))
    #expect(broken == [.AC1])
  }

  @Test mutating func `AC2: one decides again, and otherwise`() {
    voteYes()
    see("a", .noted(.decided(.commit)), .crashed, .noted(.decided(.abort)))
    #expect(broken == [.AC1, .AC2])
  }

  @Test mutating func `AC2: what is said again is no other decision`() {
    voteYes()
    see("a", .noted(.decided(.commit)), .crashed, .restarted, .noted(.decided(.commit)))
    #expect(broken == [])
  }

  @Test mutating func `AC3: a commit without the vote of one`() {
    see("a", .asked(.work(.update), RequestID(0)))
    see("b", .asked(.work(.update), RequestID(0)))
    monitor.vote(at: "a")
    see("c", .noted(.decided(.commit)))
    #expect(broken == [.AC3])
  }

  @Test mutating func `AC3: the coordinator need not vote, nor who only read`() {
    see("a", .asked(.work(.update), RequestID(0)))
    monitor.vote(at: "a")
    monitor.leave(at: "b")
    see("c", .noted(.decided(.commit)))
    #expect(broken == [])
  }

  @Test mutating func `AC3: without a coordinator all must vote`() {
    monitor = Commitment.Monitor(processes: ["a", "b"], coordinator: nil)
    monitor.vote(at: "b")
    see("b", .noted(.decided(.commit)))
    #expect(broken == [.AC3])
  }

  @Test mutating func `AC4: an abort although all can say yes and nothing fails`() {
    voteYes()
    see("c", .noted(.decided(.abort)))
    #expect(broken == [.AC4])
  }

  @Test(arguments: [
    Seen.crashed, .lost, .expired("votes"), .asked(.work(.doomed), RequestID(1)),
  ])
  mutating func `AC4: an abort is excused`(by failure: Seen) {
    voteYes()
    see("b", failure)
    see("c", .noted(.decided(.abort)))
    #expect(broken == [])
  }

  @Test(arguments: [
    Seen.doubled, .restarted, .replied(.refused, RequestID(1)),
    .noted(.unexpected(.yes, from: "a")),
  ])
  mutating func `AC4: an abort is not excused`(by event: Seen) {
    voteYes()
    see("b", event)
    see("c", .noted(.decided(.abort)))
    #expect(broken == [.AC4])
  }

  @Test mutating func `AC4: who has no part yet when it is to be committed will vote no`() {
    see("a", .asked(.work(.update), RequestID(0)))
    see("c", .asked(.commit, RequestID(0)), .noted(.decided(.abort)))
    #expect(broken == [])
  }

  @Test mutating func `Lost work is an abort`() {
    voteYes()
    see("a", .noted(.decided(.commit)))
    see("b", .crashed)
    monitor.forget(at: "b")
    #expect(broken == [.AC1])
    #expect(monitor.decision(at: "b") == .abort)
  }

  @Test mutating func `Who never had a part, only read, or has decided, loses nothing`() {
    voteYes()
    see("a", .noted(.decided(.commit)))
    monitor.leave(at: "b")
    for id: NodeID in ["a", "b", "nobody"] { monitor.forget(at: id) }
    #expect(broken == [])
    #expect(monitor.decision(at: "b") == nil)
  }

  @Test(arguments: [true, false])
  mutating func `told: the client hears otherwise, before or after`(isToldFirst: Bool) {
    voteYes()
    if isToldFirst { see("c", .crashed, .replied(.decided(.abort), RequestID(0))) }
    see("a", .noted(.decided(.commit)))
    if !isToldFirst { see("c", .replied(.decided(.abort), RequestID(0))) }
    #expect(broken == [.told])
  }

  @Test(arguments: [true, false])
  mutating func `told: what an operator decided is not what was decided`(isToldFirst: Bool) {
    voteYes()
    monitor.excuse()
    if isToldFirst { monitor.tell(.commit, by: "c", exempt: ["a"]) }
    monitor.decide(.abort, at: "a", exempt: ["a"])
    if !isToldFirst { monitor.tell(.commit, by: "c", exempt: ["a"]) }
    #expect(broken == [])
  }

  @Test mutating func `Who changes names keeps what it did`() {
    voteYes()
    see("a", .crashed, .noted(.decided(.abort)))
    let image = monitor.renamed(by: Swap("a", "b"))
    #expect(image.decision(at: "b") == .abort)
    #expect(image.decision(at: "a") == nil)
    #expect(image.renamed(by: Swap("a", "b")) == monitor)
  }
}
