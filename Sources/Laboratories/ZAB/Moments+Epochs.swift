import Lab
import ProtocolCore
import ZAB

// Moments at which an epoch is over, and another begins.

extension Moments {
  /// a has nobody any more, and looks for a leader; of what it had sent to b and c so much is lost.
  static func leaderLeft(_ lostToB: Int, _ lostToC: Int) -> Acts {
    parted("a", "b", lost: lostToB) + parted("a", "c", lost: lostToC) + [.expire("a", .syncLimit)]
  }

  /// a alone has x1, and all look for a leader.
  static let alone = half + leaderLeft(1, 1)

  /// a and one voter have x1, which is committed; the other has it not; all look for a leader.
  static func chosen(with voter: NodeID) -> Acts {
    half + deliver("a", voter) + store(voter) + deliver(voter, "a")
      + leaderLeft(voter == "b" ? 1 : 2, voter == "c" ? 1 : 2)
  }

  /// x1 is committed by all; a alone has y1 behind it; all look for a leader.
  static let tail =
    all + committed("x", 1, by: "a", ["b", "c"]) + asked("y", 1, of: "a") + store("a")
    + leaderLeft(1, 1)

  /// b leads epoch 2 with c and lacks y1, which a has; a takes b for its leader.
  static let returned = tail + led("b", "c") + elected("b", at: "a")

  /// x1 is committed by all, y1 by a and c, and b lacks that; a leads epoch 2 with b, which has
  /// taken all that it is sent, and its disk works.
  static let behind =
    all + committed("x", 1, by: "a", ["b", "c"]) + committed("y", 1, by: "a", ["c"])
    + leaderLeft(2, 0)
    + accepted("a", "b") + deliver("a", "b", 4)

  /// a alone has x1; b has chosen epoch 2, which c has accepted, and both have given up; a leads
  /// epoch 3 with c, and y1 is committed behind x1.
  static let begunInVain =
    alone + accepted("b", "c") + parted("b", "c", lost: 2) + [.expire("b", .initLimit)]
    + led("a", "c") + committed("y", 1, by: "a", ["c"])

  /// x1 is committed by a and b; a leads epoch 2 with c, which has taken all as a snapshot, and its
  /// disk works.
  static let installing = chosen(with: "b") + accepted("a", "c") + deliver("a", "c", 2)

  /// b has chosen epoch 1 when c had told it what it has accepted, and nobody has heard of that.
  static let chosenUnheard =
    gathered("b", "c") + parted("b", "c", lost: 1) + [.expire("c", .initLimit)]

  /// a leads with b, and x1 is under way; c, which has nothing, joins.
  static let joining =
    led("a", "b") + asked("x", 1, of: "a") + store("a") + elected("a", at: "c")
    + deliver("c", "a") + deliver("a", "c") + store("c")

  /// a leads with b; c has been sent all, and its disk works; x1 is proposed.
  static let acknowledging =
    led("a", "b") + elected("a", at: "c") + deliver("c", "a") + deliver("a", "c") + store("c")
    + deliver("c", "a") + deliver("a", "c", 2) + asked("x", 1, of: "a")

  /// x1 is committed by all; c has stopped; y1 is committed by b and a in epoch 2, which b leads;
  /// c has started again, and takes b for its leader.
  static let twoEpochs =
    all + committed("x", 1, by: "a", ["b", "c"]) + [.crash("c", losing: 0, unsent: 0)]
    + deliver("c", "a") + parted("a", "b") + [.expire("a", .syncLimit)] + led("b", "a")
    + committed("y", 1, by: "b", ["a"]) + [.restart("c")] + elected("b", at: "c")

  /// x1 and y1 are proposed by a, and under way.
  static let twice = proposed + asked("y", 1, of: "a")

  /// a leads epoch 1 alone with x1 on its disk, which is answered too early or not at all; b leads
  /// epoch 2 with c.
  static let deposed =
    proposed + store("a") + parted("a", "b", lost: 1) + parted("a", "c", lost: 1) + led("b", "c")

  /// Of five servers b has been told by two leaders to go back, each time farther.
  ///
  /// a and b have y1 behind x1, b alone has z1 behind that, and epoch 1 is over. a has led epoch 2
  /// with c and d until b had dropped z1; before that was acknowledged both have stopped. c leads
  /// epoch 3 with d and e, b has started again, and takes c for its leader.
  static let truncatedTwice: Acts =
    five + asked("y", 1, of: "a") + store("a") + deliver("a", "b") + store("b")
    + asked("z", 1, of: "a") + deliver("a", "b") + store("b")
    + [.crash("a", losing: 1, unsent: 0), .restart("a")] + deliver("a", "b")
    + ["c", "d", "e"].flatMap { unheard(by: $0, 2) }
    + begun("a", "c", "d")
    + elected("a", at: "b") + deliver("b", "a") + deliver("a", "b") + store("b")
    + deliver("b", "a") + deliver("a", "b", 2) + store("b")
    + [.crash("a", losing: 0, unsent: 0)] + restart("b")
    + ["c", "d"].flatMap { unheard(by: $0, 4) }
    + begun("c", "d", "e") + served("c", "d", "e") + elected("c", at: "b")

  /// Of five servers a leads epoch 1, all the others serve, and x1 is committed.
  static let five: Acts =
    begun("a", "b", "c") + served("a", "b", "c") + joined("d", "a") + joined("e", "a")
    + committed("x", 1, by: "a", ["b", "c", "d", "e"])

  /// Of what a leader had sent to a server before it stopped so many packets are lost, all.
  static func unheard(by server: NodeID, _ count: Int, of leader: NodeID = "a") -> Acts {
    (0..<count).reversed().map { .lose(Link(from: leader, to: server), $0) }
      + deliver(leader, server)
  }

  /// Of five servers one begins an epoch with two others.
  static func begun(_ leader: NodeID, _ voters: NodeID...) -> Acts {
    elected(leader, at: leader)
      + voters.flatMap { elected(leader, at: $0) + deliver($0, leader) } + store(leader)
      + voters.flatMap { deliver(leader, $0) + store($0) + deliver($0, leader) } + store(leader)
  }

  /// These have taken what their leader sends them in two packets, and serve.
  static func served(_ leader: NodeID, _ voters: NodeID...) -> Acts {
    voters.flatMap { deliver(leader, $0, 2) + store($0) + deliver($0, leader) }
      + voters.flatMap { deliver(leader, $0) + deliver($0, leader) }
  }
}
