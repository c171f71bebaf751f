public import Lab
public import ProtocolCore
public import ThreePhaseCommit

extension ThreePhaseCommitStudy {
  /// The claims that a property is about.
  public static func claims(about property: Property) -> [String] {
    switch property {
    case .AC1, .AC2, .AC3, .AC4, .commits, .aborts: ["3PC-1"]
    case .NB, .nonblocking: ["3PC-2"]
    case .AC5, .succession: ["3PC-3"]
    case .window: ["3PC-7"]
    }
  }

  /// What a search explores: time is not bounded there, so it tells what recovers, too.
  public static func explorers(
    judging property: Property, without rules: Set<Rule>
  ) throws(Miscast) -> [Explorer<Play>] {
    try explorers(without: rules, flaw: nil)
  }
}
