import Foundation
import Lab
import ProtocolCore
import Testing
import ZAB
import ZooKeeper
import ZooKeeperEnsemble
import ZooKeeperEnsembleLab

/// What the judge is not to excuse, and whom it is not to blame.
struct JudgeTests {
  typealias Subject = ZooKeeperEnsembleModel
  typealias Words = Subject.Words

  private static let established = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "../../Fixtures/ZooKeeperEnsemble/ENSEMBLE-S00-led.run")

  /// What of a run does not hold.
  private func failures(of text: String) throws -> [String] {
    let flaws = ZooKeeperEnsembleLaboratory.flaws
    return try Playback<Subject>(RunFile(text, path: "test.run"), flaws: flaws) { _ in
      try RunFile(String(contentsOf: Self.established, encoding: .utf8), path: "prelude.run")
    }.failures.map(\.description)
  }

  // MARK: What is not excused

  @Test func `That its end was proposed by one that leads no more ends no session`() throws {
    let text = """
      run     ENSEMBLE-900  x is told that its session is over, whose end was proposed and is lost
      without sessionsInherited
      from    ENSEMBLE-S00
      > expire a session 0x100000100000001
      > crash a
      > lose a→b PROPOSAL 1.3 end of 0x100000100000001
      > lose a→c PROPOSAL 1.3 end of 0x100000100000001
      > deliver a→b end
      > deliver a→c end
      > deliver a→x end clients
      > deliver b→y end clients
      > expire c elected c ; expire b elected c
      > deliver b→c FOLLOWERINFO 1.0 ; store c ; deliver c→b LEADERINFO 2.0 ; store b
      > deliver b→c ACKEPOCH 1.2, epoch 1 ; store c ; deliver c→b DIFF 1.2
      > deliver c→b NEWLEADER 2.0 ; store b ; deliver b→c ACK 2.0 ; deliver c→b UPTODATE
      > deliver b→c ACK 2.0
      > expire x dial ; deliver x→b connect 0x100000100000001 seen 0x0
      > deliver b→c REVALIDATE 0x100000100000001
      > deliver c→b REVALIDATE 0x100000100000001 over
      > deliver b→x session over
      = violates sessions
      """
    #expect(try failures(of: text) == [])
  }

  @Test func `A sync that shows an earlier epoch while one leads is wrong`() throws {
    let text = """
      run     ENSEMBLE-901  c answers a sync in epoch 2 by what was delivered in epoch 1
      nodes   a server, b server, c server, x client, y client
      variant any
      flaw    syncAnsweredHere
      > expire a elected a ; expire b elected a ; expire c elected a
      > deliver b→a FOLLOWERINFO 0.0 ; store a ; deliver c→a FOLLOWERINFO 0.0
      > deliver a→b LEADERINFO 1.0 ; store b ; deliver a→c LEADERINFO 1.0 ; store c
      > deliver b→a ACKEPOCH 0.0, epoch 0 ; store a ; deliver c→a ACKEPOCH 0.0, epoch 0
      > deliver a→b DIFF 0.0 ; deliver a→b NEWLEADER 1.0 ; store b ; deliver a→c DIFF 0.0
      > deliver a→c NEWLEADER 1.0 ; store c ; deliver b→a ACK 1.0 ; deliver c→a ACK 1.0
      > deliver a→b UPTODATE ; deliver a→c UPTODATE ; deliver b→a ACK 1.0
      > deliver c→a ACK 1.0
      > expire x dial ; deliver x→a connect anew seen 0x0 ; store a
      > deliver a→b PROPOSAL 1.1 new session at a 0x100000100000001 ; store b
      > deliver a→c PROPOSAL 1.1 new session at a 0x100000100000001 ; store c
      > deliver b→a ACK 1.1 ; deliver c→a ACK 1.1 ; deliver a→b COMMIT 1.1
      > deliver a→c COMMIT 1.1 ; deliver a→x session 0x100000100000001
      > expire y dial ; deliver y→b connect anew seen 0x0
      > deliver b→a REQUEST new session at b ; store a
      > deliver a→b PROPOSAL 1.2 new session at b 0x200000100000002 ; store b
      > deliver a→c PROPOSAL 1.2 new session at b 0x200000100000002 ; store c
      > deliver b→a ACK 1.2 ; deliver c→a ACK 1.2 ; deliver a→b COMMIT 1.2
      > deliver a→c COMMIT 1.2 ; deliver b→y session 0x200000100000002
      > expire b syncLimit ; expire c syncLimit ; deliver b→y end clients ; deliver b→a end
      > deliver c→a end ; expire a syncLimit ; deliver a→x end clients
      > expire a elected a ; expire b elected a ; expire c elected a
      > deliver b→a FOLLOWERINFO 1.0 ; store a ; deliver c→a FOLLOWERINFO 1.0
      > deliver a→b LEADERINFO 2.0 ; store b ; deliver a→c LEADERINFO 2.0 ; store c
      > deliver b→a ACKEPOCH 1.2, epoch 1 ; store a ; deliver c→a ACKEPOCH 1.2, epoch 1
      > deliver a→b DIFF 1.2 ; deliver a→b NEWLEADER 2.0 ; store b ; deliver a→c DIFF 1.2
      > deliver a→c NEWLEADER 2.0 ; store c ; deliver b→a ACK 2.0 ; deliver c→a ACK 2.0
      > deliver a→b UPTODATE ; deliver a→c UPTODATE ; deliver b→a ACK 2.0
      > deliver c→a ACK 2.0
      > expire x dial ; deliver x→b connect 0x100000100000001 seen 0x0
      > deliver b→a REVALIDATE 0x100000100000001
      > deliver a→b REVALIDATE 0x100000100000001 open ; deliver b→x session 0x100000100000001
      > expire y dial ; deliver y→c connect 0x200000100000002 seen 0x0
      > deliver c→a REVALIDATE 0x200000100000002
      > deliver a→c REVALIDATE 0x200000100000002 open ; deliver c→y session 0x200000100000002
      > ask x create /a 1 ; deliver x→b #1 create /a 1
      > deliver b→a REQUEST 0x100000100000001 #1 create /a 1 ; store a
      > deliver a→b PROPOSAL 2.1 0x100000100000001 #1 create /a 1 ; store b
      > deliver b→a ACK 2.1 ; deliver a→b COMMIT 2.1 ; deliver b→x #1 /a at 0x200000001
      > ask y sync / ; ask y stat /a ; deliver y→c #1 sync /
      > deliver c→y #1 synced at 0x100000002 ; deliver y→c #2 stat /a
      > deliver c→y #2 NoNode at 0x100000002
      = stale behind sync y
      = violates syncs
      """
    #expect(try failures(of: text) == [])
  }

  /// A client comes back with a session that it has asked to close, and the old server's request
  /// comes late.
  private static let closedElsewhere = """
    > ask y close ; deliver y→b #1 close
    > sever y b clients ; deliver b→y end clients ; deliver y→b end clients
    > expire y dial ; deliver y→c connect 0x200000100000002 seen 0x0
    > deliver c→a REVALIDATE 0x200000100000002
    > deliver a→c REVALIDATE 0x200000100000002 open ; deliver c→y session 0x200000100000002
    > ask y create /a 1 ; deliver y→c #2 create /a 1
    > deliver c→a REQUEST 0x200000100000002 #2 create /a 1 ; store a
    > deliver a→c PROPOSAL 1.3 0x200000100000002 #2 create /a 1 ; store c
    > deliver c→a ACK 1.3 ; deliver a→c COMMIT 1.3 ; deliver c→y #2 /a at 0x100000003
    > deliver b→a REQUEST 0x200000100000002 #1 close ; store a
    > deliver a→c PROPOSAL 1.4 0x200000100000002 #1 close ; store c ; deliver c→a ACK 1.4
    > deliver a→c COMMIT 1.4 ; store c
    """

  @Test func `A server hears that a session was closed at another, and closes its connection`()
    throws
  {
    let text = """
      run     ENSEMBLE-902  c closes the connection of y
      without closingGivesUp
      from    ENSEMBLE-S00
      \(Self.closedElsewhere)
      > deliver c→y end clients
      = violates clientOrder
      = holds sessions
      """
    #expect(try failures(of: text) == [])
  }

  @Test func `A server that serves a session that was closed at another is seen`() throws {
    let text = """
      run     ENSEMBLE-903  c answers y behind the end of its session
      without closingGivesUp endedDropped
      from    ENSEMBLE-S00
      \(Self.closedElsewhere)
      > ask y get /a ; deliver y→c #3 get /a ; deliver c→y #3 '1' version 0 at 0x100000004
      = violates sessions
      """
    #expect(try failures(of: text) == [])
  }

  // MARK: Who is not blamed

  @Test func `A snapshot may hold what nobody has delivered, and others deliver later`() throws {
    var stage = try Stage()
    stage.begin()
    stage.play([.sever("c", "a", .main)])
    for path in ["/a", "/b", "/c"] { stage.play([stage.asked("x", "create \(path) 1")]) }
    // The leader alone has the next, and c has it with everything else by SNAP, in epoch 2.
    stage.perform([stage.asked("x", "create /d 1"), .deliver(Link(from: "x", to: "a"), 0)])
    stage.perform([.store("a", first: nil), .crash("a", losing: 0, unsent: 0)])
    stage.play([.lose(Link(from: "a", to: "b"), 0)])
    stage.perform([.restart("a")] + ["a", "c"].map { .expire($0, .peer(.elected("a"))) })
    for _ in 0..<3 {
      stage.perform([
        .deliver(Link(from: "c", to: "a"), 0), .store("a", first: nil),
        .deliver(Link(from: "a", to: "c"), 0), .store("c", first: nil),
      ])
    }
    stage.perform([.deliver(Link(from: "a", to: "c"), 0), .store("c", first: nil)])
    stage.play([.crash("a", losing: 0, unsent: 0)])
    // c leads epoch 3 with b; a has all that this begins with, and hears nothing for a while.
    stage.perform([.restart("a")] + ["c", "b", "a"].map { .expire($0, .peer(.elected("c"))) })
    for server in ["b", "a"] as [NodeID] { stage.perform(deliver(server, "c")) }
    stage.perform([.store("c", first: nil)])
    for server in ["a", "b"] as [NodeID] {
      stage.perform(deliver("c", server) + [.store(server, first: nil)] + deliver(server, "c"))
    }
    stage.perform([.store("c", first: nil)] + deliver("c", "b", 2) + [.store("b", first: nil)])
    stage.perform(deliver("b", "c") + deliver("c", "b") + deliver("b", "c"))
    stage.perform([.expire("x", .dial)] + deliver("x", "b") + deliver("b", "c"))
    stage.perform(deliver("c", "b") + deliver("b", "x") + [stage.asked("x", "create /e 1")])
    stage.perform(deliver("x", "b") + deliver("b", "c") + [.store("c", first: nil)])
    stage.perform(deliver("c", "b") + [.store("b", first: nil)] + deliver("b", "c"))
    stage.play([])
    let delivered = stage.delivered()
    // a is the first to deliver it, behind others that came later.
    let late = delivered.firstIndex { $0.text.contains("create /d") }
    #expect(late.map { delivered[$0].server } == "a", "\(delivered)")
    #expect(delivered.prefix(late ?? 0).contains { $0.text.contains("create /e") })
    #expect(stage.system.violatedAlways() == nil)
  }

  private func deliver(_ from: NodeID, _ to: NodeID, _ count: Int = 1) -> [Act<Words>] {
    (0..<count).map { _ in .deliver(Link(from: from, to: to), 0) }
  }

  @Test func `A leader that was deposed knows no session that began since`() throws {
    var stage = try Stage()
    stage.begin()
    stage.perform([.cut(Link.between(["a"], and: ["b", "c"]))])
    stage.play(["b", "c"].map { .expire($0, .peer(.syncLimit)) })
    stage.play(["b", "c"].map { .expire($0, .peer(.elected("b"))) })
    stage.play([.expire("y", .dial)])
    stage.play([stage.asked("y", "close")])
    // y tries a in vain, has a new session at b, goes on with it at c, and comes to a.
    for server in ["a", "b", "c"] as [NodeID] {
      stage.play([.expire("y", .dial)])
      stage.play([.sever("y", server, .clients)])
    }
    stage.play([.expire("y", .dial)])
    let told = stage.notes().filter { if case .expired = $0 { true } else { false } }
    #expect(told.count == 1)
    #expect(stage.system.violatedAlways() == nil)
  }

  @Test func `A client that is answered what it has not asked says so`() {
    var client = ZooKeeperEnsemble.Client("x", of: ["a"])
    _ = client.step(.started([]))
    _ = client.step(.expired(.dial))
    _ = client.step(
      .received(.connected(SessionID(7), timeout: 100, isReadOnly: false), from: "a"))
    let reply = Words.Message.reply(9, Reply(zxid: ZooKeeper.Zxid(1), .success(.done)))
    let effects = client.step(.received(reply, from: "a"))
    #expect(effects.first == .note(.unexpected(reply, from: "a")))
    #expect(client.server == nil)
  }
}
