extension History {
  /// The guarantee that is asked of such a history when none is named.
  public var usualGuarantee: Guarantee { .linearizable }

  /// Judges whether the history keeps a guarantee.
  public func judge(_ guarantee: Guarantee, budget: Budget = Budget()) -> Judgement {
    switch guarantee {
    case .linearizable: linearizable(budget: budget)
    }
  }
}
