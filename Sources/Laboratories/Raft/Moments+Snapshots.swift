import Lab
import ProtocolCore
import Raft
import ReplicatedLog

// Moments at which a snapshot is about.

extension Moments {
  /// Commands of clients that nobody waits for, as many as there are serial numbers.
  static func tell(_ server: NodeID, _ client: String, _ serials: ClosedRange<Int>) -> Acts {
    serials.flatMap { told(server, command(client, $0, .append("k", "\($0)"))) }
      + [.store(server, first: nil)]
  }

  /// c follows, and it is known what it has.
  static let followed = begun + deliver("c", "a") + deliver("c", "a")

  /// Three commands are committed by b: a has a snapshot of 4; c, which has only the first entry,
  /// has rejected a heartbeat, and a part of the snapshot is on its way to it.
  ///
  /// What was sent to c before is under way too.
  static let snapshotSent =
    followed + tell("a", "x", 1...3) + told("a", command("y", 1, .append("k", "b")))
    + [.store("a", first: nil)]
    + (1...3).flatMap { _ in deliver("a", "b") + deliver("b", "a") } + [.expire("a", .beat)]
    + deliver("a", "c", 4) + deliver("c", "a")

  /// c has taken, behind all that, what was sent to it before, so that y1, under 5, is committed.
  static let overtaken =
    snapshotSent + (1...4).flatMap { _ in deliver("a", "c") }
    + (1...4).flatMap { _ in deliver("c", "a") }

  /// A client's command is committed by a and b, and the client answered.
  static func commit(_ client: ClientID, _ serial: Int, _ piece: String) -> Acts {
    asked(client, serial, .append("k", piece), of: "a") + [.store("a", first: nil)]
      + deliver("a", "b") + deliver("b", "a")
  }

  /// a and b have come to entry 4, and c, which has the first, is sent what they have: a text and
  /// the answers of two clients, in two parts.
  static let installing =
    begun + commit("x", 1, "a") + commit("x", 2, "c") + commit("y", 1, "b") + deliver("c", "a")
    + deliver("c", "a")

  /// c has the first of two parts.
  static let partly = installing + deliver("a", "c") + deliver("c", "a")

  /// It has, and has restarted since.
  static let forgotten = partly + [.crash("c", losing: 0, unsent: 0), .restart("c")]

  /// c has taken over what was sent to it in one part, of which a double is under way; x4, under 5,
  /// is committed, and c has it, and is about to hear that.
  static let repeated =
    begun + commit("x", 1, "a") + commit("x", 2, "c") + commit("x", 3, "d") + deliver("c", "a")
    + deliver("c", "a") + [.duplicate(Link(from: "a", to: "c"), 0)] + deliver("a", "c")
    + deliver("c", "a") + commit("x", 4, "e") + deliver("a", "c", 1) + [.expire("a", .beat)]

  /// x1, of which x has not heard, and y1, y2 are committed; a and b have a snapshot of 4 entries.
  static let snapshotted =
    begun + asked("x", 1, .append("k", "a"), of: "a") + [.abandon("x")]
    + told("a", command("y", 1, .append("k", "1"))) + told("a", command("y", 2, .append("k", "2")))
    + [.store("a", first: nil)]
    + (1...3).flatMap { _ in deliver("a", "b") + deliver("b", "a") } + [.expire("a", .beat)]
    + deliver("a", "b")

  /// b has restarted and leads term 2, with c.
  static let sessionLost =
    snapshotted + [.crash("b", losing: 0, unsent: 0), .restart("b")] + elect("b", by: "c")
    + [.store("b", first: nil)]
}
