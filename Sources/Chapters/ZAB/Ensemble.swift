public import ProtocolCore

extension ZAB {
  /// The servers of an ensemble: who votes, with what weight, and who only observes.
  public struct Ensemble: Hashable, Sendable {
    /// Those who vote, by name.
    public let voters: [Voter]
    /// Those who observe, by name.
    public let observers: [NodeID]

    /// A server that votes.
    public struct Voter: Hashable, Sendable {
      /// Its name; names compare as sids do.
      public let id: NodeID
      /// The group that it votes in.
      public let group: Int
      /// How much its vote weighs there.
      public let weight: Int

      /// A server that votes; in one group with all others, unless something is said.
      public init(_ id: NodeID, group: Int = 1, weight: Int = 1) {
        self.id = id
        self.group = group
        self.weight = weight
      }
    }

    /// These vote, and these observe.
    public init(voters: [Voter], observers: [NodeID] = []) {
      self.voters = voters.sorted { $0.id < $1.id }
      self.observers = observers.sorted()
    }

    /// Whether a server votes.
    public func isVoter(_ id: NodeID) -> Bool { voters.contains { $0.id == id } }

    /// Whether a server observes.
    func isObserver(_ id: NodeID) -> Bool { observers.contains(id) }

    /// Whether a server may lead: it votes, and its vote weighs something.
    func mayLead(_ id: NodeID) -> Bool { voters.contains { $0.id == id && $0.weight > 0 } }

    /// Whether these are a quorum.
    ///
    /// In more than half of the groups that weigh anything they have more than half of the weight;
    /// with one group and equal weights that is a majority.
    ///
    /// Source: QuorumMaj, QuorumHierarchical.
    public func isQuorum(_ isCounted: (NodeID) -> Bool) -> Bool {
      var groups: [(group: Int, whole: Int, counted: Int)] = []
      for voter in voters where voter.weight > 0 {
        let counted = isCounted(voter.id) ? voter.weight : 0
        if let place = groups.firstIndex(where: { $0.group == voter.group }) {
          groups[place].whole += voter.weight
          groups[place].counted += counted
        } else {
          groups.append((voter.group, voter.weight, counted))
        }
      }
      let satisfied = groups.count { $0.counted * 2 > $0.whole }
      return satisfied * 2 > groups.count
    }
  }
}
