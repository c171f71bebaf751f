import CAP
import Lab
import ProtocolCore
import SharedStorage

/// Moments in runs from which something is shown that chance seldom comes to.
enum Moments {
  private static func deliver(_ from: NodeID, _ to: NodeID, _ place: Int = 0) -> Act<Words> {
    .deliver(Link(from: from, to: to), place)
  }

  private static func store(_ node: NodeID) -> Act<Words> { .store(node, first: nil) }

  /// Of four nodes a has a write kept that needs three, and b has just said that it keeps it.
  static let halfStored: [Act<Words>] = [
    .ask("a", .write("x", 1), by: "x"), store("a"), deliver("a", "b"), deliver("b", "a"),
    store("a"), deliver("a", "b"), store("b"),
  ]

  /// a has answered two writes that its backups do not have; b is promoted, and answers another.
  static let promoted: [Act<Words>] = [
    .ask("a", .write("x", 1), by: "x"), store("a"), .ask("a", .write("x", 2), by: "x"), store("a"),
    .ask("b", .promote), store("b"), .ask("b", .write("x", 3), by: "y"), store("b"),
  ]

  /// The same, and c follows b; what a has sent to c is still under way.
  static let deposed: [Act<Words>] =
    promoted + [
      deliver("b", "c"), deliver("c", "b"), deliver("b", "c", 1), store("c"), deliver("b", "c"),
      store("c"),
    ]

  /// x and y write beside each other at a, which has been told by b, for both, that it keeps
  /// nothing.
  static let beside: [Act<Words>] = [
    .ask("a", .write("x", 1), by: "x"), .ask("a", .write("x", 2), by: "y"), store("a"),
    deliver("a", "b"), deliver("b", "a"), deliver("a", "b"), deliver("b", "a"), store("a"),
  ]

  /// b is promoted, and a follows it; c, which has not heard of that, is promoted, b follows it,
  /// and x is answered there.
  static let succeeded: [Act<Words>] =
    promote("b", followedBy: "a") + promote("c", followedBy: "b", 1) + [
      .ask("c", .write("x", 1), by: "x"), store("c"), deliver("c", "b"), store("b"),
      deliver("b", "c", 2), store("c"),
    ]

  /// A node is promoted, and another follows; what they say on the way stands in this place.
  private static func promote(
    _ node: NodeID, followedBy other: NodeID, _ place: Int = 0
  ) -> [Act<Words>] {
    [
      .ask(node, .promote), store(node), deliver(node, other), deliver(other, node, place),
      store(node), deliver(node, other), store(other),
    ]
  }

  /// b was down, and has been told by a what it missed; then c, which has left it out, has a write
  /// kept by a alone, and crashes.
  static let outrun: [Act<Words>] =
    CAPLaboratory.begun(["a", "b", "c"]) + [.crash("b", losing: 0, unsent: 0)] + kept(1) + [
      deliver("c", "b"), .expire("c", .attempt(2)), .restart("b"), store("b"), deliver("b", "a"),
      deliver("a", "b"), store("b"),
    ] + kept(2) + [.crash("c", losing: 0, unsent: 0), deliver("b", "c")]

  /// c has a write kept by a.
  private static func kept(_ value: Int) -> [Act<Words>] {
    [
      .ask("c", .write("x", value), by: "x"), store("c"), deliver("c", "a"), store("a"),
      deliver("a", "c"),
    ]
  }
}
