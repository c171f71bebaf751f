import Lab
import ProtocolCore
import Raft
import ReplicatedLog

// Moments at which members change, somebody reads, or a leader has a lease.

extension Moments {
  /// The same in the forms with PreVote: a leads term 1 with b, its first entry is committed, and c
  /// has it too.
  static let begunAsked =
    electAsked("a", by: "b") + [.store("a", first: nil)] + deliver("a", "b") + deliver("b", "a")
    + deliver("a", "c", 2)

  /// Those who heard a leader have not heard it for long.
  static func unheard(_ servers: NodeID...) -> Acts { servers.map { .expire($0, .heard) } }

  /// a has been told that c is to be the only member, has told c and has lost that in a crash.
  static let switched =
    begunAsked + deliver("c", "a") + told("a", .members(["c"])) + deliver("a", "c", 2)
    + [.crash("a", losing: 1, unsent: 0), .restart("a")] + unheard("b", "c")

  /// a has been asked to remove c, and then b.
  static let shrinking =
    begunAsked + told("a", .members(["a", "b"])) + told("a", .members(["a"]))
    + [.store("a", first: nil)] + unheard("b", "c")

  /// a, by joint consensus, is to be the only member.
  static let joining = begun + told("a", .members(["a"])) + [.store("a", first: nil)]

  /// b leads term 2 with c, and a does not know it.
  static let contestedAsked =
    begunAsked + unheard("b", "c") + electAsked("b", by: "c")

  /// Four servers, of which a leads term 1, and its first entry is everywhere.
  static let four =
    electAsked("a", by: "b", "c") + [.store("a", first: nil)]
    + deliver("a", "b") + deliver("b", "a") + deliver("a", "c") + deliver("c", "a")
    + deliver("a", "d", 2) + deliver("d", "a")

  /// There, b and c have it from a that d goes, whose acknowledgements are under way to a; b leads
  /// term 2 with c, and has committed that d goes, and then that a goes; a does not know it, but a
  /// heartbeat of b is under way that tells it of the first.
  static let superseded =
    four + told("a", .members(["a", "b", "c"])) + [.store("a", first: nil)]
    + deliver("a", "b") + deliver("a", "c") + unheard("b", "c") + electAsked("b", by: "c")
    + [.store("b", first: nil)] + deliver("b", "c") + deliver("c", "b") + [.expire("b", .beat)]
    + told("b", .members(["b", "c"])) + [.store("b", first: nil)]
    + deliver("b", "c") + deliver("b", "c") + deliver("c", "b") + deliver("c", "b")

  /// An operator asks a for the members without d.
  static let again = Ask<Words>("o", of: ["a"], oneOf: [.members(["a", "b", "c"])])

  /// Four servers: a leads term 1, its first entry is everywhere, and it alone knows that b goes;
  /// b leads term 2 with c and d, and its first entry is on its own disk; a has given up, has heard
  /// of term 2 from d and asks it whether it would vote in term 3.
  static let crossed =
    four + told("a", .members(["a", "c", "d"]))
    + [.store("a", first: nil)] + unheard("b", "c", "d") + electAsked("b", by: "c", "d")
    + [.store("b", first: nil), .expire("a", .quorum), .expire("a", .quorum)]
    + lose("a", "d") + stand("a") + deliver("a", "d") + deliver("d", "a") + stand("a")
    + [.cut(Link.between(["a"], and: ["b", "c"]))] + lose("b", "d")

  /// What is under way there is lost.
  static func lose(_ from: NodeID, _ to: NodeID) -> Acts {
    (0..<4).map { _ in .lose(Link(from: from, to: to), 0) }
  }

  /// x1 is committed and x answered; b leads term 2 with c, and does not know it yet.
  static let inherited = chosen + elect("b", by: "c") + [.store("b", first: nil)]

  /// c leads term 2 with b, and y1 is committed there and y answered; a has not heard of it.
  static let deposed =
    begun + elect("c", by: "b") + [.store("c", first: nil)] + deliver("c", "b")
    + deliver("b", "c") + asked("y", 1, .append("k", "b"), of: "c") + [.store("c", first: nil)]
    + deliver("c", "b") + deliver("b", "c")

  /// a has a lease: b has answered a heartbeat.
  static let leased = begunAsked + [.expire("a", .beat)] + deliver("a", "b") + deliver("b", "a")

  /// c, which hears nothing of a, nor a of it, asks whether it would be elected.
  static func challenged(_ moment: Acts) -> Acts {
    moment + unheard("c") + [.cut(Link.between(["a"], and: ["c"]))] + stand("c")
  }

  /// a has sent a heartbeat, and nobody has answered; b has not heard a leader for long.
  static let unanswered = begunAsked + unheard("b", "c")

  /// b's answer to a heartbeat is under way for so long that the lease is over.
  static let lateAnswer =
    begunAsked + [.expire("a", .beat)] + deliver("a", "b") + [.expire("a", .lease(1))]
    + unheard("b", "c")

  /// b, which has answered a heartbeat, has restarted.
  static let restarted =
    leased + [.crash("b", losing: 0, unsent: 0), .restart("b")] + unheard("c")

  /// a hands over to b.
  static let handedOver = leased + told("a", .transfer("b"))

  /// a's lease has run out, and nobody has heard it for long.
  static let ended = leased + [.expire("a", .lease(1))] + unheard("b", "c")

  /// a is asked to leave.
  static let leaving = begun + told("a", .members(["b", "c"])) + [.store("a", first: nil)]

  /// Four servers: a leads term 1, and all know that it goes; it has x1, under 3, and its disk
  /// works; b and d have not heard it for long.
  static let going =
    four + told("a", .members(["b", "c", "d"]))
    + [.store("a", first: nil)] + deliver("a", "b") + deliver("a", "c") + deliver("a", "d", 2)
    + asked("x", 1, .append("k", "a"), of: "a") + unheard("b", "d")

  /// x1 is committed and x answered; b leads term 2 with c, and c follows it; neither knows that x1
  /// is committed.
  static let inheritedAsked =
    begunAsked + asked("x", 1, .append("k", "a"), of: "a") + [.store("a", first: nil)]
    + deliver("a", "b") + deliver("b", "a") + unheard("b", "c") + electAsked("b", by: "c")
    + [.store("b", first: nil)] + deliver("b", "c")

  /// a and b are the members, c was one, and a and b have a snapshot of 4 entries; a alone knows
  /// that b goes too, and has committed that; b has restarted, and c has not heard a for long.
  static let compacted =
    begunAsked + changed("a", "b") + commitBoth(1) + commitBoth(2)
    + [.expire("a", .beat)] + deliver("a", "b") + [.cut(Link.between(["a"], and: ["b", "c"]))]
    + told("a", .members(["a"])) + [.store("a", first: nil)]
    + [.crash("b", losing: 0, unsent: 0), .restart("b")] + unheard("c")

  private static func changed(_ members: NodeID...) -> Acts {
    told("a", .members(members)) + [.store("a", first: nil)] + deliver("a", "b")
      + deliver("b", "a")
  }

  private static func commitBoth(_ serial: Int) -> Acts {
    told("a", command("x", serial, .append("k", "\(serial)"))) + [.store("a", first: nil)]
      + deliver("a", "b") + deliver("b", "a")
  }

  /// z reads the text, by c.
  static let zAtC = ask("z", 1, .get("k"), of: "c")

  /// c, which follows a, has asked it for z's read; b has answered a's heartbeat, which is under
  /// way; b leads term 2 with c, and z was refused; b has committed its first entry.
  static let askedInVain =
    begunAsked + deliver("c", "a") + asked("z", 1, .get("k"), of: "c") + deliver("c", "a")
    + deliver("a", "b") + unheard("b", "c") + electAsked("b", by: "c")
    + [.store("b", first: nil)] + deliver("b", "c") + deliver("c", "b")
}
