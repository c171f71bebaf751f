import ProtocolCore

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
  }
}
