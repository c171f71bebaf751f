import Lab
import Paxos
import ProtocolCore
import ReplicatedLog

// Moments in which one leads that does not know yet of another.

extension Moments {
  /// Five servers.
  ///
  /// a had x1 chosen under 1, and b, which has not heard of it, has asked for it. b
  /// leads 1.b and proposes y1 under 2, which e alone accepts; d leads 2.d with a and c and has z1
  /// chosen there, as a knows.
  static let superseded: Acts = first + second + third + fourth

  private static let first: Acts =
    [.expire("a", .election), .store("a", first: nil)]
    + deliver("a", "c") + deliver("c", "a") + deliver("a", "d") + deliver("d", "a")
    + asked("x", 1, .append("k", "a"), of: "a") + [.store("a", first: nil)]
    + deliver("a", "c") + deliver("c", "a") + deliver("a", "d") + deliver("d", "a")

  private static let second: Acts =
    [.expire("a", .beat)] + deliver("a", "b", 2)
    + [.expire("b", .election), .store("b", first: nil)] + deliver("b", "c") + deliver("c", "b")
    + deliver("b", "e") + deliver("e", "b")

  private static let third: Acts =
    asked("y", 1, .append("k", "b"), of: "b") + [.store("b", first: nil)]
    + deliver("b", "e") + deliver("b", "e")
    + [.expire("d", .election), .store("d", first: nil)] + deliver("d", "a") + deliver("a", "d", 1)
    + deliver("d", "c") + deliver("c", "d")

  private static let fourth: Acts =
    asked("z", 1, .append("k", "c"), of: "d") + [.store("d", first: nil)]
    + deliver("d", "a") + deliver("d", "a") + deliver("a", "d", 1) + deliver("a", "d", 1)
    + deliver("d", "c") + deliver("d", "c") + deliver("c", "d") + deliver("c", "d")
    + [.expire("d", .beat)] + deliver("d", "a")

  /// b has promised 1.a and nothing else by then, which a has not heard; c leads 1.c with b, and y1
  /// is chosen there.
  static let unheard: Acts =
    [.expire("a", .election), .store("a", first: nil)] + deliver("a", "b")
    + elect("c", by: "b") + asked("y", 1, .append("k", "b"), of: "c")
    + [.store("c", first: nil)] + deliver("c", "b") + deliver("b", "c")

  /// b has accepted x1 in 1.a, which a has not heard: a has lost its own acceptance in a crash, and
  /// leads 2.a with c.
  static let relapsed: Acts =
    proposed + deliver("a", "b") + [.crash("a", losing: 1, unsent: 0), .restart("a")]
    + elect("a", by: "c", 2)

  /// a leads 1.a with b and has told b so, which has not heard it.
  ///
  /// c leads 2.c with a, and has a
  /// lease of b.
  static let rebound: Acts =
    elect("a", by: "b") + [.expire("a", .beat)]
    + [.expire("c", .election), .store("c", first: nil)] + deliver("c", "a")
    + deliver("a", "c", 2) + [.lose(Link(from: "c", to: "b"), 0), .expire("c", .beat)]
    + [.lose(Link(from: "c", to: "a"), 0)] + deliver("c", "b") + deliver("b", "c")
}
