import ProtocolCore

extension Claim {
  /// CAP.
  static let cap = [
    Claim(
      "CAP-1", .model,
      """
      Strong consistency is linearizability: an order of all operations that respects real time \
      and the object's own behaviour. That each read sees a value or a newer one is too little.
      """),
    Claim(
      "CAP-2", .model,
      """
      Eventual consistency: when updates stop, all nodes come to hold the same value, and it is \
      one that somebody wrote.
      """),
    Claim(
      "CAP-3", .model,
      """
      Between these stand guarantees that differ: for each there is a store that keeps it and one \
      that does not, and a shortest history that tells them apart.
      """),
    Claim(
      "CAP-4", .model, .boundedLiveness,
      """
      Availability: every request that a node received, which has not failed, is answered within a \
      named bound, and not by an error.
      """),
    Claim(
      "CAP-5", .model,
      """
      A store that assumes no partition is consistent and available as long as there is none; when \
      one comes it gives up one of the two.
      """),
    Claim(
      "CAP-6", .model,
      """
      During a partition every store gives up consistency or availability; without one it can have \
      both, and pays in round trips for the guarantee that it keeps.
      """),
    Claim(
      "CAP-7", .model,
      """
      Quorums that meet are not by themselves linearizable: a write that goes on and two readers \
      show it. Reads that write back are.
      """),
    Claim(
      "CAP-8", .model,
      """
      Locality: if every key is linearizable the store is. Sequential consistency has no such \
      property.
      """),
    Claim(
      "CAP-9", .model,
      """
      A minority that answers gives stale answers or takes writes that conflict; one that does not \
      is not available, and how long is measured.
      """),
  ]
}
