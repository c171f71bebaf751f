import AtomicCommitment
import Consensus
import Lab
import Paxos
import ProtocolCore
import QuorumCommit
import Raft
import ReplicatedLog
import Testing
import ThreePhaseCommit
import TwoPhaseCommit

/// Whom a process blames for a message that no correct peer sends: never a correct peer, whatever
/// the network does, and always one that breaks the protocol.
struct BlameTests {
  @Test func `In two-phase commit no correct peer is blamed`() throws {
    for variant in Presumption.allCases {
      for size in 1...3 {
        var cluster = try Cluster<TwoPhaseCommitModel>(
          TwoPhaseCommitModel.topology(size), variant: variant)
        cluster.asks += ["a", "b", "d"].prefix(size).map {
          Ask($0, oneOf: [.heuristic(.abort), .heuristic(.commit)])
        }
        expectNoBlame(cluster)
      }
    }
    for role in [TwoPhaseCommitModel.Role.chained, .peer] {
      for size in 1...3 {
        expectNoBlame(
          try Cluster<TwoPhaseCommitModel>(TwoPhaseCommitModel.topology(size, all: role)))
      }
    }
    expectNoBlame(try Cluster<Locks.Model>(Locks.Model.topology(2)))
  }

  /// Not even when a live leader is taken for dead, which three-phase commit does not bear.
  @Test func `In three-phase commit no correct peer is blamed`() throws {
    for size in 1...4 {
      expectNoBlame(try Cluster<ThreePhaseCommitModel>(ThreePhaseCommitModel.topology(size)))
    }
  }

  @Test func `In quorum commit no correct peer is blamed`() throws {
    for variant in QuorumCommit.Variant.allCases {
      for size in 1...4 {
        expectNoBlame(
          try Cluster<QuorumCommitModel>(QuorumCommitModel.topology(size), variant: variant))
      }
    }
  }

  @Test func `In Paxos no correct peer is blamed`() throws {
    for variant in Paxos.Variant.allCases {
      for size in 1...4 {
        expectNoBlame(try Cluster<PaxosModel>(PaxosModel.topology(size), variant: variant))
      }
    }
    for variant in MultiPaxos.Variant.allCases {
      expectNoBlame(
        try Cluster<MultiPaxos.Model>(MultiPaxos.Model.topology(3), variant: variant))
    }
  }

  @Test func `In Raft no correct peer is blamed`() throws {
    for variant in Raft.Variant.allCases {
      expectNoBlame(try Cluster<RaftModel>(RaftModel.topology(3), variant: variant))
    }
  }

  private func expectNoBlame<C: Model>(_ cluster: Cluster<C>) {
    let simulator = Simulator(cluster)
    for seed: UInt64 in 0..<200 {
      var choices = Choices(seed: seed)
      let profile = FaultProfile(within: Fault.usual, by: &choices)
      let notes = simulator.run(seed: seed, profile: profile).tally.notes.keys
      let blame = notes.filter { $0.contains("unexpected") }
      guard blame.isEmpty else {
        Issue.record("\(C.name) \(cluster.topology) seed \(seed): \(blame)")
        return
      }
    }
  }

  @Test func `A coordinator blames a process that speaks as another coordinator`() {
    var coordinator = Coordinator(participants: ["a"])
    for message in [TwoPhaseCommit.Words.Message.prepare, .decide(.abort), .uncertain] {
      #expect(
        coordinator.step(.received(message, from: "a"))
          == [.note(.unexpected(message, from: "a"))])
    }
    #expect(coordinator.step(.received(.vote(.yes), from: "a")) == [])
  }

  @Test func `A participant blames a coordinator that commits without its vote`() {
    var participant = Participant(coordinator: "c", peers: [])
    _ = participant.step(.asked(.work(.update), RequestID(0)))
    #expect(
      participant.step(.received(.decide(.commit), from: "c"))
        == [.note(.unexpected(.decide(.commit), from: "c"))])
  }

  @Test func `A line and peers blame what belongs to the other form`() {
    var chained = Chained(in: ["c", "a"], at: 1)
    #expect(
      chained.step(.received(.vote(.no), from: "c"))
        == [.note(.unexpected(.vote(.no), from: "c"))])
    var peer = Peer(others: ["a"])
    #expect(
      peer.step(.received(.decide(.commit), from: "a"))
        == [.note(.unexpected(.decide(.commit), from: "a"))])
  }

  @Test func `Three phases: a vote to a participant, and a preCommit before any vote`() {
    var process = ThreePhaseCommit.Process("a", of: ["c", "a"])
    for message in [ThreePhaseCommit.Words.Message.vote(.yes), .preCommit, .decide(.commit)] {
      #expect(
        process.step(.received(message, from: "c")) == [.note(.unexpected(message, from: "c"))])
    }
    #expect(process.step(.received(.decide(.abort), from: "c")) == [])
  }

  @Test func `Quorums: an attempt before any vote, and an answer to nothing`() {
    var process = QuorumCommit.Process("a", of: ["c", "a"])
    for message in [
      QuorumCommit.Words.Message.vote(.yes), .attempt(.commit, 1), .ack(.commit, 1),
      .decide(.commit),
    ] {
      #expect(
        process.step(.received(message, from: "c")) == [.note(.unexpected(message, from: "c"))])
    }
  }

  @Test func `Paxos: what is said to another role`() {
    let ballot = Ballot(1, "q")
    let foreign: [(Paxos.Node, [Paxos.Words.Message])] = [
      (
        .proposer(Proposer("p", acceptors: ["a"], quorums: Quorums(of: 1, variant: .majority))),
        [.prepare(ballot), .accept(ballot, "v"), .accepted(ballot, "v")]
      ),
      (
        .acceptor(Acceptor(learners: ["l"])),
        [.promise(ballot, nil), .accepted(ballot, "v"), .reject(ballot), .chosen("v"), .inquire]
      ),
      (
        .learner(Learner(proposers: ["p"], quorum: 1)),
        [.prepare(ballot), .promise(ballot, nil), .accept(ballot, "v"), .reject(ballot), .inquire]
      ),
    ]
    for (node, messages) in foreign {
      for message in messages {
        var node = node
        #expect(
          node.step(.received(message, from: "x")) == [.note(.unexpected(message, from: "x"))])
      }
    }
  }
}

/// Whatever comes in, in whatever order, a machine goes on: what it asserts no input can break.
struct AnyInputTests {
  @Test func `Two-phase commit`() {
    let messages: [TwoPhaseCommit.Words.Message] = [
      .prepare, .vote(.yes), .vote(.no), .vote(.readOnly), .decide(.commit), .decide(.abort), .ack,
      .inquire, .uncertain, .damage,
    ]
    let asks: [Event<TwoPhaseCommit.Words>] = TwoPhaseCommitModel.requests.map {
      .asked($0, RequestID(0))
    }
    let logs: [[TwoPhaseCommit.Words.Record]] = [
      [], [.start], [.yes], [.yes, .decided(.commit)], [.decided(.abort)],
      [.yes, .heuristic(.abort)],
      [.end], [.end, .start, .yes, .heuristic(.commit), .decided(.abort)],
    ]
    let timers: [TwoPhaseCommit.Words.Timer] = [.request, .votes, .decision, .acks]
    let nodes: [TwoPhaseCommit.Node] = [
      .coordinator(Coordinator(participants: ["a", "b"])),
      .participant(Participant(coordinator: "c", peers: ["b"])),
      .chained(Chained(in: ["c", "a", "b"], at: 1)), .peer(Peer(others: ["c", "b"])),
    ]
    for node in nodes { bear(node, messages, asks, logs, timers) }
  }

  @Test func `Three-phase commit`() {
    let messages: [ThreePhaseCommit.Words.Message] = [
      .canCommit, .vote(.yes), .vote(.no), .preCommit, .ack, .decide(.commit), .decide(.abort),
      .inquire, .here, .recovering(.committable, up: ["b"]), .recovering(.uncertain, up: []),
      .stateRequest, .state(.uncertain), .state(.committable),
    ]
    let asks: [Event<ThreePhaseCommit.Words>] = ThreePhaseCommitModel.requests.map {
      .asked($0, RequestID(0))
    }
    let logs: [[ThreePhaseCommit.Words.Record]] = [
      [], [.yes], [.preCommit], [.yes, .preCommit], [.gone("a"), .yes, .gone("b"), .gone("c")],
      [.decided(.commit)], [.yes, .decided(.abort), .decided(.commit)],
    ]
    let timers: [ThreePhaseCommit.Words.Timer] = [
      .request, .votes, .acks, .leader, .answers, .states, .news,
    ]
    for id: NodeID in ["c", "a", "b"] {
      bear(ThreePhaseCommit.Process(id, of: ["c", "a", "b"]), messages, asks, logs, timers)
    }
  }

  @Test func `Quorum commit`() {
    let messages: [QuorumCommit.Words.Message] = [
      .canCommit, .vote(.yes), .vote(.no), .stateRequest(-1), .stateRequest(1), .stateRequest(5),
      .state(Standing()), .state(Standing(elected: 2)), .state(Standing(elected: .max)),
      .attempt(.commit, 1), .attempt(.abort, 3), .ack(.commit, 1), .ack(.abort, 2),
      .decide(.commit), .decide(.abort),
    ]
    let asks: [Event<QuorumCommit.Words>] = QuorumCommitModel.requests.map {
      .asked($0, RequestID(0))
    }
    let logs: [[QuorumCommit.Words.Record]] = [
      [], [.yes], [.yes, .elected(3)], [.attempt(.abort, 4), .elected(1)], [.decided(.commit)],
    ]
    let timers: [QuorumCommit.Words.Timer] = [.request, .votes, .leader, .states, .acks]
    for variant in QuorumCommit.Variant.allCases {
      for id: NodeID in ["c", "a", "b"] {
        bear(
          QuorumCommit.Process(id, of: ["c", "a", "b"], variant: variant), messages, asks, logs,
          timers)
      }
    }
  }

  @Test func `The Synod`() {
    let ballots = [Ballot(1, "p"), Ballot(1, "q"), Ballot(-3, ""), Ballot(.max, "q")]
    let messages: [Paxos.Words.Message] =
      ballots.flatMap { ballot -> [Paxos.Words.Message] in
        [
          .prepare(ballot), .promise(ballot, nil), .promise(ballot, Vote(ballots[1], "w")),
          .accept(ballot, "v"), .accepted(ballot, "v"), .accepted(ballot, "w"), .reject(ballot),
        ]
      } + [.chosen("v"), .chosen("w"), .inquire]
    let asks: [Event<Paxos.Words>] = PaxosModel.requests.map { .asked($0, RequestID(0)) }
    let logs: [[Paxos.Words.Record]] = [
      [], [.attempted(3)], [.promised(ballots[1])], [.accepted(ballots[0], "v")],
      [.accepted(ballots[1], "v"), .promised(ballots[0]), .attempted(-1)],
    ]
    let timers: [Paxos.Words.Timer] = [.ballot, .retry, .inquiry]
    for variant in Paxos.Variant.allCases {
      let topology = PaxosModel.topology(3)
      for member in topology {
        guard
          let node = try? PaxosModel.node(
            for: member, in: topology, variant: variant, without: [])
        else { return }
        bear(node, messages, asks, logs, timers)
      }
    }
  }

  @Test func `Multi-Paxos`() {
    let ballots = [Ballot(1, "a"), Ballot(2, "c"), Ballot(-3, ""), Ballot(.max, "b")]
    let entries: [ReplicatedLog.Entry] = [
      .noop, .members(["c"]), .members([]), .command(.init("x", 1, .append("k", "a"))),
      .command(.init("y", 1, .get("k"))),
    ]
    let numbers = [1, 2, 3, 4, 5, 0, -7, .min, .max]
    let store = KeyValueStore()
    let checkpoints = [0, 4, -1, .max].map { number in
      var checkpoint = Checkpoint(configurations: [.init(from: 1, members: ["a", "b", "c"])])
      (checkpoint.number, checkpoint.store) = (number, store)
      return checkpoint
    }
    let slots = ballots.flatMap { ballot in
      zip(numbers, entries + entries).map { Slot($0, ballot, $1) }
    }
    let messages: [MultiPaxos.Words.Message] =
      slots.flatMap { slot -> [MultiPaxos.Words.Message] in
        [
          .accept(slot, chosen: slot.number), .promise(slot.ballot, [slot], nil),
          .prepare(slot.ballot, from: slot.number), .accepted(slot.ballot, slot.number),
          .reject(slot.ballot), .lead(slot.ballot, chosen: slot.number, beat: slot.number),
          .follow(slot.ballot, beat: slot.number), .fetch(slot.number),
          .chosen([MultiPaxos.Chosen(slot.number, slot.entry)]),
        ]
      } + checkpoints.map { .install($0) }
    let asks: [Event<MultiPaxos.Words>] =
      (MultiPaxos.Model.requests + [.members(["c"]), .members([])]).map {
        .asked($0, RequestID(0))
      }
    let logs: [[MultiPaxos.Words.Record]] = [
      [], [.promised(ballots[0])], [.promised(ballots[3])], [.rebuilding],
      [.accepted(slots[0]), .accepted(slots[5]), .promised(ballots[1])],
      [.checkpoint(checkpoints[1]), .accepted(slots[4])], [.checkpoint(checkpoints[3])],
    ]
    let timers: [MultiPaxos.Words.Timer] = [
      .election, .election, .beat, .grant, .lease(1), .lease(2),
    ]
    for variant in MultiPaxos.Variant.allCases {
      for id: NodeID in ["c", "a", "b"] {
        bear(
          MultiPaxos.Server(id, members: ["a", "b", "c"], variant: variant), messages, asks,
          logs, timers)
      }
    }
  }

  private func bear<N: Machine & Ruled>(
    _ node: N, _ messages: [N.Words.Message], _ asks: [Event<N.Words>],
    _ logs: [[N.Words.Record]], _ timers: [N.Words.Timer]
  ) {
    AnyInput(messages: messages, asks: asks, logs: logs, timers: timers).bear(node)
  }
}
