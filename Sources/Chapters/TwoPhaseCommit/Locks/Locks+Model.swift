public import ProtocolCore

extension Locks {
  /// Transactions that lock, for the drivers.
  public enum Model: ProtocolCore.Model {
    /// The processes.
    public typealias Node = Locks.Node
    /// What must hold of them.
    public typealias Monitor = Locks.Monitor
    /// What a coordinator answers that has forgotten.
    public typealias Variant = Presumption

    /// What a node can be.
    public enum Role: String, Named {
      /// It leads a transaction.
      case coordinator
      /// It keeps an item.
      case site
    }

    /// How the command names it.
    public static let name = "locks"

    /// It bears what two-phase commit does, in a network that is synchronous: that a time-out may
    /// come too early is the business of two-phase commit, and here it would hide what waits.
    public static let faults: Set<Fault> = [.crash, .loss, .duplication, .reordering, .cut]

    /// The names of coordinators, which requests use.
    private static let leads: [NodeID] = ["c", "d"]

    /// What can be asked.
    public static let requests: [Locks.Words.Request] = [.commit] + leads.map { .update(for: $0) }

    /// What was decided.
    public static let outcomes: [Locks.Condition] = [.committed, .aborted]

    /// Coordinators c and d, and so many sites: c goes through them in order, d the other way.
    public static func topology(_ size: Int) -> [Member<Role>] {
      let sites = "abefghijklmnopqrstuvwxyz".prefix(size).map(String.init)
      return [Member("c", .coordinator, sites), Member("d", .coordinator, sites.reversed())]
        + sites.map { Member(NodeID($0), .site) }
    }

    /// A process that knows of no transaction.
    public static func node(
      for member: Member<Role>, in topology: [Member<Role>], variant: Presumption,
      without: Set<Rule>
    ) throws(TopologyError) -> Locks.Node {
      for lead in topology where lead.role == .coordinator {
        guard leads.contains(lead.id) else { throw .wants("a coordinator is called c or d") }
        for name in lead.arguments where !topology.contains(Member(NodeID(name), .site)) {
          throw .unknownNode(name)
        }
      }
      switch member.role {
      case .coordinator:
        let sites = member.arguments.map { NodeID($0) }
        return .lead(Lead(member.id, sites: sites, presumption: variant, without: without))
      case .site:
        guard member.arguments.isEmpty else { throw .wants("a site takes no arguments") }
        let own = transactions(of: topology).filter { $0.sites.contains(member.id) }
          .map { (lead: $0.lead, peers: $0.sites.filter { $0 != member.id }) }
        return .site(Site(transactions: own, presumption: variant, without: without))
      }
    }

    private static func transactions(of topology: [Member<Role>]) -> [(
      lead: NodeID, sites: [NodeID]
    )] {
      topology.filter { $0.role == .coordinator }.map { ($0.id, $0.arguments.map { NodeID($0) }) }
    }

    /// Each transaction updates the first of its items, then the others, and is committed; what the
    /// second asks beyond its first item comes when the first is asked to commit.
    public static func asks(of topology: [Member<Role>]) -> [Ask<Locks.Words>] {
      let transactions = transactions(of: topology)
      let firsts = transactions.flatMap { lead, sites in updates(sites.prefix(1), for: lead) }
      let rests = transactions.flatMap { lead, sites in
        updates(sites.dropFirst(), for: lead) + [Ask(lead, oneOf: [.commit])]
      }
      guard transactions.allSatisfy({ $0.sites.count > 1 }) else {
        return transactions.flatMap { lead, sites in
          updates(sites[...], for: lead) + [Ask(lead, oneOf: [.commit])]
        }
      }
      return firsts + rests
    }

    /// A client for each transaction: it asks for its updates in order, and waits for the outcome.
    public static func concurrentAsks(of topology: [Member<Role>]) -> [Ask<Locks.Words>] {
      let clients: [ClientID] = ["x", "y"]
      return zip(clients, transactions(of: topology)).flatMap { client, transaction in
        transaction.sites.map {
          Ask(client, of: [$0], oneOf: [.update(for: transaction.lead)], awaits: false)
        } + [Ask(client, of: [transaction.lead], oneOf: [.commit])]
      }
    }

    private static func updates(
      _ sites: ArraySlice<NodeID>, for lead: NodeID
    ) -> [Ask<Locks.Words>] {
      sites.map { Ask($0, oneOf: [.update(for: lead)]) }
    }

    /// A monitor of this topology.
    public static func monitor(_ topology: [Member<Role>], variant: Presumption) -> Monitor {
      Monitor(transactions(of: topology))
    }
  }
}
