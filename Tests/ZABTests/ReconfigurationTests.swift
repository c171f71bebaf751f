import ProtocolCore
import ReplicatedLog
import Testing
import ZAB

/// What the paper on reconfiguration (Shraer, Reed, Malkhi, Junqueira, USENIX ATC 2012), Apache's
/// manual and its sources say of members that change, each a conversation with a server.
struct ReconfigurationTests {
  private typealias Server = ZABModel.Node

  private static func members(_ names: NodeID...) -> ReplicatedLog.Request { .members(names) }

  /// A reconfiguration as the first transaction of epoch 1.
  private static func first(_ names: NodeID...) -> Transaction {
    Transaction(Zxid(1, 1), .members(names))
  }

  private static func server(
    _ id: NodeID, _ disk: [Record] = [], election: ZAB.ElectionKind = .any,
    observers: [NodeID] = []
  ) -> Server {
    var settings = ZAB.Settings()
    (settings.election, settings.reconfigEnabled) = (election, true)
    let ensemble = ZAB.Ensemble(
      voters: ["a", "b", "c"].map { ZAB.Ensemble.Voter($0) }, observers: observers)
    var server = Server(id, of: ensemble, settings: settings)
    _ = server.step(.started(disk))
    return server
  }

  /// A leader of epoch 1, which these follow, and have all that it has.
  private static func leading(_ followers: NodeID..., observers: [NodeID] = []) -> Server {
    var a = server("a", observers: observers)
    _ = a.step(.expired(.elected("a")))
    for follower in followers { _ = a.step(.received(.followerInfo(.zero), from: follower)) }
    _ = a.step(.stored([.acceptedEpoch(1)]))
    for follower in followers {
      _ = a.step(.received(.ackEpoch(.zero, currentEpoch: 0), from: follower))
    }
    _ = a.step(.stored([.currentEpoch(1)]))
    for follower in followers { _ = a.step(.received(.ack(Zxid(1, 0)), from: follower)) }
    return a
  }

  /// A follower of a in epoch 1 that serves.
  private static func following(_ id: NodeID = "b", observers: [NodeID] = []) -> Server {
    var server = server(id, observers: observers)
    _ = server.step(.expired(.elected("a")))
    for message: Message in [
      .leaderInfo(Zxid(1, 0)), .diff(.zero), .newLeader(Zxid(1, 0)), .upToDate,
    ] { _ = server.step(.received(message, from: "a")) }
    return server
  }

  // MARK: Proposing

  @Test func `A reconfiguration is a transaction like others`() {
    var a = Self.leading("b", "c")
    let said = a.step(.asked(Self.members("a", "b"), RequestID(0)))
    #expect(said.records == [.proposal(Self.first("a", "b"))])
    #expect(said.messages(to: "b") == [.proposal(Self.first("a", "b"))])
    #expect(said.messages(to: "c") == [.proposal(Self.first("a", "b"))])
  }

  @Test func `Once it is invoked, quorums of the old and of the new configuration are needed`() {
    var a = Self.leading("b", "c", "d", "e")
    _ = a.step(.asked(Self.members("c", "d", "e"), RequestID(0)))
    _ = a.step(.stored([.proposal(Self.first("c", "d", "e"))]))
    // c and d and e: all of the new, and of the old c and a, whose disk has it.
    #expect(a.step(.received(.ack(Zxid(1, 1)), from: "d")).messages(to: "b") == [])
    #expect(a.step(.received(.ack(Zxid(1, 1)), from: "b")).messages(to: "b") == [])
    let said = a.step(.received(.ack(Zxid(1, 1)), from: "e"))
    #expect(said.messages(to: "b") == [.commitAndActivate(Zxid(1, 1), leader: "d")])
    #expect(
      said.records == [.quorumVerifier(ZAB.Configuration(Zxid(1, 1), members: ["c", "d", "e"]))])
  }

  @Test func `What follows it waits for both too, until it is in force, and then for the new`() {
    var a = Self.leading("b", "c", "d")
    _ = a.step(.asked(Self.members("a", "d"), RequestID(0)))
    let command = ReplicatedLog.Command("x", 1, .append("k", "a"))
    _ = a.step(.asked(.command(command), RequestID(1)))
    _ = a.step(
      .stored([.proposal(Self.first("a", "d")), .proposal(Transaction(Zxid(1, 2), command))]))
    for counter: UInt32 in [1, 2] {
      #expect(a.step(.received(.ack(Zxid(1, counter)), from: "b")).messages(to: "c") == [])
    }
    // d has the first: that is in force, and the second waits for d alone.
    #expect(
      a.step(.received(.ack(Zxid(1, 1)), from: "d")).messages(to: "c")
        == [.commitAndActivate(Zxid(1, 1), leader: "a")])
    // It waits until that is written, too.
    #expect(a.step(.received(.ack(Zxid(1, 2)), from: "d")).messages(to: "c") == [])
    let named = ZAB.Configuration(Zxid(1, 1), members: ["a", "d"])
    #expect(a.step(.stored([.quorumVerifier(named)])).messages(to: "c") == [.commit(Zxid(1, 2))])
  }

  @Test func `ReconfigInProgress: there is one at a time`() {
    var a = Self.leading("b", "c")
    _ = a.step(.asked(Self.members("a", "b"), RequestID(0)))
    #expect(
      a.step(.asked(Self.members("a", "c"), RequestID(1)))
        == [.reply(.refused, to: RequestID(1), .atOnce)])
  }

  @Test func `NewConfigNoQuorum: a quorum of the new must be synchronized`() {
    var a = Self.leading("b", "c")
    let refused: [Out] = [.reply(.refused, to: RequestID(0), .atOnce)]
    #expect(a.step(.asked(Self.members("a", "d"), RequestID(0))) == refused)
    // d connects, and is sent all: not before it has acknowledged that.
    _ = a.step(.received(.followerInfo(Zxid(1, 0)), from: "d"))
    _ = a.step(.received(.ackEpoch(.zero, currentEpoch: 0), from: "d"))
    #expect(a.step(.asked(Self.members("a", "d"), RequestID(0))) == refused)
    _ = a.step(.received(.ack(Zxid(1, 0)), from: "d"))
    #expect(a.step(.asked(Self.members("a", "d"), RequestID(0))) != refused)
  }

  @Test func `A learner, and a server whose members do not change, refuse`() {
    var b = Self.following()
    let refused: [Out] = [.reply(.refused, to: RequestID(0), .atOnce)]
    #expect(b.step(.asked(Self.members("a", "b"), RequestID(0))) == refused)
    let alone = ZAB.Ensemble(voters: [ZAB.Ensemble.Voter("a")])
    var fixed = Server("a", of: alone)
    _ = fixed.step(.started([]))
    _ = fixed.step(.expired(.finalize))
    _ = fixed.step(.stored([.acceptedEpoch(1)]))
    _ = fixed.step(.stored([.currentEpoch(1)]))
    #expect(fixed.isServing)
    #expect(fixed.step(.asked(Self.members("a"), RequestID(0))) == refused)
  }

  // MARK: Committing

  @Test func `A follower has it on disk before it acknowledges it, and in force when told`() {
    var b = Self.following()
    let said = b.step(.received(.proposal(Self.first("a", "b")), from: "a"))
    #expect(said.records == [.proposal(Self.first("a", "b"))])
    #expect(said.contains(.send(.ack(Zxid(1, 1)), to: "a", .whenStored)))
    #expect(b.quorumVerifier == nil)
    _ = b.step(.received(.commitAndActivate(Zxid(1, 1), leader: "a"), from: "a"))
    #expect(b.quorumVerifier == ZAB.Configuration(Zxid(1, 1), members: ["a", "b"]))
    #expect(b.isServing)
  }

  @Test func `A leader that is removed designates one that has acknowledged most`() {
    var a = Self.leading("b", "c")
    _ = a.step(.asked(Self.members("b", "c"), RequestID(0)))
    let command = ReplicatedLog.Command("x", 1, .append("k", "a"))
    _ = a.step(.asked(.command(command), RequestID(1)))
    _ = a.step(.received(.ack(Zxid(1, 1)), from: "c"))
    _ = a.step(.received(.ack(Zxid(1, 2)), from: "c"))
    let said = a.step(.received(.ack(Zxid(1, 1)), from: "b"))
    #expect(said.messages(to: "b") == [.commitAndActivate(Zxid(1, 1), leader: "c")])
    // From here on the new leader commits.
    #expect(!a.isServing)
    #expect(a.step(.received(.ack(Zxid(1, 2)), from: "b")).messages(to: "b") == [])
  }

  @Test func `Who is designated leads, and who is told follows it, without an election`() {
    var b = Self.following("b")
    _ = b.step(.received(.proposal(Self.first("b", "c")), from: "a"))
    let leads = b.step(.received(.commitAndActivate(Zxid(1, 1), leader: "b"), from: "a"))
    #expect(leads.contains(.disconnect("a")))
    #expect(!b.isLooking)
    #expect(
      b.step(.received(.followerInfo(Zxid(1, 0)), from: "c")).records == [.acceptedEpoch(2)])
    var c = Self.following("c")
    _ = c.step(.received(.proposal(Self.first("b", "c")), from: "a"))
    let follows = c.step(.received(.commitAndActivate(Zxid(1, 1), leader: "b"), from: "a"))
    #expect(follows.contains(.connect("b")))
    #expect(follows.messages(to: "b") == [.followerInfo(Zxid(1, 0))])
  }

  @Test func `An observer that votes from here on connects anew, as a follower`() {
    var d = Self.following("d", observers: ["d"])
    let said = d.step(
      .received(.informAndActivate(Self.first("a", "b", "d"), leader: "a"), from: "a"))
    #expect(said.contains(.disconnect("a")))
    #expect(said.messages(to: "a") == [.followerInfo(Zxid(1, 0))])
  }

  // MARK: Recovering

  private static let seen: [Record] = [
    .acceptedEpoch(1), .currentEpoch(1), .proposal(first("a", "d")),
  ]

  @Test func `Who has seen one that is not in force needs quorums of both to lead`() {
    var a = Self.server("a", Self.seen)
    _ = a.step(.expired(.elected("a")))
    // b and a are a quorum of the old, and not of the new.
    #expect(a.step(.received(.followerInfo(Zxid(1, 0)), from: "b")).records == [])
    #expect(
      a.step(.received(.followerInfo(Zxid(1, 0)), from: "d")).records == [.acceptedEpoch(2)])
  }

  @Test func `NEWLEADER tells what was seen last, and UPTODATE brings that into force`() {
    var a = Self.server("a", Self.seen)
    _ = a.step(.expired(.elected("a")))
    for peer: NodeID in ["b", "d"] {
      _ = a.step(.received(.followerInfo(Zxid(1, 0)), from: peer))
    }
    _ = a.step(.stored([.acceptedEpoch(2)]))
    let configuration = ZAB.Configuration(Zxid(1, 1), members: ["a", "d"])
    _ = a.step(.received(.ackEpoch(.zero, currentEpoch: 0), from: "b"))
    let said = a.step(.received(.ackEpoch(Zxid(1, 1), currentEpoch: 1), from: "d"))
    #expect(said.messages(to: "d").last == .newLeader(Zxid(2, 0), configuration))

    var b = Self.server("b")
    _ = b.step(.expired(.elected("a")))
    let proposal = Self.first("a", "d")
    for message: Message in [
      .leaderInfo(Zxid(2, 0)), .diff(Zxid(1, 1)), .proposal(proposal), .commit(proposal.zxid),
      .newLeader(Zxid(2, 0), configuration),
    ] { _ = b.step(.received(message, from: "a")) }
    #expect(b.quorumVerifier == nil)
    _ = b.step(.received(.upToDate, from: "a"))
    #expect(b.quorumVerifier == configuration)
  }

  @Test func `Who joins while one is proposed is told the configuration in force`() {
    var a = Self.leading("b", "c")
    _ = a.step(.asked(Self.members("a", "c"), RequestID(0)))
    _ = a.step(.disconnected("c"))
    _ = a.step(.received(.followerInfo(Zxid(1, 0)), from: "c"))
    let said = a.step(.received(.ackEpoch(Zxid(1, 0), currentEpoch: nil), from: "c"))
    let sent = said.messages(to: "c")
    #expect(sent.suffix(2) == [.proposal(Self.first("a", "c")), .newLeader(Zxid(1, 0))])
  }

  @Test func `The configuration in force is on disk, and what was seen last stands in the log`() {
    let configuration = ZAB.Configuration(Zxid(1, 1), members: ["a", "d"])
    let a = Self.server("a", Self.seen + [.quorumVerifier(configuration)])
    #expect(a.quorumVerifier == configuration)
    var disk: [Record] = []
    for record in Self.seen + [.quorumVerifier(configuration)] {
      ZABModel.Words.settle(record, on: &disk)
    }
    let next = ZAB.Configuration(Zxid(1, 2), members: ["a"])
    ZABModel.Words.settle(.quorumVerifier(next), on: &disk)
    ZABModel.Words.settle(
      .snapshot(Snapshot(Zxid(1, 2), KeyValueStore(), configurations: [next])), on: &disk)
    #expect(disk.contains(.quorumVerifier(next)))
    #expect(!disk.contains(.quorumVerifier(configuration)))
  }

  // MARK: Elections

  private static func told(
    _ configuration: ZAB.Configuration?, _ leader: NodeID, _ state: ZAB.ServerState
  ) -> Message {
    .notification(
      ZAB.Notification(
        state, ZAB.Vote(leader, Zxid(1, 1), 1), round: 3, configuration: configuration))
  }

  @Test func `An older configuration gives way to a newer one, and the election begins anew`() {
    let configuration = ZAB.Configuration(Zxid(1, 1), members: ["a", "b", "d"])
    var a = Self.server("a", election: .fast)
    #expect(a.round == 1)
    let said = a.step(.received(Self.told(configuration, "d", .following), from: "b"))
    #expect(said.records == [.quorumVerifier(configuration)])
    #expect(a.round == 2)
    #expect(said.messages(to: "d").count == 1)
    // Now d can be followed, and an older one changes nothing.
    let older = ZAB.Configuration(Zxid(0, 9), members: ["c"])
    _ = a.step(.received(Self.told(older, "d", .following), from: "b"))
    #expect(a.quorumVerifier == configuration)
    _ = a.step(.received(Self.told(configuration, "d", .leading), from: "d"))
    #expect(!a.isLooking)
  }

  @Test func `Who has a leader takes over nothing, and who is no member is not voted for`() {
    let configuration = ZAB.Configuration(Zxid(1, 1), members: ["d"])
    var b = Self.following()
    _ = b.step(.received(Self.told(configuration, "d", .leading), from: "d"))
    #expect(b.quorumVerifier == nil)
    let active = ZAB.Configuration(Zxid(1, 1), members: ["a", "b"])
    var a = Self.server("a", [.quorumVerifier(active)], election: .fast)
    _ = a.step(.received(Self.told(active, "c", .looking), from: "c"))
    #expect(a.vote.leader == "a")
  }

  @Test func `Members that nobody can have named are refused`() {
    for members: [NodeID] in [[], ["b", "a"], ["a", "a"]] {
      var a = Self.server("a", election: .fast)
      let strange = ZAB.Configuration(Zxid(1, 1), members: members)
      _ = a.step(.received(Self.told(strange, "b", .leading), from: "b"))
      #expect(a.quorumVerifier == nil)
      let disk: [Record] = [.quorumVerifier(strange)]
      #expect(Self.server("a", disk).quorumVerifier == nil)
    }
  }

  /// Two that look for a leader would answer each other for ever.
  @Test func `Who does not vote is answered by one that has a leader, while it looks for one`() {
    var looking = Self.server("a", election: .fast)
    var following = Self.server("b", election: .fast)
    for voter: NodeID in ["a", "c"] {
      let led = ZAB.Notification(voter == "a" ? .leading : .following, Self.forA, round: 1)
      _ = following.step(.received(.notification(led), from: voter))
    }
    for state in ZAB.ServerState.allCases {
      let told = ZAB.Notification(state, ZAB.Vote("d", .zero, 0), round: 1)
      #expect(looking.step(.received(.notification(told), from: "d")).isEmpty)
      let answers = following.step(.received(.notification(told), from: "d")).count
      #expect(answers == (state == .looking ? 1 : 0))
    }
  }

  private static let forA = ZAB.Vote("a", .zero, 0)

  @Test func `Who looks and knows a newer configuration tells it to one that does not vote`() {
    let newer = ZAB.Configuration(Zxid(1, 1), members: ["a", "b"])
    var a = Self.server("a", [.quorumVerifier(newer)], election: .fast)
    for told in [nil, newer] {
      let notification = ZAB.Notification(
        .looking, ZAB.Vote("c", .zero, 0), round: 1, configuration: told)
      let answers = a.step(.received(.notification(notification), from: "c")).count
      #expect(answers == (told == nil ? 1 : 0))
    }
  }

  @Test func `A leader that its own history removes says that its epoch has begun, and looks anew`()
  {
    var a = Self.server("a", [.proposal(Self.first("b", "c"))])
    _ = a.step(.expired(.elected("a")))
    for follower: NodeID in ["b", "c"] {
      _ = a.step(.received(.followerInfo(.zero), from: follower))
    }
    _ = a.step(.stored([.acceptedEpoch(1)]))
    for follower: NodeID in ["b", "c"] {
      _ = a.step(.received(.ackEpoch(.zero, currentEpoch: 0), from: follower))
    }
    _ = a.step(.stored([.currentEpoch(1)]))
    _ = a.step(.received(.ack(Zxid(1, 0)), from: "b"))
    let said = a.step(.received(.ack(Zxid(1, 0)), from: "c"))
    #expect(said.contains(.note(.handsOver(1))) && !said.contains(.note(.leads(1))))
    #expect(a.isLooking)
  }

  @Test func `Who has a reconfiguration that was dropped follows whom the members in force follow`()
  {
    var c = Self.server("c", [.proposal(Self.first("c", "d", "e"))], election: .fast)
    var effects: [Effect<ZABModel.Words>] = []
    for (sender, state) in [("a", ZAB.ServerState.leading), ("b", .following)] {
      let told = ZAB.Notification(state, ZAB.Vote("a", .zero, 2), round: 2)
      effects += c.step(.received(.notification(told), from: NodeID(sender)))
    }
    #expect(effects.contains(.note(.elected("a"))))
  }

  @Test func `What a learner acknowledged counts no more when its leader has not heard it`() {
    var a = Self.leading("b", "c")
    let client = RequestID(0)
    _ = a.step(.asked(.command(ReplicatedLog.Command("x", 1, .append("k", "a"))), client))
    _ = a.step(.received(.ack(Zxid(1, 1)), from: "b"))
    _ = a.step(.expired(.syncLimit))  // who was heard before counts as heard
    _ = a.step(.received(.ping(.zero), from: "c"))
    _ = a.step(.expired(.syncLimit))
    let stored = a.step(
      .stored([
        .proposal(
          Transaction(
            Zxid(1, 1),
            .command(
              ReplicatedLog.Command("x", 1, .append("k", "a")))))
      ]))
    #expect(!stored.contains { if case .send(.commit, _, _) = $0 { true } else { false } })
    let second = a.step(.received(.ack(Zxid(1, 1)), from: "c"))
    #expect(second.contains { if case .send(.commit, _, _) = $0 { true } else { false } })
  }

  @Test func `A vote needs quorums of every configuration that was seen`() {
    var a = Self.server("a", [.proposal(Self.first("a", "d", "e"))], election: .fast)
    let vote = ZAB.Vote("a", Zxid(1, 1), 0)
    func effects(of sender: NodeID) -> [Effect<ZABModel.Words>] {
      a.step(.received(.notification(ZAB.Notification(.looking, vote, round: 1)), from: sender))
    }
    func isElected(_ effects: [Effect<ZABModel.Words>]) -> Bool {
      effects.contains { if case .set(.finalize, _) = $0 { true } else { false } }
    }
    #expect(!isElected(effects(of: "b")))  // with a a quorum of a b c
    #expect(isElected(effects(of: "d")))
  }
}
