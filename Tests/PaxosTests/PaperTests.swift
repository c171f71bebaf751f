import Consensus
import Paxos
import ProtocolCore
import Testing

/// The sentences of Lamport, "Paxos Made Simple", SIGACT News 32(4), 2001, section 2, that say what
/// an agent does, each a conversation with one agent.
struct PaperTests {
  typealias Out = Effect<Words>

  private let one = Ballot(1, "p")
  private let two = Ballot(2, "q")
  private let three = Ballot(3, "p")

  private func proposer(_ id: NodeID = "p") -> Proposer {
    Proposer(id, acceptors: ["a", "b", "c"], quorums: Quorums(of: 3, variant: .majority))
  }

  private func sends(_ effects: [Out]) -> [Out] {
    effects.filter { if case .send = $0 { true } else { false } }
  }

  private func toAll(_ message: Words.Message) -> [Out] {
    ["a", "b", "c"].map { .send(message, to: $0) }
  }

  // MARK: 2.2 Choosing a value: acceptors

  @Test func `2.2 P1: An acceptor must accept the first proposal that it receives`() {
    var acceptor = Acceptor(learners: ["l"])
    #expect(
      acceptor.step(.received(.accept(one, "v"), from: "p")) == [
        .persist(.accepted(one, "v")), .send(.accepted(one, "v"), to: "l"),
      ])
  }

  @Test func `2.2 P1a: it can accept n iff it has not responded to a prepare greater than n`() {
    var acceptor = Acceptor(learners: ["l"])
    _ = acceptor.step(.received(.prepare(two), from: "q"))
    #expect(
      acceptor.step(.received(.accept(one, "v"), from: "p")) == [.send(.reject(two), to: "p")])
    #expect(acceptor.vote == nil)
    #expect(
      acceptor.step(.received(.accept(two, "w"), from: "q")).first == .persist(.accepted(two, "w")))
  }

  @Test func `2.2 phase 1 (b): it responds with a promise and the highest proposal it accepted`() {
    var acceptor = Acceptor(learners: ["l"])
    #expect(
      acceptor.step(.received(.prepare(one), from: "p"))
        == [.persist(.promised(one)), .send(.promise(one, nil), to: "p")])
    _ = acceptor.step(.received(.accept(one, "v"), from: "p"))
    #expect(
      acceptor.step(.received(.prepare(two), from: "q"))
        == [.persist(.promised(two)), .send(.promise(two, Vote(one, "v")), to: "q")])
  }

  @Test func `2.2 phase 2 (b): it accepts unless it has responded to a greater prepare`() {
    var acceptor = Acceptor(learners: ["l", "m"])
    _ = acceptor.step(.received(.prepare(one), from: "p"))
    #expect(
      acceptor.step(.received(.accept(two, "w"), from: "q")) == [
        .persist(.accepted(two, "w")), .send(.accepted(two, "w"), to: "l"),
        .send(.accepted(two, "w"), to: "m"),
      ])
    #expect(acceptor.promised == two)
  }

  @Test func `2.2: we have the acceptor ignore a prepare request for a proposal it has accepted`() {
    var acceptor = Acceptor(learners: ["l"])
    _ = acceptor.step(.received(.accept(two, "w"), from: "q"))
    #expect(acceptor.step(.received(.prepare(two), from: "q")) == [])
  }

  @Test func `2.2: the acceptor should probably inform the proposer, who should then abandon`() {
    var acceptor = Acceptor(learners: ["l"])
    _ = acceptor.step(.received(.prepare(two), from: "q"))
    #expect(acceptor.step(.received(.prepare(one), from: "p")) == [.send(.reject(two), to: "p")])
    var proposer = proposer()
    _ = proposer.step(.asked(.propose("v"), RequestID(0)))
    #expect(
      proposer.step(.received(.reject(two), from: "a"))
        == [.cancel(.ballot), .set(.retry, after: 5...80)])
    #expect(proposer.state == .preempted)
    // What is told of a smaller number than its own is over.
    _ = proposer.step(.expired(.retry))
    #expect(proposer.step(.received(.reject(two), from: "b")) == [])
  }

  @Test func `2.2: an acceptor must remember this information even if it fails and restarts`() {
    var acceptor = Acceptor(learners: ["l"])
    _ = acceptor.step(.started([.accepted(one, "v"), .promised(three)]))
    #expect(acceptor.promised == three)
    #expect(acceptor.vote == Vote(one, "v"))
    #expect(acceptor.step(.received(.prepare(two), from: "q")) == [.send(.reject(three), to: "q")])
  }

  // MARK: 2.2 Choosing a value: proposers

  @Test func `2.2 phase 1 (a): A proposer selects a number n and sends a prepare request`() {
    var proposer = proposer()
    #expect(
      proposer.step(.asked(.propose("v"), RequestID(0)))
        == [.persist(.attempted(1))] + toAll(.prepare(one)) + [.set(.ballot, after: 30...60)])
  }

  @Test func `2.2 phase 2 (a): with a majority it proposes any value if none was reported`() {
    var proposer = proposer()
    _ = proposer.step(.asked(.propose("v"), RequestID(0)))
    #expect(proposer.step(.received(.promise(one, nil), from: "a")) == [])
    #expect(proposer.step(.received(.promise(one, nil), from: "a")) == [])  // doubled
    #expect(
      sends(proposer.step(.received(.promise(one, nil), from: "b"))) == toAll(.accept(one, "v")))
  }

  @Test func `2.2 P2c: v is the value of the highest-numbered proposal among the responses`() {
    for order in [["a", "b", "c"], ["c", "b", "a"]] as [[NodeID]] {
      var proposer = Proposer(
        "p", acceptors: ["a", "b", "c", "d", "e"], quorums: Quorums(of: 5, variant: .majority))
      _ = proposer.step(.started([.attempted(2)]))
      _ = proposer.step(.asked(.propose("v"), RequestID(0)))
      let votes: [NodeID: Vote?] = ["a": Vote(one, "u"), "b": Vote(two, "w"), "c": nil]
      for acceptor in order.dropLast() {
        let vote = votes[acceptor] ?? nil
        #expect(proposer.step(.received(.promise(three, vote), from: acceptor)) == [])
      }
      let last = order[2]
      let vote = votes[last] ?? nil
      let effects = sends(proposer.step(.received(.promise(three, vote), from: last)))
      #expect(effects.count == 5)
      #expect(effects.first == .send(.accept(three, "w"), to: "a"))
    }
  }

  @Test func `2.2: a response to an earlier prepare request does not count`() {
    var proposer = proposer()
    _ = proposer.step(.asked(.propose("v"), RequestID(0)))
    _ = proposer.step(.expired(.ballot))
    #expect(proposer.step(.received(.promise(one, nil), from: "a")) == [])
    #expect(proposer.step(.received(.promise(one, nil), from: "b")) == [])
    #expect(proposer.state == .preparing(Ballot(2, "p"), []))
  }

  // MARK: 2.3 Learning a chosen value

  @Test func `2.3: a learner must find out that a majority has accepted a proposal`() {
    var learner = Learner(proposers: ["p", "q"], quorum: 2)
    #expect(learner.step(.received(.accepted(one, "v"), from: "a")) == [])
    #expect(learner.step(.received(.accepted(one, "v"), from: "a")) == [])  // doubled
    #expect(learner.step(.received(.accepted(two, "w"), from: "b")) == [])  // another proposal
    #expect(
      learner.step(.received(.accepted(two, "w"), from: "c")).first == .note(.learnt("w")))
  }

  @Test func `2.3: a distinguished learner informs the others when a value has been chosen`() {
    var learner = Learner(proposers: ["p", "q"], quorum: 1)
    #expect(
      learner.step(.received(.accepted(one, "v"), from: "a")) == [
        .note(.learnt("v")), .cancel(.inquiry), .send(.chosen("v"), to: "p"),
        .send(.chosen("v"), to: "q"),
      ])
    var proposer = proposer()
    _ = proposer.step(.asked(.propose("w"), RequestID(0)))
    #expect(
      proposer.step(.received(.chosen("v"), from: "l"))
        == [.reply(.chosen("v"), to: RequestID(0)), .cancel(.ballot)])
  }

  @Test func `2.3: if a learner needs to know, it can have a proposer issue a proposal`() {
    var learner = Learner(proposers: ["p"], quorum: 2)
    _ = learner.step(.started([]))
    #expect(
      learner.step(.expired(.inquiry))
        == [.send(.inquire, to: "p"), .set(.inquiry, after: 100...200)])
    var proposer = proposer()
    #expect(sends(proposer.step(.received(.inquire, from: "l"))) == toAll(.prepare(one)))
    _ = proposer.step(.received(.promise(one, nil), from: "a"))
    // Nothing is chosen, and it has nothing to propose.
    #expect(proposer.step(.received(.promise(one, nil), from: "b")) == [.cancel(.ballot)])
    #expect(proposer.state == .idle)
  }

  // MARK: 2.4 Progress

  @Test func `2.4: abandoning and trying again, it will eventually choose a high enough number`() {
    var proposer = proposer()
    _ = proposer.step(.asked(.propose("v"), RequestID(0)))
    _ = proposer.step(.received(.reject(Ballot(7, "q")), from: "a"))
    #expect(sends(proposer.step(.expired(.retry))) == toAll(.prepare(Ballot(8, "p"))))
  }

  // MARK: 2.5 The implementation

  @Test func `2.5: An acceptor records its intended response in stable storage before sending it`()
  {
    var acceptor = Acceptor(learners: ["l"])
    for event in [
      Event<Words>.received(.prepare(one), from: "p"), .received(.accept(one, "v"), from: "p"),
    ] {
      let effects = acceptor.step(event)
      guard case .persist? = effects.first, case .send(_, _, .whenStored)? = effects.last else {
        Issue.record("\(effects)")
        return
      }
    }
  }

  @Test func `2.5: Different proposers choose their numbers from disjoint sets of numbers`() {
    for round in 1...3 {
      #expect(Ballot(round, "p") != Ballot(round, "q"))
      #expect(Ballot(round, "p") < Ballot(round, "q"))
      #expect(Ballot(round, "q") < Ballot(round + 1, "p"))
    }
  }

  @Test func `2.5: it begins phase 1 with a higher number than any it has already used`() {
    var proposer = proposer()
    _ = proposer.step(.started([.attempted(4)]))
    #expect(
      proposer.step(.asked(.propose("v"), RequestID(0))).first == .persist(.attempted(5)))
  }
}
