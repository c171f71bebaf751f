import Lab
import ProtocolCore
import Raft
import ReplicatedLog

/// The moments from which Raft is explored.
enum Moments: ReplicatedLog.Asking {
  typealias Words = Raft.Words
  typealias Acts = [Act<Words>]

  /// y adds b, by c; z reads the text, by a.
  static let y = ask("y", 1, .append("k", "b"), of: "c")
  static let z = ask("z", 1, .get("k"), of: "a")

  /// A message arrives, and its receiver stores.
  static func deliver(_ from: NodeID, _ to: NodeID, _ place: Int = 0) -> Acts {
    [.deliver(Link(from: from, to: to), place), .store(to, first: nil)]
  }

  /// A client, or nobody who waits, asks a server.
  static func asked(
    _ client: ClientID, _ serial: Int, _ operation: ReplicatedLog.Operation, of server: NodeID
  ) -> Acts {
    [.ask(server, command(client.name, serial, operation), by: client)]
  }

  static func told(_ server: NodeID, _ request: Words.Request) -> Acts {
    [.ask(server, request)]
  }

  /// A server times out and stores its vote.
  static func stand(_ candidate: NodeID) -> Acts {
    [.expire(candidate, .election), .store(candidate, first: nil)]
  }

  /// One leads, with the vote of another; nobody else has heard of it.
  static func elect(_ leader: NodeID, by voter: NodeID, _ place: Int = 0) -> Acts {
    stand(leader) + deliver(leader, voter, place) + deliver(voter, leader)
  }

  /// The same in the forms with PreVote.
  static func electAsked(_ leader: NodeID, by voters: NodeID...) -> Acts {
    let asked = voters.flatMap { deliver(leader, $0) + deliver($0, leader) }
    return stand(leader) + asked + voters.flatMap { deliver(leader, $0) + deliver($0, leader) }
  }

  /// a leads term 1, with b, and its first entry is on its disk.
  static let led = elect("a", by: "b") + [.store("a", first: nil)]

  /// That is committed, and c has it too.
  static let begun =
    led + deliver("a", "b") + deliver("b", "a") + deliver("a", "c")
    + deliver("a", "c")

  /// a has x1 under 2, and its own disk works.
  static let proposed = begun + asked("x", 1, .append("k", "a"), of: "a")

  /// Only a has it, on its disk.
  static let half = proposed + [.store("a", first: nil)]

  /// b has it as well: x1 is committed, applied by a, and x answered.
  static let chosen = half + deliver("a", "b") + deliver("b", "a")

  /// c stands for term 2, and nobody has heard of it.
  static func contested(_ moment: Acts) -> Acts { moment + stand("c") }

  /// Figure 8 with three servers, up to (c): a, alone, has 1 and x1 of term 1; c, alone, has 1 of
  /// term 2; a leads term 3, with b, which is about to take the entries of term 1.
  static let figure8 =
    led + asked("x", 1, .append("k", "a"), of: "a") + [.store("a", first: nil)]
    + stand("c") + stand("c") + deliver("c", "b", 1) + deliver("b", "c")
    + [.store("c", first: nil)] + deliver("c", "a", 1) + stand("a") + deliver("a", "b", 1)
    + deliver("b", "a") + [.store("a", first: nil)] + deliver("a", "b", 1) + deliver("b", "a")
    + deliver("a", "c", 2)

  /// c led term 1, and b, a and c have its first entry; c alone has y1, and more; a leads term 2,
  /// with b, and its own first entry, under 2, is on its disk.
  static func parted(_ more: Acts = []) -> Acts {
    elect("c", by: "b") + [.store("c", first: nil)] + deliver("c", "b") + deliver("b", "c")
      + deliver("c", "a") + deliver("c", "a") + asked("y", 1, .append("k", "b"), of: "c") + more
      + [.store("c", first: nil)] + elect("a", by: "b") + [.store("a", first: nil)]
  }

  /// The same, c has one entry more, and what a leads with is committed.
  static let abandoned =
    parted(told("c", command("w", 1, .append("k", "d")))) + deliver("a", "b") + deliver("b", "a")

  /// a, alone, has 1 and x1 of term 1; c, alone, has 1 and y1 of term 2; a leads term 3, with b,
  /// and what it sends is to follow x1.
  static let parallel =
    led + asked("x", 1, .append("k", "a"), of: "a") + [.store("a", first: nil)]
    + stand("c") + stand("c") + deliver("c", "b", 1) + deliver("b", "c")
    + asked("y", 1, .append("k", "b"), of: "c") + [.store("c", first: nil)]
    + deliver("c", "a", 1) + stand("a") + deliver("a", "b", 1) + deliver("b", "a")

  /// a has x1, under 2; c leads term 2, with b, and its first entry, under 2, is committed; what a
  /// has sent to b is under way.
  static let outdated =
    half + elect("c", by: "b") + [.store("c", first: nil)] + deliver("c", "b") + deliver("b", "c")

  /// x1 and y1, under 2 and 3, are committed by a and b; a double of what brought x1 is under way.
  static let twice =
    begun + asked("x", 1, .append("k", "a"), of: "a")
    + told("a", command("y", 1, .append("k", "b")))
    + [.store("a", first: nil), .duplicate(Link(from: "a", to: "b"), 0)]
    + (1...2).flatMap { _ in deliver("a", "b") + deliver("b", "a") }

  /// What was sent to c is lost, and a takes it for sent.
  static let behind =
    begun + deliver("c", "a") + deliver("c", "a") + asked("x", 1, .append("k", "a"), of: "a")
    + [.store("a", first: nil), .lose(Link(from: "a", to: "c"), 0)]

  /// z reads, of whichever server, until it is answered.
  static let reads = Ask<Words>(
    "z", of: ["a", "b", "c"], oneOf: [command("z", 1, .get("k"))], insists: true)

  /// a stands for term 1 and its disk works; b has voted for it, which is under way.
  static let voted: Acts = [.expire("a", .election)] + deliver("a", "b")

  /// Of five servers a and c stand for term 1; a double of b's vote is on its way to a, and d has
  /// voted for c.
  static let votedTwice: Acts =
    voted + [.store("a", first: nil), .store("b", first: nil)]
    + [.duplicate(Link(from: "b", to: "a"), 0)] + deliver("b", "a") + stand("c") + deliver("c", "d")

  /// What a heartbeat brings that is late: x1 is committed since.
  static let late =
    half + [.expire("a", .beat)] + deliver("a", "b") + deliver("b", "a")

  /// x has asked twice for the same, and is not answered.
  static let doubled =
    proposed + [.abandon("x")] + asked("x", 1, .append("k", "a"), of: "a")
    + [.store("a", first: nil)]

  /// a, alone, has 1 and x1 of term 1 and has restarted; c leads term 2 with b, and its first entry
  /// is committed.
  static let longer =
    led + asked("x", 1, .append("k", "a"), of: "a")
    + [.store("a", first: nil), .crash("a", losing: 0, unsent: 0), .restart("a")]
    + stand("c") + stand("c") + deliver("c", "b", 1) + deliver("b", "c")
    + [.store("c", first: nil)] + deliver("c", "b", 1) + deliver("b", "c")
    + deliver("c", "a", 1)

  /// x1 is committed by a and b; c has it as well, and its disk works.
  static let unstored =
    followed + asked("x", 1, .append("k", "a"), of: "a") + [.store("a", first: nil)]
    + deliver("a", "b") + deliver("b", "a") + [.deliver(Link(from: "a", to: "c"), 0)]

  /// b has x1 of term 1, under 2, and has acknowledged it; a has lost x1 in a crash, and
  /// leads term 2 with c, and its first entry, under 2, is on its disk.
  static let acknowledged =
    followed + asked("x", 1, .append("k", "a"), of: "a") + deliver("a", "b")
    + [.crash("a", losing: 1, unsent: 0), .restart("a")] + stand("a") + deliver("a", "c", 1)
    + deliver("c", "a") + [.store("a", first: nil)]
}
