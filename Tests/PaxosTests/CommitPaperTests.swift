import AtomicCommitment
import Paxos
import ProtocolCore
import Testing

/// What Gray and Lamport, "Consensus on Transaction Commit", 2006, sections 3 and 4, say that a
/// process does, each a conversation with one process.
struct CommitPaperTests {
  typealias Words = PaxosCommit.Words
  typealias Out = Effect<Words>
  typealias InstanceVote = PaxosCommit.InstanceVote

  private let zero = Ballot(0, "c")
  private let both = [InstanceVote("a", .yes), InstanceVote("b", .yes)]

  private func participant(_ work: Commitment.Work? = .update) -> PaxosCommit.Participant {
    var participant = PaxosCommit.Participant("a", acceptors: ["c", "d", "e"])
    _ = participant.step(.started([]))
    if let work { _ = participant.step(.asked(.work(work), RequestID(0))) }
    return participant
  }

  private func acceptor(_ id: NodeID, log: [Words.Record] = []) -> PaxosCommit.Acceptor {
    var acceptor = PaxosCommit.Acceptor(
      id, acceptors: ["c", "d", "e"], participants: ["a", "b"])
    _ = acceptor.step(.started(log))
    return acceptor
  }

  private func leader() -> PaxosCommit.Acceptor {
    var leader = acceptor("c")
    _ = leader.step(.asked(.commit, RequestID(1)))
    return leader
  }

  // MARK: Participants

  @Test func `4.2: a resource manager proposes its vote in ballot 0, with phase 2 only`() {
    var participant = participant()
    let vote = Words.Message.accept(zero, [InstanceVote("a", .yes)])
    #expect(
      participant.step(.received(.prepare, from: "c")) == [
        .cancel(.request), .persist(.yes), .send(vote, to: "c", .whenStored),
        .send(vote, to: "d", .whenStored), .set(.decision, after: 40...60),
      ])
  }

  @Test(arguments: [nil, Commitment.Work.doomed])
  func `3.1: one that cannot prepare, or knows nothing, says no`(work: Commitment.Work?) {
    var participant = participant(work)
    let vote = Words.Message.accept(zero, [InstanceVote("a", .no)])
    let effects = participant.step(.received(.prepare, from: "c"))
    #expect(effects.contains(.persist(.decided(.abort))))
    #expect(effects.contains(.send(vote, to: "d", .atOnce)))
    // Asked again, it says so again and writes nothing.
    #expect(
      participant.step(.received(.prepare, from: "c")) == [
        .send(vote, to: "c", .atOnce), .send(vote, to: "d", .atOnce),
      ])
  }

  @Test func `3.1: a prepared one decides only as it is told, and asks all acceptors`() {
    var participant = participant()
    _ = participant.step(.received(.prepare, from: "c"))
    #expect(
      participant.step(.expired(.decision)) == [
        .send(.inquire, to: "c"), .send(.inquire, to: "d"), .send(.inquire, to: "e"),
        .set(.decision, after: 40...60),
      ])
    #expect(
      participant.step(.received(.decide(.commit), from: "d"))
        == [.cancel(.decision), .persist(.decided(.commit))])
    #expect(participant.step(.stored([.decided(.commit)])) == [.note(.decided(.commit))])
    #expect(participant.step(.received(.decide(.commit), from: "c")) == [])
  }

  @Test func `3.1: after a crash a yes on disk is a doubt, and nothing on disk an abort`() {
    var doubtful = PaxosCommit.Participant("a", acceptors: ["c"])
    #expect(
      doubtful.step(.started([.yes])) == [
        .send(.inquire, to: "c"), .set(.decision, after: 40...60),
      ])
    var knowing = PaxosCommit.Participant("a", acceptors: ["c"])
    #expect(
      knowing.step(.started([.yes, .decided(.commit)])) == [.note(.decided(.commit))])
  }

  // MARK: Acceptors

  @Test func `4.2: an acceptor bundles its phase 2b messages for all instances into one`() {
    var d = acceptor("d")
    #expect(d.step(.received(.accept(zero, [both[0]]), from: "a")) == [])
    #expect(
      d.step(.received(.accept(zero, [both[1]]), from: "b")) == [
        .persist(.accepted(PaxosCommit.Accepted(zero, both))),
        .send(.accepted(zero, both), to: "c", .whenStored),
      ])
    #expect(d.step(.received(.accept(zero, [both[1]]), from: "b")) == [])
  }

  @Test func `4.2: a no is passed on without the others, and what comes later after it`() {
    var d = acceptor("d")
    let no = InstanceVote("b", .no)
    #expect(
      d.step(.received(.accept(zero, [no]), from: "b")) == [
        .persist(.accepted(PaxosCommit.Accepted(zero, [no]))),
        .send(.accepted(zero, [no]), to: "c", .whenStored),
      ])
    #expect(
      d.step(.received(.accept(zero, [both[0]]), from: "a")).last
        == .send(.accepted(zero, [both[0], no]), to: "c", .whenStored))
  }

  @Test func `4.1: an acceptor takes part in no smaller ballot than it has promised`() {
    var d = acceptor("d")
    let two = Ballot(2, "e")
    #expect(
      d.step(.received(.nextBallot(two), from: "e")) == [
        .persist(.promised(two)), .send(.promise(two, nil), to: "e", .whenStored),
      ])
    #expect(
      d.step(.received(.nextBallot(Ballot(1, "e")), from: "e")) == [.send(.reject(two), to: "e")])
    #expect(
      d.step(.received(.accept(Ballot(1, "c"), both), from: "c")) == [.send(.reject(two), to: "c")])
    #expect(d.step(.received(.accept(zero, both), from: "a")) == [])
    #expect(d.accepted == nil)
  }

  @Test func `4.1: what was promised and accepted is found again after a crash`() {
    let three = Ballot(3, "e")
    var d = acceptor(
      "d", log: [.accepted(PaxosCommit.Accepted(zero, both)), .promised(Ballot(2, "e"))])
    #expect(
      d.step(.received(.nextBallot(three), from: "e")).last
        == .send(.promise(three, PaxosCommit.Accepted(zero, both)), to: "e", .whenStored))
    #expect(d.promised == three)
  }

  @Test func `What was heard in ballot 0 is kept over a crash`() {
    var d = acceptor("d", log: [.accepted(PaxosCommit.Accepted(zero, [InstanceVote("b", .no)]))])
    #expect(d.step(.received(.accept(zero, [both[1]]), from: "b")) == [])
  }

  @Test func `4.1: one that has accepted in a ballot leads none that is smaller`() {
    var d = acceptor("d")
    _ = d.step(.received(.accept(Ballot(2, "c"), both), from: "c"))
    _ = d.step(.received(.inquire, from: "a"))
    #expect(d.step(.expired(.lead)).contains(.persist(.promised(Ballot(3, "d")))))
  }

  // MARK: Leaders

  @Test func `4.2: the leader decides when F + 1 acceptors have accepted`() {
    var c = leader()
    _ = c.step(.received(.accept(zero, both), from: "a"))
    #expect(c.step(.stored([.accepted(PaxosCommit.Accepted(zero, both))])) == [])
    #expect(
      c.step(.received(.accepted(zero, both), from: "d")) == [
        .cancel(.ballot), .note(.decided(.commit)), .reply(.decided(.commit), to: RequestID(1)),
        .send(.decide(.commit), to: "a"), .send(.decide(.commit), to: "b"),
      ])
  }

  @Test func `4.2: it aborts when any instance has chosen a no`() {
    var c = leader()
    let votes = [both[0], InstanceVote("b", .no)]
    _ = c.step(.received(.accepted(zero, votes), from: "d"))
    let effects = c.step(.received(.accepted(zero, votes), from: "e"))
    #expect(effects.contains(.send(.decide(.abort), to: "a")))
    // The one that has said no knows.
    #expect(!effects.contains(.send(.decide(.abort), to: "b")))
  }

  @Test func `4.2: the same acceptor twice is not enough, and neither are different votes`() {
    var c = leader()
    _ = c.step(.received(.accepted(zero, both), from: "d"))
    #expect(c.step(.received(.accepted(zero, both), from: "d")) == [])
    let other = [InstanceVote("a", .yes), InstanceVote("b", .no)]
    #expect(c.step(.received(.accepted(zero, other), from: "e")) == [])
    #expect(c.step(.received(.accepted(zero, both), from: "x")) == [])
  }

  @Test func `4.2: it proposes a no in each instance of which its majority has heard nothing`() {
    var e = acceptor("e")
    _ = e.step(.received(.inquire, from: "a"))
    #expect(
      e.step(.expired(.lead)) == [
        .persist(.promised(Ballot(1, "e"))), .send(.nextBallot(Ballot(1, "e")), to: "c"),
        .send(.nextBallot(Ballot(1, "e")), to: "d"), .set(.ballot, after: 30...40),
      ])
    let heard = PaxosCommit.Accepted(zero, [InstanceVote("b", .no)])
    let votes = [InstanceVote("a", .no), InstanceVote("b", .no)]
    #expect(
      e.step(.received(.promise(Ballot(1, "e"), heard), from: "d")) == [
        .send(.accept(Ballot(1, "e"), votes), to: "c"),
        .send(.accept(Ballot(1, "e"), votes), to: "d"),
        .persist(.accepted(PaxosCommit.Accepted(Ballot(1, "e"), votes))),
      ])
  }

  @Test func `4.1: of what is reported for an instance the greatest ballot counts`() {
    let two = PaxosCommit.Accepted(
      Ballot(2, "c"), [InstanceVote("a", .no), InstanceVote("b", .no)])
    var e = acceptor("e", log: [.accepted(PaxosCommit.Accepted(zero, both))])
    _ = e.step(.received(.inquire, from: "a"))
    _ = e.step(.expired(.lead))
    _ = e.step(.received(.reject(Ballot(2, "c")), from: "d"))
    _ = e.step(.expired(.lead))
    let effects = e.step(.received(.promise(Ballot(3, "e"), two), from: "d"))
    #expect(effects.contains(.send(.accept(Ballot(3, "e"), two.votes), to: "c")))
  }

  @Test func `4.2: one that knows the decision tells it, to participants and to leaders`() {
    var e = acceptor("e")
    _ = e.step(.received(.decide(.abort), from: "c"))
    #expect(e.step(.received(.inquire, from: "a")) == [.send(.decide(.abort), to: "a")])
    #expect(
      e.step(.received(.nextBallot(Ballot(9, "d")), from: "d"))
        == [.send(.decide(.abort), to: "d")])
  }

  @Test func `No message stops a process, whatever it holds`() {
    var c = leader()
    for round in [Int.min, -1, 0, .max] {
      let ballot = Ballot(round, "z")
      for message: Words.Message in [
        .accept(ballot, [InstanceVote("z", .yes), InstanceVote("z", .no)]), .accepted(ballot, []),
        .nextBallot(ballot), .promise(ballot, PaxosCommit.Accepted(ballot, [])), .reject(ballot),
        .prepare, .inquire,
      ] {
        _ = c.step(.received(message, from: "z"))
      }
      _ = c.step(.expired(.ballot))
      _ = c.step(.expired(.lead))
    }
    #expect(c.round == .max)
  }
}
