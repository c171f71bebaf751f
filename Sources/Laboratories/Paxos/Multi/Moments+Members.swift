import Lab
import Paxos
import ProtocolCore
import ReplicatedLog

// Moments at which the members change, or a checkpoint was taken over.

extension Moments {
  /// An operator, or nobody who waits, asks a leader; it stores.
  private static func told(_ server: NodeID, _ request: Words.Request) -> Acts {
    [.ask(server, request), .store(server, first: nil)]
  }

  /// A leader proposes something, another accepts it, and it is chosen.
  private static func choose(_ request: Words.Request, at leader: NodeID, with voter: NodeID)
    -> Acts
  {
    told(leader, request) + deliver(leader, voter) + deliver(voter, leader)
  }

  /// Commands of a client that nobody waits for.
  private static func commands(_ client: String, _ serials: ClosedRange<Int>) -> [Words.Request] {
    serials.map { command(client, $0, .append("k", "\($0)")) }
  }

  /// a has proposed under 1 that c goes, and b's acceptance is under way to it; c leads with b, has
  /// found that, which is chosen now, and behind it has chosen with b that a goes.
  static let undone: Acts =
    led + told("a", .members(["a", "b"])) + deliver("a", "b") + elect("c", by: "b")
    + deliver("c", "b") + deliver("b", "c") + choose(.members(["b", "c"]), at: "c", with: "b")

  /// An operator asks a for the members without c.
  static let again = Ask<Words>("o", of: ["a"], oneOf: [.members(["a", "b"])])

  /// a proposes that c be the only member, under 1, and x1 under 2; b accepts 2, then 1; and c has
  /// heard of 1, and executed it.
  static let changing: Acts =
    led + told("a", .members(["c"])) + told("a", command("x", 1, .append("k", "a")))
    + deliver("a", "b", 1) + deliver("b", "a") + deliver("a", "b") + deliver("b", "a")
    + deliver("a", "c", 1) + [.expire("a", .beat)] + deliver("a", "c", 3)

  /// a proposes that c be the only member, which it is from 7 on, and six commands behind, as many
  /// as it may and one more; b accepts that first; c has executed what comes before it.
  static let beyond: Acts =
    led + told("a", .members(["c"])) + commands("x", 1...6).flatMap { told("a", $0) }
    + deliver("a", "b", 6) + deliver("b", "a")
    + (1...6).flatMap { _ in deliver("a", "b") + deliver("b", "a") }
    + (1...6).flatMap { _ in deliver("a", "c", 1) } + [.expire("a", .beat)]
    + deliver("a", "c", 3)

  /// b leads 1.b with c, and makes itself the only member from 7 on; 7 is chosen by it alone; a
  /// leads 2.a with c, and has executed what comes before.
  static let usurped: Acts =
    elect("b", by: "c") + choose(.members(["b"]), at: "b", with: "c")
    + commands("x", 1...5).flatMap { choose($0, at: "b", with: "c") }
    + told("b", command("x", 6, .append("k", "6")))
    + deliver("b", "a") + [.expire("a", .election), .store("a", first: nil)]
    + deliver("a", "c") + deliver("c", "a") + deliver("a", "c") + deliver("c", "a")
    + deliver("a", "c") + deliver("c", "a")

  /// Four commands of x are chosen, and it was not answered the last; c leads with b, which has
  /// brought it the checkpoint.
  static let inheriting: Acts =
    led
    + (1...3).flatMap { serial in
      asked("x", serial, .append("k", "a"), of: "a") + [.store("a", first: nil)]
        + deliver("a", "b") + deliver("b", "a")
    } + asked("x", 4, .append("k", "a"), of: "a") + [.store("a", first: nil), .abandon("x")]
    + deliver("a", "b") + deliver("b", "a") + [.expire("a", .beat)] + deliver("a", "b")
    + elect("c", by: "b")

  /// Four commands are chosen; b, which has a checkpoint, has restarted.
  static let recovered: Acts =
    checkpointed + [.crash("b", losing: 0, unsent: 0), .restart("b")]

  /// Only b has accepted y1, under 2, and nobody but a anything under 1; c leads with b.
  static let gap: Acts = gapped + elect("c", by: "b")
}
