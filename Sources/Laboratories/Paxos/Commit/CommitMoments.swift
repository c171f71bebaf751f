import AtomicCommitment
import Lab
import Paxos
import ProtocolCore

extension PaxosCommitLaboratory {
  /// Beginnings with one participant, a, and three acceptors: c, which was asked to commit, d, e.
  enum Moments {

    /// A message arrives, and what its receiver writes down about it is stable.
    private static func deliver(_ from: NodeID, _ to: NodeID, _ place: Int = 0) -> [Act<Words>] {
      [.deliver(Link(from: from, to: to), place), .store(to, first: nil)]
    }

    /// An acceptor leads, and has that written down.
    private static func lead(_ id: NodeID, _ timer: Words.Timer) -> [Act<Words>] {
      [.expire(id, timer), .store(id, first: nil)]
    }

    /// a has voted yes; its votes are on their way to c and d.
    static let voted: [Act<Words>] =
      [.ask("a", .work(.update)), .ask("c", .commit)] + deliver("c", "a")

    /// It has heard nothing, and e was asked what became of it.
    static let doubted: [Act<Words>] =
      voted + [.expire("a", .decision)] + deliver("a", "e")

    /// d has accepted the yes, and d and e are asked.
    private static let known: [Act<Words>] =
      voted + deliver("a", "d") + [.expire("a", .decision)] + deliver("a", "e") + deliver("a", "d")

    /// e leads 1.e, hears from c that it has accepted nothing, proposes and accepts a no.
    static let crossed: [Act<Words>] =
      known + lead("e", .lead) + deliver("e", "c") + deliver("c", "e")

    /// c accepts it as well: the no is chosen, and e knows.
    static let decided: [Act<Words>] = crossed + deliver("e", "c") + deliver("c", "e")

    /// c has not heard of it; it leads 2.c, hears of the yes from d, proposes and accepts it.
    ///
    /// That d has accepted the yes in ballot 0 is on its way to c.
    static let counted: [Act<Words>] =
      crossed + lead("c", .ballot) + deliver("c", "d") + deliver("d", "c", 1)

    /// c leads 1.c, promised by e, and proposes a no; d accepts it before it was asked to promise,
    /// and a's yes is still on its way to d.
    static let outrun: [Act<Words>] =
      doubted + lead("c", .ballot) + deliver("c", "e") + deliver("e", "c") + deliver("c", "d", 1)

    /// The same, and d has restarted.
    static let recovered: [Act<Words>] =
      counted + [.crash("d", losing: 0, unsent: 0), .restart("d")]

    /// d has accepted a yes.
    ///
    /// c has promised 1.e; before e hears of that it goes on to 2.e, and c
    /// leads 2.c, hears of the yes from d, proposes and accepts it.
    static let stale: [Act<Words>] =
      known + lead("e", .lead) + deliver("e", "c") + lead("e", .ballot) + lead("c", .ballot)
      + deliver("c", "d") + deliver("d", "c", 1)

    /// d leads, adopts its yes and proposes it to e.
    ///
    /// Before e hears of it e promises c, if it may, and c proposes a no; e accepts the yes.
    static let tied: [Act<Words>] =
      known + lead("d", .lead) + deliver("d", "e") + deliver("e", "d") + lead("c", .ballot)
      + deliver("c", "e") + deliver("e", "c") + deliver("d", "e")
  }
}
