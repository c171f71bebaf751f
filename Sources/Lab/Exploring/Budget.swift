import ProtocolCore

/// What may still go wrong in a run, and what is still to be asked.
struct Budget: Hashable, Sendable {
  var crashes: Int
  var losses: Int
  var duplicates: Int
  var expiries: Int
  /// The number of the next ask; all before it were asked, or left out.
  var nextAsk = 0
  /// Whether nodes that are down start again.
  var restarts = true

  /// Of the bounds, what the protocol claims to bear.
  init(_ bounds: Bounds, faults: Set<Fault>) {
    crashes = faults.contains(.crash) ? bounds.crashes : 0
    losses = faults.contains(.loss) ? bounds.losses : 0
    duplicates = faults.contains(.duplication) ? bounds.duplicates : 0
    expiries = bounds.expiries
  }

  /// Nothing fails any more, nothing is asked any more, and time does not end.
  static func quiesce(asks: Int) -> Budget {
    var quiesce = Budget(Bounds(crashes: 0, losses: 0, duplicates: 0, expiries: .max), faults: [])
    quiesce.nextAsk = asks
    quiesce.restarts = false
    return quiesce
  }

  /// What is left when this is paid; nil when there is not so much.
  func paying(_ price: Int) -> Budget? {
    var rest = self
    switch price {
    case TransitionTable.Price.crash: Budget.take(&rest.crashes)
    case TransitionTable.Price.loss: Budget.take(&rest.losses)
    case TransitionTable.Price.duplicate: Budget.take(&rest.duplicates)
    case TransitionTable.Price.expiry: Budget.take(&rest.expiries)
    case TransitionTable.Price.restart: return restarts ? self : nil
    default: rest.nextAsk = price - TransitionTable.Price.firstAsk + 1
    }
    return [rest.crashes, rest.losses, rest.duplicates, rest.expiries].allSatisfy { $0 >= 0 }
      ? rest : nil
  }

  /// The greatest number is no bound.
  private static func take(_ count: inout Int) { if count != .max { count -= 1 } }
}
