import ProtocolCore
import ReplicatedLog

extension ZAB {
  /// What the judges decide by themselves.
  enum Judging {
    /// Whether these are a quorum: told here once more, apart from ``Ensemble/isQuorum(_:)``, which
    /// is judged.
    ///
    /// A group is won by those that weigh more than its others do, and more groups must be won
    /// than not.
    ///
    /// Source: QuorumMaj, QuorumHierarchical.
    static func isQuorum(_ servers: [NodeID], of ensemble: Ensemble) -> Bool {
      let weighing = ensemble.voters.filter { $0.weight > 0 }
      var won = 0
      var lost = 0
      for group in Set(weighing.map(\.group)) {
        let balance = weighing.filter { $0.group == group }
          .reduce(0) { $0 + (servers.contains($1.id) ? $1.weight : -$1.weight) }
        if balance > 0 { won += 1 } else { lost += 1 }
      }
      return won > lost
    }

    /// In which way a learner is being synchronized, by what it has taken in so far: what it has
    /// stays, loses its end, or is replaced; nil when it is not.
    ///
    /// Who had to drop what a snapshot holds was told to drop something, and could not.
    static func way(of server: Server<KeyValueStore>) -> Way? {
      guard case .learning(let learning) = server.role, let taken = learning.received else {
        if case .learning(let learning) = server.role, case .connecting = learning.phase,
          server.useless != nil
        {
          return .trunc
        }
        return nil
      }
      let own = server.history
      guard learning.isReplaced else { return .diff }
      // To lose its end is to have less of the log that it has behind its snapshot.
      let isLess = own.log.contains { !taken.committed.contains($0) }
      guard taken.snapshot == own.snapshot, isLess else { return .snap }
      return taken.committed.allSatisfy { own.log.contains($0) } ? .trunc : .truncDiff
    }
  }
}
