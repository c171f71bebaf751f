import Lab
import Paxos
import ProtocolCore
import ReplicatedLog

/// The moments from which Multi-Paxos is explored.
enum Moments: ReplicatedLog.Asking {
  typealias Words = MultiPaxos.Words
  typealias Acts = [Act<Words>]

  /// A message arrives, and its receiver stores.
  static func deliver(_ from: NodeID, _ to: NodeID, _ place: Int = 0) -> Acts {
    [.deliver(Link(from: from, to: to), place), .store(to, first: nil)]
  }

  /// One leads, with the promise of another; the third has not heard of it.
  static func elect(_ leader: NodeID, by voter: NodeID, _ place: Int = 0) -> Acts {
    [.expire(leader, .election), .store(leader, first: nil)]
      + deliver(leader, voter, place) + deliver(voter, leader)
  }

  static func asked(
    _ client: ClientID, _ serial: Int, _ operation: ReplicatedLog.Operation, of server: NodeID
  ) -> Acts {
    [.ask(server, command(client.name, serial, operation), by: client)]
  }

  /// a leads, with b.
  static let led = elect("a", by: "b")

  /// a proposes x1 under 1, and its own disk works.
  static let proposed = led + asked("x", 1, .append("k", "a"), of: "a")

  /// Only a has accepted it.
  static let half = proposed + [.store("a", first: nil)]

  /// b has accepted it as well: x1 is chosen, executed by a, and x answered.
  static let chosen = half + deliver("a", "b") + deliver("b", "a")

  /// Another would lead, and nobody has heard of it.
  static func contested(_ moment: Acts) -> Acts {
    moment + [.expire("c", .election), .store("c", first: nil)]
  }

  /// c would lead, b has promised, and its disk works.
  static let promising = contested(half) + [.deliver(Link(from: "c", to: "b"), 0)]

  /// c would lead, b has accepted x1, and its disk works.
  static let accepting = contested(half) + [.deliver(Link(from: "a", to: "b"), 0)]

  /// c would lead, b has promised, and restarted.
  static let promised =
    contested(half) + deliver("c", "b") + [.crash("b", losing: 0, unsent: 0), .restart("b")]

  /// c would lead, x1 is chosen by a and b, and b has restarted.
  static let restarted =
    contested(chosen) + [.crash("b", losing: 0, unsent: 0), .restart("b")]

  /// While only a has accepted x1 under 1, c leads with b, and they accept y1 there: it is chosen,
  /// executed by c, and y answered.
  static let outvoted =
    half + elect("c", by: "b") + asked("y", 1, .append("k", "b"), of: "c")
    + [.store("c", first: nil)] + deliver("c", "b") + deliver("b", "c")

  /// a has proposed x1 under 1, has lost that in a crash, and only its proposal to c is under way;
  /// b leads with a, and y1 is accepted there by c, which has promised nothing: it is chosen,
  /// executed by b, and y answered.
  static let overtaken =
    proposed + [.crash("a", losing: 1, unsent: 0), .restart("a")]
    + [.lose(Link(from: "a", to: "b"), 0)]
    + elect("b", by: "a") + asked("y", 1, .append("k", "b"), of: "b") + [.store("b", first: nil)]
    + deliver("b", "c", 1) + deliver("c", "b")

  /// The same, c has heard the older proposal, and then that a would lead.
  static let contestedAgain =
    overtaken + deliver("a", "c") + [.expire("a", .election), .store("a", first: nil)]
    + deliver("a", "c")

  /// a proposes x1 under 1 and y1 under 2, and b has accepted y1 only.
  static let gapped =
    proposed + asked("y", 1, .append("k", "b"), of: "a") + [.store("a", first: nil)]
    + deliver("a", "b", 1)

  /// Only a has accepted y1 under 1 and x1 under 2; x has given up there and asked c, which leads
  /// with b: x1 is chosen under 1.
  static let stranded =
    led + asked("y", 1, .append("k", "b"), of: "a") + asked("x", 1, .append("k", "a"), of: "a")
    + [.store("a", first: nil), .abandon("x")] + elect("c", by: "b")
    + asked("x", 1, .append("k", "a"), of: "c") + [.store("c", first: nil)]
    + deliver("c", "b") + deliver("b", "c")

  /// And a leads again, with c.
  static let doubled =
    stranded + deliver("c", "a") + [.expire("a", .election), .store("a", first: nil)]
    + deliver("a", "c", 4) + deliver("c", "a", 1)

  /// a leads with b, and four commands of x are chosen and executed by both, so that both have
  /// written a checkpoint; c has heard of nothing.
  static let checkpointed =
    led
    + (1...4).flatMap { serial in
      asked("x", serial, .append("k", "a"), of: "a") + [.store("a", first: nil)]
        + deliver("a", "b") + deliver("b", "a")
    } + [.expire("a", .beat)] + deliver("a", "b")

  /// a leads with b, which grants it a lease.
  static let leased =
    led + [.expire("a", .beat)] + deliver("a", "b") + deliver("b", "a")

  /// a leads with b, and has no lease: b's grant for its beat came to nothing, and is late.
  static let late =
    led + [.expire("a", .beat)] + deliver("a", "b")
    + [.expire("a", .lease(1)), .expire("b", .grant)]

  /// a leads with b, and its lease has run out, as what b granted.
  static let ended = leased + [.expire("a", .lease(1)), .expire("b", .grant)]

  /// c has had y1 chosen by b, and y was answered; a leads with b, which has told it.
  static let inherited =
    elect("c", by: "b") + asked("y", 1, .append("k", "b"), of: "c")
    + [.store("c", first: nil)] + deliver("c", "b") + deliver("b", "c")
    + deliver("c", "a") + elect("a", by: "b")
}
