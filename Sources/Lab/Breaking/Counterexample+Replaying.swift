import ProtocolCore

// An explorer counts in numbers what a system does. So what it finds is played on a system before
// anybody is told of it.

extension Counterexample {
  /// What a replay says of a counterexample.
  public enum Replayed: Hashable, Sendable {
    /// It violates the property there too.
    case violated
    /// It does not recover within as many more elections as the explorer granted it; with more, it
    /// does.
    case recoversLater
    /// It does not violate the property: the laboratory is at fault.
    case holds
  }

  /// What comes of its acts when they are played; those that cannot happen are left out.
  public var replayed: Replayed {
    var system = SystemState(cluster)
    for act in acts {
      guard (try? system.perform(act)) != nil else { continue }
      if violated.form == .always, !system.monitor.holds(violated) { return .violated }
    }
    if !system.holds(violated) { return .violated }
    guard case .recovers = violated.form, !cluster.bounds.recovery.isEmpty else { return .holds }
    return .recoversLater
  }
}
