import Paxos
import ProtocolCore
import ReplicatedLog
import Testing

/// The sentences of Lamport, "Paxos Made Simple", section 3, that say what a server does, each a
/// conversation with one server.
struct MultiPaperTests {
  typealias Out = Effect<MultiPaxos.Words>

  private let one = Ballot(1, "a")
  private let two = Ballot(2, "b")

  private func command(_ serial: Int, _ client: String = "x") -> ReplicatedLog.Command {
    ReplicatedLog.Command(client, serial, .append("k", "a"))
  }

  private func entry(_ serial: Int) -> ReplicatedLog.Entry { .command(command(serial)) }

  private func leader(
    _ reported: [Slot] = [], without: Set<MultiPaxos.Rule> = []
  ) -> (server: MultiPaxos.Server, effects: [Out]) {
    var server = MultiPaxos.Server("a", members: ["a", "b", "c"], without: without)
    _ = server.step(.started([]))
    _ = server.step(.expired(.election))
    _ = server.step(.stored([.promised(one)]))
    let effects = server.step(.received(.promise(one, reported, nil), from: "b"))
    return (server, effects)
  }

  private func proposals(_ effects: [Out]) -> [Slot] {
    effects.compactMap { effect in
      guard case .send(.accept(let slot, _), "b", _) = effect else { return nil }
      return slot
    }
  }

  @Test func `3: a newly chosen leader executes phase 1 for infinitely many instances`() {
    var server = MultiPaxos.Server("a", members: ["a", "b", "c"])
    _ = server.step(.started([]))
    #expect(
      server.step(.expired(.election)) == [
        .persist(.promised(one)), .send(.prepare(one, from: 1), to: "b"),
        .send(.prepare(one, from: 1), to: "c"), .set(.election, after: 70...140),
      ])
  }

  @Test func `3: an acceptor responds with a single reasonably short message`() {
    var server = MultiPaxos.Server("c", members: ["a", "b", "c"])
    _ = server.step(.received(.accept(Slot(2, one, entry(2)), chosen: 0), from: "a"))
    let effects = server.step(.received(.prepare(two, from: 1), from: "b"))
    #expect(
      effects.contains(.send(.promise(two, [Slot(2, one, entry(2))], nil), to: "b", .whenStored)))
    #expect(effects.first == .persist(.promised(two)))
  }

  @Test func `3: it executes phase 2 for what phase 1 determined, thereby choosing it`() {
    let (server, effects) = leader([Slot(1, Ballot(0, "c"), entry(1))])
    #expect(proposals(effects) == [Slot(1, one, entry(1))])
    #expect(server.isLeading)
  }

  @Test func `3: it fills the gap by proposing a special no-op command`() {
    let earlier = Ballot(0, "c")
    let (_, effects) = leader([Slot(1, earlier, entry(1)), Slot(4, earlier, entry(4))])
    #expect(
      proposals(effects) == [
        Slot(1, one, entry(1)), Slot(2, one, .noop), Slot(3, one, .noop), Slot(4, one, entry(4)),
      ])
  }

  @Test func `3: a client command is proposed as the next in phase 2 only`() {
    var (server, _) = leader()
    let effects = server.step(.asked(.command(command(1)), RequestID(0)))
    #expect(
      effects == [
        .persist(.accepted(Slot(1, one, entry(1)))),
        .send(.accept(Slot(1, one, entry(1)), chosen: 0), to: "b", .atOnce),
        .send(.accept(Slot(1, one, entry(1)), chosen: 0), to: "c", .atOnce),
      ])
  }

  @Test func `3: it can propose command 142 before it learns that 141 has been chosen`() {
    var (server, _) = leader()
    _ = server.step(.asked(.command(command(1)), RequestID(0)))
    #expect(
      proposals(server.step(.asked(.command(command(1, "y")), RequestID(1)))).map(\.number) == [2])
  }

  @Test func `3: commands are executed in order, 138 not before 136 and 137 are chosen`() {
    var (server, _) = leader()
    _ = server.step(.asked(.command(command(1)), RequestID(0)))
    _ = server.step(.asked(.command(command(1, "y")), RequestID(1)))
    _ = server.step(.stored([.accepted(Slot(2, one, .command(command(1, "y"))))]))
    #expect(server.step(.received(.accepted(one, 2), from: "b")) == [])
    _ = server.step(.stored([.accepted(Slot(1, one, entry(1)))]))
    let effects = server.step(.received(.accepted(one, 1), from: "b"))
    #expect(
      effects == [
        .note(.applied(1, entry(1))), .reply(.value("a"), to: RequestID(0)),
        .note(.applied(2, .command(command(1, "y")))), .reply(.value("aa"), to: RequestID(1)),
      ])
  }

  @Test func `3: a leader can get at most α commands ahead`() {
    var (server, _) = leader()
    for number in 1...MultiPaxos.window {
      let ask = server.step(.asked(.command(command(1, "\(number)c")), RequestID(number)))
      #expect(proposals(ask).map(\.number) == [number])
    }
    #expect(
      server.step(.asked(.command(command(1, "z")), RequestID(9)))
        == [.reply(.refused, to: RequestID(9))])
  }

  @Test func `3: members for i + α are part of the state after the i-th command`() {
    var (server, _) = leader()
    _ = server.step(.asked(.members(["a", "b", "d"]), RequestID(0)))
    _ = server.step(.stored([.accepted(Slot(1, one, .members(["a", "b", "d"])))]))
    _ = server.step(.received(.accepted(one, 1), from: "b"))
    let configuration = server.machine.configurations.last
    #expect(configuration?.from == 1 + MultiPaxos.window)
    #expect(configuration?.members == ["a", "b", "d"])
  }

  @Test func `A command that was executed is answered, and not proposed again`() {
    var (server, _) = leader()
    _ = server.step(.asked(.command(command(1)), RequestID(0)))
    _ = server.step(.stored([.accepted(Slot(1, one, entry(1)))]))
    _ = server.step(.received(.accepted(one, 1), from: "b"))
    #expect(
      server.step(.asked(.command(command(1)), RequestID(1)))
        == [.reply(.value("a"), to: RequestID(1))])
  }

  // MARK: What the sentences leave to their reader

  @Test func `A checkpoint takes the place of what it holds, and of no promise`() {
    let later = Slot(5, two, entry(5))
    var checkpoint = Checkpoint(configurations: [])
    checkpoint.number = 4

    var disk: [MultiPaxos.Words.Record] = []
    for record: MultiPaxos.Words.Record in [
      .promised(one), .accepted(Slot(4, two, entry(4))), .accepted(later),
      .checkpoint(checkpoint),
    ] {
      MultiPaxos.Words.settle(record, on: &disk)
    }
    #expect(disk == [.promised(two), .accepted(later), .checkpoint(checkpoint)])
  }

  @Test func `A leader that is told what it has not counted leads no more`() {
    var (server, _) = leader()
    _ = server.step(.asked(.command(command(1)), RequestID(0)))
    let other = MultiPaxos.Chosen(1, entry(7))
    let effects = server.step(.received(.chosen([other]), from: "c"))
    #expect(!server.isLeading)
    #expect(effects.contains(.note(.applied(1, entry(7)))))
  }

  @Test func `A checkpoint answers those that wait for what it holds, and no others`() {
    var (server, _) = leader()
    _ = server.step(.asked(.command(command(1)), RequestID(0)))
    _ = server.step(.asked(.command(command(1, "y")), RequestID(1)))
    var told = server.machine
    told.number = 4
    _ = told.store.apply(command(1))
    let effects = server.step(.received(.install(told), from: "c"))
    #expect(effects.contains(.reply(.value("a"), to: RequestID(0))))
    #expect(server.waiting.map(\.client) == [RequestID(1)])
  }

  @Test func `Promises and acceptances of another ballot are not counted`() {
    var server = MultiPaxos.Server("a", members: ["a", "b", "c"])
    _ = server.step(.started([]))
    _ = server.step(.expired(.election))
    _ = server.step(.expired(.election))
    _ = server.step(.stored([.promised(Ballot(2, "a"))]))
    #expect(server.step(.received(.promise(one, [], nil), from: "b")) == [])
    #expect(!server.isLeading)

    var (leader, _) = leader()
    _ = leader.step(.asked(.command(command(1)), RequestID(0)))
    _ = leader.step(.stored([.accepted(Slot(1, one, entry(1)))]))
    #expect(leader.step(.received(.accepted(Ballot(0, "c"), 1), from: "b")) == [])
    #expect(
      leader.step(.received(.accepted(one, 1), from: "b")).contains(.note(.applied(1, entry(1)))))
  }

  @Test func `One that has granted a lease does not stand itself`() {
    var server = MultiPaxos.Server("c", members: ["a", "b", "c"], variant: .lease)
    _ = server.step(.started([]))
    _ = server.step(.received(.lead(one, chosen: 0, beat: 1), from: "a"))
    #expect(server.step(.expired(.election)) == [.set(.election, after: 70...140)])
    _ = server.step(.expired(.grant))
    #expect(server.step(.expired(.election)).contains(.persist(.promised(Ballot(2, "c")))))
  }

  @Test func `A grant is on disk before it is told, if nothing else is`() {
    var server = MultiPaxos.Server("c", members: ["a", "b", "c"], variant: .lease)
    _ = server.step(.started([]))
    let effects = server.step(.received(.lead(one, chosen: 0, beat: 1), from: "a"))
    #expect(effects.contains(.persist(.promised(one))))
    #expect(effects.contains(.send(.follow(one, beat: 1), to: "a", .whenStored)))
    // One that is bound to a binds itself to no other.
    let late = server.step(.received(.lead(two, chosen: 0, beat: 1), from: "b"))
    #expect(!late.contains(.send(.follow(two, beat: 1), to: "b", .atOnce)))
  }
}
