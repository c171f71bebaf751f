import AtomicCommitment
import Consensus
import Paxos
import ProtocolCore
import ReplicatedLog
import Testing

/// The judges of the problems, each told a few words and nothing of a protocol.
struct JudgeTests {
  private let request = RequestID(0)

  // MARK: Atomic commitment

  @Test func `A client that is told two decisions is told a falsehood, whoever tells it`() {
    var judge = Commitment.Monitor(processes: ["c", "d", "a"], coordinator: "c")
    judge.tell(.commit, by: "c")
    #expect(judge.holds(Commitment.Property.told))
    judge.tell(.abort, by: "d")
    #expect(!judge.holds(Commitment.Property.told))
  }

  @Test func `A coordinator owes its client an answer, until it crashes`() {
    typealias Seen = Observation<PaxosCommit.Words>
    var judge = Commitment.Monitor(processes: ["c", "a"], coordinator: "c")
    let asked = Seen.asked(.commit, request)
    judge.observe(asked, at: "c")
    judge.observe(Seen.noted(.decided(.commit)), at: "c")
    #expect(!judge.isClosed(at: "c"))
    #expect(judge.isClosed(at: "a"))

    var told = judge
    told.observe(Seen.replied(.decided(.commit), request), at: "c")
    #expect(told.isClosed(at: "c"))
    judge.observe(Seen.crashed, at: "c")
    #expect(judge.isClosed(at: "c"))
  }

  @Test func `A participant owes a decision from when it has begun`() {
    typealias Seen = Observation<PaxosCommit.Words>
    var judge = Commitment.Monitor(processes: ["c", "a"], coordinator: "c")
    judge.observe(Seen.asked(.work(.update), request), at: "a")
    #expect(!judge.isClosed(at: "a"))
    judge.observe(Seen.noted(.decided(.abort)), at: "a")
    #expect(judge.isClosed(at: "a"))
  }

  // MARK: Consensus

  @Test func `What was refused everywhere is not there to be chosen`() {
    var judge = Consensus.Monitor(learners: ["l"])
    judge.propose("v", request, at: "p")
    judge.propose("v", request, at: "q")
    judge.refuse(request, at: "p")
    var chosen = judge
    chosen.learn("v", at: "l")
    #expect(chosen.holds(Consensus.Property.validity))

    judge.refuse(request, at: "q")
    judge.learn("v", at: "l")
    #expect(!judge.holds(Consensus.Property.validity))
  }

  @Test func `What was proposed by one that crashed may be chosen, whatever another refuses`() {
    var judge = Consensus.Monitor(learners: ["l"])
    judge.propose("v", request, at: "p")
    judge.crash(at: "p")
    judge.propose("v", request, at: "q")
    judge.refuse(request, at: "q")
    judge.learn("v", at: "l")
    #expect(judge.holds(Consensus.Property.validity))
  }

  // MARK: A replicated log

  private let members: [NodeID] = ["a", "b", "c"]

  @Test func `A server that is no member any more need not apply what the others do`() {
    var judge = ReplicatedLog.Monitor(servers: members + ["d"], members: members)
    #expect(judge.isCurrent(at: "d"))
    judge.ask(.members(["a", "b", "d"]))
    judge.apply(1, .members(["a", "b", "d"]), at: "a")
    #expect(judge.isCurrent(at: "a"))
    #expect(judge.isCurrent(at: "c"))
    #expect(!judge.isCurrent(at: "b"))
    #expect(!judge.isCurrent(at: "d"))
  }

  @Test func `A client that gave up waits for nothing, and one that insists does`() {
    typealias Seen = ClientEvent<MultiPaxos.Words>
    let asked = Seen.invoked(.command(.init("x", 1, .append("k", "a"))))
    var judge = ReplicatedLog.Monitor(servers: members, members: members)
    judge.observe(asked, of: "x")
    #expect(!judge.isAnswered)
    judge.observe(Seen.unknown, of: "x")
    #expect(!judge.isAnswered)
    judge.observe(Seen.gaveUp, of: "x")
    #expect(judge.isAnswered)
    judge.observe(asked, of: "x")
    #expect(!judge.isAnswered)
    judge.observe(Seen.returned(.value("a")), of: "x")
    #expect(judge.isAnswered)
    #expect(judge.holds(ReplicatedLog.Property.linearizable))
  }

  @Test func `A command that is asked again after its answer is answered as before, or refused`() {
    typealias Seen = ClientEvent<MultiPaxos.Words>
    func tell(_ events: [(ClientID, Seen)]) -> Bool {
      var judge = ReplicatedLog.Monitor(servers: members, members: members)
      for (client, event) in events { judge.observe(event, of: client) }
      return judge.holds(ReplicatedLog.Property.linearizable)
    }
    func ask(_ client: String, _ serial: Int, _ operation: ReplicatedLog.Operation) -> Seen {
      .invoked(.command(.init(client, serial, operation)))
    }
    let done: [(ClientID, Seen)] = [
      ("x", ask("x", 1, .append("k", "a"))), ("x", .returned(.value("a"))),
    ]
    let again = ask("x", 1, .append("k", "a"))
    #expect(tell(done + [("x", again), ("x", .returned(.value("a")))]))
    #expect(tell(done + [("x", again), ("x", .refused(.refused))]))
    #expect(tell(done + [("x", again), ("x", .unknown)]))
    // It was done again, and said so; or it was done again, and only somebody else says so.
    #expect(!tell(done + [("x", again), ("x", .returned(.value("aa")))]))
    let read: [(ClientID, Seen)] = [("y", ask("y", 1, .get("k"))), ("y", .returned(.value("aa")))]
    #expect(!tell(done + [("x", again), ("x", .returned(.value("a")))] + read))
    // While it is asked again others go on.
    let other: [(ClientID, Seen)] = [
      ("y", ask("y", 1, .append("k", "b"))), ("y", .returned(.value("ab"))),
    ]
    #expect(tell(done + [("x", again)] + other + [("x", .returned(.value("a")))]))
    #expect(!tell(done + [("x", again)] + other + [("x", .returned(.value("ab")))]))
  }

  @Test func `A majority is one of those that vote, and of all members that were asked for`() {
    var judge = ReplicatedLog.Monitor(servers: members, members: members)
    func scene(_ up: [NodeID]) -> Scene<MultiPaxos.Server> {
      Scene(
        nodes: members.map { id in
          (id, up.contains(id) ? MultiPaxos.Server(id, members: members) : nil)
        })
    }
    #expect(judge.isMajorityConnected(in: scene(["a", "b"])))
    #expect(!judge.isMajorityConnected(in: scene(["a", "b"]), without: ["b"]))
    judge.ask(.members(["c"]))
    #expect(!judge.isMajorityConnected(in: scene(["a", "b"])))
    #expect(judge.isMajorityConnected(in: scene(["a", "c"])))
  }
}
