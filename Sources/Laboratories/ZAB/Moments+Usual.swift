import Lab
import ProtocolCore
import ReplicatedLog
import ZAB

// Moments with real elections. What leads to them is played, as it goes when nothing fails.

extension Moments {
  /// c leads epoch 1, since its name is the greatest, and all serve.
  static func settled(_ variant: ZAB.Variant = .usual) -> Acts {
    played(variant) { system in system.quiesce(until: [.serving], repaired: false).acts }
  }

  /// c alone takes itself for the leader, and hears nobody.
  static let unheardLeader = played { system in
    system.deliverAll() + performed([.expire("c", .finalize), alone("c")], on: &system)
  }

  /// c leads, and is cut off; x asks a.
  static let leaderAway = settled() + [alone("c")] + asked("x", 1, of: "a")

  /// c leads epoch 1, cut off; a and b have answered x without it.
  static let leaderForgotten = played { system in
    performed(leaderAway, on: &system)
      + system.quiesce(until: [.answered], repaired: false, healed: false).acts
  }

  /// c leads epoch 1, cut off, and has not heard that b leads epoch 2 with a.
  static let rivals = played(.synced) { system in
    var acts = performed(
      settled(.synced) + [alone("c"), .expire("a", .syncLimit), .expire("b", .syncLimit)],
      on: &system)
    acts += system.deliverAll()
    acts += performed([.expire("b", .finalize), .expire("a", .finalize)], on: &system)
    return acts + system.deliverAll()
  }

  /// c and a have committed x1, which b has not, and c has stopped; y asks b.
  static let namesAgainst =
    settled() + asked("x", 1, of: "c") + store("c") + deliver("c", "a") + store("a")
    + deliver("a", "c")
    + [.crash("c", losing: 0, unsent: 0), .lose(Link(from: "c", to: "b"), 1)]
    + [.lose(Link(from: "c", to: "b"), 0)] + deliver("c", "b") + asked("y", 1, of: "b")

  /// x1 is committed by all; c alone has y1, of epoch 1; b has led epoch 2 with a, and has started
  /// again, and so has c; x asks a.
  static let longerOfOldEpoch = played { system in
    let begun =
      settled() + committed("x", 1, by: "c", ["a", "b"]) + asked("y", 1, of: "c") + store("c")
      + [.crash("c", losing: 0, unsent: 0)]
      + ["a", "b"].map { .lose(Link(from: "c", to: $0), 0) }
    return performed(begun, on: &system)
      + system.quiesce(until: [.serving], repaired: false).acts
      + performed(
        restart("b") + [.restart("c"), .ask("a", command("x", 2, .get("k")), by: "x")], on: &system)
  }

  /// b has accepted epoch 3, of which nobody has heard; a and c lead on in epoch 2.
  static let greaterUnheard = played { system in
    var acts = performed(settled() + [alone("c")], on: &system)
    for _ in 0..<2 { acts += candidacy(of: "b", with: "a", on: &system) }
    acts += performed([.heal, alone("b")] + asked("x", 1, of: "a"), on: &system)
    return acts + system.quiesce(until: [.answered], repaired: false, healed: false).acts
  }

  /// A server is elected by another, chooses an epoch when that one has told what it has accepted,
  /// and loses it.
  private static func candidacy(
    of candidate: NodeID, with voter: NodeID, on system: inout SystemState<ZABModel>
  ) -> Acts {
    var acts: Acts = []
    for timer in [ZAB.Timer.syncLimit, .initLimit] {
      acts += performed([.expire(candidate, timer), .expire(voter, timer)], on: &system)
    }
    acts += system.deliverAll()
    acts += performed([.expire(candidate, .finalize), .expire(voter, .finalize)], on: &system)
    acts += performed(deliver(voter, candidate) + store(candidate), on: &system)
    return acts
      + performed(
        parted(candidate, voter, lost: 1) + [.expire(voter, .initLimit)]
          + [.expire(candidate, .initLimit)], on: &system)
  }

  /// Nothing passes between a server and the others.
  private static func alone(_ server: NodeID) -> Act<Words> {
    let others = (["a", "b", "c"] as [NodeID]).filter { $0 != server }
    return .cut(Link.between([server], and: others))
  }

  static func played(
    _ variant: ZAB.Variant = .usual, size: Int = 3,
    _ play: (inout SystemState<ZABModel>) -> Acts
  ) -> Acts {
    guard let cluster = try? Cluster<ZABModel>(ZABModel.topology(size), variant: variant) else {
      return []
    }
    var system = SystemState(cluster)
    return play(&system)
  }

  /// Performs acts; returns those that could happen.
  static func performed(
    _ acts: Acts, on system: inout SystemState<ZABModel>
  ) -> Acts {
    acts.filter { (try? system.perform($0)) != nil }
  }
}
