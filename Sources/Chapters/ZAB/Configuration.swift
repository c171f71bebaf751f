public import ProtocolCore

extension ZAB {
  /// The servers that vote from a transaction on, and which transaction that is.
  ///
  /// Source: QuorumVerifier, whose version is a zxid. The configuration with which all begin has
  /// the version zero, and is told nowhere.
  public struct Configuration: Hashable, Sendable {
    /// The transaction that named it.
    public let version: Zxid
    /// Those who vote, each as much as any other, by name.
    public let members: [NodeID]

    /// These vote from this transaction on.
    public init(_ version: Zxid, members: [NodeID]) {
      self.version = version
      self.members = members
    }

    /// Whether these are more than half of its members.
    ///
    /// Source: QuorumMaj.
    func isQuorum(_ isCounted: (NodeID) -> Bool) -> Bool {
      members.count(where: isCounted) * 2 > members.count
    }
  }
}

extension ZAB.Ensemble {
  /// The ensemble in which these vote, made of the first one: who observed at first and votes now,
  /// observes no more, until it votes no more.
  func reconfigured(_ members: [NodeID]) -> ZAB.Ensemble {
    ZAB.Ensemble(
      voters: members.map { Voter($0) }, observers: observers.filter { !members.contains($0) })
  }

  /// Whether all vote in one group, each as much as any other, so that members can change.
  var isMajority: Bool { voters.allSatisfy { $0.weight == 1 && $0.group == voters[0].group } }
}

extension ZAB.Configuration: CustomStringConvertible {
  /// As runs print it: `1.2 a b d`.
  public var description: String {
    "\(version) " + members.map(\.name).joined(separator: " ")
  }
}
