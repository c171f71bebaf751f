public import ProtocolCore

extension Locks {
  /// Transactions that lock, for the drivers.
  public enum Play: Chapter {
    /// The processes.
    public typealias Node = Locks.Node
    /// What must hold of them.
    public typealias Watch = Judgement
    /// Who has forgotten answers what.
    public typealias Variant = Presumption

    /// How the command names it.
    public static let name = "locks"

    /// It bears what two-phase commit does, in a network that is synchronous: that a time-out may
    /// come too early is the business of two-phase commit, and here it would hide what waits.
    public static let faults: Set<Fault> = [.crash, .loss, .duplication, .reordering, .cut]

    /// Who may lead: requests name them.
    private static let leads: [NodeID] = ["c", "d"]

    /// What can be asked.
    public static let requests: [Locks.Words.Request] = [.commit] + leads.map { .update(for: $0) }

    /// Coordinators c and d, and so many sites: c goes through them in order, d the other way.
    public static func cast(_ size: Int) -> [Part] {
      let sites = "abefghijklmnopqrstuvwxyz".prefix(size).map(String.init)
      return [Part("c", "coordinator", sites), Part("d", "coordinator", sites.reversed())]
        + sites.map { Part(NodeID($0), "site") }
    }

    /// The node that plays a part.
    public static func node(
      for part: Part, in cast: [Part], variant: Presumption, without: Set<Rule>
    ) throws(Miscast) -> Locks.Node {
      for lead in cast where lead.role == "coordinator" {
        guard leads.contains(lead.id) else { throw .wants("a coordinator is called c or d") }
        for name in lead.arguments where !cast.contains(Part(NodeID(name), "site")) {
          throw .unknownNode(name)
        }
      }
      switch part.role {
      case "coordinator":
        let sites = part.arguments.map { NodeID($0) }
        return .lead(Lead(part.id, sites: sites, presumption: variant, without: without))
      case "site":
        guard part.arguments.isEmpty else { throw .wants("a site takes no arguments") }
        let own = transactions(of: cast).filter { $0.sites.contains(part.id) }
          .map { (lead: $0.lead, peers: $0.sites.filter { $0 != part.id }) }
        return .site(Site(transactions: own, presumption: variant, without: without))
      default:
        throw .unknownRole(part.role, known: ["coordinator", "site"])
      }
    }

    private static func transactions(of cast: [Part]) -> [(lead: NodeID, sites: [NodeID])] {
      cast.filter { $0.role == "coordinator" }.map { ($0.id, $0.arguments.map { NodeID($0) }) }
    }

    /// Each transaction updates the first of its items, then the others, and is committed; what the
    /// second asks beyond its first item comes when the first is asked to commit.
    public static func asks(of cast: [Part]) -> [Ask<Locks.Words>] {
      let transactions = transactions(of: cast)
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

    private static func updates(
      _ sites: ArraySlice<NodeID>, for lead: NodeID
    ) -> [Ask<Locks.Words>] {
      sites.map { Ask($0, oneOf: [.update(for: lead)]) }
    }

    /// An observer of this cast.
    public static func watch(_ cast: [Part], variant: Presumption) -> Judgement {
      Judgement(transactions(of: cast))
    }
  }
}
