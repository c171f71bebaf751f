import Conformance
import ProtocolCore
import Testing
import ZooKeeper
import ZooKeeperConformance

/// Runs that are drawn from the model, and what makes two servers' answers comparable.
@Suite struct DifferentialTests {
  /// Plays so many moves from a seed.
  static func play(_ count: Int, seed: UInt64) -> (moves: [Move], reached: Reached, told: Int) {
    var model = Model(clients: 3, root: ["/q"])
    var generator = MoveGenerator(seed: seed, clients: 3, root: "/q")
    var moves: [Move] = []
    var reached = Reached()
    var told = 0
    for _ in 0..<count {
      let move = generator.next(in: model)
      let consequence = model.play(move)
      generator.learn(move, consequence.reply)
      reached.count(move.request, consequence.reply)
      moves.append(move)
      told += consequence.events.count
    }
    return (moves, reached, told)
  }

  @Test(arguments: [1, 2, 3] as [UInt64])
  func `At least four moves in ten succeed, and watches fire`(seed: UInt64) {
    let (_, reached, told) = Self.play(1000, seed: seed)
    #expect(reached.total.requests == 1000)
    #expect(reached.total.succeeded >= 400)
    #expect(told > 20)
  }

  @Test func `The same seed draws the same moves, another others`() {
    #expect(Self.play(300, seed: 7).moves == Self.play(300, seed: 7).moves)
    #expect(Self.play(300, seed: 7).moves != Self.play(300, seed: 8).moves)
  }

  @Test func `Every operation meets its usual results`() {
    var reached = Reached()
    for seed in 0..<6 { reached.add(Self.play(400, seed: UInt64(seed)).reached) }
    let table = reached.table
    for code in [
      "NoNode", "NodeExists", "NotEmpty", "BadVersion", "NoAuth", "InvalidACL", "BadArguments",
      "NoChildrenForEphemerals",
    ] {
      #expect(table.contains(code), "\(code) is never met:\n\(table)")
    }
  }

  @Test func `Numbers become their order of appearance`() {
    var normal = ReplyNormalizer()
    normal.meet(SessionID(77))
    let stat = Stat(
      czxid: Zxid(0x205), mzxid: Zxid(0x209), ctime: 5, mtime: 6, ephemeralOwner: SessionID(77),
      pzxid: Zxid(0x205))
    let set = Request.setData(path: "/a", data: [], version: .any)
    let reply = normal.reply(Reply(zxid: Zxid(0x209), .success(.stat(stat))), to: set)
    #expect(
      reply
        == Reply(
          zxid: Zxid(1),
          .success(
            .stat(
              Stat(
                czxid: Zxid(2), mzxid: Zxid(1), ephemeralOwner: SessionID(1), pzxid: Zxid(2))))))
  }

  @Test func `A write whose zxid does not grow is told apart`() {
    var normal = ReplyNormalizer()
    let request = Request.delete(path: "/a")
    let first = normal.reply(Reply(zxid: Zxid(5), .success(.done)), to: request)
    let again = normal.reply(Reply(zxid: Zxid(5), .success(.done)), to: request)
    #expect(first.zxid == Zxid(1))
    #expect(again.zxid == Zxid(-1))
  }

  @Test func `The model tells the watcher before the new session takes the closed one's place`() {
    var model = Model(clients: 2)
    _ = model.play(Move(client: 0, .create(Create("/e", mode: .ephemeral))))
    _ = model.play(Move(client: 1, .exists(path: "/e", watch: true)))
    let closed = model.play(Move(client: 0, .closeSession))
    #expect(closed.events.map(\.client) == [1])
    #expect(closed.events.map(\.event) == [WatchEvent(.nodeDeleted, "/e")])
    let after = model.play(Move(client: 0, .exists(path: "/e")))
    #expect(after.reply.result == .failure(.noNode))
  }
}
