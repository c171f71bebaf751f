public import AtomicCommitment
public import Lab
import ProtocolCore
public import TwoPhaseCommit

/// What two-phase commit costs, counted from a run without faults, beside the formula.
///
/// Source: Mohan, Lindsay, Obermarck, TODS 11(4), 1986; Bernstein, Hadzilacos, Goodman 1987, 7.4.
public struct CommitCost: Hashable, Sendable {
  /// Who has forgotten answers what.
  public let presumption: Presumption
  /// Participants that change something and vote yes.
  public let updaters: Int
  /// Participants that only read.
  public let readers: Int
  /// Whether there is one more, which votes no.
  public let isDoomed: Bool

  /// Such a transaction.
  public init(_ presumption: Presumption, updaters: Int, readers: Int = 0, isDoomed: Bool = false) {
    self.presumption = presumption
    self.updaters = updaters
    self.readers = readers
    self.isDoomed = isDoomed
  }

  /// What comes of it.
  public var outcome: Decision { isDoomed ? .abort : .commit }

  /// All transactions with so many that update, and of each kind.
  public static func table(updaters: ClosedRange<Int>) -> [CommitCost] {
    updaters.flatMap { n in
      Presumption.allCases.flatMap { presumption in
        [
          CommitCost(presumption, updaters: n),
          CommitCost(presumption, updaters: n, readers: 1),
          CommitCost(presumption, updaters: 0, readers: n),
          CommitCost(presumption, updaters: n, isDoomed: true),
        ]
      }
    }
  }

  /// The cost by formula: a request and a vote each, the outcome for those that said yes, an
  /// acknowledgement where the outcome is not presumed; and of records those that something waits
  /// for. (How many records are written at all is counted only.)
  public var formula: (messages: Int, forced: Int) {
    let n = updaters
    let everybody = n + readers + (isDoomed ? 1 : 0)
    switch (presumption, outcome) {
    // A transaction in which all only read leaves no trace: Mohan, Lindsay, Obermarck 1986, 3.1.
    case (.abort, .commit) where n == 0: return (2 * everybody, 0)
    case (.nothing, _): return (2 * everybody + 2 * n, 2 * n + 1)
    case (.abort, .commit): return (2 * everybody + 2 * n, 2 * n + 1)
    case (.abort, .abort): return (2 * everybody + n, n)
    case (.commit, .commit): return (2 * everybody + n, n + 2)
    case (.commit, .abort): return (2 * everybody + 2 * n, 2 * n + 1)
    }
  }

  /// The cost of a run without faults.
  public func counted(flaw: Flaw<Node>? = nil) throws -> Cost {
    let everybody = updaters + readers + (isDoomed ? 1 : 0)
    let cluster = try Cluster<TwoPhaseCommitModel>(
      TwoPhaseCommitModel.topology(everybody), variant: presumption, flaw: flaw)
    let work =
      Array(repeating: Words.Work.update, count: updaters)
      + Array(repeating: .read, count: readers) + (isDoomed ? [.doomed] : [])
    let participants = cluster.nodes.dropFirst()
    let asks = zip(participants, work).map { ($0, Words.Request.work($1)) } + [("c", .commit)]
    var system = SystemState(cluster)
    return Cost(of: system.playFairly(asks))
  }

  /// The cost of a commit by processes that all play one role, with so many beside the first.
  public static func counted(all role: TwoPhaseCommitModel.Role, beside count: Int) throws -> Cost {
    let cluster = try Cluster<TwoPhaseCommitModel>(TwoPhaseCommitModel.topology(count, all: role))
    let asks = cluster.nodes.map { ($0, Words.Request.work(.update)) } + [("c", .commit)]
    var system = SystemState(cluster)
    return Cost(of: system.playFairly(asks))
  }
}
