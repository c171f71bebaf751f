import Lab
import ProtocolCore
import ReplicatedLog
import ZAB

// Moments at which members change. a leads epoch 1 with b and c, unless something else is said.

extension Moments {
  /// An operator has asked a leader that these be the members.
  static func reconfigured(
    _ members: NodeID..., of leader: NodeID = "a", by client: ClientID = "op"
  ) -> Acts {
    [.ask(leader, .members(members), by: client)]
  }

  /// These voters have stored what their leader sent them last, and acknowledged it.
  static func acknowledged(_ voters: NodeID..., to leader: NodeID = "a") -> Acts {
    voters.flatMap { deliver(leader, $0) + store($0) + deliver($0, leader) }
  }

  /// a alone shall be the member; b and c have lost a before they heard of that.
  static let shrinking =
    all + reconfigured("a") + parted("a", "b", lost: 1) + parted("a", "c", lost: 1)

  /// a alone shall be the member, and nobody has heard of that yet.
  static let shrinkingHeard = all + reconfigured("a")

  /// c alone shall be the member, and so, by another operator, shall b; a and b know both.
  static let shrinkingTwice =
    all + reconfigured("c") + reconfigured("b", by: "op2") + store("a")
    + deliver("a", "b", 2) + store("b")

  /// a alone is the member; that all three shall be is under way.
  ///
  /// b knows the first, and that it is in force not yet; c knows both, and not that the first is in
  /// force. Both have lost a.
  static let seenTwice: Acts =
    all + parted("a", "c") + reconfigured("a") + store("a") + acknowledged("b") + store("a")
    + parted("a", "b", lost: 1)
    + elected("a", at: "b") + deliver("b", "a") + deliver("a", "b") + deliver("b", "a")
    + deliver("a", "b", 2) + store("b") + deliver("b", "a")
    + reconfigured("a", "b", "c", by: "op2") + parted("a", "b", lost: 2)
    + elected("a", at: "c") + deliver("c", "a") + deliver("a", "c") + deliver("c", "a")
    + deliver("a", "c", 3) + store("c")
    + [.sever("a", "c"), .lose(Link(from: "c", to: "a"), 1), .lose(Link(from: "c", to: "a"), 0)]
    + deliver("a", "c") + deliver("c", "a")

  /// Of five servers a leads epoch 1, and a, d and e are the members.
  ///
  /// a and e have that in force; d has it on its disk, and has not heard that it is in force; b and
  /// c have not heard of it. a and d have stopped, and started again; a leads epoch 2 with e.
  static let handOverUnheard: Acts =
    five + reconfigured("a", "d", "e") + store("a") + acknowledged("d", "e") + store("a")
    + deliver("a", "e") + store("e") + restart("a")
    + unheard(by: "b", 2) + unheard(by: "c", 2) + unheard(by: "d", 1) + deliver("a", "e")
    + restart("d") + begun("a", "e") + served("a", "e")

  /// The same, and d has told b and c what epoch it would begin.
  static let handOverIgnored = handOverUnheard + begun("d", "b", "c")

  /// a leads with c, which is about to be sent what it lacks; x1 is under way, and b has lost a
  /// before it heard of that.
  static let joiningAlone = joining + parted("a", "b", lost: 1)

  /// b and c shall be the members; a alone knows it, and all look for a leader.
  static let leavingUnheard = all + reconfigured("b", "c") + store("a") + leaderLeft(1, 1)

  /// The same, and a leads again: both have come to it, and its epoch is on their disks.
  static let leavingLed =
    leavingUnheard + elected("a", at: "a") + ["b", "c"].flatMap { elected("a", at: $0) }
    + ["b", "c"].flatMap { deliver($0, "a") } + store("a")
    + ["b", "c"].flatMap { deliver("a", $0) + store($0) + deliver($0, "a") } + store("a")

  /// Of five servers a leads epoch 1, and e alone shall be the member.
  ///
  /// a has lost b, c and d before they heard of it. e, which was away too, is sent what it lacks,
  /// and has it on its disk. b leads epoch 2 with c and d.
  static let joinedLate: Acts =
    five + reconfigured("e") + store("a")
    + (["b", "c", "d", "e"] as [NodeID]).flatMap { parted("a", $0, lost: 1) }
    + begun("b", "c", "d") + served("b", "c", "d")
    + elected("a", at: "e") + deliver("e", "a") + deliver("a", "e") + deliver("e", "a")
    + deliver("a", "e", 3) + store("e") + deliver("e", "a")

  /// Of five servers a leads epoch 1; a, b and c are the members, and know it.
  ///
  /// x2 is proposed; d has acknowledged it, and b and c have lost a before they heard of it.
  static let removedListen: Acts =
    five + reconfigured("a", "b", "c") + store("a") + acknowledged("b", "c") + store("a")
    + (["b", "c"] as [NodeID]).flatMap { deliver("a", $0) + store($0) }
    + deliver("a", "d", 2) + store("d") + deliver("d", "a")
    + asked("x", 2, of: "a") + store("a") + acknowledged("d")
    + parted("a", "b", lost: 2) + parted("a", "c", lost: 2)
}

// MARK: With real elections

extension Moments {
  /// c leads a and b; y, which is not there, shall be the member.
  static let strangerAlone = settled(.reconfigured) + reconfigured("y", of: "c")

  /// c leads three servers; these alone are the members in the end, and all know it.
  private static func left(
    _ members: NodeID..., on system: inout SystemState<ZABModel>
  ) -> Acts {
    let asked: Acts = [.ask("c", .members(members), by: "op")]
    return performed(settled(.reconfigured) + asked, on: &system)
      + system.quiesce(until: [.reconfigured], repaired: false).acts
  }

  /// c leads three servers, and is removed; all know it.
  static let leaderRemoved = played(.reconfigured) { left("a", "b", on: &$0) }

  /// c is the only member, has answered x and started again, and the others are down; x asks it
  /// again.
  static let aloneAgain = played(.reconfigured) { system in
    left("c", on: &system)
      + performed(
        store("c") + asked("x", 1, of: "c") + store("c")
          + ["a", "b"].map { .crash($0, losing: 0, unsent: 0) } + restart("c")
          + asked("x", 2, of: "c"), on: &system)
  }

  /// c is the only member, an operator may have been told so, and the others are down; c has
  /// started again, and lost what was not on its disk by then.
  static let toldAndLost = played(.reconfigured) { system in
    performed(
      settled(.reconfigured) + reconfigured("c", of: "c") + store("c")
        + acknowledged("a", to: "c") + ["a", "b"].map { .crash($0, losing: 0, unsent: 0) }
        + restart("c", losing: 1) + asked("x", 1, of: "c"), on: &system)
  }

  /// c is the only member; that a and c shall be is on the disks of both, and y1 behind it on that
  /// of a alone: c has lost it, and has started again; x asks it for something.
  static let futureAhead = played(.reconfigured) { system in
    left("c", on: &system)
      + performed(
        reconfigured("a", "c", of: "c", by: "op2") + asked("y", 1, of: "c") + deliver("c", "a", 2)
          + store("a") + restart("c", losing: 1) + asked("x", 1, of: "c"), on: &system)
  }

  /// The same of a and b, of which b has not heard.
  static let futureUnheard = played(.reconfigured) { system in
    left("c", on: &system)
      + performed(
        reconfigured("a", "b", of: "c", by: "op2") + asked("y", 1, of: "c") + deliver("c", "a", 2)
          + store("a") + [.crash("c", losing: 1, unsent: 0)] + unheard(by: "b", 2, of: "c")
          + [.restart("c")] + asked("x", 1, of: "c"), on: &system)
  }

  /// d, which observed, votes now and leads; a, a member too, was down all the while.
  static let leaderUnknown = played(.reconfigured, size: 4) { system in
    var acts = system.quiesce(until: [.serving], repaired: false).acts
    acts += performed([.crash("a", losing: 0, unsent: 0)], on: &system)
    for members: [NodeID] in [["b", "c"], ["b", "c", "d"], ["a", "b", "c", "d"]] {
      acts += performed([.ask("c", .members(members), by: "op")], on: &system)
      acts += system.deliverAll()
    }
    acts += performed(restart("c"), on: &system)
    return acts + system.quiesce(until: [.serving], repaired: false).acts
  }
}
